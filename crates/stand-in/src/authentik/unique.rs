//! What no two objects may share.

use super::family::Family;
use super::{plain, word};
use crate::store::Store;
use crate::value::Object;

/// Says which attribute of `given` another object has already.
pub(super) fn taken(store: &Store, name: &str, own: Option<&str>, given: &Object) -> Option<String> {
    let same = |scope: &dyn Fn(&str) -> bool, attribute: &str| {
        let value = given.get(attribute)?;
        let mut others = store.among(scope).filter(|(other, id, _)| *other != name || Some(*id) != own);
        others.any(|(_, _, object)| object.get(attribute) == Some(value)).then(|| plain(value))
    };
    let own_type = |other: &str| other == name;
    let named = [
        (Family::Provider, "provider"),
        (Family::Stage, "stage"),
        (Family::PromptField, "prompt"),
        (Family::Policy, "policy"),
        (Family::Mapping, "property mapping"),
        (Family::Group, "group"),
        (Family::Role, "role"),
        (Family::Outpost, "outpost"),
        (Family::Certificate, "certificate-key pair"),
        (Family::Connection, "outpost service-connection"),
    ];
    for (family, what) in named.into_iter().filter(|(family, _)| family.has(name)) {
        if let Some(value) = same(&|other| family.has(other), "name") {
            return Some(says("name", what, &value));
        }
    }
    let keys: &[(&str, &str, &str)] = &[
        ("authentik_application", "slug", "application"),
        ("authentik_flow", "slug", "flow"),
        ("authentik_user", "username", "user"),
        ("authentik_token", "identifier", "token"),
        ("authentik_brand", "domain", "brand"),
        ("authentik_provider_oauth2", "client_id", "OAuth2/OpenID provider"),
    ];
    for (_, attribute, what) in keys.iter().filter(|(of, _, _)| *of == name) {
        if let Some(value) = same(&own_type, attribute) {
            return Some(says(attribute, what, &value));
        }
    }
    if name == "authentik_application" && same(&own_type, "protocol_provider").is_some() {
        return Some("400 provider: Application with this provider already exists.".to_owned());
    }
    let together: &[&str] = match name {
        "authentik_flow_stage_binding" => &["target", "stage", "order"],
        "authentik_policy_binding" if !word(given, "policy").is_empty() => &["target", "policy", "order"],
        _ => return None,
    };
    let twice = store.all(name).filter(|(id, _)| Some(*id) != own);
    let twice = twice.filter(|(_, other)| together.iter().all(|one| other.get(*one) == given.get(*one)));
    twice.take(1).map(|_| format!("400 The fields {} must make a unique set.", together.join(", "))).next()
}

fn says(attribute: &str, what: &str, value: &str) -> String {
    format!("400 {attribute}: {what} with this {attribute} already exists: {value}")
}
