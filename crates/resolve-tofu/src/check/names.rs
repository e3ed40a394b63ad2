//! References that name nothing.

use diagnostic::{Diagnostic, Span, Spanned, did_you_mean};

use crate::config::{Mode, Module, ProviderReference, ResourceName};
use crate::every::{Context, every_expression};
use crate::modules::{Modules, Source};
use crate::reference::{Reference, Target, references};

/// Reports references in `module` to what is not declared.
pub(super) fn check(module: &Module, modules: &Modules, found: &mut Vec<Diagnostic>) {
    every_expression(module, &mut |expression, scope, context| {
        for reference in references(expression, scope) {
            name(&reference, module, modules, &context, found);
        }
    });
    for resource in module.resources.values() {
        if let Some(provider) = &resource.provider {
            provider_name(provider, module, found);
        }
    }
    for call in module.calls.values() {
        for (_, here) in &call.providers {
            provider_name(here, module, found);
        }
    }
}

fn name(reference: &Reference, module: &Module, modules: &Modules, context: &Context, found: &mut Vec<Diagnostic>) {
    let span = reference.span;
    let mut report = |rule: &'static str, message: String| found.push(Diagnostic::error(rule, span, message));
    match &reference.target {
        Target::Variable(name) => {
            if !module.variables.contains_key(name) {
                let near = did_you_mean(name, module.variables.keys().map(String::as_str));
                report("undeclared-name", format!("there is no variable `{name}` in this module{near}"));
            }
        }
        Target::Local(name) => {
            if !module.locals.contains_key(name) {
                let near = did_you_mean(name, module.locals.keys().map(String::as_str));
                report("undeclared-name", format!("there is no local value `{name}` in this module{near}"));
            }
        }
        Target::Module(name, output) => match module.calls.get(name) {
            None => {
                let near = did_you_mean(name, module.calls.keys().map(String::as_str));
                report("undeclared-module", format!("there is no `module \"{name}\"` here{near}"));
            }
            Some(call) => {
                if let (Some(output), Source::Local(folder)) = (output, modules.source(&module.folder, call)) {
                    module_output(name, output, &folder, modules, found);
                }
            }
        },
        Target::Resource(resource) => resource_name(resource, span, module, found),
        Target::Each(word) => {
            if !matches!(word.as_str(), "key" | "value") {
                report("undeclared-name", format!("there is `each.key` and `each.value`, and no `each.{word}`"));
            } else if !context.for_each {
                report("undeclared-name", format!("`each.{word}` stands where there is no `for_each`"));
            }
        }
        Target::Count(word) => {
            if word != "index" {
                report("undeclared-name", format!("there is `count.index`, and no `count.{word}`"));
            } else if !context.count {
                report("undeclared-name", "`count.index` stands where there is no `count`".to_owned());
            }
        }
        Target::Path(word) => {
            if !matches!(word.as_str(), "module" | "root" | "cwd") {
                let near = did_you_mean(word, ["module", "root", "cwd"]);
                report("undeclared-name", format!("there is no `path.{word}`{near}"));
            }
        }
        Target::Terraform(word) => {
            if !matches!(word.as_str(), "workspace" | "applying") {
                let near = did_you_mean(word, ["workspace", "applying"]);
                report("undeclared-name", format!("there is no `terraform.{word}`{near}"));
            }
        }
        Target::This => {
            if !context.this {
                let message = "`self` stands outside of a provisioner, connection or postcondition";
                report("undeclared-name", message.to_owned());
            }
        }
        Target::Word(word) => report("undeclared-name", lone_word(word)),
    }
}

fn lone_word(word: &str) -> String {
    match word {
        "var" | "local" | "each" | "count" | "path" | "terraform" | "tofu" | "module" => {
            format!("`{word}` takes a name behind it: `{word}.name`")
        }
        "data" | "ephemeral" | "resource" => format!("`{word}` takes a type and a name behind it: `{word}.type.name`"),
        _ => format!("`{word}` names nothing; text stands in quotes, and a resource has a type and a name"),
    }
}

fn module_output(name: &str, output: &Spanned<String>, folder: &str, modules: &Modules, found: &mut Vec<Diagnostic>) {
    let Some(callee) = modules.get(folder) else { return };
    if !callee.outputs.contains_key(&output.value) {
        let near = did_you_mean(&output.value, callee.outputs.keys().map(String::as_str));
        let message = format!("`module.{name}` has no output `{}`{near}", output.value);
        found.push(Diagnostic::error("undeclared-module-output", output.span, message));
    }
}

fn resource_name(resource: &ResourceName, span: Span, module: &Module, found: &mut Vec<Diagnostic>) {
    if module.resources.contains_key(resource) {
        return;
    }
    let same_mode = module.resources.keys().filter(|known| known.mode == resource.mode);
    let names: Vec<String> = same_mode.map(ResourceName::to_string).collect();
    let near = did_you_mean(&resource.to_string(), names.iter().map(String::as_str));
    let mut finding =
        Diagnostic::error("undeclared-resource", span, format!("`{resource}` is not declared in this module{near}"));
    let as_data = ResourceName { mode: Mode::Data, ..resource.clone() };
    if resource.mode == Mode::Managed && module.resources.contains_key(&as_data) {
        finding = finding.help(format!("a data source is written `{as_data}`"));
    }
    found.push(finding);
}

fn provider_name(provider: &ProviderReference, module: &Module, found: &mut Vec<Diagnostic>) {
    let Some(alias) = &provider.alias else { return };
    let declared = module.provider(&provider.name.value, Some(&alias.value)).is_some();
    let passed = module.required_providers.get(&provider.name.value).is_some_and(|required| {
        required.aliases.iter().any(|known| known.alias.as_ref().is_some_and(|known| known.value == alias.value))
    });
    if !declared && !passed {
        let of_name = module.providers.iter().filter(|known| known.name.value == provider.name.value);
        let near = did_you_mean(&alias.value, of_name.filter_map(|known| known.alias.as_deref().map(String::as_str)));
        let message = format!("there is no provider `{}.{}` in this module{near}", provider.name.value, alias.value);
        found.push(Diagnostic::error("undeclared-provider", provider.span, message));
    }
}
