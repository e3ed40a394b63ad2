//! What the provider reads back, which is not always what it was given.

use serde_json::Value as Json;

use super::family::Family;
use super::{Authentik, relations, word};
use crate::store::Store;
use crate::text;
use crate::value::Object;

/// From here on the provider reads a permission with the label of its app.
const LONG_PERMISSION: &str = "2026.5.0";
/// From here on the provider sends and reads what a redirect URI is for.
const REDIRECT_TYPES: &str = "2026.5.0";
/// Lists of which the provider keeps the order that was written, whatever order the server answers in.
const MERGED: [&str; 11] = [
    "fields",
    "groups",
    "jwt_federation_providers",
    "jwt_federation_sources",
    "parents",
    "property_mappings",
    "protocol_providers",
    "roles",
    "sources",
    "users",
    "validation_policies",
];

/// Whether an attribute is sent when an object is made, and never again.
pub(super) fn written_once(name: &str, attribute: &str) -> bool {
    (name, attribute) == ("authentik_user", "password")
}

/// Whether an attribute is the provider's own business, of which the server is told nothing.
fn never_sent(name: &str, attribute: &str) -> bool {
    (name, attribute) == ("authentik_token", "retrieve_key")
}

/// Changes `object` into what the server makes of it.
pub(super) fn as_the_server_keeps_it(authentik: &Authentik, name: &str, object: &mut Object) {
    for (attribute, value) in object.iter_mut() {
        match value {
            Json::String(text) if text::is_expression(attribute) => *text = text.trim().to_owned(),
            // Relations come back in an order of the server's own.
            Json::Array(items) if Family::of(name, attribute).is_some() => {
                items.sort_by_key(|item| (item.as_i64(), item.as_str().map(str::to_owned)));
                items.dedup();
            }
            Json::Array(uris) if attribute == "allowed_redirect_uris" => {
                let types = authentik.since(REDIRECT_TYPES);
                for uri in uris.iter_mut().filter_map(Json::as_object_mut) {
                    uri.retain(|key, _| {
                        ["matching_mode", "url"].contains(&key.as_str()) || (types && key == "redirect_uri_type")
                    });
                }
            }
            _ => {}
        }
    }
}

/// The object `id`, as the provider reads it into a state that remembers `prior`.
pub(super) fn read(authentik: &Authentik, store: &Store, name: &str, id: &str, prior: &Object) -> Option<Object> {
    let mut object = store.get(name, id)?.clone();
    if name == "authentik_user" {
        object.insert("groups".to_owned(), Json::Array(relations::groups_of(store, id)));
    }
    for (attribute, value) in &mut object {
        // It looks for the wrong key in the roles of a group, and so finds none to keep the order of.
        let merged = MERGED.contains(&attribute.as_str()) && (name, attribute.as_str()) != ("authentik_group", "roles");
        if let (true, Some(items), Some(before)) =
            (merged, value.as_array(), prior.get(attribute).and_then(Json::as_array))
        {
            *value = Json::Array(in_order_of(before, items));
        }
    }
    let shape = authentik.shapes.resources.get(name)?;
    for attribute in shape.attributes.keys().filter(|one| written_once(name, one) || never_sent(name, one)) {
        object.remove(attribute);
        if let Some(remembered) = prior.get(attribute) {
            object.insert(attribute.clone(), remembered.clone());
        }
    }
    match name {
        "authentik_token" if prior.get("retrieve_key") != Some(&Json::Bool(true)) => {
            object.insert("key".to_owned(), "".into());
        }
        "authentik_rbac_permission_role" if authentik.since(LONG_PERMISSION) => {
            let permission = word(&object, "permission").to_owned();
            if let (Some((app, _)), false) = (word(&object, "model").split_once('.'), permission.contains('.')) {
                let long = format!("{app}.{permission}");
                object.insert("permission".to_owned(), long.into());
            }
        }
        _ => {}
    }
    Some(object)
}

/// `items`, those that were there `before` first and in that order.
fn in_order_of(before: &[Json], items: &[Json]) -> Vec<Json> {
    let kept = before.iter().filter(|item| items.contains(item));
    let new = items.iter().filter(|item| !before.contains(item));
    kept.chain(new).cloned().collect()
}
