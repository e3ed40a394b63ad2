//! What Python's compiler refuses and the parser's own checks let pass.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{
    ExceptHandler, Expr, InterpolatedStringElement, InterpolatedStringElements, Pattern, Stmt, StmtTry,
};
use ruff_text_size::{Ranged, TextRange};

use crate::scopes::Scope;

/// Format specifications inside each other, the outermost one included.
const MAX_SPECIFICATIONS: usize = 2;

/// A refusal, before its place is told in the text as written.
pub(crate) type Refusal = (String, TextRange);

/// What is wrong with a statement, apart from what stands in it.
pub(crate) fn of_stmt(stmt: &Stmt, scope: &Scope<'_>, refusals: &mut Vec<Refusal>) {
    match stmt {
        Stmt::Expr(expr) => alone(&expr.value, refusals),
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| alone(target, refusals)),
        Stmt::AugAssign(assign) => alone(&assign.value, refusals),
        Stmt::With(with) => {
            let targets = with.items.iter().filter_map(|item| item.optional_vars.as_deref());
            targets.for_each(|target| alone(target, refusals));
        }
        Stmt::AnnAssign(assign) => {
            assign.value.iter().for_each(|value| alone(value, refusals));
            if let Expr::Name(name) = assign.target.as_ref()
                && assign.simple
                && scope.nonlocals.contains_key(name.id.as_str())
            {
                refusals.push((format!("`{}` is nonlocal and has a type", name.id), name.range));
            }
        }
        Stmt::Nonlocal(nonlocal) => {
            let both = nonlocal.names.iter().filter(|name| scope.globals.contains_key(name.as_str()));
            refusals.extend(both.map(|name| (format!("`{name}` is both global and nonlocal"), name.range)));
        }
        Stmt::Try(attempt) => of_handlers(attempt, refusals),
        _ => {}
    }
}

/// A starred expression that stands alone.
fn alone(expr: &Expr, refusals: &mut Vec<Refusal>) {
    if expr.is_starred_expr() {
        refusals.push(("a starred expression stands in a list, a tuple or a call only".to_owned(), expr.range()));
    }
}

fn of_handlers(attempt: &StmtTry, refusals: &mut Vec<Refusal>) {
    if attempt.handlers.is_empty() && !attempt.orelse.is_empty() {
        refusals.push(("a `try` with `else` needs an `except`".to_owned(), attempt.range));
    }
    for (index, ExceptHandler::ExceptHandler(handler)) in attempt.handlers.iter().enumerate() {
        if handler.type_.is_none() && index + 1 < attempt.handlers.len() {
            refusals.push(("`except:` catches everything, so it comes last".to_owned(), handler.range));
        }
        if attempt.is_star {
            Leaving { refusals, in_loop: false }.visit_body(&handler.body);
        }
    }
}

/// What is wrong with an expression, apart from what stands in it.
pub(crate) fn of_expr(expr: &Expr, scope: &Scope<'_>, refusals: &mut Vec<Refusal>) {
    match expr {
        Expr::Name(name) => {
            if let Some(range) = scope.nonlocals.get(name.id.as_str())
                && name.range.start() < range.start()
            {
                refusals.push((format!("`{0}` is used before `nonlocal {0}`", name.id), name.range));
            }
        }
        Expr::BinOp(operation) => bare_yield(&operation.left, expr, refusals),
        Expr::BoolOp(operation) => {
            operation.values.first().into_iter().for_each(|left| bare_yield(left, expr, refusals))
        }
        Expr::Compare(compare) => bare_yield(&compare.left, expr, refusals),
        Expr::FString(text) => text.value.f_strings().for_each(|part| of_elements(&part.elements, 0, refusals)),
        Expr::TString(text) => text.value.iter().for_each(|part| of_elements(&part.elements, 0, refusals)),
        _ => {}
    }
}

/// `yield` without brackets takes everything behind it for its value, so it is never the left side of anything.
fn bare_yield(left: &Expr, expr: &Expr, refusals: &mut Vec<Refusal>) {
    if left.is_yield_expr() && left.start() == expr.start() {
        refusals.push(("a `yield` on the left of an operator needs brackets".to_owned(), left.range()));
    }
}

fn of_elements(elements: &InterpolatedStringElements, depth: usize, refusals: &mut Vec<Refusal>) {
    for element in elements {
        let InterpolatedStringElement::Interpolation(element) = element else { continue };
        if depth > MAX_SPECIFICATIONS {
            refusals.push(("an f-string nests no deeper".to_owned(), element.range));
        }
        if element.expression.is_starred_expr() {
            refusals
                .push(("a starred expression does not stand in an f-string".to_owned(), element.expression.range()));
        }
        if let Some(specification) = &element.format_spec {
            of_elements(&specification.elements, depth + 1, refusals);
        }
    }
}

/// What is wrong with a pattern, apart from what stands in it.
pub(crate) fn of_pattern(pattern: &Pattern, refusals: &mut Vec<Refusal>) {
    match pattern {
        Pattern::MatchValue(value) if matches!(value.value.as_ref(), Expr::FString(_) | Expr::TString(_)) => {
            refusals.push(("a pattern is no f-string".to_owned(), value.range));
        }
        Pattern::MatchOr(either) => {
            let before_last = either.patterns.split_last().map_or(&[][..], |(_, before)| before);
            let greedy = before_last.iter().filter(|pattern| pattern.is_irrefutable());
            refusals.extend(
                greedy.map(|pattern| ("this matches everything, so it comes last".to_owned(), pattern.range())),
            );
        }
        _ => {}
    }
}

/// Looks for ways out of an `except*` block.
struct Leaving<'r> {
    refusals: &'r mut Vec<Refusal>,
    in_loop: bool,
}

impl Visitor<'_> for Leaving<'_> {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        let word = match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::For(_) | Stmt::While(_) => {
                let outside = std::mem::replace(&mut self.in_loop, true);
                walk_stmt(self, stmt);
                self.in_loop = outside;
                return;
            }
            Stmt::Return(_) => "return",
            Stmt::Break(_) if !self.in_loop => "break",
            Stmt::Continue(_) if !self.in_loop => "continue",
            _ => return walk_stmt(self, stmt),
        };
        self.refusals.push((format!("`{word}` does not leave an `except*` block"), stmt.range()));
    }

    fn visit_expr(&mut self, _: &Expr) {}
}
