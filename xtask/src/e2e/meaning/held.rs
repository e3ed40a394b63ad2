//! What the server holds of a root, in words.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::Objects;
use crate::Failure;
use crate::e2e::root::Root;

/// The type of the secrets in Vault.
pub(super) const SECRET: &str = "vault_kv_secret_v2";
/// What an output of the root is called beside the types of objects.
pub(super) const OUTPUT: &str = "output";

/// Types that are called after what they bind, in an order in which that has its name already: a stage to a flow,
/// somebody to an app or to such a binding, a permission to a role.
const NAMED_LATER: [&str; 3] =
    ["authentik_flow_stage_binding", "authentik_policy_binding", "authentik_rbac_permission_role"];
/// Attributes whose text is JSON.
const JSON: [&str; 4] = ["attributes", "config", "data_json", "flags"];
/// Attributes that refer by a number. A number anywhere else is a number.
const NUMBERED: [&str; 5] = ["object_id", "protocol_provider", "protocol_providers", "user", "users"];
/// Attributes with what only the server knows.
const MADE_UP: [(&str, &str); 2] = [("provider_oauth2", "client_secret"), ("token", "key")];

/// By an id, a UUID or a secret, what it is called.
type Names = BTreeMap<String, String>;

/// The objects that the root manages, as the server has them, and the outputs.
pub(super) fn held(root: &Root) -> Result<Objects, Failure> {
    let (all, state) = (root.objects()?, root.state()?);
    let mut names = Names::new();
    let mut keys = BTreeMap::new();
    for round in 0..=NAMED_LATER.len() {
        for ((kind, id), object) in &all {
            if round == NAMED_LATER.iter().position(|later| later == kind).map_or(0, |later| later + 1) {
                let short = kind.strip_prefix("authentik_").unwrap_or(kind);
                let key = (short.to_owned(), name(short, object, &names));
                learn(&mut names, &key, id, object);
                keys.insert((kind.clone(), id.clone()), key);
            }
        }
    }
    let mut held = Objects::new();
    for managed in managed(&state) {
        let object = all.get(&managed).ok_or(format!("the state has {managed:?}, and the server has not"))?;
        let in_words = object.iter().map(|(attribute, value)| (attribute.clone(), words(attribute, value, &names)));
        if held.insert(keys[&managed].clone(), in_words.collect()).is_some() {
            return Err(format!("two objects of the root are called {:?}", keys[&managed]).into());
        }
    }
    for (name, output) in state["outputs"].as_object().into_iter().flatten() {
        let value = Map::from_iter([("value".to_owned(), output["value"].clone())]);
        held.insert((OUTPUT.to_owned(), name.clone()), value);
    }
    Ok(held)
}

/// The attribute that tells what an object of that type is called.
pub(super) fn name_of(kind: &str) -> &'static str {
    match kind {
        "application" | "flow" => "slug",
        "token" => "identifier",
        "user" => "username",
        _ => "name",
    }
}

/// What a reference to an object is.
pub(super) fn reference(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}

/// What stands for a secret that the server makes up.
pub(super) fn secret(attribute: &str, kind: &str, name: &str) -> String {
    format!("the {attribute} of {}", reference(kind, name))
}

/// What a binding is called: of `what` to `target`, which are references.
pub(super) fn binding(target: &str, what: &str) -> String {
    format!("{target} <- {what}")
}

/// The type and the id of what the root manages.
fn managed(state: &Json) -> Vec<(String, String)> {
    let resources = state["resources"].as_array().into_iter().flatten().filter(|one| one["mode"] == "managed");
    let instances = resources.flat_map(|resource| {
        let kind = resource["type"].as_str().unwrap_or_default();
        resource["instances"]
            .as_array()
            .into_iter()
            .flatten()
            .map(move |instance| (kind, &instance["attributes"]["id"]))
    });
    instances.map(|(kind, id)| (kind.to_owned(), id.as_str().unwrap_or_default().to_owned())).collect()
}

fn name(kind: &str, object: &Map<String, Json>, names: &Names) -> String {
    let word = |attribute: &str| match words(attribute, object.get(attribute).unwrap_or(&Json::Null), names) {
        Json::String(text) => Some(text),
        _ => None,
    };
    let bound = match kind {
        "flow_stage_binding" => word("stage"),
        "policy_binding" => word("policy").or_else(|| word("group")).or_else(|| word("user")),
        "rbac_permission_role" => {
            return binding(&word("role").unwrap_or_default(), &word("permission").unwrap_or_default());
        }
        "system_settings" => return String::new(),
        SECRET => return word("id").unwrap_or_default(),
        _ => return word(name_of(kind)).unwrap_or_default(),
    };
    binding(&word("target").unwrap_or_default(), &bound.unwrap_or_default())
}

/// Remembers what refers to an object.
fn learn(names: &mut Names, key: &(String, String), id: &str, object: &Map<String, Json>) {
    let (kind, name) = (key.0.as_str(), key.1.as_str());
    names.insert(id.to_owned(), reference(kind, name));
    if let Some(uuid) = object.get("uuid").and_then(Json::as_str) {
        names.insert(uuid.to_owned(), reference(kind, name));
    }
    for (_, attribute) in MADE_UP.iter().filter(|(of, _)| *of == kind) {
        if let Some(text) = object.get(*attribute).and_then(Json::as_str) {
            names.insert(text.to_owned(), secret(attribute, kind, name));
        }
    }
}

/// `value` with what an object is called in place of its id.
fn words(attribute: &str, value: &Json, names: &Names) -> Json {
    match value {
        Json::Number(number) if NUMBERED.contains(&attribute) => named(&number.to_string(), names),
        Json::String(text) if JSON.contains(&attribute) => {
            let json = serde_json::from_str(text).unwrap_or_else(|_| value.clone());
            if json == *value { json } else { words("", &json, names) }
        }
        Json::String(text) if attribute == "expression" => without_header(text).into(),
        // Neither a slug nor a word is an id, and a number is one where numbers are.
        Json::String(text) if is_made_up(text) || NUMBERED.contains(&attribute) => named(text, names),
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(|item| words(attribute, item, names)).collect();
            if value.as_array() != Some(&items) && items.iter().all(Json::is_string) {
                // The server answers them in an order of its own.
                items.sort_by_key(|item| item.as_str().map(str::to_owned));
            }
            items.into()
        }
        Json::Object(pairs) => {
            pairs.iter().map(|(key, value)| (key.clone(), words("", value, names))).collect::<Map<_, _>>().into()
        }
        _ => value.clone(),
    }
}

fn named(text: &str, names: &Names) -> Json {
    names.get(text).map_or(text, String::as_str).into()
}

/// Whether it is as long as what the server makes up, with nothing in it but hexadecimal digits and dashes.
fn is_made_up(text: &str) -> bool {
    text.len() > 30 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A program without the line that tells where it was rendered from, as the server keeps it.
pub(super) fn without_header(program: &str) -> &str {
    match program.split_once('\n') {
        Some((first, rest)) if first.starts_with("# rendered by labtree from ") => rest.trim(),
        _ => program.trim(),
    }
}
