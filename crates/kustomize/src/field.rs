//! Following the path of a field through an object.

use diagnostic::{Span, Spanned};
use manifest::{Content, Value};

use crate::config::FieldSpec;
use crate::object::Gvk;
use crate::strategic::Refusal;

/// What stands at the end of a path that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make {
    /// A single value.
    Scalar,
    /// A map.
    Map,
}

/// What changes a field.
pub(crate) type Set<'s> = dyn FnMut(&mut Value) -> Result<(), Refusal> + 's;

/// Calls `set` for each field of `object` that `spec` means; lists on the way are walked through. What is made where it
/// is missing stands at `span`.
pub(crate) fn visit(
    object: &mut Value,
    spec: &FieldSpec,
    make: Option<Make>,
    span: Span,
    set: &mut Set<'_>,
) -> Result<(), Refusal> {
    if !Gvk::is_of(object, &spec.gvk) {
        return Ok(());
    }
    follow(object, spec, make, span, set)
}

/// As [`visit`], whatever the kind of the object.
pub(crate) fn follow(
    object: &mut Value,
    spec: &FieldSpec,
    make: Option<Make>,
    span: Span,
    set: &mut Set<'_>,
) -> Result<(), Refusal> {
    let path = split(&spec.path, '/');
    Walk { make: make.filter(|_| spec.create), span, set }.walk(object, &path)
}

struct Walk<'w, 's> {
    make: Option<Make>,
    span: Span,
    set: &'w mut Set<'s>,
}

impl Walk<'_, '_> {
    fn walk(&mut self, at: &mut Value, path: &[String]) -> Result<(), Refusal> {
        let Some((first, rest)) = path.split_first() else { return (self.set)(at) };
        match &mut at.content {
            Content::Null | Content::Unknown => Ok(()),
            Content::List(items) => items.iter_mut().try_for_each(|item| self.walk(item, path)),
            Content::Map(_) => self.enter(at, first, rest),
            _ => {
                let message = format!("`{}` is looked for in {}", path.join("/"), at.kind());
                Err(Refusal { span: at.span, message })
            }
        }
    }

    fn enter(&mut self, map: &mut Value, first: &str, rest: &[String]) -> Result<(), Refusal> {
        let (name, is_list) = match first.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (first, false),
        };
        if let (Some(make), false) = (self.make, is_list) {
            let make = if rest.is_empty() { make } else { Make::Map };
            let made = || match make {
                Make::Scalar => Content::Null,
                Make::Map => Content::Map(Vec::new()),
            };
            match map.get_mut(name) {
                None => map.set(Spanned::new(name.to_owned(), self.span), Value::new(made(), self.span)),
                Some(value) if value.is_null() => value.content = made(),
                Some(_) => {}
            }
        }
        match map.get_mut(name) {
            Some(value) => self.walk(value, rest),
            None => Ok(()),
        }
    }
}

/// The parts of a path between `delimiter`s, of which one behind a `\` is none; a first empty part is left out.
pub(crate) fn split(path: &str, delimiter: char) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut all = path.split(delimiter).peekable();
    if path.starts_with(delimiter) {
        all.next();
    }
    let mut is_open = false;
    for part in all {
        let (text, escapes) = match part.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (part, false),
        };
        match parts.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.push(delimiter);
                last.push_str(text);
            }
            None => parts.push(text.to_owned()),
        }
        is_open = escapes;
    }
    if let Some(last) = parts.last_mut().filter(|_| is_open) {
        last.push('\\');
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_but_not_behind_a_backslash() {
        assert_eq!(split("metadata/annotations/a.b\\/c", '/'), ["metadata", "annotations", "a.b/c"]);
        assert_eq!(split("/spec/a", '/'), ["spec", "a"]);
        assert_eq!(split("a\\.b.c", '.'), ["a.b", "c"]);
    }
}
