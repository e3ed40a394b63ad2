//! Every expression of a module, with what may be said in it.

use syntax::hcl::{Attribute, Expression, Item, Kind};

use crate::config::{CheckRule, Module, Repetition, Resource};
use crate::reference::in_body;

/// What an expression may refer to besides what the module declares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// `each.key`, `each.value`
    pub(crate) for_each: bool,
    /// `count.index`
    pub(crate) count: bool,
    /// `self`
    pub(crate) this: bool,
}

/// What is called for each expression: with the names that `dynamic` blocks bring into scope.
type Visit<'a> = &'a mut dyn FnMut(&Expression, &[String], Context);

/// Calls `visit` for each expression of `module` that OpenTofu evaluates, in no particular order.
pub(crate) fn every_expression(module: &Module, visit: Visit<'_>) {
    let plain = Context::default();
    for variable in module.variables.values() {
        rules(&variable.validations, plain, visit);
    }
    for local in module.locals.values() {
        visit(&local.value, &[], plain);
    }
    for output in module.outputs.values() {
        each(output.value.iter().chain(&output.depends_on), plain, visit);
        rules(&output.preconditions, plain, visit);
    }
    for call in module.calls.values() {
        let context = repetition(&call.repetition, visit);
        each(call.source.iter().chain(&call.version).chain(&call.depends_on), plain, visit);
        each(call.inputs.values().map(|input| &input.value), context, visit);
        each(call.providers.iter().filter_map(|(_, here)| here.key.as_ref()), context, visit);
    }
    for declared in module.resources.values() {
        resource(declared, visit);
    }
    for provider in &module.providers {
        each(provider.for_each.iter(), plain, visit);
        let context = Context { for_each: provider.for_each.is_some(), ..plain };
        in_body(&provider.body, &[], &mut |expression, scope| visit(expression, scope, context));
    }
    if let Some(backend) = &module.backend {
        in_body(&backend.body, &[], &mut |expression, scope| visit(expression, scope, plain));
    }
    for import in &module.imports {
        each(import.for_each.iter(), plain, visit);
        let context = Context { for_each: import.for_each.is_some(), ..plain };
        each(import.id.iter().chain(&import.identity), context, visit);
    }
    for check in module.checks.values() {
        rules(&check.asserts, plain, visit);
    }
}

fn resource(declared: &Resource, visit: Visit<'_>) {
    let context = repetition(&declared.repetition, visit);
    in_body(&declared.body, &[], &mut |expression, scope| visit(expression, scope, context));
    each(declared.depends_on.iter(), Context::default(), visit);
    each(declared.provider.iter().filter_map(|provider| provider.key.as_ref()), context, visit);
    rules(&declared.preconditions, context, visit);
    rules(&declared.postconditions, Context { this: true, ..context }, visit);
    let triggers = declared.lifecycle.iter().filter(|attribute| attribute.name.value == "replace_triggered_by");
    each(triggers.map(|attribute| &attribute.value), context, visit);
    for block in &declared.provisioners {
        for item in &block.body.items {
            match item {
                // `when = destroy` and `on_failure = continue` are words of the language.
                Item::Attribute(Attribute { value: Expression { kind: Kind::Variable(_), .. }, .. }) => {}
                Item::Attribute(attribute) => visit(&attribute.value, &[], Context { this: true, ..context }),
                Item::Block(inner) => in_body(&inner.body, &[], &mut |expression, scope| {
                    visit(expression, scope, Context { this: true, ..context });
                }),
            }
        }
    }
}

fn repetition(repetition: &Repetition, visit: Visit<'_>) -> Context {
    let plain = Context::default();
    match repetition {
        Repetition::Once => plain,
        Repetition::Count(value) => {
            visit(value, &[], plain);
            Context { count: true, ..plain }
        }
        Repetition::ForEach(value) => {
            visit(value, &[], plain);
            Context { for_each: true, ..plain }
        }
        Repetition::Enabled(value) => {
            visit(value, &[], plain);
            plain
        }
    }
}

fn rules(rules: &[CheckRule], context: Context, visit: Visit<'_>) {
    for rule in rules {
        each(rule.condition.iter().chain(&rule.error_message), context, visit);
    }
}

fn each<'a>(expressions: impl Iterator<Item = &'a Expression>, context: Context, visit: Visit<'_>) {
    for expression in expressions {
        visit(expression, &[], context);
    }
}
