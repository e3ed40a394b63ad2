//! `moved`, `import` and `removed` blocks that do not fit what is declared.

use std::collections::BTreeMap;

use diagnostic::Diagnostic;

use crate::config::{Address, Module, Moved, address};

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
    for removed in &module.removed {
        if let Some(declared) = declaration(&removed.from.value, module) {
            let message = format!("`{}` is removed here, and is still declared", removed.from.value);
            found.push(
                Diagnostic::error("removed-target", removed.from.span, message).related(declared, "declared here"),
            );
        }
    }
    for import in &module.imports {
        let Some(target) = address(&import.to) else {
            let message = "`to` is not the address of a resource";
            found.push(Diagnostic::error("invalid-argument", import.to.span, message));
            continue;
        };
        // What lies in another module is looked up there, and a module that is not here cannot be looked into.
        if target.modules.is_empty() && declaration(&target, module).is_none() {
            // It is an error unless OpenTofu is told to write the configuration.
            let message = format!("`{target}` is imported, and is not declared in this module");
            found.push(Diagnostic::warning("import-target", import.to.span, message));
        }
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
