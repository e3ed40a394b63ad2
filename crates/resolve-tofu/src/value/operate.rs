//! Operators, and steps from a value to a part of it.

use bigdecimal::{BigDecimal, Signed, ToPrimitive, Zero};
use syntax::hcl::{BinaryOperator, UnaryOperator};

use super::binary::{kept, quotient};
use super::convert::{exact_number, to_bool};
use super::{
    Data, Type, Value, boolean, dynamic, is_known, is_null, marked_like, unknown, unknown_bool, unknown_number,
};

/// `left operator right`
pub(crate) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Result<Value, String> {
    let found = match operator {
        BinaryOperator::Equal => equal(left, right).map_or_else(unknown_bool, boolean),
        BinaryOperator::NotEqual => equal(left, right).map_or_else(unknown_bool, |same| boolean(!same)),
        BinaryOperator::And => logic(left, right, false)?,
        BinaryOperator::Or => logic(left, right, true)?,
        _ => match (exact_number(left)?, exact_number(right)?) {
            (Some(left), Some(right)) => arithmetic(operator, &left, &right)?,
            _ => match operator {
                BinaryOperator::Less
                | BinaryOperator::LessOrEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterOrEqual => unknown_bool(),
                _ => unknown_number(),
            },
        },
    };
    let secret = super::walk_marks(left, super::walk_marks(right, found));
    Ok(secret)
}

/// `and` is decided by false, `or` by true, whichever side it stands on. Beside `and` null is false, and beside `or` it
/// matters only where nothing is true.
fn logic(left: &Value, right: &Value, decisive: bool) -> Result<Value, String> {
    let side = |of: &Value| {
        to_bool(of).map_err(|()| format!("`true` or `false` is required, and this is {}", super::kind(of)))
    };
    let sides = (side(left)?, side(right)?);
    let null = is_null(left) || is_null(right);
    Ok(match sides {
        (Some(flag), _) | (_, Some(flag)) if flag == decisive => boolean(decisive),
        (Some(_), Some(_)) => boolean(!decisive),
        _ if null && !decisive => boolean(false),
        _ if null => return Err("`true` or `false` is required, and this is null".to_owned()),
        _ => unknown_bool(),
    })
}

fn arithmetic(operator: BinaryOperator, left: &BigDecimal, right: &BigDecimal) -> Result<Value, String> {
    // A number of so many zeros would fill the memory as soon as it is text.
    let number = |number: BigDecimal| match number.fractional_digit_count() {
        -20_000..=20_000 => Data::Number(kept(number)).into(),
        _ => unknown_number(),
    };
    Ok(match operator {
        BinaryOperator::Add => number(left + right),
        BinaryOperator::Subtract => number(left - right),
        BinaryOperator::Multiply => number(left * right),
        BinaryOperator::Divide | BinaryOperator::Modulo if right.is_zero() && left.is_zero() => {
            return Err("zero cannot be divided by zero".to_owned());
        }
        // Here OpenTofu goes on with an infinity, which has no place among the numbers of a configuration.
        BinaryOperator::Divide if right.is_zero() => unknown_number(),
        BinaryOperator::Modulo if right.is_zero() => number(left.clone()),
        BinaryOperator::Divide => number(quotient(left, right)),
        BinaryOperator::Modulo => number(left % right),
        BinaryOperator::Less => boolean(left < right),
        BinaryOperator::LessOrEqual => boolean(left <= right),
        BinaryOperator::Greater => boolean(left > right),
        _ => boolean(left >= right),
    })
}

/// Whether two values are the same, if that is known.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    if is_null(left) || is_null(right) {
        return match (is_null(left), is_null(right)) {
            (true, true) => Some(true),
            _ if is_known(left) && is_known(right) => Some(false),
            _ => None,
        };
    }
    let (left_type, right_type) = (left.of_type(), right.of_type());
    if left_type.is_whole() && right_type.is_whole() && left_type != right_type {
        return Some(false);
    }
    let all = |pairs: Vec<(&Value, &Value)>| {
        let each: Vec<Option<bool>> = pairs.into_iter().map(|(left, right)| equal(left, right)).collect();
        if each.contains(&Some(false)) {
            Some(false)
        } else {
            each.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
        }
    };
    match (&left.data, &right.data) {
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => None,
        (Data::Bool(left), Data::Bool(right)) => Some(left == right),
        (Data::Number(left), Data::Number(right)) => Some(left == right),
        (Data::Text(left), Data::Text(right)) => Some(left == right),
        (Data::List(_, left), Data::List(_, right))
        | (Data::Set(_, left), Data::Set(_, right))
        | (Data::Tuple(left), Data::Tuple(right)) => {
            if left.len() == right.len() {
                all(left.iter().zip(right.iter()).collect())
            } else {
                Some(false)
            }
        }
        (Data::Map(_, left), Data::Map(_, right)) | (Data::Object(left), Data::Object(right)) => {
            if left.keys().eq(right.keys()) { all(left.values().zip(right.values()).collect()) } else { Some(false) }
        }
        _ => Some(false),
    }
}

/// `operator of`
pub(crate) fn unary(operator: UnaryOperator, of: &Value) -> Result<Value, String> {
    let found = match operator {
        UnaryOperator::Negate => match exact_number(of)? {
            Some(number) => Data::Number(-number).into(),
            None => unknown_number(),
        },
        UnaryOperator::Not if is_null(of) => return Err("`true` or `false` is required, and this is null".to_owned()),
        UnaryOperator::Not => match to_bool(of) {
            Ok(Some(flag)) => boolean(!flag),
            Ok(None) => unknown_bool(),
            Err(()) => return Err(format!("`true` or `false` is required, and this is {}", super::kind(of))),
        },
    };
    Ok(marked_like(found, of))
}

/// `of.name`
pub(crate) fn attribute(of: &Value, name: &str) -> Result<Value, String> {
    let lacks = || format!("there is no `{name}` in {}", super::kind(of));
    let found = match &of.data {
        Data::Null(_) => return Err(format!("`{name}` is taken of null")),
        Data::Unknown(Type::Any) => dynamic(),
        Data::Unknown(Type::Object(types)) => unknown(types.get(name).cloned().ok_or_else(lacks)?),
        Data::Unknown(Type::Map(types)) => unknown((**types).clone()),
        Data::Map(_, entries) | Data::Object(entries) => entries.get(name).cloned().ok_or_else(lacks)?,
        // An index may be written behind a dot.
        _ if name.parse::<u64>().is_ok() => return index(of, &super::number(name).unwrap_or_else(dynamic)),
        _ => return Err(lacks()),
    };
    Ok(marked_like(found, of))
}

/// `of[key]`
pub(crate) fn index(of: &Value, key: &Value) -> Result<Value, String> {
    if is_null(of) {
        return Err("an element is taken of null".to_owned());
    }
    if is_null(key) {
        return Err("the key is null".to_owned());
    }
    let found = match super::shape(of) {
        Type::Any => dynamic(),
        Type::Object(types) => match super::to_text(key) {
            Ok(Some(name)) => attribute(of, &name)?,
            Ok(None) if types.is_empty() && of.as_entries().is_none_or(|entries| entries.is_empty()) => {
                return Err("there is nothing in the object".to_owned());
            }
            Ok(None) => dynamic(),
            Err(()) => return Err(format!("the key of an object is text, and this is {}", super::kind(key))),
        },
        Type::Map(types) => match super::to_text(key) {
            Ok(Some(name)) => attribute(of, &name)?,
            Ok(None) => unknown(*types),
            Err(()) => return Err(format!("the key of a map is text, and this is {}", super::kind(key))),
        },
        Type::List(_) | Type::Tuple(_) => {
            let Some(number) = exact_number(key)? else { return Ok(dynamic()) };
            if number.is_negative() || !number.is_integer() {
                return Err("an index is a whole number from zero".to_owned());
            }
            match (of.as_elements(), &of.data) {
                (Some(elements), _) => {
                    let at = number.to_usize().and_then(|at| elements.get(at));
                    let count = elements.len();
                    at.cloned().ok_or_else(|| format!("there is no element {number}: the list has {count}"))?
                }
                (None, Data::Unknown(Type::List(types))) => unknown((**types).clone()),
                _ => dynamic(),
            }
        }
        Type::Set(_) => return Err("the elements of a set have no index; `tolist(…)` gives them one".to_owned()),
        other => return Err(format!("an element is taken of {}", other.in_words())),
    };
    Ok(marked_like(marked_like(found, of), key))
}
