//! The paths in Vault: what lies there, who writes it and who reads it.

use std::collections::BTreeMap;

use diagnostic::Derived;
use lab::{Lab, SecretReference, VaultSecret, Writer};
use template::{Placed, Value, context};

use crate::text;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let mut readers = BTreeMap::<&str, Vec<Derived<String>>>::new();
    for secret in lab.secret_references() {
        readers.entry(&secret.vault.path.value).or_default().push(reader(secret));
    }
    let rows: Vec<_> = lab
        .vault_secrets()
        .map(|secret| row(lab, secret, readers.get(secret.path.value.as_str()).map_or(&[], Vec::as_slice)))
        .collect();
    let write = |secret: &SecretReference, values| Placed::text(&vault_put(lab, &secret.vault.path, values));
    context! {
        address => text(&lab.inventory.vault.address),
        mount => Placed::text(&lab.store.mount),
        secrets => rows,
        write_config => write(&lab.identity.config, r#"secret_key="$(openssl rand -hex 40)""#),
        write_postgres => write(&lab.identity.postgres, r#"password="$PASSWORD""#),
        write_token => write(&lab.identity.token, r#"token="$(openssl rand -hex 30)""#),
    }
}

/// The command that writes `values` to `path`. A `$PASSWORD` in them is asked for first.
pub(crate) fn vault_put(lab: &Lab<'_>, path: &Derived<String>, values: &str) -> Derived<String> {
    let mount = &lab.store.mount;
    let ask = if values.contains("$PASSWORD") { "read -rs PASSWORD && " } else { "" };
    // Neither has a character that a shell would take for its own.
    let command = format!("{ask}vault kv put -mount={} {} {values}", mount.value, path.value);
    Derived::new(command, mount.from.iter().chain(&path.from).copied())
}

/// A Secret as namespace and name.
fn reader(secret: &SecretReference) -> Derived<String> {
    let from = secret.name.from.iter().chain(&secret.namespace.from).copied();
    Derived::new(format!("{}/{}", secret.namespace.value, secret.name.value), from)
}

fn row(lab: &Lab<'_>, secret: &VaultSecret, readers: &[Derived<String>]) -> Value {
    let is_read_by_tofu = secret.path.value == lab.identity.token.vault.path.value;
    context! {
        path => Placed::text(&secret.path),
        keys => Placed::list(secret.keys.iter().copied()),
        is_written_by_person => secret.writer == Writer::Person,
        has_readers => !readers.is_empty(),
        readers => Placed::list(readers),
        is_read_by_tofu,
        is_read_by_hand => readers.is_empty() && !is_read_by_tofu,
    }
}
