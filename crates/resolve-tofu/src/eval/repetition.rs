//! `count`, `for_each` and `enabled`: which instances of a block there are.

use std::rc::Rc;

use diagnostic::Span;
use syntax::hcl::Expression;

use super::{Evaluator, ModuleId, ModuleInstance, Parent, Repeated, Scope, Thing};
use crate::config::{ModuleCall, Repetition, Resource, ResourceName};
use crate::modules::Source;
use crate::root::Key;
use crate::value::{self, Entries, Value};

/// How many instances of one block are told apart. OpenTofu itself gives up long before.
const INSTANCES: usize = 20_000;

/// The instances of a block.
pub(crate) enum Expansion {
    /// One without a key.
    Single,
    /// None, by `enabled = false`.
    Disabled,
    /// By `count`.
    Count(usize),
    /// By `for_each`: the keys in order, with their values.
    ForEach(Vec<(String, Value, Value)>),
    /// It cannot be known.
    Unknown,
}

impl Expansion {
    /// The keys of the instances, with what `each` and `count` are in each. An unknown number of instances is one
    /// with the key [`Key::Unknown`].
    pub(crate) fn instances(&self) -> Vec<(Key, Repeated)> {
        match self {
            Expansion::Single => vec![(Key::None, Repeated::default())],
            Expansion::Disabled => Vec::new(),
            Expansion::Count(count) => (0..*count)
                .map(|index| {
                    (Key::Number(index as u64), Repeated { each: None, count: Some(value::integer(index as u64)) })
                })
                .collect(),
            Expansion::ForEach(entries) => entries
                .iter()
                .map(|(key, name, value)| {
                    (Key::Text(key.clone()), Repeated { each: Some((name.clone(), value.clone())), count: None })
                })
                .collect(),
            Expansion::Unknown => {
                let each = Some((value::unknown_string(), value::dynamic()));
                vec![(Key::Unknown, Repeated { each, count: Some(value::unknown_number()) })]
            }
        }
    }

    /// What `each` and `count` are in the instance `key`.
    pub(crate) fn repeated(&self, key: &Key) -> Option<Repeated> {
        match (self, key) {
            (Expansion::Single, Key::None) => Some(Repeated::default()),
            (Expansion::Count(count), Key::Number(index)) if (*index as usize) < *count => {
                Some(Repeated { each: None, count: Some(value::integer(*index)) })
            }
            (Expansion::ForEach(entries), Key::Text(wanted)) => {
                let at = entries.binary_search_by(|(key, ..)| key.as_str().cmp(wanted)).ok()?;
                let (_, name, value) = &entries[at];
                Some(Repeated { each: Some((name.clone(), value.clone())), count: None })
            }
            (Expansion::Unknown, _) => self.instances().into_iter().next().map(|(_, repeated)| repeated),
            _ => None,
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The instances of a resource.
    pub(crate) fn expansion(
        &self,
        module: ModuleId,
        (name, resource): (&'a ResourceName, &'a Resource),
        span: Span,
    ) -> Rc<Expansion> {
        self.once_expanded(module, Thing::Resource(name), span, || self.expand(module, &resource.repetition))
    }

    /// The instances of a module call.
    pub(crate) fn call_expansion(&self, module: ModuleId, call: &'a ModuleCall, span: Span) -> Rc<Expansion> {
        self.once_expanded(module, Thing::Call(&call.name.value), span, || self.expand(module, &call.repetition))
    }

    fn expand(&self, module: ModuleId, repetition: &Repetition) -> Expansion {
        let scope = || Scope::of(module, Repeated::default());
        match repetition {
            Repetition::Once => Expansion::Single,
            Repetition::Count(expression) => self.count(expression, self.value(expression, &mut scope())),
            Repetition::ForEach(expression) => self.for_each(expression, self.value(expression, &mut scope())),
            Repetition::Enabled(expression) => {
                let found = self.value(expression, &mut scope());
                if value::is_null(&found) {
                    self.fault("invalid-count", expression.span, "`enabled` is null, and takes `true` or `false`");
                    return Expansion::Unknown;
                }
                match value::to_bool(&found) {
                    Ok(Some(true)) => Expansion::Single,
                    Ok(Some(false)) => Expansion::Disabled,
                    Ok(None) => Expansion::Unknown,
                    Err(_) => {
                        self.fault("invalid-count", expression.span, "`enabled` takes `true` or `false`");
                        Expansion::Unknown
                    }
                }
            }
        }
    }

    fn count(&self, expression: &Expression, found: Value) -> Expansion {
        let refuse = |message: &str| {
            self.fault("invalid-count", expression.span, message);
            Expansion::Unknown
        };
        if value::is_null(&found) {
            return refuse("`count` is null, and takes a number");
        }
        if value::is_ephemeral(&found) {
            return refuse("`count` is ephemeral, and decides what is kept in the state");
        }
        match value::to_number(&found) {
            Err(_) => refuse("`count` takes a number"),
            Ok(None) => Expansion::Unknown,
            Ok(Some(number)) if number < 0.0 => refuse("`count` is below zero"),
            Ok(Some(number)) if number.fract() != 0.0 => refuse("`count` takes a whole number"),
            Ok(Some(number)) if number > INSTANCES as f64 || !self.spend(number as u64) => Expansion::Unknown,
            Ok(Some(number)) => Expansion::Count(number as usize),
        }
    }

    fn for_each(&self, expression: &Expression, found: Value) -> Expansion {
        let refuse = |message: String| {
            self.fault("invalid-for-each", expression.span, message);
            Expansion::Unknown
        };
        if value::is_sensitive(&found) {
            return refuse("`for_each` is sensitive, and its keys are shown in addresses".to_owned());
        }
        if value::is_ephemeral(&found) {
            return refuse("`for_each` is ephemeral, and its keys are kept in the state".to_owned());
        }
        if value::is_null(&found) {
            return refuse("`for_each` is null, and takes a map or a set of strings".to_owned());
        }
        if !value::is_repeatable(&found) {
            let what = value::kind(&found);
            let help = if value::is_sequence(&found) { "; `toset(…)` makes a set of it" } else { "" };
            return refuse(format!("`for_each` takes a map or a set of strings, and this is {what}{help}"));
        }
        let entries = match value::entries(&found) {
            Entries::Items(entries) => entries,
            Entries::Unknown | Entries::Not => return Expansion::Unknown,
        };
        if entries.len() > INSTANCES || !self.spend(entries.len() as u64) {
            return Expansion::Unknown;
        }
        let mut keyed = Vec::new();
        for (key, value) in entries {
            if value::is_set(&found) && value::is_null(&value) {
                return refuse("`for_each` has a null in its set".to_owned());
            }
            match value::text(&key) {
                Some(text) => keyed.push((text.to_owned(), key, value)),
                None if value::is_known(&key) => {
                    return refuse("`for_each` takes a set of strings, and this set holds something else".to_owned());
                }
                None => return Expansion::Unknown,
            }
        }
        keyed.sort_by(|(left, ..), (right, ..)| left.cmp(right));
        Expansion::ForEach(keyed)
    }

    /// The folder that `call` leads to.
    pub(crate) fn callee(&self, module: ModuleId, call: &ModuleCall) -> Source {
        let folder = &self.instance(module).module.folder;
        match self.modules.source(folder, call) {
            // A source may be put together of what is known before anything is installed.
            Source::Unknown => match &call.source {
                Some(source) => {
                    let (found, _) = self.aside(|| self.value(source, &mut Scope::of(module, Repeated::default())));
                    value::text(&found).map_or(Source::Unknown, |text| self.modules.source_of(folder, text))
                }
                None => Source::Unknown,
            },
            source => source,
        }
    }

    /// The instance `key` of the module that `name` calls; none if it is not here, or calls itself.
    pub(crate) fn child_instance(&self, module: ModuleId, name: &str, key: &Key) -> Option<ModuleId> {
        let slot = (module, name.to_owned(), key.clone());
        if let Some(known) = self.children.borrow().get(&slot) {
            return *known;
        }
        let made = self.make_child(module, name, key);
        self.children.borrow_mut().insert(slot, made);
        made
    }

    fn make_child(&self, module: ModuleId, name: &str, key: &Key) -> Option<ModuleId> {
        let parent: Rc<ModuleInstance<'a>> = self.instance(module);
        let call = parent.module.calls.get(name)?;
        let Source::Local(folder) = self.callee(module, call) else { return None };
        let callee = self.modules.get(&folder)?;
        let mut above = Some(module);
        while let Some(id) = above {
            let instance = self.instance(id);
            if instance.module.folder == folder {
                return None;
            }
            above = instance.parent.as_ref().map(|parent| parent.id);
        }
        let repeated = self.call_expansion(module, call, call.header).repeated(key)?;
        let dot = if parent.address.is_empty() { "" } else { "." };
        let address = format!("{}{dot}module.{name}{key}", parent.address);
        let certain = parent.certain && *key != Key::Unknown;
        let instance = ModuleInstance::new(callee, Some(Parent { id: module, call, repeated }), address, certain);
        let mut instances = self.instances.borrow_mut();
        if instances.len() > INSTANCES {
            self.exhausted.set(true);
            return None;
        }
        instances.push(Rc::new(instance));
        Some(instances.len() - 1)
    }
}
