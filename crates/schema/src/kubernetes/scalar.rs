//! Types, and what is asked of a single value.

use diagnostic::{Span, nearest};
use manifest::{Content, Value};
use serde_json::{Number, Value as Json};

use super::check::Check;
use super::node::{Node, Type};
use super::{Sort, format};

/// Whether `value` has the type that `node` wants.
pub(super) fn has_type(node: &Node, value: &Value) -> bool {
    if node.int_or_string {
        return match &value.content {
            Content::Number(number) => is_whole(number),
            content => matches!(content, Content::Text(_)),
        };
    }
    match (node.kind, &value.content) {
        (None, _)
        | (Some(Type::Array), Content::List(_))
        | (Some(Type::Boolean), Content::Bool(_))
        | (Some(Type::Number), Content::Number(_))
        | (Some(Type::Object), Content::Map(_))
        | (Some(Type::Quantity), Content::Number(_) | Content::Text(_))
        | (Some(Type::String), Content::Text(_)) => true,
        (Some(Type::Integer), Content::Number(number)) => is_whole(number),
        _ => false,
    }
}

/// Notes that `value` has another type than `node` wants.
pub(super) fn say_type(check: &mut Check<'_>, node: &Node, value: &Value, place: Span) {
    let wanted = match node.kind {
        _ if node.int_or_string => "a whole number or a text",
        Some(Type::Array) => "a list",
        Some(Type::Boolean) => "a boolean",
        Some(Type::Integer) => "a whole number",
        Some(Type::Number) => "a number",
        Some(Type::Quantity) => "a quantity",
        Some(Type::String) => "a text",
        Some(Type::Object) | None => "a map",
    };
    let help = match (&value.content, node.kind) {
        (Content::Number(number), Some(Type::String)) => Some(format!("put it in quotes: `\"{number}\"`")),
        (Content::Bool(is), Some(Type::String)) => Some(format!("put it in quotes: `\"{is}\"`")),
        (Content::Text(text), Some(Type::Integer)) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: `{text}`"))
        }
        (Content::Text(text), Some(Type::Boolean)) if text == "true" || text == "false" => {
            Some(format!("write it without quotes: `{text}`"))
        }
        _ => None,
    };
    let is_long = matches!(value.content, Content::Map(_) | Content::List(_));
    let span = if is_long { place } else { value.span };
    let path = check.path();
    let subject = if path.is_empty() { "the object".to_owned() } else { format!("`{path}`") };
    check.say(Sort::WrongType, span, format!("{subject} must be {wanted}, not {}", found(value))).help = help;
}

/// Judges a scalar of the right type.
pub(super) fn check(check: &mut Check<'_>, node: &Node, value: &Value) {
    if let Some(wrong) = wrong(node, value) {
        let help = wrong.help;
        let message = format!("`{}` {}", check.path(), wrong.message);
        check.say(Sort::NotAllowed, value.span, message).help = help;
    }
}

/// What is wrong with a scalar, to be read behind its name.
struct Wrong {
    message: String,
    help: Option<String>,
}

fn wrong(node: &Node, value: &Value) -> Option<Wrong> {
    if let Some(values) = node.values.as_deref()
        && !values.iter().any(|allowed| is_same(allowed, value))
    {
        return Some(not_listed(values, value));
    }
    let message = match &value.content {
        Content::Number(number) => wrong_number(node, number),
        Content::Text(text) => wrong_text(node, text),
        _ => None,
    };
    message.map(|message| Wrong { message, help: None })
}

fn wrong_number(node: &Node, number: &Number) -> Option<String> {
    let float = number.as_f64()?;
    if let Some(least) = node.minimum {
        if float < least {
            return Some(format!("must be at least {least}, not {number}"));
        }
        if node.exclusive_minimum && float == least {
            return Some(format!("must be more than {least}"));
        }
    }
    if let Some(most) = node.maximum {
        if float > most {
            return Some(format!("must be at most {most}, not {number}"));
        }
        if node.exclusive_maximum && float == most {
            return Some(format!("must be less than {most}"));
        }
    }
    if let Some(step) = node.multiple_of.filter(|step| (float / step).fract() != 0.0) {
        return Some(format!("must be a multiple of {step}, not {number}"));
    }
    format::wrong_number(node.format.as_deref()?, float).map(|wanted| format!("{wanted}, not {number}"))
}

fn wrong_text(node: &Node, text: &str) -> Option<String> {
    let length = || text.chars().count();
    if node.min_length.is_some_and(|least| length() < least) {
        return Some(match node.min_length {
            Some(1) => "must not be empty".to_owned(),
            least => format!("must have at least {} characters", least.unwrap_or_default()),
        });
    }
    if let Some(most) = node.max_length.filter(|most| length() > *most) {
        return Some(format!("must have at most {most} characters, not {}", length()));
    }
    if let Some(pattern) = node.pattern.as_ref().filter(|pattern| !pattern.fits(text)) {
        return Some(format!("is `{text}`, which does not match `{}`", pattern.text));
    }
    if node.kind == Some(Type::Quantity) && !format::is_quantity(text) {
        return Some(format!("is `{text}`, which is no quantity such as `500m` or `1Gi`"));
    }
    format::wrong_text(node.format.as_deref()?, text).map(str::to_owned)
}

fn not_listed(values: &[Json], value: &Value) -> Wrong {
    let shown = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let listed: Vec<String> =
        values.iter().filter(|value| !value.is_null()).map(|value| format!("`{}`", shown(value))).collect();
    let message = match listed.as_slice() {
        [only] => format!("must be {only}, not `{}`", shown(&value.to_json())),
        _ => format!("must be one of {}, not `{}`", listed.join(", "), shown(&value.to_json())),
    };
    let near = value.text().and_then(|text| nearest(text, values.iter().filter_map(Json::as_str)));
    Wrong { message, help: near.map(|near| format!("did you mean `{near}`?")) }
}

fn is_same(allowed: &Json, value: &Value) -> bool {
    match (allowed, &value.content) {
        (Json::Number(one), Content::Number(two)) => one.as_f64() == two.as_f64(),
        _ => *allowed == value.to_json(),
    }
}

fn is_whole(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// What stands there, told so that the difference is seen.
fn found(value: &Value) -> String {
    match &value.content {
        Content::Number(number) if !is_whole(number) => format!("`{number}`"),
        _ => value.kind().to_owned(),
    }
}
