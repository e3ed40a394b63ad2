//! Python's scopes: which names each one binds, and to what.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{Comprehension, ExceptHandler, Expr, Identifier, Parameters, Pattern, Stmt};
use ruff_text_size::TextRange;

use crate::values::Held;

/// What opens a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// The text itself, around the function that authentik makes of an expression.
    Module,
    Function {
        is_async: bool,
    },
    Lambda,
    Class,
    /// A comprehension; a lazy one is a generator.
    Comprehension {
        lazy: bool,
    },
}

/// What a name is bound to, as far as it matters.
#[derive(Clone, Debug)]
pub(crate) enum Definition<'a> {
    /// The value of the expression.
    Value(&'a Expr),
    /// One element of what the expression holds.
    Element(&'a Expr),
    /// Something that comes out of the expression.
    Part(&'a Expr),
    /// What is imported, with its full path.
    Import(String),
    /// A function, a class, an exception, a parameter.
    Other,
}

/// One scope.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) opening: Opening,
    pub(crate) parameters: BTreeSet<&'a str>,
    /// The names declared so, each with its last declaration.
    pub(crate) globals: BTreeMap<&'a str, TextRange>,
    pub(crate) nonlocals: BTreeMap<&'a str, TextRange>,
    pub(crate) definitions: BTreeMap<&'a str, Vec<Definition<'a>>>,
    /// What is put into a list or a dictionary of that name after it was made.
    pub(crate) contents: BTreeMap<&'a str, Vec<&'a Expr>>,
    /// What the names that were asked about stand for.
    pub(crate) objects: RefCell<BTreeMap<String, BTreeSet<Held>>>,
    /// How many loops are open at the place that is being read.
    pub(crate) loops: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(opening: Opening) -> Self {
        Self {
            opening,
            parameters: BTreeSet::new(),
            globals: BTreeMap::new(),
            nonlocals: BTreeMap::new(),
            definitions: BTreeMap::new(),
            contents: BTreeMap::new(),
            objects: RefCell::default(),
            loops: 0,
        }
    }

    /// The scope of a function or class with this body.
    pub(crate) fn with_body(opening: Opening, parameters: Option<&'a Parameters>, body: &'a [Stmt]) -> Self {
        let mut scope = Self::new(opening);
        scope.parameters.extend(parameters.into_iter().flatten().map(|parameter| parameter.name().as_str()));
        Binder { scope: &mut scope, subject: None }.visit_body(body);
        scope
    }

    /// The scope of a lambda.
    pub(crate) fn of_lambda(parameters: Option<&'a Parameters>, body: &'a Expr) -> Self {
        let mut scope = Self::new(Opening::Lambda);
        scope.parameters.extend(parameters.into_iter().flatten().map(|parameter| parameter.name().as_str()));
        Binder { scope: &mut scope, subject: None }.visit_expr(body);
        scope
    }

    /// The scope of a comprehension, which binds the targets of its `for`s.
    pub(crate) fn of_comprehension(lazy: bool, generators: &'a [Comprehension]) -> Self {
        let mut scope = Self::new(Opening::Comprehension { lazy });
        let mut binder = Binder { scope: &mut scope, subject: None };
        for generator in generators {
            binder.bind(&generator.target, &Definition::Element(&generator.iter));
        }
        scope
    }

    /// Whether the name is one of this scope's own.
    pub(crate) fn binds(&self, name: &str) -> bool {
        !self.globals.contains_key(name)
            && !self.nonlocals.contains_key(name)
            && (self.parameters.contains(name) || self.definitions.contains_key(name))
    }

    pub(crate) fn is_function(&self) -> bool {
        matches!(self.opening, Opening::Function { .. } | Opening::Lambda)
    }

    fn define(&mut self, name: &'a str, definition: Definition<'a>) {
        self.definitions.entry(name).or_default().push(definition);
    }
}

/// The scope at `from` or around it that binds the name; a class is seen from its own body only.
pub(crate) fn binding(scopes: &[Scope<'_>], name: &str, from: usize) -> Option<usize> {
    if scopes.get(from)?.globals.contains_key(name) {
        return None;
    }
    (1..=from).rev().find(|&at| (at == from || scopes[at].opening != Opening::Class) && scopes[at].binds(name))
}

/// Gathers what the statements of one scope bind, and stays out of the scopes inside it.
struct Binder<'s, 'a> {
    scope: &'s mut Scope<'a>,
    subject: Option<&'a Expr>,
}

impl<'a> Binder<'_, 'a> {
    fn bind(&mut self, target: &'a Expr, definition: &Definition<'a>) {
        match target {
            Expr::Name(name) => self.scope.define(name.id.as_str(), definition.clone()),
            Expr::Starred(starred) => self.bind(&starred.value, &pieces(definition)),
            Expr::Tuple(tuple) => self.bind_each(&tuple.elts, definition),
            Expr::List(list) => self.bind_each(&list.elts, definition),
            Expr::Subscript(subscript) => {
                if let (Expr::Name(name), Definition::Value(value) | Definition::Part(value)) =
                    (subscript.value.as_ref(), definition)
                {
                    self.scope.contents.entry(name.id.as_str()).or_default().push(value);
                }
            }
            _ => {}
        }
    }

    fn bind_each(&mut self, targets: &'a [Expr], definition: &Definition<'a>) {
        if let (Definition::Element(items), [key, value]) = (definition, targets)
            && let Some(dict) = dict_of_items(items)
        {
            self.bind(key, &Definition::Element(dict));
            return self.bind(value, &Definition::Part(dict));
        }
        let values = match definition {
            Definition::Value(Expr::Tuple(tuple)) => &tuple.elts[..],
            Definition::Value(Expr::List(list)) => &list.elts[..],
            _ => &[],
        };
        let paired = values.len() == targets.len() && !targets.iter().chain(values).any(Expr::is_starred_expr);
        for (index, target) in targets.iter().enumerate() {
            match values.get(index).filter(|_| paired) {
                Some(value) => self.bind(target, &Definition::Value(value)),
                None => self.bind(target, &pieces(definition)),
            }
        }
    }

    fn bind_name(&mut self, name: &'a Identifier) {
        self.scope.define(name.as_str(), Definition::Other);
    }

    /// Defaults are evaluated where the function stands, so they may bind here.
    fn visit_defaults(&mut self, parameters: &'a Parameters) {
        for default in parameters.iter().filter_map(|parameter| parameter.default()) {
            self.visit_expr(default);
        }
    }
}

impl<'a> Visitor<'a> for Binder<'_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.bind_name(&function.name);
                function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                return self.visit_defaults(&function.parameters);
            }
            Stmt::ClassDef(class) => {
                self.bind_name(&class.name);
                class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                return class.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.bind(target, &Definition::Value(&assign.value));
                }
            }
            Stmt::AugAssign(assign) => self.bind(&assign.target, &Definition::Part(&assign.value)),
            Stmt::AnnAssign(assign) => {
                let definition = assign.value.as_deref().map_or(Definition::Other, Definition::Value);
                self.bind(&assign.target, &definition);
            }
            Stmt::Delete(delete) => {
                delete.targets.iter().for_each(|target| self.bind(target, &Definition::Other));
            }
            Stmt::TypeAlias(alias) => return self.bind(&alias.name, &Definition::Other),
            Stmt::For(each) => self.bind(&each.target, &Definition::Element(&each.iter)),
            Stmt::With(with) => {
                for item in &with.items {
                    if let Some(target) = &item.optional_vars {
                        self.bind(target, &Definition::Part(&item.context_expr));
                    }
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.as_str();
                    let name = path.split('.').next().unwrap_or(path);
                    match &alias.asname {
                        Some(other) => self.scope.define(other.as_str(), Definition::Import(path.to_owned())),
                        None => self.scope.define(name, Definition::Import(name.to_owned())),
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_deref().unwrap_or_default();
                for alias in &import.names {
                    let path = format!("{module}.{}", alias.name.as_str());
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.scope.define(name.as_str(), Definition::Import(path));
                }
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    self.scope.globals.insert(name.as_str(), global.range);
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    self.scope.nonlocals.insert(name.as_str(), nonlocal.range);
                }
            }
            Stmt::Match(choice) => {
                let outer = self.subject.replace(&choice.subject);
                walk_stmt(self, stmt);
                self.subject = outer;
                return;
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Named(named) => self.bind(&named.target, &Definition::Value(&named.value)),
            Expr::Lambda(lambda) => {
                return lambda.parameters.iter().for_each(|parameters| self.visit_defaults(parameters));
            }
            Expr::Call(call) => {
                if let Expr::Attribute(method) = call.func.as_ref()
                    && let Expr::Name(name) = method.value.as_ref()
                    && matches!(method.attr.as_str(), "append" | "extend" | "insert" | "add" | "update" | "setdefault")
                {
                    self.scope.contents.entry(name.id.as_str()).or_default().extend(&call.arguments.args);
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(caught) = handler;
        caught.name.iter().for_each(|name| self.bind_name(name));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(capture) => capture.name.as_ref(),
            Pattern::MatchStar(capture) => capture.name.as_ref(),
            Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.scope.define(name.as_str(), self.subject.map_or(Definition::Other, Definition::Part));
        }
        walk_pattern(self, pattern);
    }
}

/// The dictionary of `dictionary.items()`.
fn dict_of_items(items: &Expr) -> Option<&Expr> {
    let method = items.as_call_expr()?.func.as_attribute_expr()?;
    (method.attr.as_str() == "items").then_some(&method.value)
}

/// What a part of the defined thing is.
fn pieces<'a>(definition: &Definition<'a>) -> Definition<'a> {
    match definition {
        Definition::Value(value) | Definition::Element(value) | Definition::Part(value) => Definition::Part(value),
        Definition::Import(_) | Definition::Other => Definition::Other,
    }
}
