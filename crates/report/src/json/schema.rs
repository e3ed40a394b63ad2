//! The schema of what `labtree check --format json` prints.

use serde_json::{Map, Value, json};

/// The JSON Schema of version 1, as it is committed. Keys may be added, so it forbids none.
pub fn schema_text() -> String {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "labtree check --format json",
        "description": "What was found, version 1: no key goes away or changes its meaning; new keys may come.",
        "type": "object",
        "required": ["version", "findings", "summary"],
        "properties": {
            "version": { "description": "The version of this document.", "const": 1 },
            "findings": {
                "description": "What was found, sorted by path, place and rule.",
                "type": "array",
                "items": finding(),
            },
            "summary": object("How much was found.", &[
                ("errors", count("Findings of the severity `error`.")),
                ("warnings", count("Findings of the severity `warning`.")),
                ("hints", count("Findings of the severity `hint`.")),
                ("files", count("Files in which something was found.")),
                ("checked", count("Files that were looked at.")),
            ]),
        },
    });
    let text = serde_json::to_string_pretty(&schema).expect("a JSON value can be written");
    format!("{text}\n")
}

fn finding() -> Value {
    let text = |about: &str| json!({ "description": about, "type": "string" });
    let place = place();
    let mut related = place.to_vec();
    related.push(("text", text("What is to be said there; may be empty.")));
    let severity = json!({
        "description": "`error`: it will fail or is unsafe; `warning`: it works today, for the wrong reason; `hint`: tidiness.",
        "enum": ["error", "warning", "hint"],
    });
    let help = json!({ "description": "What to type instead, or `null`.", "type": ["string", "null"] });
    let related = json!({
        "description": "The other half of the story, such as the first of two entries that claim the same.",
        "type": "array",
        "items": object("A place with a word about it.", &related),
    });
    let mut keys = vec![
        ("rule", text("The id of the rule, which `labtree explain RULE` knows.")),
        ("severity", severity),
        ("message", text("One sentence.")),
    ];
    keys.extend(place);
    keys.extend([("help", help), ("related", related)]);
    object("One finding, at the place where a person edits.", &keys)
}

fn place() -> [(&'static str, Value); 7] {
    let from_one = |about: &str| json!({ "description": about, "type": "integer", "minimum": 1 });
    [
        ("path", json!({ "description": "The file, from the root on, with `/`.", "type": "string", "minLength": 1 })),
        ("line", from_one("The first line, from 1.")),
        ("column", from_one("The first column, in characters from 1.")),
        ("end_line", from_one("The line of the end.")),
        ("end_column", from_one("The column behind the last character.")),
        ("offset", count("The first byte, from 0.")),
        ("length", count("How many bytes.")),
    ]
}

fn count(about: &str) -> Value {
    json!({ "description": about, "type": "integer", "minimum": 0 })
}

/// An object in which each of `keys` must be.
fn object(about: &str, keys: &[(&'static str, Value)]) -> Value {
    let required: Vec<_> = keys.iter().map(|(key, _)| *key).collect();
    let properties: Map<String, Value> = keys.iter().map(|(key, schema)| ((*key).to_owned(), schema.clone())).collect();
    json!({ "description": about, "type": "object", "required": required, "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{findings, samples, summary};

    /// The schema with every other key forbidden.
    fn strict(schema: &mut Value) {
        match schema {
            Value::Object(object) => {
                object.values_mut().for_each(strict);
                if object.contains_key("properties") {
                    object.insert("additionalProperties".to_owned(), false.into());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(strict),
            _ => {}
        }
    }

    #[test]
    fn what_is_printed_has_every_key_of_the_schema_and_no_other() {
        let (sources, found) = samples::all();
        let mut summary = summary(&sources, &found);
        summary["checked"] = 3.into();
        let mut document = json!({ "version": 1, "findings": findings(&sources, &found), "summary": summary });
        let mut schema = serde_json::from_str(&schema_text()).expect("the schema is JSON");
        strict(&mut schema);
        let schema = jsonschema::validator_for(&schema).expect("the schema is one");
        assert_eq!(schema.iter_errors(&document).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
        document["findings"][0]["related"][0]["more"] = 1.into();
        assert!(!schema.is_valid(&document));
    }
}
