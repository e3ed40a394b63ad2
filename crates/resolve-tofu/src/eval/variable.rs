//! The values of variables: from files, from a module call, from a default; converted, and held against conditions.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Span, did_you_mean};
use syntax::hcl::Item;

use super::{Evaluator, ModuleId, Repeated, Scope, Thing};
use crate::config::{CheckRule, Module, Variable};
use crate::parse;
use crate::value::{self, Provenance, Value};

impl<'a> Evaluator<'a> {
    /// `var.name`
    pub(crate) fn variable(&self, module: ModuleId, name: &str, span: Span) -> Value {
        let declared: &'a Module = self.instance(module).module;
        let Some(variable) = declared.variables.get(name) else { return value::dynamic() };
        let thing = Thing::Variable(&variable.name.value);
        let found = self.once(module, thing, span, || self.converted(module, variable));
        let found = if variable.sensitive { value::sensitive(found) } else { found };
        if variable.ephemeral { value::ephemeral(found) } else { found }
    }

    fn converted(&self, module: ModuleId, variable: &Variable) -> Value {
        let instance = self.instance(module);
        let name = &variable.name.value;
        let constraint = self.constraint(variable);
        let given = match &instance.parent {
            None => self.given.get(name).map(|given| (given.clone(), value::made_by(given))),
            Some(parent) => parent.call.inputs.get(name).map(|input| {
                let found = self.value(&input.value, &mut Scope::of(parent.id, parent.repeated.clone()));
                (found, Some(input.value.span))
            }),
        };
        let default = || {
            variable.default.as_ref().map(|default| {
                (
                    self.value(default, &mut Scope { closed: true, ..Scope::of(module, Repeated::default()) }),
                    Some(default.span),
                )
            })
        };
        let chosen = match given {
            // Null means the default where null is not a value.
            Some((found, _)) if value::is_null(&found) && !variable.nullable && variable.default.is_some() => default(),
            Some((found, span)) if value::is_null(&found) && !variable.nullable => {
                let message = format!("`var.{name}` is not nullable, and is given null");
                self.fault("invalid-variable-value", span.unwrap_or(variable.header), message);
                None
            }
            Some(given) => Some(given),
            None => default(),
        };
        let Some((found, span)) = chosen else {
            return constraint.unknown_of(Provenance::variable(module, name));
        };
        // An empty default of a root's variable waits for what a person gives where OpenTofu runs: in `TF_VAR_…`, with
        // `-var`, or in a file that is not committed.
        let waits = instance.parent.is_none() && !self.given.contains_key(name) && is_empty(&found);
        match constraint.convert(&found) {
            Ok(_) if waits => constraint.unknown_of(Provenance::variable(module, name)),
            Ok(converted) => converted,
            Err(message) => {
                let span = span.unwrap_or(variable.header);
                let fault = Diagnostic::error(
                    "invalid-variable-value",
                    value::made_by(&found).unwrap_or(span),
                    format!("the value does not fit the type of `var.{name}`: {message}"),
                );
                self.push(fault.related(variable.header, "the variable is declared here"));
                constraint.unknown_of(Provenance::variable(module, name))
            }
        }
    }

    /// Holds the values of all variables of a module instance against their conditions.
    pub(crate) fn validate(&self, module: ModuleId) {
        let instance = self.instance(module);
        for variable in instance.module.variables.values() {
            let found = self.variable(module, &variable.name.value, variable.header);
            for rule in &variable.validations {
                let mut scope = Scope::of(module, Repeated::default());
                let place = value::made_by(&found).unwrap_or(variable.header);
                let subject = format!("the value of `var.{}`", variable.name.value);
                self.hold(rule, &mut scope, "failed-validation", place, &subject);
            }
        }
    }

    /// Reports at `place` that `subject` breaks `rule`, if it is known to.
    pub(crate) fn hold(&self, rule: &CheckRule, scope: &mut Scope, id: &'static str, place: Span, subject: &str) {
        let Some(condition) = &rule.condition else { return };
        let test = self.value(condition, scope);
        if !matches!(value::to_bool(&test), Ok(Some(false))) {
            return;
        }
        let (said, _) = self.aside(|| rule.error_message.as_ref().map(|message| self.value(message, scope)));
        let said = said.filter(|said| !value::is_sensitive(said) && !value::is_ephemeral(said));
        let said = said.as_ref().and_then(value::text).map(|said| said.lines().next().unwrap_or_default().to_owned());
        let mut fault = Diagnostic::error(id, place, format!("{subject} breaks a condition"));
        if let Some(said) = said {
            fault.message = format!("{subject} breaks a condition: {}", said.trim_end_matches('.'));
        }
        self.push(fault.related(condition.span, "the condition is this"));
    }

    /// The values that `terraform.tfvars` and its like give, the later files over the earlier ones.
    pub(crate) fn values_from_files(&self) -> BTreeMap<String, Value> {
        let root = self.instance(0);
        let texts = self.files.texts_in(&root.module.folder);
        let is_auto = |name: &str| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
        let named = ["terraform.tfvars", "terraform.tfvars.json"];
        let first = named.iter().filter_map(|wanted| texts.iter().find(|(name, _)| name == wanted));
        let mut given = BTreeMap::new();
        for (name, id) in first.chain(texts.iter().filter(|(name, _)| is_auto(name))) {
            let body = parse::file(self.files, *id, name.ends_with(".json"), &mut self.faults.borrow_mut());
            for item in body.items {
                let attribute = match item {
                    Item::Attribute(attribute) => attribute,
                    Item::Block(block) => {
                        self.fault("unknown-block", block.header, "a file of values holds only `name = value`");
                        continue;
                    }
                };
                let known = &attribute.name.value;
                if !root.module.variables.contains_key(known) {
                    let near = did_you_mean(known, root.module.variables.keys().map(String::as_str));
                    let message = format!("there is no variable `{known}` in this root{near}");
                    self.push(Diagnostic::warning("undeclared-variable-value", attribute.name.span, message));
                    continue;
                }
                let mut scope = Scope { closed: true, ..Scope::of(0, Repeated::default()) };
                given.insert(known.clone(), self.value(&attribute.value, &mut scope));
            }
        }
        given
    }
}

/// Whether a value is what people write where there is none yet.
fn is_empty(found: &Value) -> bool {
    value::is_null(found) || value::text(found) == Some("")
}
