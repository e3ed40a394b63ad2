//! A path of Vault that begins with its mount, or with the API's `data`.

use std::collections::BTreeSet;

use crate::flux::vault::{Read, Vault};
use crate::{Findings, Repo};

crate::rule! {
    /// The path of a secret in Vault begins with its mount, or with `data/`.
    ///
    /// ## Why
    /// The Vault Secrets Operator puts the mount, and `data` for the second version of the KV engine, in front of the path
    /// itself
    /// ([VaultStaticSecret](https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/sources/vault)), so that it
    /// reads `infra/data/infra/…`, where nothing is. External Secrets takes the mount in front of a key for what it is, but
    /// not `data/` alone.
    ///
    /// ## Fix
    /// Write the path below the mount.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/smtp.yaml
    /// apiVersion: secrets.hashicorp.com/v1beta1
    /// kind: VaultStaticSecret
    /// metadata: { name: smtp, namespace: infra }
    /// spec:
    ///   mount: infra
    ///   type: kv-v2
    ///   path: infra/authentik/smtp
    /// #       ^^^^^^^^^^^^^^^^^^^^ warning[vault-mount-in-path]: VaultStaticSecret `smtp` names the mount `infra` in its path too
    ///   destination: { name: smtp, create: true }
    /// ```
    ///
    /// Below the mount:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/smtp.yaml
    /// apiVersion: secrets.hashicorp.com/v1beta1
    /// kind: VaultStaticSecret
    /// metadata: { name: smtp, namespace: infra }
    /// spec:
    ///   mount: infra
    ///   type: kv-v2
    ///   path: authentik/smtp
    ///   destination: { name: smtp, create: true }
    /// ```
    ///
    /// ## When to allow
    /// When there is a folder of that name below the mount.
    "vault-mount-in-path", Warning, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let vault = Vault::of(repo);
    let mut told = BTreeSet::new();
    for read in &vault.reads {
        // A folder of that name that OpenTofu writes is meant.
        let is_written = vault.writes.iter().any(|write| write.path == read.path);
        let Some((message, rest)) = fault(read).filter(|_| !is_written) else { continue };
        if told.insert(read.written.span) {
            findings.report(read.written.span, message).help(format!("write `{rest}`"));
        }
    }
}

/// What is wrong with the path, and what it should be.
fn fault(read: &Read) -> Option<(String, &str)> {
    let mount = read.mount.as_deref()?;
    let path = read.written.value.trim_matches('/');
    let below = |first: &str| path.strip_prefix(first)?.strip_prefix('/').filter(|rest| !rest.is_empty());
    if let Some(rest) = below(mount).filter(|_| !read.skips_mount) {
        let rest = rest.strip_prefix("data/").unwrap_or(rest);
        return Some((format!("{} names the mount `{mount}` in its path too", read.by), rest));
    }
    let rest = below("data").filter(|_| read.is_second)?;
    Some((format!("{} names `data/` in its path, which is put in front of it anyway", read.by), rest))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const CLUSTER: &str = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/store.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: vault }
spec: { provider: { vault: { path: infra, version: v2 } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: all, namespace: infra }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  data:
";

    #[test]
    fn data_in_front_of_a_key_is_reported() {
        check_rule(
            "vault-mount-in-path",
            &format!(
                "{CLUSTER}    - {{ secretKey: a, remoteRef: {{ key: data/authentik/smtp }} }}
#                                       ^^^^^^^^^^^^^^^^^^^ warning[vault-mount-in-path]: ExternalSecret `all` names `data/` in its path, which is put in front of it anyway
# help: write `authentik/smtp`
"
            ),
        );
    }

    #[test]
    fn what_external_secrets_takes_for_the_mount_and_folders_of_its_name_are_left_alone() {
        check_rule(
            "vault-mount-in-path",
            &format!(
                "{CLUSTER}    - {{ secretKey: a, remoteRef: {{ key: infra/authentik/smtp }} }}
    - {{ secretKey: a, remoteRef: {{ key: infra/data/authentik/smtp }} }}
    - {{ secretKey: a, remoteRef: {{ key: database/authentik }} }}
---
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: {{ name: nested, namespace: infra }}
spec: {{ mount: infra, path: infra/smtp, type: kv-v2 }}
#- tofu/main.tf
resource \"vault_kv_secret_v2\" \"smtp\" {{
  mount     = \"infra\"
  name      = \"infra/smtp\"
  data_json = \"{{}}\"
}}
"
            ),
        );
    }
}
