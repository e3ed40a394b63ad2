//! The paths of Vault that OpenTofu writes, and those that the clusters read.
//!
//! Paths are those of a person: mount and name, without the `data` that the API puts between them. Sources:
//! [the KV engine](https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2),
//! [the Vault provider of External Secrets](https://external-secrets.io/latest/provider/hashicorp-vault/) and
//! [the Vault Secrets Operator](https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/sources/vault).

use std::collections::BTreeSet;

use diagnostic::{Span, Spanned};
use manifest::Value;
use resolve_flux::{Cluster, Object};
use resolve_tofu::{Instance, Mode};
use syntax::hcl::{Expression, Item, Kind};

use super::secrets::Keys;
use crate::Repo;

/// Who writes and reads Vault.
#[derive(Debug, Default)]
pub(crate) struct Vault {
    /// What OpenTofu writes.
    pub(crate) writes: Vec<Write>,
    /// What the clusters read.
    pub(crate) reads: Vec<Read>,
    /// The paths that are read or written by others, or under names that only begin so.
    pub(crate) touched: BTreeSet<String>,
    /// Whether more may be written than is known.
    pub(crate) may_write_more: bool,
    /// Whether more may be read than is known.
    pub(crate) may_read_more: bool,
}

/// A path that OpenTofu writes.
#[derive(Debug)]
pub(crate) struct Write {
    /// What writes it.
    pub(crate) by: String,
    /// Mount and name.
    pub(crate) path: String,
    /// Where the name is written.
    pub(crate) place: Span,
    /// What stands in the document.
    pub(crate) keys: Keys,
}

/// A path that a cluster reads.
#[derive(Debug)]
pub(crate) struct Read {
    /// What reads it.
    pub(crate) by: String,
    /// Mount and name.
    pub(crate) path: String,
    /// The mount, where it is known apart from the name.
    pub(crate) mount: Option<String>,
    /// The path as it is written.
    pub(crate) written: Spanned<String>,
    /// The key of the document, if one is wanted.
    pub(crate) key: Option<Spanned<String>>,
    /// Whether the reader takes a mount in front of the name, and `data` behind that, for what they are.
    pub(crate) skips_mount: bool,
    /// Whether it reads the second version of the KV engine.
    pub(crate) is_second: bool,
}

impl Vault {
    /// Those of `repo`. All that is said holds for one Vault: where several are named, nothing is said.
    pub(crate) fn of(repo: &Repo<'_>) -> Self {
        let mut vault = Self { may_write_more: !repo.is_complete, may_read_more: !repo.is_complete, ..Self::default() };
        let mut servers = BTreeSet::new();
        for root in &repo.tofu.roots {
            vault.may_write_more |= !root.is_whole;
            vault.may_read_more |= !root.is_whole;
            for instance in &root.resolved.instances {
                vault.see_instance(instance);
            }
        }
        for cluster in &repo.flux.clusters {
            vault.may_read_more |= !cluster.is_whole();
            for object in &cluster.objects {
                let spec = object.value.get("spec");
                let of_store = spec.and_then(|spec| spec.at(&["provider", "vault", "server"])?.text());
                let is_connection = object.is("secrets.hashicorp.com", "VaultConnection");
                let of_connection = spec.filter(|_| is_connection).and_then(|spec| spec.text_at("address"));
                servers.extend(of_store.or(of_connection));
                vault.see_object(cluster, object);
            }
        }
        if servers.len() > 1 { Self::default() } else { vault }
    }

    fn see_instance(&mut self, instance: &Instance<'_>) {
        let is_kv = ["vault_kv_secret_v2", "vault_kv_secret", "vault_generic_secret"].contains(&instance.kind());
        if !is_kv {
            return;
        }
        let is_written = instance.resource.mode == Mode::Managed;
        let named = if instance.kind() == "vault_kv_secret_v2" {
            instance
                .known_string("mount")
                .zip(instance.known_string("name"))
                .map(|(mount, name)| Spanned::new(format!("{}/{}", clean(&mount), clean(&name)), name.span))
        } else {
            instance.known_string("path").map(|path| path.map(|path| clean(&path).to_owned()))
        };
        let named = named.filter(|_| instance.argument("namespace").is_none());
        match named {
            Some(path) if is_written => {
                self.may_write_more |= !instance.certain;
                self.writes.push(Write {
                    by: format!("`{}`", instance.address()),
                    path: path.value,
                    place: path.span,
                    keys: keys(instance),
                });
            }
            Some(path) => {
                self.touched.insert(path.value);
            }
            None if is_written => self.may_write_more = true,
            None => self.may_read_more = true,
        }
    }

    fn see_object(&mut self, cluster: &Cluster, object: &Object) {
        let spec = object.value.get("spec");
        match (object.group(), object.kind()) {
            ("external-secrets.io", "ExternalSecret") => self.see_external(cluster, object, spec),
            ("external-secrets.io", "ClusterExternalSecret") => {
                self.see_external(cluster, object, spec.and_then(|spec| spec.get("externalSecretSpec")));
            }
            // It writes, under a name of its own.
            ("external-secrets.io", "PushSecret") => self.may_write_more = true,
            ("secrets.hashicorp.com", "VaultStaticSecret") => {
                let Some((spec, path)) = spec.and_then(|spec| Some((spec, spec.get("path")?))) else { return };
                let text = |value: &Value| value.text().map(|text| clean(text).to_owned());
                match (spec.get("mount").and_then(text), text(path)) {
                    (Some(mount), Some(written)) if spec.get("namespace").is_none() => self.reads.push(Read {
                        by: called(object),
                        path: format!("{mount}/{written}"),
                        mount: Some(mount),
                        written: Spanned::new(written, path.span),
                        key: None,
                        skips_mount: false,
                        is_second: spec.text_at("type") != Some("kv-v1"),
                    }),
                    _ => self.may_read_more = true,
                }
            }
            // What reads Vault by itself may read anything.
            (_, "SecretProviderClass") => self.may_read_more = true,
            _ => {}
        }
    }

    fn see_external(&mut self, cluster: &Cluster, object: &Object, spec: Option<&Value>) {
        let Some(spec) = spec else { return };
        let of_all = spec.get("secretStoreRef");
        for item in spec.items_at("data") {
            let store = item.at(&["sourceRef", "storeRef"]).or(of_all);
            self.see_remote(cluster, object, store, item.get("remoteRef"));
        }
        for item in spec.items_at("dataFrom") {
            let store = item.at(&["sourceRef", "storeRef"]).or(of_all);
            if item.get("find").is_some() && store.is_some_and(|store| is_vault(cluster, object, store)) {
                self.may_read_more = true;
            }
            self.see_remote(cluster, object, store, item.get("extract"));
        }
    }

    fn see_remote(&mut self, cluster: &Cluster, object: &Object, store: Option<&Value>, remote: Option<&Value>) {
        let (Some(store), Some(remote)) = (store, remote) else { return };
        let Some(store) = store_of(cluster, object, store) else {
            self.may_read_more = true;
            return;
        };
        let Some(provider) = store.value.at(&["spec", "provider", "vault"]) else { return };
        let key = remote.get("key").and_then(|key| Some(Spanned::new(key.text()?.to_owned(), key.span)));
        let mount = provider.get("path").map(Value::text);
        let (Some(key), false, false) = (key, mount == Some(None), provider.get("namespace").is_some()) else {
            self.may_read_more = true;
            return;
        };
        let mount = mount.flatten().map(|mount| clean(mount).to_owned());
        let is_second = provider.text_at("version").unwrap_or("v2") == "v2";
        let property = remote.get("property").filter(|property| !property.is_null());
        let property = property.and_then(|value| Some(Spanned::new(value.text()?.to_owned(), value.span)));
        self.reads.push(Read {
            by: called(object),
            path: full(mount.as_deref(), &key, is_second),
            mount,
            written: key,
            key: property.filter(|property| !property.value.is_empty()),
            skips_mount: true,
            is_second,
        });
    }
}

/// Mount and name of the key of an ExternalSecret. A key that begins with the mount is taken to name it, and `data` behind
/// it to be the API's; where the store has no mount, `data` anywhere in the key is. Source: `buildPath` in
/// `pkg/provider/vault/client_get.go` of External Secrets.
fn full(mount: Option<&str>, key: &str, is_second: bool) -> String {
    let key = clean(key);
    let Some(mount) = mount else {
        return if is_second { key.replacen("/data/", "/", 1) } else { key.to_owned() };
    };
    let name = match key.strip_prefix(mount).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) if is_second => rest.strip_prefix("data/").unwrap_or(rest),
        Some(rest) => rest,
        None => key,
    };
    format!("{mount}/{name}")
}

/// The store that `named` names for `object`.
fn store_of<'c>(cluster: &'c Cluster, object: &Object, named: &Value) -> Option<&'c Object> {
    let kind = named.text_at("kind").unwrap_or("SecretStore");
    let namespace = if kind == "ClusterSecretStore" { None } else { object.namespace() };
    cluster.find("external-secrets.io", kind, namespace, named.text_at("name")?)
}

fn is_vault(cluster: &Cluster, object: &Object, named: &Value) -> bool {
    store_of(cluster, object, named).is_none_or(|store| store.value.at(&["spec", "provider", "vault"]).is_some())
}

fn called(object: &Object) -> String {
    format!("{} `{}`", object.kind(), object.name())
}

fn clean(path: &str) -> &str {
    path.trim_matches('/')
}

/// The keys of the document that `instance` writes: those of `jsonencode({ … })`, or of a text that is known.
fn keys(instance: &Instance<'_>) -> Keys {
    let argument = instance.resource.body.items.iter().find_map(|item| match item {
        Item::Attribute(attribute) if ["data_json", "data_json_wo"].contains(&attribute.name.value.as_str()) => {
            Some(attribute)
        }
        _ => None,
    });
    let Some(argument) = argument else { return Keys::Open };
    if let Some(known) = in_call(&argument.value) {
        return Keys::Known(known);
    }
    let text = instance.argument(&argument.name.value).and_then(|argument| argument.value.as_text());
    match text.and_then(|text| serde_json::from_str::<serde_json::Map<_, _>>(text).ok()) {
        Some(object) => Keys::Known(object.into_iter().map(|(key, _): (_, serde_json::Value)| key).collect()),
        None => Keys::Open,
    }
}

fn in_call(expression: &Expression) -> Option<BTreeSet<String>> {
    let Kind::Call { name, arguments, expand: false } = &expression.kind else { return None };
    let (Kind::Object(items), "jsonencode") = (&arguments.first()?.kind, name.value.as_str()) else { return None };
    let keys = items.iter().map(|item| match &item.key.kind {
        Kind::Text(name) => Some(name.clone()),
        _ => None,
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::full;

    #[test]
    fn a_key_is_read_as_external_secrets_reads_it() {
        for (mount, key, path) in [
            (Some("infra"), "apps/gitea", "infra/apps/gitea"),
            (Some("infra"), "infra/apps/gitea", "infra/apps/gitea"),
            (Some("infra"), "infra/data/apps/gitea", "infra/apps/gitea"),
            (Some("infra"), "data/apps/gitea", "infra/data/apps/gitea"),
            (Some("kv/home"), "kv/home/data/apps/gitea", "kv/home/apps/gitea"),
            (None, "infra/apps/gitea", "infra/apps/gitea"),
            (None, "kv/home/data/apps/gitea", "kv/home/apps/gitea"),
        ] {
            assert_eq!(full(mount, key, true), path, "{key}");
        }
        assert_eq!(full(Some("infra"), "infra/data/gitea", false), "infra/data/gitea");
    }
}
