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

#[test]
fn two_clusters_do_not_share_an_auth_method() {
    check(
        r#"
flux:
  clusters: [home, attic]
#                  ^^^^^ warning[shared-auth-mount]: `attic` logs in to Vault by the auth method of `home`
# help: add `mounts: { attic: kubernetes-attic }` under `flux.store.auth`
  store: { kind: ClusterSecretStore, name: vault, auth: { mount: kubernetes, role: eso, service_account: { name: eso, namespace: eso } } }
#                                                                ^^^^^^^^^^ related: it trusts the tokens of one cluster
"#,
    );
}

#[test]
fn a_cluster_with_an_auth_method_of_its_own_is_left_alone() {
    check(
        r#"
flux:
  clusters: [home, attic]
  store: { kind: ClusterSecretStore, name: vault, auth: { mount: kubernetes, mounts: { attic: other }, role: eso, service_account: { name: eso, namespace: eso } } }
"#,
    );
    check(
        r#"
flux:
  store: { kind: ClusterSecretStore, name: vault, auth: { mount: kubernetes, mounts: { atic: other }, role: eso, service_account: { name: eso, namespace: eso } } }
#                                                                                      ^^^^ error[unknown-cluster]: unknown cluster `atic`
# help: add `atic` to `flux.clusters`
"#,
    );
}
