//! Functions that compute plain values of plain values.

mod digits;
mod encode;
mod format;
mod pattern;
mod re2;
mod words;

use bigdecimal::{BigDecimal, RoundingMode, Signed, Zero};

use super::{Outcome, elements, exactly, text, unknown_list_of, whole};
use crate::value::convert::{exact_number, number_text};
use crate::value::{self, Data, Type, Value, is_null, unknown_bool, unknown_number, unknown_string};

pub(super) use encode::{base64, hex};
pub(super) use encode::{
    base64_decode, base64_encode, base64_sha256, base64_sha512, json_decode, json_encode, sha256, sha512,
};
pub(super) use format::{format, format_list};
pub(super) use pattern::{regex, regex_all, replace};
pub(super) use words::{lower, str_rev, sub_str, title, upper};

fn number(found: BigDecimal) -> Value {
    Data::Number(found).into()
}

fn of_number(given: &[Value], change: impl Fn(BigDecimal) -> BigDecimal) -> Outcome {
    let [found] = exactly(given)?;
    Ok(exact_number(found)?.map_or_else(unknown_number, |found| number(change(found))))
}

pub(super) fn abs(given: &[Value]) -> Outcome {
    of_number(given, |number| number.abs())
}

pub(super) fn ceil(given: &[Value]) -> Outcome {
    of_number(given, |number| number.with_scale_round(0, RoundingMode::Ceiling))
}

pub(super) fn floor(given: &[Value]) -> Outcome {
    of_number(given, |number| number.with_scale_round(0, RoundingMode::Floor))
}

pub(super) fn signum(given: &[Value]) -> Outcome {
    given.iter().try_for_each(|found| whole(found).map(drop))?;
    of_number(given, |number| {
        if number.is_zero() {
            number
        } else if number.is_negative() {
            (-1).into()
        } else {
            1.into()
        }
    })
}

fn best(given: &[Value], better: fn(&BigDecimal, &BigDecimal) -> bool) -> Outcome {
    let numbers = given.iter().map(exact_number).collect::<Result<Option<Vec<_>>, _>>()?;
    let Some(numbers) = numbers else { return Ok(unknown_number()) };
    let found = numbers.into_iter().reduce(|best, next| if better(&next, &best) { next } else { best });
    found.map(number).ok_or_else(|| "at least one number is required".to_owned())
}

pub(super) fn max(given: &[Value]) -> Outcome {
    best(given, |next, best| next > best)
}

pub(super) fn min(given: &[Value]) -> Outcome {
    best(given, |next, best| next < best)
}

pub(super) fn sum(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_number()) };
    if found.is_empty() {
        return Err("an empty list has no sum".to_owned());
    }
    let numbers = found.iter().map(exact_number).collect::<Result<Option<Vec<_>>, _>>()?;
    Ok(numbers.map_or_else(unknown_number, |numbers| number(numbers.into_iter().sum())))
}

/// Whether all of a list, or any of it, is the boolean that decides.
fn decide(given: &[Value], decisive: bool) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_bool()) };
    let mut unknown = false;
    for element in found {
        match value::to_bool(element).map_err(|()| "a list of booleans is required".to_owned())? {
            Some(flag) if flag == decisive => return Ok(value::boolean(decisive)),
            Some(_) => {}
            None if is_null(element) && decisive => {}
            None if is_null(element) => return Ok(value::boolean(false)),
            None if decisive => unknown = true,
            // OpenTofu looks no further here.
            None => return Ok(unknown_bool()),
        }
    }
    Ok(if unknown { unknown_bool() } else { value::boolean(!decisive) })
}

pub(super) fn all_true(given: &[Value]) -> Outcome {
    decide(given, false)
}

pub(super) fn any_true(given: &[Value]) -> Outcome {
    decide(given, true)
}

fn of_text(given: &[Value], change: impl Fn(&str) -> String) -> Outcome {
    let [found] = exactly(given)?;
    Ok(text(found)?.map_or_else(unknown_string, |found| value::string(&change(&found))))
}

fn of_two(given: &[Value], change: impl Fn(&str, &str) -> String) -> Outcome {
    let [left, right] = exactly(given)?;
    Ok(match (text(left)?, text(right)?) {
        (Some(left), Some(right)) => value::string(&change(&left, &right)),
        _ => unknown_string(),
    })
}

fn asks(given: &[Value], test: impl Fn(&str, &str) -> bool) -> Outcome {
    let [left, right] = exactly(given)?;
    Ok(match (text(left)?, text(right)?) {
        (Some(left), Some(right)) => value::boolean(test(&left, &right)),
        _ => unknown_bool(),
    })
}

pub(super) fn chomp(given: &[Value]) -> Outcome {
    of_text(given, |text| text.trim_end_matches(['\n', '\r']).to_owned())
}

pub(super) fn trim_space(given: &[Value]) -> Outcome {
    of_text(given, |text| text.trim().to_owned())
}

pub(super) fn base_name(given: &[Value]) -> Outcome {
    of_text(given, |path| match path.trim_end_matches('/') {
        "" if path.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        path => path.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}

pub(super) fn dir_name(given: &[Value]) -> Outcome {
    of_text(given, |path| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let rooted = path.starts_with('/');
        let mut parts: Vec<&str> = Vec::new();
        for part in folder.split('/') {
            match part {
                "" | "." => {}
                ".." if rooted || parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        match (rooted, parts.is_empty()) {
            (true, _) => format!("/{}", parts.join("/")),
            (false, true) => ".".to_owned(),
            (false, false) => parts.join("/"),
        }
    })
}

pub(super) fn trim(given: &[Value]) -> Outcome {
    of_two(given, |text, cut| text.trim_matches(|c| cut.contains(c)).to_owned())
}

pub(super) fn trim_prefix(given: &[Value]) -> Outcome {
    of_two(given, |text, prefix| text.strip_prefix(prefix).unwrap_or(text).to_owned())
}

pub(super) fn trim_suffix(given: &[Value]) -> Outcome {
    of_two(given, |text, suffix| text.strip_suffix(suffix).unwrap_or(text).to_owned())
}

pub(super) fn starts_with(given: &[Value]) -> Outcome {
    asks(given, |text, prefix| text.starts_with(prefix))
}

pub(super) fn ends_with(given: &[Value]) -> Outcome {
    asks(given, |text, suffix| text.ends_with(suffix))
}

pub(super) fn str_contains(given: &[Value]) -> Outcome {
    asks(given, |text, part| text.contains(part))
}

pub(super) fn indent(given: &[Value]) -> Outcome {
    let [spaces, found] = exactly(given)?;
    Ok(match (whole(spaces)?, text(found)?) {
        (Some(spaces), Some(found)) => {
            let spaces = usize::try_from(spaces).map_err(|_| "the number of spaces is below zero")?.min(1_000);
            value::string(&found.replace('\n', &format!("\n{}", " ".repeat(spaces))))
        }
        _ => unknown_string(),
    })
}

pub(super) fn split(given: &[Value]) -> Outcome {
    let [separator, found] = exactly(given)?;
    let (Some(separator), Some(found)) = (text(separator)?, text(found)?) else {
        return Ok(unknown_list_of(Type::String));
    };
    let parts: Vec<Value> = match separator.as_str() {
        "" => found.chars().map(|c| value::string(&c.to_string())).collect(),
        separator => found.split(separator).map(value::string).collect(),
    };
    Ok(super::list_of(Type::String, parts))
}

pub(super) fn join(given: &[Value]) -> Outcome {
    let Some((separator, lists)) = given.split_first() else { return Err("a separator is required".to_owned()) };
    let separator = text(separator)?;
    let mut parts = Vec::new();
    let mut unknown = separator.is_none();
    for list in lists {
        match elements(list)? {
            None => unknown = true,
            Some(found) => {
                for element in found {
                    match text(element)? {
                        Some(part) => parts.push(part),
                        None => unknown = true,
                    }
                }
            }
        }
    }
    if lists.is_empty() {
        return Err("at least one list is required".to_owned());
    }
    Ok(if unknown { unknown_string() } else { value::string(&parts.join(&separator.unwrap_or_default())) })
}

/// A plain value as text for `format`.
fn shown(found: &Value) -> Option<String> {
    match &found.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Bool(flag) => Some(flag.to_string()),
        Data::Number(number) => Some(number_text(number)),
        _ => None,
    }
}
