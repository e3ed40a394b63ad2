//! The paths of replacements and variables: names, indices, `[field=value]` and `*`, with dots between.

use diagnostic::{Span, Spanned};
use manifest::{Content, Value};
use regex::Regex;

use crate::field::split;
use crate::object::scalar;

/// The parts of a path between dots; what stands in brackets is one part.
pub(crate) fn path_parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut all = split(path, '.').into_iter();
    while let Some(mut part) = all.next() {
        if part.starts_with('[') && !part.ends_with(']') {
            for more in all.by_ref() {
                part = format!("{part}.{more}");
                if part.ends_with(']') {
                    break;
                }
            }
            if !part.contains('=') {
                part = part.trim_matches(['[', ']']).to_owned();
            }
        }
        parts.push(part);
    }
    parts
}

/// `field` and `value` of a part `[field=value]`.
fn condition(part: &str) -> Option<(&str, &str)> {
    part.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

/// The value at the end of `path`: names, indices, and `[field=value]` for the first that has it.
pub(crate) fn look_up<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).try_fold(value, |value, part| {
        if let Ok(index) = part.parse::<usize>() {
            return value.items().get(index);
        }
        match condition(part) {
            _ if part == "-" => value.items().last(),
            Some(("", wanted)) => value.items().iter().find(|item| scalar(item) == wanted),
            Some((field, wanted)) => {
                value.items().iter().find(|item| item.get(field).is_some_and(|found| scalar(found) == wanted))
            }
            None => value.get(part),
        }
    })
}

/// What is done to a value at the end of a path; and whether it was made just now.
pub(crate) type Set<'s> = dyn FnMut(&mut Value, bool) -> Result<(), String> + 's;

/// As [`look_up`], to change it.
pub(crate) fn look_up_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, part| match &mut value.content {
        Content::List(items) => {
            let at = match (part.parse::<usize>(), condition(part)) {
                (Ok(index), _) => Some(index),
                (_, Some((field, wanted))) => items.iter().position(|item| match field {
                    "" => scalar(item) == wanted,
                    field => item.get(field).is_some_and(|found| scalar(found) == wanted),
                }),
                _ => None,
            };
            items.get_mut(at?)
        }
        Content::Map(entries) => {
            entries.iter_mut().find(|entry| entry.key.value == *part).map(|entry| &mut entry.value)
        }
        _ => None,
    })
}

/// Following a path to all that it means, making what is missing if it may.
pub(crate) struct Walk<'w, 's> {
    /// What is made at the end.
    pub(crate) make: Option<Content>,
    /// The place of what is made.
    pub(crate) span: Span,
    /// What is done there.
    pub(crate) set: &'w mut Set<'s>,
    /// Whether the value that is looked at was made just now.
    pub(crate) is_made: bool,
}

impl Walk<'_, '_> {
    /// Follows `path` from `at` on.
    pub(crate) fn walk(&mut self, at: &mut Value, path: &[String]) -> Result<(), String> {
        let Some((first, rest)) = path.split_first() else { return (self.set)(at, self.is_made) };
        self.is_made = false;
        if let Ok(index) = first.parse::<usize>() {
            return self.index(at, index, rest);
        }
        if first == "*" {
            return self.items(at, first)?.iter_mut().try_for_each(|item| self.walk(item, rest));
        }
        match condition(first) {
            Some((field, wanted)) => self.matching(at, first, field, wanted, rest),
            None => self.field(at, first, rest),
        }
    }

    fn items<'v>(&self, at: &'v mut Value, part: &str) -> Result<&'v mut Vec<Value>, String> {
        let kind = at.kind();
        match &mut at.content {
            Content::List(items) => Ok(items),
            _ => Err(format!("`{part}` is looked for in {kind}")),
        }
    }

    /// What is made before the part that follows.
    fn made(&self, rest: &[String]) -> Option<Value> {
        let make = self.make.clone()?;
        let content = match rest.first() {
            None => make,
            Some(next) if next.parse::<usize>().is_ok() || next.starts_with('[') => Content::List(Vec::new()),
            Some(_) => Content::Map(Vec::new()),
        };
        Some(Value::new(content, self.span))
    }

    fn index(&mut self, at: &mut Value, index: usize, rest: &[String]) -> Result<(), String> {
        let made = self.made(rest);
        let items = self.items(at, &index.to_string())?;
        let is_made = match made.filter(|_| items.len() == index) {
            Some(made) => {
                items.push(made);
                true
            }
            None => false,
        };
        let count = items.len();
        match items.get_mut(index) {
            Some(item) => {
                self.is_made = is_made;
                self.walk(item, rest)
            }
            None => Err(format!("there is no item {index}, only {count} are there")),
        }
    }

    fn field(&mut self, at: &mut Value, name: &str, rest: &[String]) -> Result<(), String> {
        match at.content {
            Content::Map(_) => {}
            Content::Null => return Ok(()),
            Content::Unknown => return (self.set)(at, false),
            _ => return Err(format!("`{name}` is looked for in {}", at.kind())),
        }
        if at.get(name).is_none()
            && let Some(made) = self.made(rest)
        {
            at.set(Spanned::new(name.to_owned(), self.span), made);
            self.is_made = true;
        }
        match at.get_mut(name) {
            Some(value) => self.walk(value, rest),
            None => Ok(()),
        }
    }

    fn matching(
        &mut self,
        at: &mut Value,
        part: &str,
        field: &str,
        wanted: &str,
        rest: &[String],
    ) -> Result<(), String> {
        let regex = Regex::new(wanted).map_err(|_| format!("`{wanted}` is no regular expression"))?;
        let span = self.span;
        let can_make = self.make.is_some();
        let is_meant = |item: &Value| match field {
            "" => regex.is_match(scalar(item).trim()),
            field => item.get(field).is_some_and(|found| regex.is_match(scalar(found).trim())),
        };
        let items = self.items(at, part)?;
        if can_make && !items.iter().any(is_meant) {
            let value = Value::of_text(wanted, span);
            items.push(match field {
                "" => value,
                field => {
                    let mut item = Value::new(Content::Map(Vec::new()), span);
                    item.set(Spanned::new(field.to_owned(), span), value);
                    item
                }
            });
        }
        items.iter_mut().filter(|item| is_meant(item)).try_for_each(|item| match field {
            "" => (self.set)(item, false),
            _ => self.walk(item, rest),
        })
    }
}
