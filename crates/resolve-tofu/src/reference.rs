//! What an expression refers to, read from its text alone.

use diagnostic::{Span, Spanned};
use syntax::hcl::{Body, Expression, ForResult, Item, Kind, Segment, Step};

use crate::config::{Mode, ResourceName};

/// A thing that an expression can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `var.name`
    Variable(String),
    /// `local.name`
    Local(String),
    /// `module.name`, and the output that is taken of it where that can be read off.
    Module(String, Option<Spanned<String>>),
    /// A resource, data source or ephemeral resource.
    Resource(ResourceName),
    /// `each.key`, `each.value`; the word behind the dot.
    Each(String),
    /// `count.index`; the word behind the dot.
    Count(String),
    /// `path.module` and the like; the word behind the dot.
    Path(String),
    /// `terraform.workspace` and the like; the word behind the dot.
    Terraform(String),
    /// `self`
    This,
    /// A provider configuration's function or anything else that is none of the above: a word alone.
    Word(String),
}

/// A reference and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it names.
    pub target: Target,
    /// From its first word to the end of what names the target.
    pub span: Span,
}

/// All references in `expression`, in order; `scope` holds names that are not references.
pub fn references(expression: &Expression, scope: &[String]) -> Vec<Reference> {
    let mut finder = Finder { scope: scope.to_vec(), found: Vec::new() };
    finder.expression(expression);
    finder.found
}

/// Calls `visit` for each expression in `body` and the blocks in it, with the iterators of `dynamic` blocks in scope.
pub(crate) fn in_body(body: &Body, scope: &[String], visit: &mut dyn FnMut(&Expression, &[String])) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => visit(&attribute.value, scope),
            Item::Block(block) if block.kind.value == "dynamic" => {
                let argument = |name: &str| {
                    block.body.items.iter().find_map(|item| match item {
                        Item::Attribute(attribute) if attribute.name.value == name => Some(&attribute.value),
                        _ => None,
                    })
                };
                let mut inner = scope.to_vec();
                inner.extend(match argument("iterator").map(|iterator| &iterator.kind) {
                    Some(Kind::Variable(name)) => Some(name.clone()),
                    _ => block.labels.first().map(|label| label.value.clone()),
                });
                for item in &block.body.items {
                    match item {
                        Item::Attribute(attribute) => match attribute.name.value.as_str() {
                            "iterator" => {}
                            "labels" => visit(&attribute.value, &inner),
                            _ => visit(&attribute.value, scope),
                        },
                        Item::Block(content) => in_body(&content.body, &inner, visit),
                    }
                }
            }
            Item::Block(block) => in_body(&block.body, scope, visit),
        }
    }
}

struct Finder {
    scope: Vec<String>,
    found: Vec<Reference>,
}

impl Finder {
    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Element | Kind::Invalid => {}
            Kind::Template(segments) => self.segments(segments),
            Kind::Tuple(elements) => elements.iter().for_each(|element| self.expression(element)),
            Kind::Object(items) => {
                for item in items {
                    self.expression(&item.key);
                    self.expression(&item.value);
                }
            }
            Kind::For(each) => {
                self.expression(&each.collection);
                self.within(&each.key, &each.value, |finder| {
                    match &each.result {
                        ForResult::Tuple(element) => finder.expression(element),
                        ForResult::Object { key, value, .. } => {
                            finder.expression(key);
                            finder.expression(value);
                        }
                    }
                    if let Some(condition) = &each.condition {
                        finder.expression(condition);
                    }
                });
            }
            Kind::Variable(_) => self.chain(expression),
            Kind::Access(..) => self.chain(expression),
            Kind::Splat { of, each, .. } => {
                let before = self.found.len();
                self.expression(of);
                // `module.apps[*].id` names an output as `module.apps["a"].id` does.
                if let Some(Reference { target: Target::Module(_, output @ None), .. }) =
                    self.found[before..].last_mut()
                {
                    *output = first_attribute(each);
                }
                self.expression(each);
            }
            Kind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.expression(argument)),
            Kind::Conditional { condition, yes, no } => {
                self.expression(condition);
                self.expression(yes);
                self.expression(no);
            }
            Kind::Binary(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            Kind::Unary(_, of) | Kind::Parentheses(of) => self.expression(of),
        }
    }

    fn within(&mut self, key: &Option<Spanned<String>>, value: &Spanned<String>, walk: impl FnOnce(&mut Self)) {
        let outside = self.scope.len();
        self.scope.extend(key.iter().map(|key| key.value.clone()));
        self.scope.push(value.value.clone());
        walk(self);
        self.scope.truncate(outside);
    }

    fn segments(&mut self, segments: &[Segment]) {
        for segment in segments {
            match segment {
                Segment::Literal(_) => {}
                Segment::Interpolation { value, .. } => self.expression(value),
                Segment::If { condition, yes, no, .. } => {
                    self.expression(condition);
                    self.segments(yes);
                    self.segments(no);
                }
                Segment::For { key, value, collection, body, .. } => {
                    self.expression(collection);
                    self.within(key, value, |finder| finder.segments(body));
                }
            }
        }
    }

    /// A chain of steps: the reference at its head, and what stands between brackets on the way.
    fn chain(&mut self, expression: &Expression) {
        let (mut steps, mut at) = (Vec::new(), expression);
        while let Kind::Access(of, step) = &at.kind {
            steps.push((&**step, at.span));
            at = of;
        }
        steps.reverse();
        match &at.kind {
            Kind::Variable(name) => {
                if !self.scope.contains(name) {
                    let reference = target(name, at.span, &steps);
                    self.found.push(reference);
                }
            }
            _ => self.expression(at),
        }
        for (step, _) in steps {
            if let Step::Index(key) = step {
                self.expression(key);
            }
        }
    }
}

/// The first attribute that is taken of the element of a splat.
fn first_attribute(each: &Expression) -> Option<Spanned<String>> {
    let mut at = each;
    while let Kind::Access(of, step) = &at.kind {
        if let (Kind::Element, Step::Attribute(name)) = (&of.kind, &**step) {
            return Some(name.clone());
        }
        at = of;
    }
    None
}

/// What a chain names, and how far the name goes.
pub(crate) fn target(root: &str, span: Span, steps: &[(&Step, Span)]) -> Reference {
    let name = |index: usize| match steps.get(index) {
        Some((Step::Attribute(name), end)) => Some((name.value.clone(), span.to(*end))),
        // `var["name"]` is not a reference.
        _ => None,
    };
    let of_resource = |mode: Mode, from: usize| {
        let (kind, _) = name(from)?;
        let (label, span) = name(from + 1)?;
        Some(Reference { target: Target::Resource(ResourceName { mode, kind, name: label }), span })
    };
    let word = || Reference { target: Target::Word(root.to_owned()), span };
    let one = |make: fn(String) -> Target| {
        name(0).map(|(name, span)| Reference { target: make(name), span }).unwrap_or_else(word)
    };
    match root {
        "var" => one(Target::Variable),
        "local" => one(Target::Local),
        "each" => one(Target::Each),
        "count" => one(Target::Count),
        "path" => one(Target::Path),
        "terraform" | "tofu" => one(Target::Terraform),
        "self" => Reference { target: Target::This, span },
        "data" => of_resource(Mode::Data, 0).unwrap_or_else(word),
        "ephemeral" => of_resource(Mode::Ephemeral, 0).unwrap_or_else(word),
        "resource" => of_resource(Mode::Managed, 0).unwrap_or_else(word),
        "module" => {
            let Some((module, span)) = name(0) else { return word() };
            let output = match steps.get(1) {
                Some((Step::Attribute(output), _)) => Some(output.clone()),
                Some((Step::Index(_), _)) => match steps.get(2) {
                    Some((Step::Attribute(output), _)) => Some(output.clone()),
                    _ => None,
                },
                None => None,
            };
            Reference { target: Target::Module(module, output), span }
        }
        kind => match name(0) {
            Some((label, span)) => {
                let name = ResourceName { mode: Mode::Managed, kind: kind.to_owned(), name: label };
                Reference { target: Target::Resource(name), span }
            }
            None => word(),
        },
    }
}
