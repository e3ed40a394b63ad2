//! What the server makes up itself when an object is new.

use serde_json::{Value as Json, json};

use super::family::Family;
use super::{SETTINGS, word};
use crate::shape::Shape;
use crate::store::Store;
use crate::text;
use crate::value::Object;

/// The settings of an outpost that is given none.
const OUTPOST: &str = r#"{"authentik_host":"","authentik_host_insecure":false,"log_level":"info","object_naming_template":"ak-outpost-%(name)s","refresh_interval":"minutes=5","kubernetes_replicas":1,"kubernetes_service_type":"ClusterIP"}"#;

/// Gives a new object its id and whatever else only the server knows, and tells the id.
pub(super) fn fill(shape: &Shape, store: &mut Store, name: &str, object: &mut Object) -> String {
    for (attribute, fact) in shape.attributes.iter().filter(|(_, fact)| fact.computed) {
        if attribute != "id"
            && !object.contains_key(attribute)
            && let Some(value) = made_up(name, attribute, &fact.cty, object)
        {
            object.insert(attribute.clone(), value);
        }
    }
    let id = match name {
        SETTINGS => "system_settings".to_owned(),
        "authentik_application" | "authentik_flow" => word(object, "slug").to_owned(),
        "authentik_token" => word(object, "identifier").to_owned(),
        _ if is_numbered(name) => store.next_number().to_string(),
        _ => text::uuid(),
    };
    object.insert("id".to_owned(), id.as_str().into());
    id
}

/// The id of an object that was changed: a slug may be another one now.
pub(super) fn id_after(name: &str, id: &str, object: &Object) -> String {
    match name {
        "authentik_application" | "authentik_flow" => word(object, "slug").to_owned(),
        "authentik_token" => word(object, "identifier").to_owned(),
        _ => id.to_owned(),
    }
}

fn is_numbered(name: &str) -> bool {
    Family::Provider.has(name) || Family::User.has(name) || name.starts_with("authentik_rbac_permission_")
}

fn made_up(name: &str, attribute: &str, cty: &Json, object: &Object) -> Option<Json> {
    Some(match (name, attribute) {
        (_, "uuid") => text::uuid().into(),
        ("authentik_provider_oauth2", "client_secret") => text::random(128).into(),
        ("authentik_provider_oauth2", "grant_types") => json!([
            "authorization_code",
            "hybrid",
            "implicit",
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
            "refresh_token"
        ]),
        ("authentik_outpost", "config") => OUTPOST.into(),
        ("authentik_token", "key") => text::random(60).into(),
        ("authentik_token", "expires_in") => {
            let expires = object.get("expiring") == Some(&Json::Bool(true));
            json!(if expires { 1800 } else { 0 })
        }
        // Memberships of a user stand with the groups.
        ("authentik_user", "groups") => return None,
        _ => match cty.as_str() {
            Some("string") => text::random(32).into(),
            Some("number") => json!(0),
            Some("bool") => json!(false),
            _ => json!([]),
        },
    })
}
