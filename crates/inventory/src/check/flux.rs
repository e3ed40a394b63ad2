//! The store must go with the operator of the secrets.

use std::collections::BTreeMap;

use diagnostic::Diagnostic;

use super::{Known, cluster_exists};
use crate::read::Reader;
use crate::{Inventory, SecretOperator, Store, StoreKind, rules};

pub(super) fn check(inventory: &Inventory, known: &Known<'_>, reader: &mut Reader) {
    auth_mounts(inventory, known, reader);
    let (secrets, store) = (&inventory.flux.secrets, &inventory.flux.store);
    let operator = match store.kind.value {
        StoreKind::ClusterSecretStore | StoreKind::SecretStore => SecretOperator::ExternalSecrets,
        StoreKind::VaultAuth => SecretOperator::VaultSecretsOperator,
    };
    if operator == secrets.value {
        parts(store, reader);
        return;
    }
    let kind = store.kind.as_str();
    let message = format!("a `{kind}` belongs to `{}`, not to `{}`", operator.as_str(), secrets.as_str());
    let other = match secrets.value {
        SecretOperator::ExternalSecrets => "ClusterSecretStore",
        SecretOperator::VaultSecretsOperator => "VaultAuth",
    };
    let finding = Diagnostic::error(rules::STORE_MISMATCH, store.kind.span, message);
    reader.report(
        finding
            .related(secrets.span, "the operator of the secrets")
            .help(format!("write `kind: {other}`, or `secrets: {}`", operator.as_str())),
    );
}

/// What each kind of store has and has not.
fn parts(store: &Store, reader: &mut Reader) {
    let kind = store.kind.value;
    let mut refuse = |span, message: String, help: &str| {
        let finding = Diagnostic::error(rules::STORE_MISMATCH, span, message);
        reader.report(finding.related(store.kind.span, "the kind of the store").help(help));
    };
    match (kind, &store.namespace) {
        (StoreKind::VaultAuth, None) => {
            let message = "a `VaultAuth` needs `namespace`: the Secrets of other namespaces refer to it there";
            refuse(store.span, String::from(message), "add `namespace: vault-secrets-operator`");
        }
        (StoreKind::ClusterSecretStore | StoreKind::SecretStore, Some(namespace)) => {
            let message = format!("a `{}` takes no `namespace`", kind.as_str());
            refuse(namespace.span, message, "delete `namespace`");
        }
        _ => {}
    }
    if let (StoreKind::VaultAuth, Some(path)) = (kind, &store.path) {
        refuse(path.span, String::from("a `VaultAuth` takes no `path`"), "delete `path`: the mount is `vault.mount`");
    }
    if let (StoreKind::SecretStore, Some(auth)) = (kind, &store.auth) {
        let message = "labtree renders no `SecretStore`, so it takes no `auth`";
        refuse(auth.span, String::from(message), "delete `auth`, or write `kind: ClusterSecretStore`");
    }
}

/// Vault's Kubernetes auth method asks one cluster about the tokens that it is shown.
fn auth_mounts(inventory: &Inventory, known: &Known<'_>, reader: &mut Reader) {
    let Some(auth) = &inventory.flux.store.auth else { return };
    for entry in &auth.mounts {
        cluster_exists(&entry.name, known, reader);
    }
    let mut taken = BTreeMap::new();
    for cluster in &inventory.flux.clusters {
        let own = auth.mounts.iter().find(|entry| entry.name.value == cluster.value);
        let mount = own.map_or(&auth.mount, |entry| &entry.value);
        let Some(first) = taken.insert(mount.as_str(), cluster) else { continue };
        let message = format!("`{}` logs in to Vault by the auth method of `{}`", cluster.as_str(), first.as_str());
        reader.report(
            Diagnostic::warning(rules::SHARED_AUTH_MOUNT, cluster.span, message)
                .related(mount.span, "it trusts the tokens of one cluster")
                .help(format!("add `mounts: {{ {0}: kubernetes-{0} }}` under `flux.store.auth`", cluster.as_str())),
        );
    }
}
