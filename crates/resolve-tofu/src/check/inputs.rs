//! Module calls that lack an input, or give one that the module does not declare; the same for passed providers.

use diagnostic::{Diagnostic, did_you_mean};

use crate::config::Module;
use crate::modules::{Modules, Source};

/// Reports the calls of `module` whose inputs do not fit what the called module declares.
pub(super) fn check(module: &Module, modules: &Modules, found: &mut Vec<Diagnostic>) {
    for call in module.calls.values() {
        let Source::Local(folder) = modules.source(&module.folder, call) else { continue };
        let Some(callee) = modules.get(&folder) else { continue };
        let name = &call.name.value;
        for input in call.inputs.values() {
            if !callee.variables.contains_key(&input.name.value) {
                let near = did_you_mean(&input.name.value, callee.variables.keys().map(String::as_str));
                let message = format!("`module.{name}` declares no variable `{}`{near}", input.name.value);
                found.push(Diagnostic::error("undeclared-module-input", input.name.span, message));
            }
        }
        for variable in callee.variables.values() {
            let missing = variable.default.is_none() && !call.inputs.contains_key(&variable.name.value);
            if missing {
                let message = format!("`module.{name}` needs `{}`, which has no default", variable.name.value);
                let finding = Diagnostic::error("missing-module-input", call.header, message);
                found.push(finding.related(variable.header, "it is declared here"));
            }
        }
        for required in callee.required_providers.values() {
            for alias in required.aliases.iter().filter_map(|alias| Some((alias, alias.alias.as_ref()?))) {
                let (wanted, alias) = alias;
                let passed = call.providers.iter().any(|(inside, _)| {
                    inside.name.value == wanted.name.value
                        && inside.alias.as_ref().is_some_and(|inside| inside.value == alias.value)
                });
                if !passed {
                    let wanted_name = format!("{}.{}", wanted.name.value, alias.value);
                    let message = format!("`module.{name}` needs the provider `{wanted_name}`, which is not passed");
                    found.push(
                        Diagnostic::error("undeclared-provider", call.header, message)
                            .related(wanted.span, "it is asked for here")
                            .help(format!("write `providers = {{ {wanted_name} = … }}`")),
                    );
                }
            }
        }
    }
}
