//! JSON as Go's `encoding/json` writes it: the keys of maps in order, and what HTML would take for its own escaped.

use std::fmt::Write as _;

use manifest::{Content, Entry, Value};

use crate::object::scalar;

/// `value` on one line.
pub(crate) fn compact(value: &Value) -> String {
    let mut json = String::new();
    write(&mut json, value, None);
    json
}

/// `value` on several lines, indented by two blanks.
pub(crate) fn pretty(value: &Value) -> String {
    let mut json = String::new();
    write(&mut json, value, Some(0));
    json
}

fn write(json: &mut String, value: &Value, depth: Option<usize>) {
    let inner = depth.map(|depth| depth + 1);
    match &value.content {
        Content::Null | Content::Unknown => json.push_str("null"),
        Content::Text(written) => json.push_str(&text(written)),
        Content::Bool(_) | Content::Number(_) => json.push_str(&scalar(value)),
        Content::List(items) => {
            json.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(json, at, inner);
                write(json, item, inner);
            }
            close(json, items.is_empty(), depth, ']');
        }
        Content::Map(entries) => {
            let mut entries: Vec<&Entry> = entries.iter().collect();
            entries.sort_by(|one, two| one.key.value.cmp(&two.key.value));
            json.push('{');
            for (at, entry) in entries.iter().enumerate() {
                separate(json, at, inner);
                json.push_str(&text(&entry.key.value));
                json.push_str(if inner.is_some() { ": " } else { ":" });
                write(json, &entry.value, inner);
            }
            close(json, entries.is_empty(), depth, '}');
        }
    }
}

fn separate(json: &mut String, at: usize, depth: Option<usize>) {
    if at > 0 {
        json.push(',');
    }
    if let Some(depth) = depth {
        json.push('\n');
        json.push_str(&"  ".repeat(depth));
    }
}

fn close(json: &mut String, is_empty: bool, depth: Option<usize>, bracket: char) {
    if let Some(depth) = depth.filter(|_| !is_empty) {
        json.push('\n');
        json.push_str(&"  ".repeat(depth));
    }
    json.push(bracket);
}

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(character));
            }
            other => json.push(other),
        }
    }
    json.push('"');
    json
}
