//! Chains of steps: the reference at the head of one is looked up, and the steps behind it are taken.

use std::sync::Arc;

use diagnostic::{Diagnostic, Span, Spanned};
use syntax::hcl::{Expression, Kind, Step};

use super::{Evaluator, Expansion, ModuleId, Scope, Thing};
use crate::config::{Mode, Module, ResourceName};
use crate::root::Key;
use crate::value::{self, Provenance, Subject, Value};

impl<'a> Evaluator<'a> {
    /// The value of a name, or of a name and the steps behind it.
    pub(crate) fn chain(&self, expression: &Expression, scope: &mut Scope) -> Value {
        let (mut steps, mut at) = (Vec::new(), expression);
        while let Kind::Access(of, step) = &at.kind {
            steps.push((&**step, at.span));
            at = of;
        }
        steps.reverse();
        let (head, taken) = match &at.kind {
            Kind::Variable(name) => match scope.names.iter().rev().find(|(known, _)| known == name) {
                Some((_, found)) => (found.clone(), 0),
                None if scope.closed => {
                    self.fault("invalid-expression", at.span, format!("the template is not given `{name}`"));
                    (value::dynamic(), 0)
                }
                None => self.named_value(name, at.span, &steps, scope),
            },
            _ => (self.value(at, scope), 0),
        };
        let mut found = head;
        for (step, span) in steps.iter().skip(taken) {
            found = self.step(found, step, *span, scope);
        }
        found
    }

    /// One step from `of` to a part of it.
    pub(crate) fn step(&self, of: Value, step: &Step, span: Span, scope: &mut Scope) -> Value {
        match step {
            Step::Attribute(name) => self.attribute(of, name),
            Step::Index(key) => {
                let at = self.value(key, scope);
                if let Some(provenance) = value::provenance(&of) {
                    // Which of its instances is meant is as unknown as how many there are.
                    if provenance.is_any_instance() {
                        return of;
                    }
                    return match value::text(&at) {
                        Some(text) => self.part(&provenance, text, key.span),
                        None => value::unknown_of(provenance.within()),
                    };
                }
                match value::index(&of, &at) {
                    Ok(found) => found,
                    Err(message) => {
                        let taken = key.span.to(span);
                        let message = message + &self.near(value::text(&at).unwrap_or_default(), &of);
                        // The key may be written in another place, and that is the one to mend.
                        match value::made_by(&at).filter(|written| *written != key.span && value::text(&at).is_some()) {
                            Some(written) => {
                                let fault = Diagnostic::error("invalid-expression", written, message);
                                self.push(fault.related(taken, "it is looked up here"));
                            }
                            None => self.fault("invalid-expression", taken, message),
                        }
                        value::dynamic()
                    }
                }
            }
        }
    }

    pub(crate) fn attribute(&self, of: Value, name: &Spanned<String>) -> Value {
        if let Some(provenance) = value::provenance(&of) {
            return self.part(&provenance, &name.value, name.span);
        }
        match value::attribute(&of, &name.value) {
            Ok(found) => found,
            Err(message) => {
                let near = self.near(&name.value, &of);
                self.fault("invalid-expression", name.span, message + &near);
                value::dynamic()
            }
        }
    }

    /// The part `name` of an unknown value that is a resource instance, or belongs to one: what is written for it, or
    /// an unknown value that remembers the way.
    fn part(&self, provenance: &Arc<Provenance>, name: &str, span: Span) -> Value {
        let Subject::Resource { module, name: resource, key, .. } = &*provenance.of else {
            return value::unknown_of(provenance.at(name));
        };
        if provenance.path.is_empty() {
            let found = self.argument(*module, resource, key, name, span);
            if let Some(found) = found.filter(|found| !value::is_null(found)) {
                return found;
            }
        }
        value::unknown_of(provenance.at(name))
    }

    /// What is written for the argument `name` of a resource instance.
    pub(crate) fn argument(
        &self,
        module: ModuleId,
        resource: &ResourceName,
        key: &Key,
        name: &str,
        span: Span,
    ) -> Option<Value> {
        let declared: &'a Module = self.instance(module).module;
        let (resource, declared) = declared.resources.get_key_value(resource)?;
        let written = super::body::attribute_of(&declared.body, name)?;
        let expansion = self.expansion(module, (resource, declared), span);
        let repeated = expansion.repeated(key)?;
        let thing = Thing::Argument(resource, key.clone(), &written.name.value);
        Some(self.once(module, thing, span, || self.value(&written.value, &mut Scope::of(module, repeated))))
    }

    /// What the reference `root` and the first of `steps` stand for, and how many steps belong to it.
    fn named_value(&self, root: &str, span: Span, steps: &[(&'_ Step, Span)], scope: &mut Scope) -> (Value, usize) {
        let name = |index: usize| match steps.get(index) {
            Some((Step::Attribute(name), _)) => Some(name),
            _ => None,
        };
        let span = |taken: usize| steps.get(taken.wrapping_sub(1)).map_or(span, |(_, end)| span.to(*end));
        let module = scope.module;
        match (root, name(0), name(1)) {
            ("var", Some(variable), _) => (self.variable(module, &variable.value, span(1)), 1),
            ("local", Some(local), _) => (self.local(module, &local.value, span(1)), 1),
            ("path", Some(which), _) => (self.path(module, &which.value), 1),
            ("terraform" | "tofu", Some(which), _) => {
                let found = match which.value.as_str() {
                    "workspace" => value::unknown_string(),
                    _ => value::ephemeral(value::dynamic()),
                };
                (found, 1)
            }
            ("each", Some(which), _) => {
                let found = match (&scope.repeated.each, which.value.as_str()) {
                    (Some((key, _)), "key") => key.clone(),
                    (Some((_, value)), "value") => value.clone(),
                    _ => value::dynamic(),
                };
                (found, 1)
            }
            ("count", Some(_), _) => (scope.repeated.count.clone().unwrap_or_else(value::dynamic), 1),
            ("self", ..) => (scope.this.clone().unwrap_or_else(value::dynamic), 0),
            ("module", Some(call), _) => self.module_value(module, call, steps, scope),
            ("data", Some(kind), Some(name)) => {
                (self.resource(module, Mode::Data, (kind, name), span(2), steps.get(2)), 2)
            }
            ("ephemeral", Some(kind), Some(name)) => {
                (self.resource(module, Mode::Ephemeral, (kind, name), span(2), steps.get(2)), 2)
            }
            ("resource", Some(kind), Some(name)) => {
                (self.resource(module, Mode::Managed, (kind, name), span(2), steps.get(2)), 2)
            }
            (kind, Some(name), _) => {
                let kind = Spanned::new(kind.to_owned(), span(0));
                (self.resource(module, Mode::Managed, (&kind, name), span(1), steps.get(1)), 1)
            }
            // The check of the module has reported it.
            _ => (value::dynamic(), steps.len()),
        }
    }

    /// `module.name`, `module.name.output`, `module.name[key].output`: of one output no other is asked for.
    fn module_value(
        &self,
        module: ModuleId,
        name: &Spanned<String>,
        steps: &[(&'_ Step, Span)],
        scope: &mut Scope,
    ) -> (Value, usize) {
        let declared: &'a Module = self.instance(module).module;
        let Some(call) = declared.calls.get(&name.value) else { return (value::dynamic(), steps.len()) };
        let expansion = self.call_expansion(module, call, name.span);
        let of_child = |key: &Key, output: &Spanned<String>| match self.child(module, name, key) {
            Some(child) => self.output(child, &output.value, output.span),
            None => value::unknown_of(Provenance::output(module, &name.value, key.clone(), &output.value)),
        };
        match (&*expansion, steps.get(1), steps.get(2)) {
            (Expansion::Single, Some((Step::Attribute(output), _)), _) => (of_child(&Key::None, output), 2),
            (
                Expansion::ForEach(_) | Expansion::Count(_),
                Some((Step::Index(at), _)),
                Some((Step::Attribute(output), _)),
            ) => {
                let at_key = self.value(at, scope);
                match Key::of(&at_key) {
                    Some(key) if expansion.repeated(&key).is_some() => (of_child(&key, output), 3),
                    Some(key) => {
                        let message = format!("`module.{}` has no instance `{key}`", name.value);
                        self.fault("invalid-expression", at.span, message);
                        (value::dynamic(), steps.len())
                    }
                    None => (value::dynamic(), steps.len()),
                }
            }
            (Expansion::Unknown, ..) => (value::dynamic(), steps.len()),
            _ => {
                let whole = |key: &Key| match self.child(module, name, key) {
                    Some(child) => self.outputs(child, name.span),
                    None => value::unknown_of(Provenance::module(module, &name.value, key.clone())),
                };
                (collect(&expansion, whole), 1)
            }
        }
    }

    /// A resource as a value: for each instance an unknown one that remembers it.
    fn resource(
        &self,
        module: ModuleId,
        mode: Mode,
        (kind, name): (&Spanned<String>, &Spanned<String>),
        span: Span,
        next: Option<&(&Step, Span)>,
    ) -> Value {
        let wanted = ResourceName { mode, kind: kind.value.clone(), name: name.value.clone() };
        let declared: &'a Module = self.instance(module).module;
        let Some((name, declared)) = declared.resources.get_key_value(&wanted) else { return value::dynamic() };
        let expansion = self.expansion(module, (name, declared), span);
        if let (Expansion::Single, Some((Step::Index(key), _))) = (&*expansion, next) {
            let message = format!("`{wanted}` is one, and has no instances to choose from");
            self.fault("invalid-expression", key.span, message);
            return value::dynamic();
        }
        let one = |key: &Key| {
            let found = value::unknown_of(Provenance::all_of(self.subject(module, name, key)));
            if mode == Mode::Ephemeral { value::ephemeral(found) } else { found }
        };
        match &*expansion {
            Expansion::Unknown => one(&Key::Unknown),
            known => collect(known, one),
        }
    }

    /// A resource instance, which unknown values may be parts of.
    pub(crate) fn subject(&self, module: ModuleId, name: &'a ResourceName, key: &Key) -> Arc<Subject> {
        let instance = self.instance(module);
        let make = || {
            let above = &instance.address;
            let dot = if above.is_empty() { "" } else { "." };
            let address = format!("{above}{dot}{name}{key}");
            Arc::new(Subject::Resource { module, name: name.clone(), key: key.clone(), address })
        };
        Arc::clone(instance.subjects.borrow_mut().entry((name, key.clone())).or_insert_with(make))
    }
}

/// The instances of a block as the value that its name stands for.
fn collect(expansion: &Expansion, one: impl Fn(&Key) -> Value) -> Value {
    match expansion {
        Expansion::Single => one(&Key::None),
        Expansion::Disabled => value::null(),
        Expansion::Count(count) => value::tuple((0..*count).map(|index| one(&Key::Number(index as u64))).collect()),
        Expansion::ForEach(entries) => {
            value::object(entries.iter().map(|(key, ..)| (key.clone(), one(&Key::Text(key.clone())))).collect())
        }
        Expansion::Unknown => value::dynamic(),
    }
}
