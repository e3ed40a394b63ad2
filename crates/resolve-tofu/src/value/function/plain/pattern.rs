//! Regular expressions and `replace`.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use regex::{Captures, Regex};

use crate::value::function::{Outcome, exactly, list_of, text};
use crate::value::{self, Data, Type, Value, dynamic, unknown_string};

thread_local! {
    /// Every pattern that was asked for: a validation has the same one for each instance of its module.
    static COMPILED: RefCell<HashMap<String, Option<Rc<Regex>>>> = RefCell::default();
}

/// One for all who ask: what a clone of a `Regex` needs for its work, it makes anew.
fn compiled(pattern: &str) -> Result<Rc<Regex>, String> {
    let compile = || super::re2::translated(pattern).and_then(|pattern| Regex::new(&pattern).ok()).map(Rc::new);
    let found = COMPILED.with_borrow_mut(|all| match all.get(pattern) {
        Some(known) => known.clone(),
        None => all.entry(pattern.to_owned()).or_insert_with(compile).clone(),
    });
    found.ok_or_else(|| format!("`{pattern}` is not a regular expression"))
}

/// A pattern whose groups all have a name, or none has.
fn with_groups(pattern: &str) -> Result<Rc<Regex>, String> {
    let found = compiled(pattern)?;
    let named = found.capture_names().flatten().count();
    if named > 0 && named + 1 < found.captures_len() {
        return Err(format!("in `{pattern}` some groups have names and others have none"));
    }
    Ok(found)
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
    let pattern = with_groups(&pattern)?;
    match pattern.captures(&found) {
        Some(captures) => Ok(matched(&pattern, &captures)),
        None => Err("the pattern matches no part of the text".to_owned()),
    }
}

pub(in super::super) fn regex_all(given: &[Value]) -> Outcome {
    let [pattern, found] = exactly(given)?;
    let (Some(pattern), Some(found)) = (text(pattern)?, text(found)?) else { return Ok(dynamic()) };
    let pattern = with_groups(&pattern)?;
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
