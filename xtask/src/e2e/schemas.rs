//! JSON Schemas of the kinds that clusters know, strict, for kubeconform: derived from what the projects publish.

use std::collections::BTreeSet;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize as _;
use serde_json::{Map, Value as Json, json};

use super::tools::Tools;
use crate::schemas::sources::{DEFINITIONS, FLUX, KUBERNETES};
use crate::schemas::yaml_files;
use crate::{Failure, say};

/// The release of Flux whose definitions are taken.
const RELEASE: &str = "v2.9.4";
/// Counted up when the schemas are made differently, so that those in the cache are made anew.
const FORM: u32 = 3;

/// The folder with a schema for each version of each kind, `GROUP_VERSION_KIND.json`, made when the cache has none.
pub(super) fn folder(tools: &Tools) -> Result<Utf8PathBuf, Failure> {
    let folder = tools.kept("schemas");
    let complete = folder.join("complete");
    let wanted = format!("{FORM} {KUBERNETES:?} {FLUX:?} {RELEASE} {DEFINITIONS:?}");
    if fs::read_to_string(&complete).ok().as_deref() == Some(wanted.as_str()) {
        return Ok(folder);
    }
    say("deriving the schemas of Kubernetes, Flux and others …");
    fs::create_dir_all(&folder)?;
    kubernetes(&tools.go_module(KUBERNETES.0)?.join(KUBERNETES.1), &folder)?;
    for file in files(tools)? {
        definitions(&fs::read_to_string(file)?, &folder)?;
    }
    fs::write(complete, wanted)?;
    Ok(folder)
}

/// The files with the definitions of custom kinds.
pub(super) fn files(tools: &Tools) -> Result<Vec<Utf8PathBuf>, Failure> {
    let flux = (FLUX.0, format!("{}/{RELEASE}", FLUX.1));
    let others = DEFINITIONS.iter().map(|(_, module, path)| (*module, (*path).to_owned()));
    let mut found = Vec::new();
    for (module, path) in std::iter::once(flux).chain(others) {
        found.extend(yaml_files(&tools.go_module(module)?.join(path))?);
    }
    Ok(found)
}

fn write(folder: &Utf8Path, group: &str, version: &str, kind: &str, schema: &Json) -> Result<(), Failure> {
    // kubeconform calls the group of the core kinds by their version.
    let group = if group.is_empty() { version } else { group };
    let name = format!("{group}_{version}_{}.json", kind.to_lowercase());
    Ok(fs::write(folder.join(name), serde_json::to_string(schema)?)?)
}

fn kubernetes(swagger: &Utf8Path, folder: &Utf8Path) -> Result<(), Failure> {
    let swagger: Json = serde_json::from_str(&fs::read_to_string(swagger)?)?;
    let all = swagger["definitions"].as_object().ok_or("Kubernetes' API has no definitions")?;
    for (name, definition) in all {
        for kind in definition["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
            let word = |key: &str| kind[key].as_str().unwrap_or_default();
            let mut needed = BTreeSet::new();
            reach(name, all, &mut needed);
            let definitions: Map<String, Json> =
                needed.iter().map(|name| ((*name).clone(), strict(name, all))).collect();
            let schema = json!({ "$ref": format!("#/definitions/{name}"), "definitions": definitions });
            write(folder, word("group"), word("version"), word("kind"), &schema)?;
        }
    }
    Ok(())
}

/// The definitions that `name` refers to, itself included.
fn reach<'a>(name: &str, all: &'a Map<String, Json>, needed: &mut BTreeSet<&'a String>) {
    let Some((name, definition)) = all.get_key_value(name) else { return };
    if needed.insert(name) {
        references(definition, &mut |reference| reach(reference, all, needed));
    }
}

fn references(schema: &Json, found: &mut impl FnMut(&str)) {
    match schema {
        Json::Object(object) => {
            if let Some(name) =
                object.get("$ref").and_then(Json::as_str).and_then(|at| at.strip_prefix("#/definitions/"))
            {
                found(name);
            }
            object.values().for_each(|value| references(value, found));
        }
        Json::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// A definition, with the texts that may be numbers, and no field but those it names.
fn strict(name: &str, all: &Map<String, Json>) -> Json {
    let text_or_number = json!({ "type": ["string", "number"] });
    if name.ends_with(".api.resource.Quantity") || name.ends_with(".util.intstr.IntOrString") {
        return text_or_number;
    }
    let mut schema = all[name].clone();
    close(&mut schema);
    schema
}

/// No field but those that are named, at any depth.
fn close(schema: &mut Json) {
    let Json::Object(object) = schema else { return };
    if object.get("x-kubernetes-int-or-string") == Some(&Json::Bool(true)) {
        object.remove("type");
        object.remove("pattern");
        object.insert("anyOf".to_owned(), json!([{ "type": "integer" }, { "type": "string" }]));
    }
    // The API server fills in a default before it looks for what must be there.
    let defaulted: Vec<Json> = object
        .get("properties")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, inner)| inner.get("default").is_some())
        .map(|(name, _)| json!(name))
        .collect();
    if let Some(required) = object.get_mut("required").and_then(Json::as_array_mut) {
        required.retain(|name| !defaulted.contains(name));
        // An empty list is no schema.
        if required.is_empty() {
            object.remove("required");
        }
    }
    let open = object.get("x-kubernetes-preserve-unknown-fields") == Some(&Json::Bool(true));
    if object.contains_key("properties") && !object.contains_key("additionalProperties") && !open {
        object.insert("additionalProperties".to_owned(), Json::Bool(false));
    }
    for key in ["properties", "patternProperties"] {
        object.get_mut(key).and_then(Json::as_object_mut).into_iter().flat_map(Map::values_mut).for_each(close);
    }
    for key in ["items", "additionalProperties", "not"] {
        object.get_mut(key).into_iter().for_each(close);
    }
}

fn definitions(text: &str, folder: &Utf8Path) -> Result<(), Failure> {
    for document in yaml_serde::Deserializer::from_str(text) {
        let document = Json::deserialize(document)?;
        if document["kind"] != "CustomResourceDefinition" {
            continue;
        }
        let (group, kind) = (&document["spec"]["group"], &document["spec"]["names"]["kind"]);
        for version in document["spec"]["versions"].as_array().into_iter().flatten() {
            if version["served"] != Json::Bool(true) {
                continue;
            }
            let mut schema = version["schema"]["openAPIV3Schema"].clone();
            close(&mut schema);
            // The API server knows these of every kind, whatever the definition says of them.
            schema["properties"]["apiVersion"] = json!({ "type": "string" });
            schema["properties"]["kind"] = json!({ "type": "string" });
            schema["properties"]["metadata"] = metadata();
            let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            write(folder, &word(group), &word(&version["name"]), &word(kind), &schema)?;
        }
    }
    Ok(())
}

/// What a person writes of an object's metadata.
fn metadata() -> Json {
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string" },
            "generateName": { "type": "string" },
            "namespace": { "type": "string" },
            "labels": texts,
            "annotations": texts,
            "finalizers": { "type": "array", "items": { "type": "string" } },
        },
    })
}
