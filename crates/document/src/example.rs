//! What a person would write at a place, for messages.

use crate::read::At;
use crate::shape::{Shape, listed};

/// How long an example may be that is shown on one line.
const LONGEST: usize = 100;

/// A line with the key of `at`; `None` if that is too long for a line.
fn whole(at: &At<'_>, shape: &Shape) -> Option<String> {
    let (path, known) = (at.names(), at.document.example);
    let key = path.last().copied().unwrap_or_default();
    let value = known(&path).unwrap_or_else(|| shape.example_with(&|key| known(&[&path, &[key][..]].concat())));
    let long = matches!(shape, Shape::Record(_)) && value.len() > LONGEST;
    (!long).then(|| format!("`{key}: {value}`"))
}

/// What to write in the mapping at `at`, where an example is too long for a line.
fn parts(at: &At<'_>, shape: &Shape) -> String {
    let key = at.name;
    let Shape::Record(info) = shape else { return format!("`{key}:`") };
    let keys = info.fields.iter().filter(|field| (field.required)()).map(|field| field.key);
    format!("`{key}:` with {} in it", listed(keys, "and"))
}

/// A line with the key of `at`, or what to write in it.
pub(crate) fn line(at: &At<'_>, shape: &Shape) -> String {
    whole(at, shape).unwrap_or_else(|| parts(at, shape))
}

/// What to do about a key that is missing.
pub(crate) fn add(at: &At<'_>, shape: &Shape) -> String {
    match whole(at, shape) {
        Some(line) => format!("add it, for example {line}"),
        None => format!("add {}", parts(at, shape)),
    }
}
