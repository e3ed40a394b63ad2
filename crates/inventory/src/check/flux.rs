//! The store must go with the operator of the secrets.

use diagnostic::Diagnostic;

use crate::read::Reader;
use crate::{Inventory, SecretOperator, Store, StoreKind, rules};

pub(super) fn check(inventory: &Inventory, reader: &mut Reader) {
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
