//! What a test says about the keys that are there.

use ruff_python_ast::{CmpOp, ExceptHandler, Expr, ExprCompare, Stmt, UnaryOp};

use crate::flow;
use crate::objects::Object;
use crate::scopes::Definition;
use crate::values::{Values, attribute_of};

/// A key that is there.
pub(crate) type Guard = (Object, String);

/// The key of that object is there; the context of a plan and the one of a request have the same keys.
pub(crate) fn guard(object: Object, key: &str) -> Guard {
    let object = if object == Object::PlanContext { Object::Context } else { object };
    (object, key.to_owned())
}

/// What is there when the test comes out as `truth`.
pub(crate) fn asserted(values: Values<'_, '_>, test: &Expr, truth: bool, guards: &mut Vec<Guard>) {
    match test {
        Expr::UnaryOp(not) if not.op == UnaryOp::Not => asserted(values, &not.operand, !truth, guards),
        Expr::BoolOp(all) if all.op.is_and() == truth => {
            all.values.iter().for_each(|value| asserted(values, value, truth, guards));
        }
        Expr::Compare(compare) => compared(values, compare, truth, guards),
        Expr::Named(named) => asserted(values, &named.value, truth, guards),
        _ if truth => present(values, test, guards),
        Expr::Name(name) => {
            values.follow(&name.id, |there, definitions| {
                if let [Definition::Value(value)] = definitions {
                    asserted(there, value, truth, guards);
                }
            });
        }
        _ => {}
    }
}

fn compared(values: Values<'_, '_>, compare: &ExprCompare, truth: bool, guards: &mut Vec<Guard>) {
    let ([op], [right]) = (&compare.ops[..], &compare.comparators[..]) else { return };
    match op {
        CmpOp::In | CmpOp::NotIn if (*op == CmpOp::In) == truth => {
            let keys = values.texts(&compare.left).unwrap_or_default();
            for held in values.objects(right) {
                guards.extend(keys.iter().map(|key| guard(held.object, key)));
            }
        }
        CmpOp::IsNot | CmpOp::NotEq if truth && right.is_none_literal_expr() => present(values, &compare.left, guards),
        CmpOp::Is | CmpOp::Eq if !truth && right.is_none_literal_expr() => present(values, &compare.left, guards),
        CmpOp::Is | CmpOp::Eq if truth && right.is_literal_expr() && !right.is_none_literal_expr() => {
            present(values, &compare.left, guards);
        }
        _ => {}
    }
}

/// The value is something: so is the key that it was read from.
fn present(values: Values<'_, '_>, value: &Expr, guards: &mut Vec<Guard>) {
    match value {
        Expr::Call(call) => match call.func.as_ref() {
            Expr::Attribute(method) if matches!(method.attr.as_str(), "get" | "pop") => {
                let [key, ..] = &call.arguments.args[..] else { return };
                let keys = values.texts(key).unwrap_or_default();
                for held in values.objects(&method.value) {
                    guards.extend(keys.iter().map(|key| guard(held.object, key)));
                }
            }
            Expr::Name(function) => match function.id.as_str() {
                "bool" | "isinstance" | "len" | "str" => {
                    call.arguments.args.first().into_iter().for_each(|first| present(values, first, guards));
                }
                "hasattr" | "getattr" => {
                    if let Some((object, name)) = attribute_of(&call.arguments) {
                        guards.extend(values.objects(object).into_iter().map(|held| guard(held.object, name)));
                        present(values, object, guards);
                    }
                }
                _ => {}
            },
            _ => {}
        },
        Expr::Attribute(attribute) => {
            let objects = values.objects(&attribute.value);
            guards.extend(objects.into_iter().map(|held| guard(held.object, &attribute.attr)));
            present(values, &attribute.value, guards);
        }
        Expr::BoolOp(all) if all.op.is_and() => all.values.iter().for_each(|value| present(values, value, guards)),
        Expr::BoolOp(either) => {
            // `context.get("prompt_data") or {}`: an empty dictionary counts as false, so the first value it was.
            if let [first, rest @ ..] = &either.values[..]
                && rest.iter().all(|value| values.objects(value).is_empty() && is_empty(value))
            {
                present(values, first, guards);
            }
        }
        Expr::Named(named) => present(values, &named.value, guards),
        Expr::Name(name) => {
            values.follow(&name.id, |there, definitions| {
                if let [Definition::Value(value)] = definitions {
                    asserted(there, value, true, guards);
                }
            });
        }
        _ => {}
    }
}

fn is_empty(value: &Expr) -> bool {
    match value {
        Expr::Dict(dict) => dict.items.is_empty(),
        Expr::List(list) => list.elts.is_empty(),
        Expr::Tuple(tuple) => tuple.elts.is_empty(),
        Expr::StringLiteral(text) => text.value.is_empty(),
        Expr::NoneLiteral(_) => true,
        _ => false,
    }
}

/// What is there behind a statement because it would have left otherwise.
pub(crate) fn left_standing(values: Values<'_, '_>, stmt: &Stmt, guards: &mut Vec<Guard>) {
    match stmt {
        Stmt::Assert(assert) => asserted(values, &assert.test, true, guards),
        Stmt::If(choice) if flow::completes(&choice.body) => {
            if let [otherwise] = &choice.elif_else_clauses[..]
                && otherwise.test.is_none()
                && !flow::completes(&otherwise.body)
            {
                asserted(values, &choice.test, true, guards);
            }
        }
        Stmt::If(choice) => {
            asserted(values, &choice.test, false, guards);
            for clause in &choice.elif_else_clauses {
                match &clause.test {
                    Some(test) if !flow::completes(&clause.body) => asserted(values, test, false, guards),
                    _ => break,
                }
            }
        }
        _ => {}
    }
}

/// Whether handlers catch anything, and whether they catch a missing key.
pub(crate) fn catches(handlers: &[ExceptHandler]) -> (bool, bool) {
    let missing_key = handlers
        .iter()
        .any(|ExceptHandler::ExceptHandler(handler)| handler.type_.as_deref().is_none_or(catches_missing_key));
    (!handlers.is_empty(), missing_key)
}

/// Whether an exception's class, or one of several, covers `KeyError`; one that nobody knows may.
pub(crate) fn catches_missing_key(class: &Expr) -> bool {
    match class {
        Expr::Tuple(classes) => classes.elts.iter().any(catches_missing_key),
        Expr::Name(name) => {
            matches!(name.id.as_str(), "KeyError" | "LookupError" | "Exception" | "BaseException")
                || !ruff_python_stdlib::builtins::is_python_builtin(&name.id, 14, false)
        }
        _ => false,
    }
}
