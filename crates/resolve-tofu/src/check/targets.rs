//! `moved`, `import` and `removed` blocks that do not fit what is declared.

use std::collections::BTreeMap;

use diagnostic::Diagnostic;
use syntax::hcl::{Block, Item, Kind};

use crate::config::{Address, Import, Module, Moved, ProviderReference, address};

/// Reports `moved`, `import` and `removed` blocks of `module` whose addresses do not fit its resources.
pub(super) fn check(module: &Module, found: &mut Vec<Diagnostic>) {
    let mut from: BTreeMap<&Address, &Moved> = BTreeMap::new();
    for moved in &module.moved {
        if moved.from.value == moved.to.value {
            let message = format!("`{}` is moved to itself", moved.from.value);
            found.push(Diagnostic::error("moved-target", moved.header, message));
        }
        if let Some(first) = from.insert(&moved.from.value, moved)
            && first.to.value != moved.to.value
        {
            let message = format!("`{}` is moved to two places", moved.from.value);
            let finding = Diagnostic::error("moved-target", moved.from.span, message);
            found.push(finding.related(first.from.span, "the other is here"));
        }
    }
    for meta in &module.provider_metas {
        provider_meta(meta, found);
    }
    for removed in &module.removed {
        if let Some(declared) = declaration(&removed.from.value, module) {
            let message = format!("`{}` is removed here, and is still declared", removed.from.value);
            found.push(
                Diagnostic::error("removed-target", removed.from.span, message).related(declared, "declared here"),
            );
        }
    }
    let mut imported: BTreeMap<String, diagnostic::Span> = BTreeMap::new();
    for import in &module.imports {
        let Some(target) = address(&import.to) else {
            let message = "`to` is not the address of a resource";
            found.push(Diagnostic::error("invalid-argument", import.to.span, message));
            continue;
        };
        // With `for_each` one block imports several.
        let first = imported.entry(target.to_string()).or_insert(import.to.span);
        if *first != import.to.span && import.for_each.is_none() {
            let message = format!("`{target}` is imported twice");
            let finding = Diagnostic::error("import-target", import.to.span, message);
            found.push(finding.related(*first, "it is imported here already"));
        }
        provider_of_import(import, &target, module, found);
        // What lies in another module is looked up there, and a module that is not here cannot be looked into.
        if target.modules.is_empty() && declaration(&target, module).is_none() {
            // It is an error unless OpenTofu is told to write the configuration.
            let message = format!("`{target}` is imported, and is not declared in this module");
            found.push(Diagnostic::warning("import-target", import.to.span, message));
        }
    }
}

/// Reports a `provider_meta` block that names no provider, or refers to something: it is read before anything is known.
fn provider_meta(meta: &Block, found: &mut Vec<Diagnostic>) {
    if let Some(name) = meta.labels.first().filter(|name| name.value.contains('_')) {
        found.push(Diagnostic::error("invalid-name", name.span, format!("`{}` is no provider's name", name.value)));
    }
    for item in &meta.body.items {
        let Item::Attribute(attribute) = item else { continue };
        attribute.value.walk(&mut |expression| {
            if let Kind::Variable(name) = &expression.kind {
                let message = format!("`provider_meta` is read before `{name}` is known");
                found.push(Diagnostic::error("invalid-argument", expression.span, message));
            }
        });
    }
}

/// Reports a `provider` of an import that is not that of the resource: OpenTofu wants both to say the same.
fn provider_of_import(import: &Import, target: &Address, module: &Module, found: &mut Vec<Diagnostic>) {
    let resource = target.resource.as_ref().filter(|_| target.modules.is_empty());
    let resource = resource.and_then(|(name, _)| module.resources.get(name));
    let (Some(provider), Some(resource)) = (&import.provider, resource) else { return };
    let name = |one: &ProviderReference| (one.name.value.clone(), one.alias.as_ref().map(|alias| alias.value.clone()));
    if resource.provider.as_ref().map(name) != Some(name(provider)) {
        let message = format!("`provider` of an import is that of the resource, and `{target}` has another");
        let finding = Diagnostic::error("import-target", provider.span, message);
        found.push(finding.related(resource.header, "the resource is here"));
    }
}

/// Where what `address` names is declared, if that is in `module` itself.
fn declaration(address: &Address, module: &Module) -> Option<diagnostic::Span> {
    match (&address.modules[..], &address.resource) {
        ([], Some((name, _))) => module.resources.get(name).map(|resource| resource.header),
        ([(name, _)], None) => module.calls.get(name).map(|call| call.header),
        _ => None,
    }
}
