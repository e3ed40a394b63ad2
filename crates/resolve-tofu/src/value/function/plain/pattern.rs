//! Regular expressions, `replace` and `format`.

use std::collections::BTreeMap;

use regex::{Captures, Regex};

use super::shown;
use crate::value::convert::exact_number;
use crate::value::function::{Outcome, exactly, list_of, text};
use crate::value::{self, Data, Type, Value, dynamic, is_known, is_null, is_wholly_known, unknown_string};

fn compiled(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|_| format!("`{pattern}` is not a regular expression"))
}

/// What a match gives: all of it, its groups, or its groups by name.
fn matched(pattern: &Regex, captures: &Captures<'_>) -> Value {
    let group = |at: usize| {
        captures.get(at).map_or_else(|| Data::Null(Type::String).into(), |found| value::string(found.as_str()))
    };
    let names: Vec<&str> = pattern.capture_names().flatten().collect();
    match (pattern.captures_len(), names.is_empty()) {
        (1, _) => group(0),
        (count, true) => value::tuple((1..count).map(group).collect()),
        (_, false) => {
            let named =
                pattern.capture_names().enumerate().filter_map(|(at, name)| Some((name?.to_owned(), group(at))));
            value::object(named.collect::<BTreeMap<_, _>>())
        }
    }
}

pub(in super::super) fn regex(given: &[Value]) -> Outcome {
    let [pattern, found] = exactly(given)?;
    let (Some(pattern), Some(found)) = (text(pattern)?, text(found)?) else { return Ok(dynamic()) };
    let pattern = compiled(&pattern)?;
    match pattern.captures(&found) {
        Some(captures) => Ok(matched(&pattern, &captures)),
        None => Err("the pattern matches no part of the text".to_owned()),
    }
}

pub(in super::super) fn regex_all(given: &[Value]) -> Outcome {
    let [pattern, found] = exactly(given)?;
    let (Some(pattern), Some(found)) = (text(pattern)?, text(found)?) else { return Ok(dynamic()) };
    let pattern = compiled(&pattern)?;
    let all: Vec<Value> = pattern.captures_iter(&found).map(|captures| matched(&pattern, &captures)).collect();
    let of = all.first().map_or(Type::String, Value::of_type);
    Ok(list_of(of, all))
}

pub(in super::super) fn replace(given: &[Value]) -> Outcome {
    let [found, part, with] = exactly(given)?;
    let (Some(found), Some(part), Some(with)) = (text(found)?, text(part)?, text(with)?) else {
        return Ok(unknown_string());
    };
    let slashed = part.strip_prefix('/').and_then(|part| part.strip_suffix('/')).filter(|_| part.len() > 1);
    Ok(value::string(&match slashed {
        Some(pattern) => compiled(pattern)?.replace_all(&found, with.as_str()).into_owned(),
        None => found.replace(&part, &with),
    }))
}

pub(in super::super) fn format(given: &[Value]) -> Outcome {
    let (pattern, arguments) = given.split_first().ok_or("a format is required")?;
    let Some(pattern) = text(pattern)? else { return Ok(unknown_string()) };
    if !arguments.iter().all(is_known) {
        return Ok(unknown_string());
    }
    let verb = Regex::new(r"%([-+ 0#]*)(\d*)(?:\.(\d+))?(?:\[(\d+)\])?(.)").map_err(|fault| fault.to_string())?;
    let (mut made, mut last, mut next, mut used) = (String::new(), 0, 0, 0);
    for captures in verb.captures_iter(&pattern) {
        let whole = captures.get(0).expect("a match has the whole");
        made.push_str(&pattern[last..whole.start()]);
        last = whole.end();
        let part = |at: usize| captures.get(at).map_or("", |found| found.as_str());
        if part(5) == "%" {
            made.push('%');
            continue;
        }
        let at = part(4).parse::<usize>().map_or(next, |at| at.wrapping_sub(1));
        let argument = arguments.get(at).ok_or_else(|| format!("there is no argument for `{}`", whole.as_str()))?;
        next = at + 1;
        used = used.max(next);
        let Some(text) = verb_text(part(5), part(3), part(1), argument)? else { return Ok(unknown_string()) };
        let width = part(2).parse::<usize>().unwrap_or_default().min(1_000);
        let fill = width.saturating_sub(text.chars().count());
        match (part(1).contains('-'), part(1).contains('0')) {
            (true, _) => made.push_str(&format!("{text}{}", " ".repeat(fill))),
            (_, true) => {
                let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
                made.push_str(&format!("{sign}{}{digits}", "0".repeat(fill)));
            }
            _ => made.push_str(&format!("{}{text}", " ".repeat(fill))),
        }
    }
    made.push_str(&pattern[last..]);
    if used < arguments.len() {
        return Err(format!("there are {} arguments, and the format uses {used}", arguments.len()));
    }
    Ok(value::string(&made))
}

/// What a verb makes of an argument; none for verbs that are left out here.
fn verb_text(verb: &str, precision: &str, flags: &str, argument: &Value) -> Result<Option<String>, String> {
    let refuse = || format!("`%{verb}` does not take {}", value::kind(argument));
    match verb {
        "s" if is_null(argument) => Err("an argument is null".to_owned()),
        "s" => shown(argument).map(|text| cut(&text, precision)).map(Some).ok_or_else(refuse),
        "d" => {
            let number = exact_number(argument)?.ok_or_else(refuse)?;
            let plus = if flags.contains('+') { "+" } else { "" };
            Ok(Some(format!("{plus}{}", number.with_scale_round(0, bigdecimal::RoundingMode::Down))))
        }
        "f" => {
            let number = exact_number(argument)?.ok_or_else(refuse)?;
            let digits = precision.parse::<i64>().unwrap_or(6).min(100);
            Ok(Some(number.with_scale_round(digits, bigdecimal::RoundingMode::HalfEven).to_plain_string()))
        }
        "t" => value::to_bool(argument).ok().flatten().map(|flag| Some(flag.to_string())).ok_or_else(refuse),
        "q" => {
            Ok(super::json_encode(&[value::string(&shown(argument).ok_or_else(refuse)?)])?.as_text().map(str::to_owned))
        }
        "v" => match shown(argument) {
            Some(text) => Ok(Some(text)),
            None if is_wholly_known(argument) => {
                Ok(super::json_encode(std::slice::from_ref(argument))?.as_text().map(str::to_owned))
            }
            None => Ok(None),
        },
        "b" | "o" | "x" | "X" | "e" | "E" | "g" | "G" => exact_number(argument).map(|_| None),
        _ => Err(format!("there is no verb `%{verb}`")),
    }
}

fn cut(text: &str, precision: &str) -> String {
    match precision.parse::<usize>() {
        Ok(count) => text.chars().take(count).collect(),
        Err(_) => text.to_owned(),
    }
}
