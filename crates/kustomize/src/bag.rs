//! The objects that a kustomization has gathered so far, with what it has gathered to change them by.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use diagnostic::Diagnostic;

use crate::DUPLICATE_OBJECT;
use crate::config::Config;
use crate::object::{Gvk, Id, Object};
use crate::run::Run;
use crate::transform::variables::Variable;

/// What tells an object from the others of a kustomization.
type Key = (Gvk, String, String);

/// The objects of a kustomization.
#[derive(Debug, Default)]
pub(crate) struct Bag {
    pub(crate) objects: Vec<Object>,
    pub(crate) config: Arc<Config>,
    pub(crate) variables: Vec<Variable>,
    /// Where each object stands, as long as nothing has changed them.
    known: Option<HashMap<Key, usize>>,
}

/// The key of what is called `id`.
fn key(id: Id) -> Key {
    let namespace = id.effective_namespace().to_owned();
    (id.gvk, namespace, id.name)
}

impl Bag {
    /// The objects, to change them.
    pub(crate) fn change(&mut self) -> &mut Vec<Object> {
        self.known = None;
        &mut self.objects
    }

    /// Adds `object`, unless there is one of that name, which is told.
    pub(crate) fn add(&mut self, run: &mut Run<'_>, object: Object) {
        let objects = &self.objects;
        let index = || objects.iter().enumerate().map(|(at, object)| (key(object.id()), at)).collect();
        match self.known.get_or_insert_with(index).entry(key(object.id())) {
            Entry::Occupied(at) => run.found.push(twice(&object, &self.objects[*at.get()])),
            Entry::Vacant(free) => {
                free.insert(self.objects.len());
                self.objects.push(object);
            }
        }
    }

    /// Adds all that `other` has.
    pub(crate) fn absorb(&mut self, run: &mut Run<'_>, other: Self) {
        for object in other.objects {
            self.add(run, object);
        }
        self.configure(run, &other.config);
        for variable in other.variables {
            self.absorb_variable(run, variable);
        }
    }

    /// Adds a configuration.
    pub(crate) fn configure(&mut self, run: &mut Run<'_>, config: &Arc<Config>) {
        let mut conflicts = Vec::new();
        self.config = Config::merge(&self.config, config, &mut conflicts);
        run.is_open |= !conflicts.is_empty();
    }

    /// Takes out the objects that are the same as an earlier one by now, which is told.
    pub(crate) fn tell_duplicates(&mut self, run: &mut Run<'_>) {
        let mut names: Vec<_> = self.objects.iter().map(Object::name_text).collect();
        names.sort_unstable();
        if names.windows(2).all(|pair| pair[0] != pair[1]) {
            return;
        }
        let keys: Vec<Key> = self.objects.iter().map(|object| key(object.id())).collect();
        let mut first: HashMap<&Key, usize> = HashMap::new();
        let mut doubles = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            match first.get(key) {
                Some(earlier) => doubles.push((at, *earlier)),
                None => {
                    first.insert(key, at);
                }
            }
        }
        if doubles.is_empty() {
            return;
        }
        for (at, earlier) in &doubles {
            run.found.push(twice(&self.objects[*at], &self.objects[*earlier]));
        }
        let mut at = 0;
        self.change().retain(|_| {
            at += 1;
            !doubles.iter().any(|(double, _)| double + 1 == at)
        });
    }
}

fn twice(second: &Object, first: &Object) -> Diagnostic {
    let message = format!("the kustomization has `{}` already", second.id());
    Diagnostic::error(DUPLICATE_OBJECT, second.place(), message)
        .related(first.place(), "the first is here")
        .help("name its file once, or give one of the two another name")
}
