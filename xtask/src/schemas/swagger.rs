//! The schemas of Kubernetes' own kinds, as its API describes them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::Failure;
use schema::kubernetes::derive::{Facts, Table, node};

/// What takes any field: it refers to itself, so that it has no end, or is any JSON.
const OPEN: &str = ".v1.JSONSchemaProps";

/// Takes every kind that can be created into `table`.
pub(super) fn read(swagger: &Json, table: &mut Table) -> Result<(), Failure> {
    let all = swagger["definitions"].as_object().ok_or("Kubernetes' API has no definitions")?;
    let created = created(swagger);
    for definition in all.values() {
        for kind in definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
            let (api_version, kind) = identity(kind);
            let Some(namespaced) = created.get(&(api_version.clone(), kind.clone())) else { continue };
            let mut schema = resolved(definition, all);
            if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
                properties.remove("status");
            }
            let schema = node(&schema, table);
            table.kind(
                &api_version,
                &kind,
                *namespaced,
                0,
                Facts { schema, served: true, storage: true, deprecated: None },
            );
        }
    }
    let metadata = &all["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
    let schema = node(&resolved(metadata, all), table);
    table.kind("meta/v1", "ObjectMeta", false, 0, Facts { schema, served: true, storage: true, deprecated: None });
    Ok(())
}

/// Which kinds are created by a request of their own, and whether that happens in a namespace.
fn created(swagger: &Json) -> BTreeMap<(String, String), bool> {
    let mut found = BTreeMap::new();
    for (path, methods) in swagger["paths"].as_object().into_iter().flatten() {
        let post = &methods["post"];
        // What stands behind a name is a part of another object: `pods/{name}/eviction`.
        if post["x-kubernetes-action"] == "post" && !path.contains("{name}") {
            let namespaced = path.contains("/namespaces/{namespace}/");
            *found.entry(identity(&post["x-kubernetes-group-version-kind"])).or_insert(false) |= namespaced;
        }
    }
    found
}

/// `apiVersion` and `kind`.
fn identity(kind: &Json) -> (String, String) {
    let word = |key: &str| kind[key].as_str().unwrap_or_default();
    let api_version = match word("group") {
        "" => word("version").to_owned(),
        group => format!("{group}/{}", word("version")),
    };
    (api_version, word("kind").to_owned())
}

/// `schema` with what it refers to in its place, and what only Go code knows of it said.
fn resolved(schema: &Json, all: &Map<String, Json>) -> Json {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/definitions/")) {
        return referred(name, all);
    }
    let mut out = schema.clone();
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            out[key] = resolved(inner, all);
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        let properties = properties.iter().map(|(name, inner)| (name.clone(), resolved(inner, all)));
        out["properties"] = Json::Object(properties.collect());
    } else if schema["type"] == "object" && schema.get("additionalProperties").is_none() {
        out["x-kubernetes-preserve-unknown-fields"] = json!(true);
    }
    out
}

fn referred(name: &str, all: &Map<String, Json>) -> Json {
    let word = name.rsplit_once(".pkg.").map_or(name, |(_, word)| word);
    match word {
        "api.resource.Quantity" => json!({ "type": "quantity" }),
        "util.intstr.IntOrString" => json!({ "x-kubernetes-int-or-string": true }),
        "apis.meta.v1.ObjectMeta" => json!({ "meta": true }),
        _ if name.contains(OPEN) => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        _ if all[name].get("type").is_none() => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        _ => resolved(&all[name], all),
    }
}
