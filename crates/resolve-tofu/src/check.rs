//! What can be said of a module without evaluating it: names that name nothing, and names that nothing uses.

mod inputs;
mod names;
mod targets;
mod unused;

use diagnostic::Diagnostic;

use crate::modules::Modules;

/// Reports what is wrong with the modules of a repository whatever values they are given.
pub fn check(modules: &Modules, found: &mut Vec<Diagnostic>) {
    modules.check_sources(found);
    for module in modules.iter() {
        names::check(module, modules, found);
        inputs::check(module, modules, found);
        targets::check(module, found);
        unused::check(module, modules, found);
    }
}
