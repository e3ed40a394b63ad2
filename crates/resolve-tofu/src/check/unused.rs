//! Variables and local values that nothing refers to.

use std::collections::BTreeSet;

use diagnostic::Diagnostic;

use crate::config::Module;
use crate::every::every_expression;
use crate::modules::Modules;
use crate::reference::{Target, references};

/// Hints at variables and local values of `module` that nothing in it refers to. A variable of a module that nothing
/// here calls is left alone unless the module is a root: someone outside may give it for a later version.
pub(super) fn check(module: &Module, modules: &Modules, found: &mut Vec<Diagnostic>) {
    let (mut variables, mut locals) = (BTreeSet::new(), BTreeSet::new());
    every_expression(module, &mut |expression, scope, _| {
        for reference in references(expression, scope) {
            match reference.target {
                Target::Variable(name) => {
                    variables.insert(name);
                }
                Target::Local(name) => {
                    locals.insert(name);
                }
                _ => {}
            }
        }
    });
    let in_use_here = modules.is_called(&module.folder) || !module.providers.is_empty() || module.backend.is_some();
    for variable in module.variables.values().filter(|_| in_use_here) {
        if !variables.contains(&variable.name.value) {
            let message = format!("nothing in the module refers to `var.{}`", variable.name.value);
            found.push(Diagnostic::hint("unused-variable", variable.header, message));
        }
    }
    for local in module.locals.values() {
        if !locals.contains(&local.name.value) {
            let message = format!("nothing in the module refers to `local.{}`", local.name.value);
            found.push(Diagnostic::hint("unused-local", local.name.span, message));
        }
    }
}
