//! A path of Vault that OpenTofu writes for an app of the cluster, and that nothing reads.

use std::collections::BTreeSet;

use crate::flux::vault::Vault;
use crate::{Findings, Repo};

crate::rule! {
    /// OpenTofu writes a path of Vault that nothing reads.
    ///
    /// ## Why
    /// The app that it is named for runs in a cluster and was to get its credentials from there
    /// ([ExternalSecret](https://external-secrets.io/latest/api/externalsecret/)): either it does not, or they are kept for
    /// nobody.
    ///
    /// ## Fix
    /// Add the ExternalSecret that reads it, or no longer write it.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/apps.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ClusterSecretStore
    /// metadata: { name: vault }
    /// spec: { provider: { vault: { server: https://vault.example.org, path: infra, version: v2 } } }
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec: { chart: { spec: { chart: grafana, sourceRef: { kind: HelmRepository, name: grafana } } } }
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: gitea-oidc, namespace: gitea }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data: [{ secretKey: client_id, remoteRef: { key: apps/gitea/oidc, property: client_id } }]
    /// #- tofu/main.tf
    /// resource "vault_kv_secret_v2" "gitea" {
    ///   mount     = "infra"
    ///   name      = "apps/gitea/oidc"
    ///   data_json = jsonencode({ client_id = "gitea" })
    /// }
    /// resource "vault_kv_secret_v2" "grafana" {
    ///   mount     = "infra"
    ///   name      = "apps/grafana/oidc"
    /// #             ^^^^^^^^^^^^^^^^^^^ hint[vault-path-never-read]: `vault_kv_secret_v2.grafana` writes `infra/apps/grafana/oidc` to Vault, and nothing reads it
    ///   data_json = jsonencode({ client_id = "grafana" })
    /// }
    /// ```
    ///
    /// Read by the app:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/apps.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ClusterSecretStore
    /// metadata: { name: vault }
    /// spec: { provider: { vault: { server: https://vault.example.org, path: infra, version: v2 } } }
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec: { chart: { spec: { chart: grafana, sourceRef: { kind: HelmRepository, name: grafana } } } }
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: grafana-oidc, namespace: monitoring }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data: [{ secretKey: client_id, remoteRef: { key: apps/grafana/oidc, property: client_id } }]
    /// #- tofu/main.tf
    /// resource "vault_kv_secret_v2" "grafana" {
    ///   mount     = "infra"
    ///   name      = "apps/grafana/oidc"
    ///   data_json = jsonencode({ client_id = "grafana" })
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When people, or what runs outside of the clusters, read it.
    "vault-path-never-read", Hint, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let vault = Vault::of(repo);
    // Where no cluster reads Vault at all, something else does.
    if vault.may_read_more || vault.reads.is_empty() {
        return;
    }
    let read: BTreeSet<_> = vault.reads.iter().map(|read| &read.path).chain(&vault.touched).collect();
    let apps = apps(repo);
    for write in vault.writes.iter().filter(|write| !read.contains(&write.path)) {
        // What no cluster runs gets its credentials in another way.
        if write.path.split('/').any(|part| apps.contains(part)) {
            let message = format!("{} writes `{}` to Vault, and nothing reads it", write.by, write.path);
            findings.report(write.place, message).help("add the ExternalSecret that reads it, or do not write it");
        }
    }
}

/// What the clusters run, by its names.
fn apps<'r>(repo: &'r Repo<'_>) -> BTreeSet<&'r str> {
    let kinds = ["HelmRelease", "Deployment", "StatefulSet", "DaemonSet"];
    let objects = repo.flux.clusters.iter().flat_map(|cluster| &cluster.objects);
    objects.filter(|object| kinds.contains(&object.kind())).map(|object| object.name()).collect()
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_runs_elsewhere_or_may_be_read_unseen_is_left_alone() {
        let cluster = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/store.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: vault }
spec: { provider: { vault: { path: infra } } }
#- tofu/main.tf
resource \"vault_kv_secret_v2\" \"emby\" {
  mount     = \"infra\"
  name      = \"apps/emby/ldap\"
  data_json = \"{}\"
}
";
        let read = "#- clusters/home/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: gitea, namespace: gitea }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
";
        let runs = "#- clusters/home/emby.yaml
{ apiVersion: apps/v1, kind: Deployment, metadata: { name: emby, namespace: emby }, spec: {} }
";
        for text in [
            // No cluster runs it.
            format!("{read}  data: [{{ secretKey: a, remoteRef: {{ key: apps/gitea }} }}]\n"),
            // No cluster reads Vault.
            runs.to_owned(),
            // Whatever lies below is read.
            format!("{read}  dataFrom: [{{ find: {{ path: apps }} }}]\n{runs}"),
            // OpenTofu reads it itself.
            format!(
                "{read}  data: [{{ secretKey: a, remoteRef: {{ key: apps/gitea }} }}]\n{runs}#- tofu/read.tf
data \"vault_kv_secret_v2\" \"emby\" {{
  mount = \"infra\"
  name  = \"apps/emby/ldap\"
}}
"
            ),
        ] {
            check_rule("vault-path-never-read", &format!("{cluster}{text}"));
        }
    }
}
