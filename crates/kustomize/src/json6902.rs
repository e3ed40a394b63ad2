//! JSON patches (RFC 6902), as `evanphx/json-patch` v4 applies them.

use diagnostic::{Span, Spanned};
use manifest::{Content, Value};

use crate::strategic::Refusal;

/// The operations of a patch in `value`.
pub(crate) fn operations(value: &Value) -> Result<Vec<Operation>, Refusal> {
    let Content::List(items) = &value.content else {
        return Err(refusal(value.span, "a JSON patch is a list of operations"));
    };
    items.iter().map(operation).collect()
}

/// One step of a patch.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    kind: Kind,
    path: Spanned<String>,
}

#[derive(Clone, Debug)]
enum Kind {
    Add(Value),
    Remove,
    Replace(Value),
    Move(Spanned<String>),
    Copy(Spanned<String>),
    Test(Value),
}

const KINDS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

fn refusal(span: Span, message: impl Into<String>) -> Refusal {
    Refusal { span, message: message.into() }
}

fn operation(item: &Value) -> Result<Operation, Refusal> {
    let text = |key: &str| match item.get(key) {
        Some(value) => match value.text() {
            Some(text) => Ok(Spanned::new(text.to_owned(), value.span)),
            None => Err(refusal(value.span, format!("`{key}` is {}, not a text", value.kind()))),
        },
        None => Err(refusal(item.span, format!("the operation has no `{key}`"))),
    };
    let value = || item.get("value").cloned().unwrap_or_else(|| Value::new(Content::Null, item.span));
    let op = text("op")?;
    let kind = match op.as_str() {
        "add" => Kind::Add(value()),
        "remove" => Kind::Remove,
        "replace" => Kind::Replace(value()),
        "move" => Kind::Move(text("from")?),
        "copy" => Kind::Copy(text("from")?),
        "test" => Kind::Test(value()),
        other => {
            let near = diagnostic::did_you_mean(other, KINDS);
            return Err(refusal(op.span, format!("`{other}` is no operation of a JSON patch{near}")));
        }
    };
    Ok(Operation { kind, path: text("path")? })
}

/// Carries out `operations` on `object`.
pub(crate) fn apply(object: &mut Value, operations: &[Operation]) -> Result<(), Refusal> {
    for Operation { kind, path } in operations {
        match kind {
            Kind::Add(value) => add(object, path, value.clone())?,
            Kind::Remove => drop(remove(object, path)?),
            Kind::Replace(value) => replace(object, path, value.clone())?,
            Kind::Move(from) => {
                let moved = remove(object, from)?;
                add(object, path, moved)?;
            }
            Kind::Copy(from) => {
                let copied = copied(object, from)?;
                add(object, path, copied)?;
            }
            Kind::Test(value) => test(object, path, value)?,
        }
    }
    Ok(())
}

/// Replaces a value. A key that is not there is added, unlike RFC 6902 has it.
fn replace(object: &mut Value, path: &Spanned<String>, value: Value) -> Result<(), Refusal> {
    let (parent, last) = parent(object, path)?;
    let is_map = matches!(parent.content, Content::Map(_));
    match child(parent, &last) {
        Some(found) => *found = value,
        None if is_map => parent.set(Spanned::new(last, path.span), value),
        None => return Err(missing(path)),
    }
    Ok(())
}

/// The value at `path`; a key that is not there has nothing.
fn copied(object: &mut Value, path: &Spanned<String>) -> Result<Value, Refusal> {
    let (parent, last) = parent(object, path)?;
    let is_map = matches!(parent.content, Content::Map(_));
    match child(parent, &last) {
        Some(found) => Ok(found.clone()),
        None if is_map => Ok(Value::new(Content::Null, path.span)),
        None => Err(missing(path)),
    }
}

fn test(object: &mut Value, path: &Spanned<String>, wanted: &Value) -> Result<(), Refusal> {
    let is_met = match find_mut(object, path) {
        Ok(found) => found == wanted || found.is_unknown(),
        Err(_) => wanted.is_null(),
    };
    if is_met { Ok(()) } else { Err(refusal(path.span, format!("`{}` is not what the test wants", path.value))) }
}

/// The parts of a pointer; `None` for the whole.
fn parts(path: &str) -> Option<Vec<String>> {
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or_default();
    let parts: Vec<String> = parts.map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    (first.is_empty() && !parts.is_empty()).then_some(parts)
}

fn missing(path: &Spanned<String>) -> Refusal {
    refusal(path.span, format!("the object has no `{}`", path.value))
}

/// The collection that the last part of `path` lies in, and that part.
fn parent<'v>(object: &'v mut Value, path: &Spanned<String>) -> Result<(&'v mut Value, String), Refusal> {
    let mut parts = parts(path).ok_or_else(|| refusal(path.span, format!("`{}` is no JSON pointer", path.value)))?;
    let last = parts.pop().unwrap_or_default();
    let mut at = object;
    for part in parts {
        at = child(at, &part).ok_or_else(|| missing(path))?;
    }
    match at.content {
        Content::Map(_) | Content::List(_) => Ok((at, last)),
        _ => Err(missing(path)),
    }
}

fn child<'v>(value: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    match &mut value.content {
        Content::List(items) => {
            let at = index(part, items.len())?;
            items.get_mut(at)
        }
        Content::Map(entries) => entries.iter_mut().find(|entry| entry.key.value == part).map(|entry| &mut entry.value),
        _ => None,
    }
}

/// The index that `part` names; negative ones count from the end.
fn index(part: &str, length: usize) -> Option<usize> {
    let at: isize = part.parse().ok()?;
    if at < 0 { length.checked_sub(at.unsigned_abs()) } else { usize::try_from(at).ok() }
}

fn find_mut<'v>(object: &'v mut Value, path: &Spanned<String>) -> Result<&'v mut Value, Refusal> {
    let (parent, last) = parent(object, path)?;
    child(parent, &last).ok_or_else(|| missing(path))
}

fn add(object: &mut Value, path: &Spanned<String>, value: Value) -> Result<(), Refusal> {
    let (parent, last) = parent(object, path)?;
    match &mut parent.content {
        Content::List(items) => {
            let at = match last.as_str() {
                "-" => Some(items.len()),
                last => index(last, items.len() + 1).filter(|at| *at <= items.len()),
            };
            items.insert(at.ok_or_else(|| missing(path))?, value);
        }
        _ => {
            parent.remove(&last);
            parent.set(Spanned::new(last, path.span), value);
        }
    }
    Ok(())
}

fn remove(object: &mut Value, path: &Spanned<String>) -> Result<Value, Refusal> {
    let (parent, last) = parent(object, path)?;
    match &mut parent.content {
        Content::List(items) => {
            let at = index(&last, items.len()).filter(|at| *at < items.len());
            at.map(|at| items.remove(at)).ok_or_else(|| missing(path))
        }
        _ => parent.remove(&last).map(|entry| entry.value).ok_or_else(|| missing(path)),
    }
}
