//! What an unknown value is a part of.

use std::sync::Arc;

use super::{Data, Value, walk};
use crate::config::ResourceName;
use crate::root::Key;

/// What an unknown value is a part of, and which part: the `id` of `authentik_provider_ldap.this`.
///
/// It lies beside the value, so it survives whatever passes the value on: names, inputs and outputs of modules,
/// lists and maps, `for`, conversions, functions that choose or gather. What computes a new value of it drops it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// The thing.
    pub of: Arc<Subject>,
    /// The way from the thing to the part.
    pub path: Vec<String>,
}

/// A thing whose parts are unknown until OpenTofu runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A resource instance.
    Resource {
        /// The number of its module instance.
        module: usize,
        /// Its name in the module.
        name: ResourceName,
        /// Which instance.
        key: Key,
        /// Its address from the root.
        address: String,
    },
    /// A variable without a value.
    Variable {
        /// The number of its module instance.
        module: usize,
        /// Its name.
        name: String,
    },
    /// A called module that is not here.
    Module {
        /// The number of the module instance that calls it.
        module: usize,
        /// Its name there.
        name: String,
        /// Which instance.
        key: Key,
    },
}

impl Subject {
    /// The address of the resource instance, if it is one.
    pub fn address(&self) -> Option<&str> {
        match self {
            Subject::Resource { address, .. } => Some(address),
            _ => None,
        }
    }
}

impl Provenance {
    /// The thing as a whole.
    pub(crate) fn all_of(of: Arc<Subject>) -> Self {
        Self { of, path: Vec::new() }
    }

    pub(crate) fn variable(module: usize, name: &str) -> Self {
        Self::all_of(Arc::new(Subject::Variable { module, name: name.to_owned() }))
    }

    pub(crate) fn module(module: usize, name: &str, key: Key) -> Self {
        Self::all_of(Arc::new(Subject::Module { module, name: name.to_owned(), key }))
    }

    pub(crate) fn output(module: usize, name: &str, key: Key, output: &str) -> Self {
        Self::module(module, name, key).at(output)
    }

    /// The part `name` of this part.
    pub(crate) fn at(&self, name: &str) -> Self {
        let mut path = self.path.clone();
        // A chain that is followed again and again would not end.
        if path.len() < 32 {
            path.push(name.to_owned());
        }
        Self { of: Arc::clone(&self.of), path }
    }

    /// Some part of this part.
    pub(crate) fn within(&self) -> Self {
        self.at("*")
    }

    /// Whether it is a whole resource instance.
    pub(crate) fn is_instance(&self) -> bool {
        self.path.is_empty() && matches!(&*self.of, Subject::Resource { key, .. } if *key != Key::Unknown)
    }

    /// Whether it is a resource of which the number of instances is unknown.
    pub(crate) fn is_any_instance(&self) -> bool {
        self.path.is_empty() && matches!(&*self.of, Subject::Resource { key: Key::Unknown, .. })
    }

    /// The address of the resource instance, if it is a part of one.
    pub fn address(&self) -> Option<&str> {
        self.of.address()
    }
}

/// What the unknown values in it are parts of, each once.
pub(crate) fn provenance_within(found: &Value) -> Vec<Arc<Provenance>> {
    let mut all: Vec<Arc<Provenance>> = Vec::new();
    walk(found, &mut |within| {
        if let Some(provenance) = &within.meta.provenance
            && !all.contains(provenance)
        {
            all.push(Arc::clone(provenance));
        }
        true
    });
    all
}

pub(crate) fn provenance(found: &Value) -> Option<Arc<Provenance>> {
    match found.data {
        Data::Unknown(_) => found.meta.provenance.clone(),
        _ => None,
    }
}
