//! The schema of `labtree.toml` for the editor.

use serde_json::{Map, Value, json};

use super::definition::{SETTINGS, Setting, Shape};
use super::{OFF, SEVERITIES};
use crate::catalogue;

/// The JSON Schema of the settings, as it is committed.
pub fn schema_text() -> String {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "labtree.toml",
        "description": "How labtree behaves in a lab.",
    });
    let table = table(SETTINGS);
    for (key, value) in table.as_object().expect("a table is an object") {
        schema[key] = value.clone();
    }
    let text = serde_json::to_string_pretty(&schema).expect("a JSON value can be written");
    format!("{text}\n")
}

fn table(settings: &[Setting]) -> Value {
    let properties: Map<String, Value> = settings
        .iter()
        .map(|setting| {
            let mut schema = shape(setting.shape);
            schema["description"] = setting.about.into();
            (setting.key.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn shape(shape: Shape) -> Value {
    let words = SEVERITIES.map(diagnostic::Severity::name);
    match shape {
        Shape::Severity => json!({ "enum": words }),
        Shape::Levels => {
            let levels: Vec<_> = words.into_iter().chain([OFF]).collect();
            let rule =
                |rule: &catalogue::Entry| (rule.id.to_owned(), json!({ "description": rule.title(), "enum": levels }));
            let rules: Map<String, Value> = catalogue::all().iter().map(rule).collect();
            json!({ "type": "object", "additionalProperties": false, "properties": rules })
        }
        Shape::Globs | Shape::Folders => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Path => json!({ "type": "string" }),
        Shape::Table(settings) => table(settings),
    }
}
