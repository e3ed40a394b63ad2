//! From the text of a file to its objects.

use diagnostic::{Diagnostic, Span};
use manifest::{Content, Entry, Value};
use syntax::yaml::{Document, plain};

use crate::files::Files;
use crate::object::{is_empty, scalar_at};
use crate::{INVALID_RESOURCE, embed};

/// The objects in `documents`; what is none is told to `found`.
pub(crate) fn objects(files: &Files<'_>, documents: &[Document], found: &mut Vec<Diagnostic>) -> Vec<Value> {
    let read = |document: &Document| {
        let mut value = manifest::read(&document.root, plain::go_yaml3);
        finish(files, &mut value, found);
        value
    };
    let values = documents.iter().filter(|document| !document.root.is_empty()).map(read).collect();
    check(values, documents.len() == 1, found)
}

/// The objects among `values`: lists of them are opened, empty ones are left out.
pub(crate) fn check(values: Vec<Value>, is_one: bool, found: &mut Vec<Diagnostic>) -> Vec<Value> {
    let values = match values.as_slice() {
        [list] if is_one && is_list(list) => list.items_at("items").to_vec(),
        _ => values,
    };
    let mut open = std::collections::VecDeque::from(values);
    let mut objects = Vec::new();
    while let Some(value) = open.pop_front() {
        if is_empty(&value) {
            continue;
        }
        let kind = scalar_at(&value, "kind");
        if kind.ends_with("List") && value.get("items").is_some() {
            open.extend(value.items_at("items").iter().cloned());
        } else if let Some(fault) = fault(&value, &kind) {
            found.push(fault);
        } else {
            objects.push(value);
        }
    }
    objects
}

fn is_list(value: &Value) -> bool {
    let kind = value.text_at("kind");
    (kind == Some("List") || kind == Some("ResourceList")) && value.get("items").is_some()
}

/// What keeps `value` from being an object.
fn fault(value: &Value, kind: &str) -> Option<Diagnostic> {
    let error = |span: Span, message: &str| Some(Diagnostic::error(INVALID_RESOURCE, span, message));
    if !matches!(value.content, Content::Map(_)) {
        return error(value.span, &format!("this is {}, not a Kubernetes object", value.kind()));
    }
    if kind.is_empty() {
        return error(value.span, "the object has no `kind`");
    }
    let metadata = value.get("metadata");
    if kind.ends_with("List") || metadata.is_some_and(|metadata| !scalar_at(metadata, "name").is_empty()) {
        return None;
    }
    let at = value.entry("kind").map_or(value.span, |entry| entry.value.span);
    let fault = Diagnostic::error(INVALID_RESOURCE, at, format!("the {kind} has no `metadata.name`"));
    Some(match kind {
        "Kustomization" | "Component" => fault.help("name the folder of a kustomization, not its file"),
        _ => fault,
    })
}

/// Makes dates what Go makes of them, but in annotations, and tells the keys that are no text to kustomize.
pub(crate) fn finish(files: &Files<'_>, value: &mut Value, found: &mut Vec<Diagnostic>) {
    match &mut value.content {
        Content::Text(text) if text.contains('\n') => {
            let header = embed::header(files.text(value.span.file), value.span.start as usize);
            if header.is_some_and(|(character, _)| character == '>') {
                *text = refolded(text);
            }
        }
        Content::Text(text) if looks_dated(text) => {
            let is_plain = files.text(value.span.file).get(value.span.range()) == Some(text.as_str());
            if let Some(date) = plain::go_timestamp(text).filter(|_| is_plain) {
                *text = date;
            }
        }
        Content::List(items) => items.iter_mut().for_each(|item| finish(files, item, found)),
        Content::Map(entries) => {
            for Entry { key, value } in entries {
                let written = files.text(key.span.file).get(key.span.range()).unwrap_or_default();
                if !matches!(plain::go_yaml3(written), plain::Plain::Text | plain::Plain::Merge) {
                    let message = format!("the key `{written}` is no text to kustomize, so it cannot write the object");
                    let fault = Diagnostic::error(INVALID_RESOURCE, key.span, message);
                    found.push(fault.help(format!("put it in quotes: `\"{written}\"`")));
                }
                if key.value != "annotations" {
                    finish(files, value, found);
                }
            }
        }
        _ => {}
    }
}

/// What a text below `>` is once kustomize has written and read it again: it writes a blank line before each line that
/// is indented deeper than the one above it.
fn refolded(text: &str) -> String {
    let mut refolded = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    let blank = |line: &str| line.starts_with([' ', '\t']);
    while let Some(line) = lines.next() {
        refolded.push_str(line);
        let is_text = line.len() > 1 && !blank(line);
        if is_text && line.ends_with('\n') && lines.peek().is_some_and(|next| blank(next)) {
            refolded.push('\n');
        }
    }
    refolded
}

fn looks_dated(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', b'0'..=b'9', ..])
}
