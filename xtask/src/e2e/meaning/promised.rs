//! What an inventory promises about the server.

use std::fs;

use camino::Utf8Path;
use inventory::Inventory;
use schema::Release;
use serde_json::{Value as Json, json};

use super::{Objects, apps, flows, held, people, settings};
use crate::Failure;
use crate::e2e::root::Root;

/// What is promised, and what it follows from.
pub(super) struct Promised<'i> {
    pub(super) inventory: &'i Inventory,
    pub(super) release: Release<'i>,
    /// The folder of the root, whose policies the judge `policies` tries.
    root: &'i Utf8Path,
    objects: Objects,
}

/// All objects that the inventory promises.
pub(super) fn promised(inventory: &Inventory, release: Release<'_>, root: &Root) -> Result<Objects, Failure> {
    let mut promised = Promised { inventory, release, root: &root.folder, objects: Objects::new() };
    people::promise(&mut promised);
    apps::promise(&mut promised)?;
    flows::promise(&mut promised)?;
    settings::promise(&mut promised)?;
    Ok(promised.objects)
}

impl Promised<'_> {
    /// Promises an object with those attributes, what it is called among them, and tells how others refer to it.
    pub(super) fn put(&mut self, kind: &str, name: &str, mut attributes: Json) -> String {
        attributes[held::name_of(kind)] = name.into();
        self.put_as(kind, name, attributes)
    }

    /// Promises an object that has no name among its attributes.
    pub(super) fn put_as(&mut self, kind: &str, name: &str, attributes: Json) -> String {
        let attributes = attributes.as_object().cloned().unwrap_or_default();
        self.objects.insert((kind.to_owned(), name.to_owned()), attributes);
        held::reference(kind, name)
    }

    /// Promises that a policy, a group or a user is bound to `target`.
    pub(super) fn bind(&mut self, target: &str, kind: &str, what: &str, order: u32) {
        let name = held::binding(target, what);
        self.put_as("policy_binding", &name, json!({ "target": target, kind: what, "order": order }));
    }

    /// Promises a policy, which is the one in a file of the root.
    pub(super) fn policy(&mut self, name: &str, file: &str) -> Result<String, Failure> {
        let path = self.root.join(file);
        let program = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        Ok(self.put("policy_expression", name, json!({ "expression": held::without_header(&program) })))
    }

    /// Promises a mapping of the scope `scope` whose program stands in `file`, below the root; how it is referred to.
    pub(super) fn mapping(&mut self, name: &str, scope: &str, file: &str) -> Result<String, Failure> {
        let path = self.root.join(file);
        let program = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let mapping = json!({ "scope_name": scope, "expression": held::without_header(&program) });
        Ok(self.put("property_mapping_provider_scope", name, mapping))
    }
}

/// References in the order in which they are compared.
pub(super) fn sorted(references: impl IntoIterator<Item = String>) -> Json {
    let mut references: Vec<String> = references.into_iter().collect();
    references.sort();
    references.into()
}
