//! The digest behind the name of a generated ConfigMap or Secret.

use std::fmt::Write as _;

use manifest::{Content, Value};
use sha2::{Digest as _, Sha256};

use crate::UNKNOWN_HASH;
use crate::bag::Bag;
use crate::json::{compact, text};
use crate::object::{Object, scalar_at};

/// Puts the digest of its content behind the name of each object that wants it.
pub(crate) fn add_to_names(bag: &mut Bag) {
    for object in bag.change().iter_mut().filter(|object| object.needs_hash) {
        let digest = digest(object);
        object.has_unknown_name = digest.is_none();
        object.remember();
        let name = format!("{}-{}", object.name(), digest.as_deref().unwrap_or(UNKNOWN_HASH));
        let span = object.place();
        object.set_metadata("name", Value::of_text(name, span));
    }
}

/// The digest of what is in `object`; `None` if a part of that is unknown.
fn digest(object: &Object) -> Option<String> {
    let value = &object.value;
    let is_secret = object.kind() == "Secret";
    let more = if is_secret { "stringData" } else { "binaryData" };
    if ["data", more].iter().any(|key| value.get(key).is_some_and(Value::has_unknown)) {
        return None;
    }
    // In the order of their names, as Go writes maps. The name is empty: kustomize looks for it where it is not.
    let mut fields = Vec::new();
    if let Some(map) = value.get(more).filter(|map| !is_secret && matches!(map.content, Content::Map(_))) {
        fields.push(("binaryData", compact(map)));
    }
    fields.push(("data", value.get("data").map_or_else(|| "\"\"".to_owned(), compact)));
    fields.push(("kind", text(&object.kind())));
    fields.push(("name", "\"\"".to_owned()));
    if is_secret {
        if let Some(map) = value.get(more).filter(|map| matches!(map.content, Content::Map(_))) {
            fields.push(("stringData", compact(map)));
        }
        fields.push(("type", text(&scalar_at(value, "type"))));
    }
    let fields: Vec<String> = fields.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    Some(encode(&format!("{{{}}}", fields.join(","))))
}

/// The first ten digits of the SHA-256 in letters that make no words.
fn encode(text: &str) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(text).iter().take(5) {
        let _ = write!(digits, "{byte:02x}");
    }
    let replaced = digits.chars().map(|digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    });
    replaced.collect()
}
