//! From a YAML node to a value.

use diagnostic::Spanned;
use serde_json::Number;
use syntax::yaml::{self, Node, Plain, Style};

use crate::{Content, Entry, Value};

/// How a plain scalar is read: one of the tables of [`syntax::yaml::plain`].
pub type Reading = fn(&str) -> Plain;

/// The tag of a text, resolved.
const TEXT: &str = "tag:yaml.org,2002:str";

/// What `node` is to a reader that takes plain scalars by `reading`.
///
/// Merge keys are followed; a key that is written itself wins over a merged one, and of a key that is written twice
/// the last; a key is the text of what it is read as. A date is text, as Kubernetes has it. A number that JSON cannot
/// hold is text too.
pub fn read(node: &Node, reading: Reading) -> Value {
    let content = match &node.content {
        yaml::Content::Scalar(scalar) => {
            let is_text = node.tag().is_some_and(|tag| tag.value == TEXT);
            match scalar.style {
                Style::Empty if !is_text => Content::Null,
                Style::Plain if !is_text => self::scalar(&scalar.text, reading),
                _ => Content::Text(scalar.text.clone()),
            }
        }
        yaml::Content::Sequence(items) => Content::List(items.iter().map(|item| read(item, reading)).collect()),
        yaml::Content::Mapping(pairs) => {
            let mut map = Value::new(Content::Map(Vec::with_capacity(pairs.len())), node.span);
            for pair in pairs.iter().filter(|pair| is_merge(pair)) {
                merge(&mut map, &pair.value, reading);
            }
            for pair in pairs.iter().filter(|pair| !is_merge(pair)) {
                let Some(key) = pair.key.scalar() else { continue };
                set(&mut map, Spanned::new(key_text(key, reading), pair.key.used_at()), read(&pair.value, reading));
            }
            map.content
        }
    };
    Value::new(content, node.used_at())
}

/// What the plain scalar `text` is to a reader that takes it by `reading`.
pub fn scalar(text: &str, reading: Reading) -> Content {
    let number = match reading(text) {
        Plain::Null => return Content::Null,
        Plain::Bool(is) => return Content::Bool(is),
        Plain::Int(int) => i64::try_from(int).map(Number::from).or_else(|_| u64::try_from(int).map(Number::from)).ok(),
        // A fraction of nothing is none, as JSON is written in Go.
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 is kept as it is")]
        Plain::Float(float) if float.fract() == 0.0 && float.abs() < 9.0e15 => Some(Number::from(float as i64)),
        Plain::Float(float) => Number::from_f64(float),
        Plain::Timestamp | Plain::Merge | Plain::Text => None,
    };
    number.map_or_else(|| Content::Text(text.to_owned()), Content::Number)
}

/// A key is a text to JSON: `on` is `true` to who reads it as a boolean, and `0x10` is `16`.
fn key_text(key: &yaml::Scalar, reading: Reading) -> String {
    if key.style != Style::Plain || reading(&key.text) == Plain::Text {
        return key.text.clone();
    }
    match scalar(&key.text, reading) {
        Content::Bool(is) => is.to_string(),
        Content::Number(number) => number.to_string(),
        _ => key.text.clone(),
    }
}

fn is_merge(pair: &yaml::Pair) -> bool {
    pair.key.scalar().is_some_and(|key| key.style == Style::Plain && key.text == "<<")
}

/// Puts in what a merge key names: a map, or several, the first of which wins.
fn merge(map: &mut Value, merged: &Node, reading: Reading) {
    let merged = match &merged.content {
        yaml::Content::Sequence(items) => items.iter().collect(),
        _ => vec![merged],
    };
    for node in merged.into_iter().rev() {
        if let Content::Map(entries) = read(node, reading).content {
            for Entry { key, value } in entries {
                set(map, key, value);
            }
        }
    }
}

/// As [`Value::set`], with the key's new place too.
fn set(map: &mut Value, key: Spanned<String>, value: Value) {
    let Content::Map(entries) = &mut map.content else { return };
    if let Some(index) = entries.iter().position(|entry| entry.key.value == key.value) {
        entries.remove(index);
    }
    entries.push(Entry { key, value });
}
