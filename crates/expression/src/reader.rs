//! The one walk over an expression that gathers all facts.

use std::cell::{Cell, RefCell};

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{Comprehension, Expr, Stmt, StmtFunctionDef};
use ruff_python_parser::semantic_errors::SemanticSyntaxChecker;
use ruff_text_size::TextRange;

use crate::environment::{Context, Passing};
use crate::guards::{Guard, asserted};
use crate::keys::Use;
use crate::mentions::{Mention, Spelling};
use crate::refusals::Refusal;
use crate::scopes::{Opening, Scope};
use crate::syntax::Place;
use crate::text::Wrapped;
use crate::values::{Values, fuel};
use crate::{Facts, flow, names};

/// The state of the walk.
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a Wrapped,
    pub(crate) context: Context,
    pub(crate) place: Place<'a>,
    pub(crate) facts: Facts,
    /// The keys that are there at the place that is being read.
    pub(crate) guards: Vec<Guard>,
    /// How many `try`s around the place catch anything, and how many a missing key.
    pub(crate) catching: usize,
    pub(crate) catching_keys: usize,
    /// How many functions of the text are open.
    pub(crate) functions: usize,
    pub(crate) names: names::Seen<'a>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) checker: SemanticSyntaxChecker,
    fuel: Cell<usize>,
    /// What becomes of the next expression's value.
    pub(crate) usage: Use,
    /// How many annotations are open: authentik's Python evaluates none of them, or only when asked.
    pub(crate) annotations: usize,
}

/// Reads the function that authentik puts around an expression.
pub(crate) fn read<'a>(handler: &'a Stmt, body: &'a [Stmt], text: &'a Wrapped, context: Context) -> Reader<'a> {
    let mut reader = Reader {
        text,
        context,
        place: Place {
            scopes: vec![Scope::new(Opening::Module)],
            source: &text.text,
            python: context.python(),
            errors: RefCell::default(),
        },
        facts: Facts::default(),
        guards: Vec::new(),
        catching: 0,
        catching_keys: 0,
        functions: 0,
        names: names::Seen::default(),
        refusals: Vec::new(),
        checker: SemanticSyntaxChecker::new(),
        fuel: fuel(),
        usage: Use::Whole,
        annotations: 0,
    };
    reader.checker.visit_stmt(handler, &reader.place);
    let mut scope = Scope::with_body(Opening::Function { is_async: false }, None, body);
    let given = context.names().filter(|name| name.passing == Passing::Argument);
    scope.parameters.extend(given.map(|name| name.name));
    reader.enter(scope, |reader| reader.visit_body(body));
    reader.facts.endings = flow::endings(body, text);
    reader
}

impl<'a> Reader<'a> {
    /// What is known about expressions at this place.
    pub(crate) fn values(&self) -> Values<'_, 'a> {
        let at = self.place.scopes.len() - 1;
        Values { context: self.context, scopes: &self.place.scopes, at, steps: 0, fuel: &self.fuel, trail: None }
    }

    pub(crate) fn enter(&mut self, scope: Scope<'a>, read: impl FnOnce(&mut Self)) {
        self.names.declare(&scope);
        self.place.scopes.push(scope);
        read(self);
        self.place.scopes.pop();
    }

    pub(crate) fn visit(&mut self, expr: &'a Expr, usage: Use) {
        self.usage = usage;
        self.visit_expr(expr);
    }

    /// Reads with what a test says held true.
    pub(crate) fn given(&mut self, test: &Expr, truth: bool, read: impl FnOnce(&mut Self)) {
        let before = self.guards.len();
        self.assert(test, truth);
        read(self);
        self.guards.truncate(before);
    }

    pub(crate) fn assert(&mut self, test: &Expr, truth: bool) {
        let mut guards = std::mem::take(&mut self.guards);
        asserted(self.values(), test, truth, &mut guards);
        self.guards = guards;
    }

    pub(crate) fn loop_body(&mut self, body: &'a [Stmt]) {
        self.change_loops(1);
        self.visit_body(body);
        self.change_loops(-1);
    }

    fn change_loops(&mut self, by: isize) {
        let scope = self.place.scopes.last_mut().expect("the module's scope is never left");
        scope.loops = scope.loops.saturating_add_signed(by);
    }

    /// Reads what exceptions are caught around.
    pub(crate) fn caught(&mut self, anything: bool, missing_key: bool, read: impl FnOnce(&mut Self)) {
        self.catching += usize::from(anything);
        self.catching_keys += usize::from(missing_key);
        read(self);
        self.catching -= usize::from(anything);
        self.catching_keys -= usize::from(missing_key);
    }

    pub(crate) fn function(&mut self, function: &'a StmtFunctionDef) {
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        function.type_params.iter().for_each(|params| self.visit_type_params(params));
        self.visit_parameters(&function.parameters);
        function.returns.iter().for_each(|returns| self.visit_annotation(returns));
        let opening = Opening::Function { is_async: function.is_async };
        let scope = Scope::with_body(opening, Some(&function.parameters), &function.body);
        let outside = (std::mem::take(&mut self.catching), std::mem::take(&mut self.catching_keys));
        self.functions += 1;
        self.enter(scope, |reader| reader.visit_body(&function.body));
        self.functions -= 1;
        (self.catching, self.catching_keys) = outside;
    }

    /// A comprehension: the first of what it goes through belongs to the scope around it.
    pub(crate) fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        lazy: bool,
        results: [Option<&'a Expr>; 2],
    ) {
        if let Some(first) = generators.first() {
            self.visit(&first.iter, Use::Whole);
        }
        let before = self.guards.len();
        self.enter(Scope::of_comprehension(lazy, generators), |reader| {
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    reader.visit(&generator.iter, Use::Whole);
                }
                reader.visit(&generator.target, Use::Kept);
                for test in &generator.ifs {
                    reader.visit(test, Use::Kept);
                    reader.assert(test, true);
                }
            }
            results.into_iter().flatten().for_each(|result| reader.visit(result, Use::Whole));
        });
        self.guards.truncate(before);
    }

    pub(crate) fn mention(&mut self, spelling: Spelling, name: &str, range: TextRange, on: Option<&Expr>) {
        let on = on.and_then(|value| self.values().objects(value).first().map(|held| held.object));
        self.facts.mentions.push(Mention { spelling, name: name.to_owned(), on, range: self.text.written(range) });
    }
}
