//! The schemas in CustomResourceDefinitions.

use serde_json::{Map, Value as Json, json};

use super::table::{Facts, Table};

/// What a node keeps as it is, in the order in which it is written.
const KEPT: &[&str] = &[
    "type",
    "format",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "nullable",
    "required",
    "default",
];
/// What it keeps under a shorter name.
const RENAMED: &[(&str, &str)] = &[
    ("x-kubernetes-int-or-string", "intOrString"),
    ("x-kubernetes-preserve-unknown-fields", "open"),
    ("x-kubernetes-embedded-resource", "embedded"),
    ("x-kubernetes-list-type", "listType"),
    ("x-kubernetes-list-map-keys", "listKeys"),
];
/// What a rule in CEL keeps.
const RULE: &[&str] = &["rule", "message", "messageExpression", "fieldPath", "optionalOldSelf"];

/// Kinds whose definitions Flux Operator changes where it installs Flux, and the list of kinds that it adds its own to.
///
/// Source: `internal/builder/templates.go` of Flux Operator.
const AMENDED: &[(&str, &str)] = &[
    ("Alert", "/properties/spec/properties/eventSources/items/properties/kind/enum"),
    ("Receiver", "/properties/spec/properties/resources/items/properties/kind/enum"),
];
/// The kinds that it adds.
const ADDED: [&str; 3] = ["FluxInstance", "ResourceSet", "ResourceSetInputProvider"];

/// Takes what the CustomResourceDefinition `document` defines into `table`, as that of the release at `position`. Another
/// object defines nothing.
pub fn definition(document: &Json, table: &mut Table, position: usize) {
    if document["kind"] != "CustomResourceDefinition" {
        return;
    }
    let spec = &document["spec"];
    let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    for version in spec["versions"].as_array().into_iter().flatten() {
        let api_version = format!("{}/{}", word(&spec["group"]), word(&version["name"]));
        let kind = word(&spec["names"]["kind"]);
        let deprecated = (version["deprecated"] == true).then(|| match version["deprecationWarning"].as_str() {
            Some(warning) => warning.to_owned(),
            None => format!("{api_version} {kind} is deprecated"),
        });
        let mut schema = version["schema"]["openAPIV3Schema"].clone();
        amend(&mut schema, &kind);
        let facts = Facts {
            schema: root(schema, table),
            served: version["served"] == true,
            storage: version["storage"] == true,
            deprecated,
        };
        table.kind(&api_version, &kind, spec["scope"] == "Namespaced", position, facts);
    }
}

/// Adds what Flux Operator adds, as nobody can tell from a repository whether it is at work.
fn amend(schema: &mut Json, kind: &str) {
    for (_, path) in AMENDED.iter().filter(|(amended, _)| *amended == kind) {
        if let Some(values) = schema.pointer_mut(path).and_then(Json::as_array_mut) {
            values.extend(ADDED.map(Json::from));
        }
    }
}

/// The number of the node of a whole object: of its status nothing is kept, and its metadata is that of every object.
fn root(mut schema: Json, table: &mut Table) -> usize {
    if let Some(required) = schema.get_mut("required").and_then(Json::as_array_mut) {
        required.retain(|name| name != "status");
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        for name in ["apiVersion", "kind"] {
            properties.insert(name.to_owned(), json!({ "type": "string" }));
        }
        properties.insert("metadata".to_owned(), json!({ "meta": true }));
        if properties.contains_key("status") {
            properties.insert("status".to_owned(), json!({ "x-kubernetes-preserve-unknown-fields": true }));
        }
    }
    node(&schema, table)
}

/// The number of the node of `schema`.
pub fn node(schema: &Json, table: &mut Table) -> usize {
    let mut out = Map::new();
    for key in KEPT {
        if let Some(value) = schema.get(key) {
            out.insert((*key).to_owned(), value.clone());
        }
    }
    for (key, short) in RENAMED {
        if let Some(value) = schema.get(key) {
            out.insert((*short).to_owned(), value.clone());
        }
    }
    if schema["meta"] == true {
        out.insert("meta".to_owned(), json!(true));
    }
    if let Some(rules) = schema["x-kubernetes-validations"].as_array() {
        out.insert("rules".to_owned(), rules.iter().map(rule).collect());
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = schema[key].as_array().filter(|_| schema["x-kubernetes-int-or-string"] != true) {
            out.insert(key.to_owned(), branches.iter().map(|branch| json!(node(branch, table))).collect());
        }
    }
    for key in ["not", "items", "additionalProperties"] {
        match schema.get(key) {
            Some(inner @ Json::Object(_)) => drop(out.insert(key.to_owned(), json!(node(inner, table)))),
            // Any field with any value: what `open` says too.
            Some(Json::Bool(true)) => drop(out.insert("open".to_owned(), json!(true))),
            _ => {}
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        let mut properties: Vec<_> = properties.iter().collect();
        properties.sort_by_key(|(name, _)| *name);
        let numbered = properties.into_iter().map(|(name, inner)| (name.clone(), json!(node(inner, table))));
        out.insert("properties".to_owned(), Json::Object(numbered.collect()));
    }
    table.node(&out)
}

fn rule(rule: &Json) -> Json {
    let kept = RULE.iter().filter_map(|key| Some(((*key).to_owned(), rule.get(*key)?.clone())));
    Json::Object(kept.collect())
}
