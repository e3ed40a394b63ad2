//! What the server does not take, although every type fits: all of it passes a plan.

use serde_json::Value as Json;

use super::family::Family;
use super::unique::taken;
use super::{Authentik, plain, word};
use crate::api::Refusal;
use crate::shape::Attribute;
use crate::store::Store;
use crate::text;
use crate::value::Object;

/// Slugs that are addresses of the server itself.
const RESERVED: [&str; 6] = ["authorize", "device", "introspect", "revoke", "token", "userinfo"];
/// The mails that a fresh server knows.
const TEMPLATES: [&str; 4] = [
    "email/account_confirmation.html",
    "email/email_otp.html",
    "email/event_notification.html",
    "email/password_reset.html",
];

/// Refuses `given`, which shall be a new object of the type `name` or replace the object `own`.
pub(super) fn refuse(
    authentik: &Authentik,
    store: &Store,
    name: &str,
    own: Option<&str>,
    given: &Object,
) -> Result<(), Refusal> {
    let found = form(authentik, name, given)
        .or_else(|| reference(store, name, given))
        .or_else(|| of_its_type(authentik, store, name, own, given))
        .or_else(|| taken(store, name, own, given));
    found.map_or(Ok(()), |why| Err(format!("{name}: {why}")))
}

/// Whether an attribute is a duration: its default is one.
pub(crate) fn is_duration(attribute: &Attribute) -> bool {
    attribute.default.as_ref().and_then(Json::as_str).is_some_and(text::is_duration)
}

/// Text that is none of what it should be.
fn form(authentik: &Authentik, name: &str, given: &Object) -> Option<String> {
    let shape = authentik.shapes.resources.get(name)?;
    given.iter().find_map(|(attribute, value)| {
        let text = value.as_str()?;
        if shape.attributes.get(attribute).is_some_and(is_duration) && !text::is_duration(text) {
            return Some(format!("400 {attribute}: {text} is not in the correct format of 'hours=3;minutes=1'."));
        }
        if text::is_json(attribute) && serde_json::from_str::<Json>(text).is_err() {
            return Some(format!("{attribute} is no JSON: {text}"));
        }
        let blank = ["name", "slug", "username", "identifier", "client_id", "avatars"].contains(&attribute.as_str());
        let blank = blank && (name, attribute.as_str()) != ("authentik_user", "name");
        (blank && text.trim().is_empty()).then(|| format!("400 {attribute}: This field may not be blank."))
    })
}

/// A reference to something that is not there, or by the wrong handle.
fn reference(store: &Store, name: &str, given: &Object) -> Option<String> {
    given.iter().find_map(|(attribute, value)| {
        let family = Family::of(name, attribute)?;
        let one = std::slice::from_ref(value);
        let references = value.as_array().map_or(one, Vec::as_slice).iter();
        let mut written = references.filter(|reference| reference.as_str() != Some(""));
        written.find_map(|reference| family.refuse(store, reference)).map(|why| format!("400 {attribute}: {why}"))
    })
}

fn of_its_type(authentik: &Authentik, store: &Store, name: &str, own: Option<&str>, given: &Object) -> Option<String> {
    match name {
        "authentik_policy_binding" => binding(given),
        "authentik_flow_stage_binding" => {
            let is = |name: &str| given.get(name).and_then(Json::as_bool).unwrap_or(false);
            (!is("evaluate_on_plan") && !is("re_evaluate_policies"))
                .then(|| "400 Either evaluation on plan or evaluation on run must be enabled".to_owned())
        }
        "authentik_provider_oauth2" => redirects(given).or_else(|| {
            let none = given.get("grant_types").is_some_and(|types| types == &Json::Array(Vec::new()));
            none.then(|| "400 grant_types: This list may not be empty.".to_owned())
        }),
        "authentik_provider_ldap" => ["bind_mode", "search_mode"].into_iter().find_map(|mode| {
            let value = given.get(mode)?.as_str()?;
            (!["direct", "cached"].contains(&value)).then(|| format!("400 {mode}: \"{value}\" is not a valid choice."))
        }),
        "authentik_application" | "authentik_flow" => slug(name, given),
        "authentik_outpost" => outpost(store, given),
        "authentik_outpost_provider_attachment" => {
            let outpost = store.get("authentik_outpost", word(given, "outpost"))?;
            let provider = given.get("protocol_provider")?;
            wrong_type(store, word(outpost, "type"), provider)
        }
        "authentik_stage_email" => {
            let template = word(given, "template");
            (!TEMPLATES.contains(&template)).then(|| format!("400 template: Invalid template '{template}' specified."))
        }
        "authentik_stage_identification" => {
            let none = |list: &str| given.get(list).and_then(Json::as_array).is_none_or(Vec::is_empty);
            (none("user_fields") && none("sources"))
                .then(|| "400 When no user fields are selected, at least one source must be selected".to_owned())
        }
        "authentik_system_settings" => flags(authentik, word(given, "flags")),
        "authentik_token" => {
            let intent = word(given, "intent");
            (!["api", "app_password"].contains(&intent)).then(|| format!("400 intent: Invalid intent {intent}"))
        }
        "authentik_user" => user(given, own.is_none()),
        "authentik_group" if !authentik.since("2025.12.0") => one_group_a_role(store, own, given),
        _ => None,
    }
}

fn binding(given: &Object) -> Option<String> {
    let set = ["policy", "group", "user"].into_iter().filter(|name| given.contains_key(*name)).count();
    match set {
        1 => None,
        0 => Some("400 One of 'group', 'policy', 'user' must be set.".to_owned()),
        _ => Some("400 Only one of 'group', 'policy', 'user' can be set.".to_owned()),
    }
}

fn redirects(given: &Object) -> Option<String> {
    let uris = given.get("allowed_redirect_uris").and_then(Json::as_array)?;
    uris.iter().find_map(|uri| {
        let has = |key: &str| uri.get(key).is_some_and(Json::is_string);
        if !has("url") || !has("matching_mode") {
            // The real one reads both without looking whether they are there.
            return Some("Plugin did not respond: interface conversion: interface {} is nil, not string".to_owned());
        }
        let (mode, url) = (plain(&uri["matching_mode"]), plain(&uri["url"]));
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        if !["strict", "regex"].contains(&mode.as_str()) {
            return Some(format!("400 redirect_uris: \"{mode}\" is not a valid choice."));
        }
        ["javascript", "data", "vbscript"].contains(&scheme).then(|| format!("400 redirect_uris: {url} is forbidden"))
    })
}

fn slug(name: &str, given: &Object) -> Option<String> {
    let slug = word(given, "slug");
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !slug.bytes().all(fits) {
        return Some(
            "400 slug: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.".to_owned(),
        );
    }
    let reserved = name == "authentik_application" && RESERVED.contains(&slug);
    reserved.then(|| format!("400 slug: The slug '{slug}' is reserved and cannot be used for applications."))
}

fn outpost(store: &Store, given: &Object) -> Option<String> {
    let providers = given.get("protocol_providers").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    if providers.is_empty() {
        return Some("400 providers: This list may not be empty.".to_owned());
    }
    providers.iter().find_map(|provider| wrong_type(store, word(given, "type"), provider))
}

fn wrong_type(store: &Store, of_outpost: &str, provider: &Json) -> Option<String> {
    let id = plain(provider);
    let mut providers = store.among(|name| Family::Provider.has(name));
    let kind = providers.find(|(_, other, _)| *other == id)?.0.strip_prefix("authentik_provider_")?;
    (kind != of_outpost)
        .then(|| format!("400 Outpost type {of_outpost} can't be used with {} providers.", kind.to_uppercase()))
}

fn flags(authentik: &Authentik, given: &str) -> Option<String> {
    let given: Object = serde_json::from_str(given).unwrap_or_default();
    let wanted = authentik.release.system_flags();
    if let Some(missing) = wanted.iter().find(|flag| !given.contains_key(*flag)) {
        return Some(format!("no value given for required property {missing}"));
    }
    given.keys().find(|flag| !wanted.contains(flag)).map(|flag| format!("json: unknown field \"{flag}\""))
}

fn user(given: &Object, new: bool) -> Option<String> {
    let path = word(given, "path");
    if path.starts_with('/') || path.ends_with('/') || path.contains("//") {
        return Some("400 path: No leading or trailing slashes, and no empty segments, are allowed.".to_owned());
    }
    (new && word(given, "type") == "internal_service_account")
        .then(|| "400 type: Can't set internal_service_account user type.".to_owned())
}

fn one_group_a_role(store: &Store, own: Option<&str>, given: &Object) -> Option<String> {
    let roles = |object: &Object| object.get("roles").and_then(Json::as_array).cloned().unwrap_or_default();
    let mine = roles(given);
    let mut others = store.all("authentik_group").filter(|(id, _)| Some(*id) != own);
    others
        .any(|(_, other)| roles(other).iter().any(|role| mine.contains(role)))
        .then(|| "400 roles: Roles can only be used with a single group.".to_owned())
}
