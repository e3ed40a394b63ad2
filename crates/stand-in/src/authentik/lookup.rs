//! What data sources find.

use serde_json::{Value as Json, json};

use super::family::{Family, handle_of};
use super::{Authentik, plain, relations, word};
use crate::api::Refusal;
use crate::store::Store;
use crate::value::Object;

/// What the data source `name` finds for what is `given`.
pub(super) fn look_up(authentik: &Authentik, store: &Store, name: &str, given: &Object) -> Result<Object, Refusal> {
    let by = |attributes: &[&str]| given.keys().filter(|key| attributes.contains(&key.as_str())).count();
    let exactly_one = |attributes: &[&str]| match by(attributes) {
        1 => Ok(()),
        _ => Err(format!("{name}: one of {} must be specified", attributes.join(", "))),
    };
    let first = |of: &dyn Fn(&str) -> bool, filters: &[&str], what: &str| {
        let fits = |object: &Object| {
            filters.iter().all(|filter| given.get(*filter).is_none_or(|wanted| object.get(*filter) == Some(wanted)))
        };
        let found = store.among(of).find(|(_, _, object)| fits(object));
        let (kind, id, object) = found.ok_or(format!("No matching {what} found"))?;
        let mut found = object.clone();
        found.insert("id".to_owned(), handle_of(kind, id, object).into());
        Ok::<Object, Refusal>(found)
    };
    let same_type = |other: &str| other == name;
    let mut found = match name {
        "authentik_flow" => first(&same_type, &["slug", "designation"], "flows")?,
        "authentik_stage" => first(&|other| Family::Stage.has(other), &["name"], "stages")?,
        "authentik_brand" => first(&same_type, &["domain"], "brands")?,
        "authentik_certificate_key_pair" => {
            let mut pair = first(&same_type, &["name"], "certificate-keypairs")?;
            for (fetch, data) in [("fetch_key", "key_data"), ("fetch_certificate", "certificate_data")] {
                if given.get(fetch) == Some(&Json::Bool(false)) {
                    pair.insert(data.to_owned(), "".into());
                }
            }
            for made_up in ["expiry", "fingerprint1", "fingerprint256", "subject"] {
                pair.insert(made_up.to_owned(), "".into());
            }
            pair
        }
        "authentik_service_connection_kubernetes" => first(&same_type, &["name"], "service connections")?,
        "authentik_outpost" => {
            exactly_one(&["name", "id"])?;
            let of_it = |(id, outpost): &(&str, &Object)| {
                word(outpost, "name").eq_ignore_ascii_case(word(given, "name")) || *id == word(given, "id")
            };
            store.all(name).find(of_it).ok_or("No matching outposts found")?.1.clone()
        }
        "authentik_group" => {
            exactly_one(&["name", "pk"])?;
            let of_it =
                |(id, group): &(&str, &Object)| word(group, "name") == word(given, "name") || *id == word(given, "pk");
            let (id, group) = store.all(name).find(of_it).ok_or("No matching groups found")?;
            let mut group = group.clone();
            group.insert("pk".to_owned(), id.into());
            group
        }
        "authentik_user" => {
            exactly_one(&["username", "pk"])?;
            let pk = given.get("pk").map(plain);
            let of_it = |(id, user): &(&str, &Object)| {
                word(user, "username") == word(given, "username") || Some(*id) == pk.as_deref()
            };
            let (id, user) = store.all(name).find(of_it).ok_or("No matching users found")?;
            let mut user = user.clone();
            user.insert("pk".to_owned(), json!(id.parse::<i64>().unwrap_or_default()));
            user.insert("groups".to_owned(), Json::Array(relations::groups_of(store, id)));
            user
        }
        "authentik_property_mapping_provider_scope" => match given.get("managed_list").and_then(Json::as_array) {
            Some(list) => {
                let wanted = |(_, mapping): &(&str, &Object)| mapping.get("managed").is_some_and(|m| list.contains(m));
                let ids: Vec<&str> = store.all(name).filter(wanted).map(|(id, _)| id).collect();
                if ids.is_empty() {
                    return Err("No matching property mappings found".to_owned());
                }
                json!({ "id": "-1", "ids": ids }).as_object().cloned().unwrap_or_default()
            }
            None => first(&same_type, &["name", "managed", "scope_name"], "property mappings")?,
        },
        "authentik_provider_oauth2_config" => configuration(store, given)?,
        _ => return Err(format!("the stand-in does not know what a data source {name} finds")),
    };
    // What was written stays as it was written.
    let shape = authentik.shapes.data_sources.get(name);
    found.retain(|attribute, _| shape.is_some_and(|shape| shape.attributes.contains_key(attribute)));
    found.extend(given.iter().filter(|(key, _)| *key != "id").map(|(key, value)| (key.clone(), value.clone())));
    Ok(found)
}

/// The addresses of an OAuth2 provider, some of which only an application gives it.
fn configuration(store: &Store, given: &Object) -> Result<Object, Refusal> {
    let name = "authentik_provider_oauth2";
    let number = given.get("provider_id").map(plain);
    let of_it = |(id, provider): &(&str, &Object)| {
        Some(*id) == number.as_deref() || (number.is_none() && provider.get("name") == given.get("name"))
    };
    let (id, _) = store.all(name).find(of_it).ok_or("No matching providers found")?;
    let mut applications = store.all("authentik_application");
    let application = applications.find(|(_, one)| one.get("protocol_provider").map(plain).as_deref() == Some(id));
    let base = "https://authentik.example.org/application/o";
    let own = |end: &str| application.map_or(String::new(), |(slug, _)| format!("{base}/{slug}/{end}"));
    let object = json!({ "id": id, "authorize_url": format!("{base}/authorize/"), "token_url": format!("{base}/token/"),
        "user_info_url": format!("{base}/userinfo/"), "issuer_url": own(""), "jwks_url": own("jwks/"),
        "logout_url": own("end-session/"), "provider_info_url": own(".well-known/openid-configuration") });
    Ok(object.as_object().cloned().unwrap_or_default())
}
