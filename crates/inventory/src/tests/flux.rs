//! The store and the operator of the secrets.

use super::marks::check;

#[test]
fn a_vault_auth_does_not_go_with_external_secrets() {
    check(
        r#"
flux:
  secrets: external-secrets
#          ^^^^^^^^^^^^^^^^ related: the operator of the secrets
  store: { kind: VaultAuth, name: vault, namespace: x }
#                ^^^^^^^^^ error[store-mismatch]: a `VaultAuth` belongs to `vault-secrets-operator`, not to `external-secrets`
# help: write `kind: ClusterSecretStore`, or `secrets: vault-secrets-operator`
"#,
    );
}

#[test]
fn a_cluster_secret_store_does_not_go_with_the_vault_secrets_operator() {
    check(
        r#"
flux:
  secrets: vault-secrets-operator
#          ^^^^^^^^^^^^^^^^^^^^^^ related: the operator of the secrets
  store: { kind: ClusterSecretStore, name: vault }
#                ^^^^^^^^^^^^^^^^^^ error[store-mismatch]: a `ClusterSecretStore` belongs to `external-secrets`, not to `vault-secrets-operator`
# help: write `kind: VaultAuth`, or `secrets: external-secrets`
"#,
    );
}

#[test]
fn a_vault_auth_needs_a_namespace_and_takes_no_path() {
    check(
        r#"
flux:
  secrets: vault-secrets-operator
  store: { kind: VaultAuth, name: vault, path: infra }
# ^^^^^ error[store-mismatch]: a `VaultAuth` needs `namespace`: the Secrets of other namespaces refer to it there
# help: add `namespace: vault-secrets-operator`
#                ^^^^^^^^^ related: the kind of the store
#                                              ^^^^^ error[store-mismatch]: a `VaultAuth` takes no `path`
# help: delete `path`: the mount is `vault.mount`
#                ^^^^^^^^^ related: the kind of the store
"#,
    );
}

#[test]
fn a_secret_store_takes_neither_namespace_nor_auth() {
    check(
        r#"
flux:
  secrets: external-secrets
  store: { kind: SecretStore, name: vault, namespace: infra, auth: { mount: kubernetes, role: eso, service_account: { name: eso, namespace: eso } } }
#                                                     ^^^^^ error[store-mismatch]: a `SecretStore` takes no `namespace`
# help: delete `namespace`
#                ^^^^^^^^^^^ related: the kind of the store
#                                                            ^^^^ error[store-mismatch]: labtree renders no `SecretStore`, so it takes no `auth`
# help: delete `auth`, or write `kind: ClusterSecretStore`
#                ^^^^^^^^^^^ related: the kind of the store
"#,
    );
}

#[test]
fn a_vault_auth_with_a_namespace_and_auth_is_left_alone() {
    check(
        r#"
flux:
  secrets: vault-secrets-operator
  store: { kind: VaultAuth, name: vault, namespace: vso, auth: { mount: kubernetes, role: eso, service_account: { name: eso, namespace: eso } } }
"#,
    );
}
