//! What makes Secrets: Secrets themselves, and the objects of operators that write them.

use std::collections::BTreeSet;

use diagnostic::Span;
use manifest::Value;
use resolve_flux::Object;

use super::{Keys, Made};

/// What each way of keeping a certificate adds:
/// [`additionalOutputFormats` and `keystores`](https://cert-manager.io/docs/usage/certificate/) of cert-manager.
const CERTIFICATE: [&str; 3] = ["ca.crt", "tls.crt", "tls.key"];

/// What a cluster of CloudNativePG makes:
/// [what its documentation calls them](https://cloudnative-pg.io/documentation/current/applications/).
const POSTGRES: [&str; 5] = ["app", "ca", "replication", "server", "superuser"];

/// The Secrets that `object` makes in its namespace, each with its name.
pub(super) fn by(object: &Object) -> Vec<(String, Made)> {
    let kind = object.kind();
    let spec = object.value.get("spec");
    match (object.group(), kind) {
        ("", "Secret") => own(object, keys_of_secret(object)),
        ("external-secrets.io", "ExternalSecret") => external(object),
        ("bitnami.com", "SealedSecret") => {
            let keys = spec.and_then(|spec| spec.get("encryptedData")).map(names).unwrap_or_default();
            let has_template = spec.is_some_and(|spec| spec.at(&["template", "data"]).is_some());
            own(object, if has_template || keys.is_empty() { Keys::Open } else { Keys::Known(keys) })
        }
        ("secrets.hashicorp.com", "VaultStaticSecret" | "VaultDynamicSecret" | "VaultPKISecret") => {
            named(object, &["destination", "name"], Keys::Open)
        }
        ("cert-manager.io", "Certificate") => {
            let more = ["keystores", "additionalOutputFormats", "secretTemplate"];
            let is_open = spec.is_some_and(|spec| more.iter().any(|field| spec.get(field).is_some()));
            let known = CERTIFICATE.iter().map(|key| (*key).to_owned()).collect();
            named(object, &["secretName"], if is_open { Keys::Open } else { Keys::Known(known) })
        }
        ("cert-manager.io", "Issuer") => named(object, &["acme", "privateKeySecretRef", "name"], Keys::Open),
        ("postgresql.cnpg.io", "Cluster") => {
            let names = POSTGRES.iter().map(|part| format!("{}-{part}", object.name()));
            names.map(|name| (name, made(object, place(object), Keys::Open))).collect()
        }
        _ => Vec::new(),
    }
}

/// How people call `object`: its kind and its name.
pub(super) fn called(object: &Object) -> String {
    format!("{} `{}`", object.kind(), object.name())
}

fn made(object: &Object, place: Span, keys: Keys) -> Made {
    Made { by: called(object), place, keys }
}

fn place(object: &Object) -> Span {
    manifest::Identity::place(&object.value)
}

/// The one that is called as the object.
fn own(object: &Object, keys: Keys) -> Vec<(String, Made)> {
    if object.name().is_empty() {
        return Vec::new();
    }
    vec![(object.name().to_owned(), made(object, place(object), keys))]
}

/// The one that the object names at `path` of its `spec`.
fn named(object: &Object, path: &[&str], keys: Keys) -> Vec<(String, Made)> {
    let Some(name) = object.value.get("spec").and_then(|spec| spec.at(path)) else { return Vec::new() };
    let Some(text) = name.text() else { return Vec::new() };
    vec![(text.to_owned(), made(object, name.span, keys))]
}

fn names(map: &Value) -> BTreeSet<String> {
    map.entries().iter().map(|entry| entry.key.value.clone()).collect()
}

/// The keys of a Secret: what is annotated is filled by somebody else, and so is what is empty, or no plain one.
fn keys_of_secret(object: &Object) -> Keys {
    let annotations = object.value.at(&["metadata", "annotations"]).map(Value::entries).unwrap_or_default();
    let fills = ["replicator", "secret-generator", "reflector", "kubed", "service-account", "replicate", "generate"];
    let is_filled = annotations.iter().any(|entry| fills.iter().any(|word| entry.key.value.contains(word)));
    let parts = ["data", "stringData"].map(|part| object.value.get(part));
    if is_filled || parts.iter().flatten().any(|part| part.is_unknown()) {
        return Keys::Open;
    }
    let keys: BTreeSet<_> = parts.into_iter().flatten().flat_map(names).collect();
    if keys.is_empty() { Keys::Open } else { Keys::Known(keys) }
}

/// What an ExternalSecret makes:
/// [its specification](https://external-secrets.io/latest/api/externalsecret/).
fn external(object: &Object) -> Vec<(String, Made)> {
    let Some(spec) = object.value.get("spec") else { return Vec::new() };
    let target = spec.get("target");
    // It may be told to write an object of another kind.
    if target.is_some_and(|target| target.get("manifest").is_some()) {
        return Vec::new();
    }
    let keys = keys_of_external(spec);
    match target.and_then(|target| target.get("name")).filter(|name| !name.is_null() && name.text() != Some("")) {
        Some(name) => {
            name.text().map(|text| vec![(text.to_owned(), made(object, name.span, keys))]).unwrap_or_default()
        }
        None => own(object, keys),
    }
}

fn keys_of_external(spec: &Value) -> Keys {
    let target = spec.get("target");
    let policy = target.and_then(|target| target.text_at("creationPolicy")).unwrap_or("Owner");
    let template = target.and_then(|target| target.get("template"));
    let is_open = !matches!(policy, "Owner" | "Orphan")
        || template.is_some_and(|template| template.get("templateFrom").is_some() || template.is_unknown());
    let of_template = template.and_then(|template| template.get("data"));
    if is_open || of_template.is_some_and(Value::is_unknown) {
        return Keys::Open;
    }
    let merges = template.and_then(|template| template.text_at("mergePolicy")) == Some("Merge");
    let mut keys = of_template.map(names).unwrap_or_default();
    if keys.is_empty() || merges {
        if spec.get("dataFrom").is_some_and(|from| !from.is_null()) {
            return Keys::Open;
        }
        for item in spec.items_at("data") {
            let Some(key) = item.text_at("secretKey") else { return Keys::Open };
            keys.insert(key.to_owned());
        }
    }
    if keys.is_empty() { Keys::Open } else { Keys::Known(keys) }
}
