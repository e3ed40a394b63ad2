//! Where an expression ends, and what it returns there.

use std::ops::Range;

use ruff_python_ast::helpers::Truthiness;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtWhile, StmtWith};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::text::Wrapped;

/// How an expression comes to answer `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A path ends without `return`.
    NoReturn,
    /// A `return` without a value.
    BareReturn,
    /// `return None`, also as one side of a condition.
    ReturnNone,
}

/// A place where an expression answers `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoneReturn {
    /// How.
    pub ending: Ending,
    /// The `return`, or the statement after which nothing follows.
    pub range: Range<usize>,
}

/// What authentik sees in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It counts as true, always.
    True,
    /// It counts as false, always; `None` does.
    False,
    /// Nobody knows.
    Unknown,
}

/// A `return` of the expression itself, or a side of its condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// What its value counts as.
    pub answer: Answer,
    /// The value, or the bare `return`.
    pub range: Range<usize>,
}

/// All that is known about the ends of an expression.
#[derive(Debug, Default)]
pub(crate) struct Endings {
    pub(crate) nones: Vec<NoneReturn>,
    pub(crate) returns: Vec<Return>,
    /// The first `yield`, which makes the answer a generator: true, and nothing runs.
    pub(crate) generator: Option<Range<usize>>,
}

/// Follows the statements of an expression.
pub(crate) fn endings(body: &[Stmt], text: &Wrapped) -> Endings {
    let mut yields = Yields { first: None };
    yields.visit_body(body);
    if let Some(range) = yields.first {
        return Endings { generator: Some(text.written(range)), ..Endings::default() };
    }
    let mut flow = Flow { returns: Vec::new() };
    let open = flow.body(body).open;
    let mut endings = Endings::default();
    let none = |ending, range: &TextRange| NoneReturn { ending, range: text.written(*range) };
    endings.nones.extend(open.iter().map(|range| none(Ending::NoReturn, range)));
    for (answer, ending, range) in &flow.returns {
        endings.returns.push(Return { answer: *answer, range: text.written(*range) });
        endings.nones.extend(ending.map(|ending| none(ending, range)));
    }
    endings.nones.sort_by_key(|none| none.range.start);
    endings
}

/// Whether the statement behind these is ever reached from them.
pub(crate) fn completes(body: &[Stmt]) -> bool {
    !Flow { returns: Vec::new() }.body(body).open.is_empty()
}

/// The places that a statement is left at: those from which the next one runs, and those that leave the loop.
#[derive(Default)]
struct Exits {
    open: Vec<TextRange>,
    breaks: Vec<TextRange>,
}

impl Exits {
    fn at(range: TextRange) -> Self {
        Self { open: vec![range], breaks: Vec::new() }
    }

    fn add(&mut self, other: Self) {
        self.open.extend(other.open);
        self.breaks.extend(other.breaks);
    }
}

struct Flow {
    returns: Vec<(Answer, Option<Ending>, TextRange)>,
}

impl Flow {
    /// Statements one after the other; what stands behind one that never completes is never reached.
    fn body(&mut self, body: &[Stmt]) -> Exits {
        let mut exits = Exits::default();
        for stmt in body {
            let Exits { open, breaks } = self.stmt(stmt);
            exits.breaks.extend(breaks);
            exits.open = open;
            if exits.open.is_empty() {
                break;
            }
        }
        exits
    }

    fn stmt(&mut self, stmt: &Stmt) -> Exits {
        match stmt {
            Stmt::Return(statement) => {
                match statement.value.as_deref() {
                    Some(value) => self.answer(value),
                    None => self.returns.push((Answer::False, Some(Ending::BareReturn), statement.range)),
                }
                Exits::default()
            }
            Stmt::Raise(_) | Stmt::Continue(_) => Exits::default(),
            Stmt::Break(statement) => Exits { open: Vec::new(), breaks: vec![statement.range] },
            Stmt::Assert(assert) if is_always(&assert.test) == Some(false) => Exits::default(),
            Stmt::Expr(expr) if leaves_python(&expr.value) => Exits::default(),
            Stmt::If(choice) => self.choice(choice),
            Stmt::While(repeat) => self.repeat(repeat),
            Stmt::For(each) => self.each(each),
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::With(with) => self.with(with),
            Stmt::Match(choice) => self.cases(choice),
            other => Exits::at(other.range()),
        }
    }

    fn answer(&mut self, value: &Expr) {
        if let Expr::If(either) = value {
            self.answer(&either.body);
            return self.answer(&either.orelse);
        }
        let is_builtin = |name: &str| ruff_python_stdlib::builtins::is_python_builtin(name, 14, false);
        let truth = Truthiness::from_expr(value, is_builtin);
        let answer =
            truth.into_bool().map_or(Answer::Unknown, |truth| if truth { Answer::True } else { Answer::False });
        let ending = (truth == Truthiness::None).then_some(Ending::ReturnNone);
        self.returns.push((answer, ending, value.range()));
    }

    fn choice(&mut self, choice: &StmtIf) -> Exits {
        let mut exits = Exits::default();
        let first = (choice.start(), Some(choice.test.as_ref()), &choice.body);
        let others = choice.elif_else_clauses.iter().map(|clause| (clause.start(), clause.test.as_ref(), &clause.body));
        for (_, test, body) in std::iter::once(first).chain(others) {
            let always = test.map_or(Some(true), is_always);
            if always != Some(false) {
                exits.add(self.body(body));
            }
            if always == Some(true) {
                return exits;
            }
        }
        let last = choice
            .elif_else_clauses
            .last()
            .map_or(first, |clause| (clause.start(), clause.test.as_ref(), &clause.body));
        exits.add(Exits::at(header(last.0, last.1.unwrap_or(&choice.test))));
        exits
    }

    fn repeat(&mut self, repeat: &StmtWhile) -> Exits {
        let breaks = self.body(&repeat.body).breaks;
        let ends = is_always(&repeat.test) != Some(true);
        self.after_loop(breaks, ends.then(|| header(repeat.start(), &repeat.test)), &repeat.orelse)
    }

    fn each(&mut self, each: &StmtFor) -> Exits {
        let breaks = self.body(&each.body).breaks;
        self.after_loop(breaks, Some(header(each.start(), &each.iter)), &each.orelse)
    }

    /// A loop that was broken out of goes on behind it; one that ended goes through its `else`.
    fn after_loop(&mut self, breaks: Vec<TextRange>, ended: Option<TextRange>, orelse: &[Stmt]) -> Exits {
        let mut exits = match ended {
            Some(header) if orelse.is_empty() => Exits::at(header),
            Some(_) => self.body(orelse),
            None => Exits::default(),
        };
        exits.open.extend(breaks);
        exits
    }

    fn attempt(&mut self, attempt: &StmtTry) -> Exits {
        let before = self.returns.len();
        let mut exits = self.body(&attempt.body);
        if !exits.open.is_empty() && !attempt.orelse.is_empty() {
            exits.open.clear();
            exits.add(self.body(&attempt.orelse));
        }
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            exits.add(self.body(&handler.body));
        }
        if !attempt.finalbody.is_empty() {
            let reached = self.returns.len();
            let last = self.body(&attempt.finalbody);
            if last.open.is_empty() {
                // A `finally` that never completes takes the place of every `return` before it.
                self.returns.drain(before..reached);
                return last;
            }
            exits.breaks.extend(last.breaks);
        }
        exits
    }

    fn with(&mut self, with: &StmtWith) -> Exits {
        let mut exits = self.body(&with.body);
        if let Some(item) = with.items.iter().find(|item| suppressed(&item.context_expr).is_some()) {
            exits.add(Exits::at(header(with.start(), &item.context_expr)));
        }
        exits
    }

    fn cases(&mut self, choice: &StmtMatch) -> Exits {
        let mut exits = Exits::default();
        for case in &choice.cases {
            exits.add(self.body(&case.body));
        }
        if !choice.cases.iter().any(|case| case.guard.is_none() && case.pattern.is_irrefutable()) {
            exits.add(Exits::at(header(choice.start(), &choice.subject)));
        }
        exits
    }
}

/// From the keyword to the end of what is tested.
fn header(start: TextSize, test: &Expr) -> TextRange {
    TextRange::new(start, test.end().max(start))
}

/// Whether a test has one outcome, whatever happens.
fn is_always(test: &Expr) -> Option<bool> {
    Truthiness::from_expr(test, |_| false).into_bool()
}

/// The exceptions that a context manager swallows, of one that is called `suppress`.
pub(crate) fn suppressed(manager: &Expr) -> Option<&[Expr]> {
    let Expr::Call(call) = manager else { return None };
    let name = match call.func.as_ref() {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return None,
    };
    (name == "suppress").then_some(&call.arguments.args)
}

/// Whether a call ends by an exception for sure.
fn leaves_python(value: &Expr) -> bool {
    let Expr::Call(call) = value else { return false };
    match call.func.as_ref() {
        Expr::Name(name) => matches!(name.id.as_str(), "exit" | "quit"),
        Expr::Attribute(attribute) => {
            attribute.attr.as_str() == "exit"
                && attribute.value.as_name_expr().is_some_and(|name| name.id.as_str() == "sys")
        }
        _ => false,
    }
}

/// Finds the first `yield` of a function, not of those inside it.
struct Yields {
    first: Option<TextRange>,
}

impl Visitor<'_> for Yields {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Lambda(_) => {}
            Expr::Yield(_) | Expr::YieldFrom(_) if self.first.is_none() => self.first = Some(expr.range()),
            _ => walk_expr(self, expr),
        }
    }
}
