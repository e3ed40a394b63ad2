//! A path of Vault that a cluster reads, and that OpenTofu does not write beside those of other apps.

use std::collections::BTreeSet;

use crate::flux::secrets::{Keys, slip};
use crate::flux::vault::{Read, Vault, Write};
use crate::{Findings, Repo};

crate::rule! {
    /// A cluster reads a path or a key of Vault that OpenTofu does not write.
    ///
    /// ## Why
    /// The Secret is not made, or lacks the key, and its app does not start
    /// ([ExternalSecret](https://external-secrets.io/latest/api/externalsecret/)).
    ///
    /// Only what OpenTofu could be meant to write counts: a path of the shape of those that it writes, as
    /// `apps/NAME/oidc`, one that differs from such a path by a letter or two, and the keys of documents that are known.
    ///
    /// ## Fix
    /// Correct the path or the key, or declare the app in OpenTofu.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/grafana-oidc.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ClusterSecretStore
    /// metadata: { name: vault }
    /// spec: { provider: { vault: { server: https://vault.example.org, path: infra, version: v2 } } }
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: grafana-oidc, namespace: monitoring }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: client_id, remoteRef: { key: apps/graphana/oidc, property: client_id } }
    /// #                                               ^^^^^^^^^^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `grafana-oidc` reads `infra/apps/graphana/oidc` in Vault, which OpenTofu does not write
    /// #- tofu/main.tf
    /// resource "vault_kv_secret_v2" "grafana" {
    ///   mount     = "infra"
    ///   name      = "apps/grafana/oidc"
    ///   data_json = jsonencode({ client_id = "grafana" })
    /// }
    /// ```
    ///
    /// By the path that is written:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
    /// #- clusters/home/grafana-oidc.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ClusterSecretStore
    /// metadata: { name: vault }
    /// spec: { provider: { vault: { server: https://vault.example.org, path: infra, version: v2 } } }
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: grafana-oidc, namespace: monitoring }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: client_id, remoteRef: { key: apps/grafana/oidc, property: client_id } }
    /// #- tofu/main.tf
    /// resource "vault_kv_secret_v2" "grafana" {
    ///   mount     = "infra"
    ///   name      = "apps/grafana/oidc"
    ///   data_json = jsonencode({ client_id = "grafana" })
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a person writes that path to Vault by hand.
    "vault-path-never-written", Warning, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let vault = Vault::of(repo);
    let mut told = BTreeSet::new();
    for read in vault.reads.iter().filter(|_| !vault.may_write_more) {
        let writes: Vec<_> = vault.writes.iter().filter(|write| write.path == read.path).collect();
        match writes.first() {
            Some(first) => key(read, &writes, first, &mut told, findings),
            None => path(&vault, read, &mut told, findings),
        }
    }
}

fn path(vault: &Vault, read: &Read, told: &mut BTreeSet<diagnostic::Span>, findings: &mut Findings<'_>) {
    let paths = || vault.writes.iter().map(|write| write.path.as_str());
    let near = slip(&read.path, paths().chain(vault.touched.iter().map(String::as_str)));
    let is_meant = near.is_some() || paths().any(|path| are_alike(path, &read.path));
    if vault.touched.contains(&read.path) || !is_meant || !told.insert(read.written.span) {
        return;
    }
    let message = format!("{} reads `{}` in Vault, which OpenTofu does not write", read.by, read.path);
    let report = findings.report(read.written.span, message);
    if let Some(near) = near.or_else(|| diagnostic::nearest(&read.path, paths())) {
        report.help(format!("did you mean `{near}`?"));
    }
}

fn key(
    read: &Read,
    writes: &[&Write],
    first: &Write,
    told: &mut BTreeSet<diagnostic::Span>,
    findings: &mut Findings<'_>,
) {
    let Some(key) = &read.key else { return };
    let mut known = BTreeSet::new();
    for write in writes {
        match &write.keys {
            Keys::Known(keys) => known.extend(keys.iter().map(String::as_str)),
            Keys::Open => return,
        }
    }
    let outermost = key.value.split('.').next().unwrap_or_default();
    if known.contains(key.value.as_str()) || known.contains(outermost) || !told.insert(key.span) {
        return;
    }
    let message = format!("{} reads `{}` of `{}`, which OpenTofu does not write", read.by, key.value, read.path);
    let report = findings.report(key.span, message).related(first.place, format!("{} writes this document", first.by));
    if let Some(near) = diagnostic::nearest(&key.value, known) {
        report.help(format!("did you mean `{near}`?"));
    }
}

/// Whether two paths are of one shape, `infra/apps/NAME/oidc`: as long, and different in one part only that has others
/// on both sides. The last part tells what is kept of an app, and a person may keep more of it.
fn are_alike(written: &str, read: &str) -> bool {
    let (one, two): (Vec<_>, Vec<_>) = (written.split('/').collect(), read.split('/').collect());
    let different: Vec<_> = (0..one.len()).filter(|at| one.get(*at) != two.get(*at)).collect();
    one.len() == two.len() && matches!(different[..], [at] if at >= 2 && at + 1 < one.len())
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
kind: SecretStore
metadata: { name: vault, namespace: apps }
spec: { provider: { vault: { server: https://vault.example.org, path: infra } } }
#- tofu/main.tf
locals { apps = toset([\"grafana\", \"gitea\"]) }
resource \"vault_kv_secret_v2\" \"apps\" {
  for_each  = local.apps
  mount     = \"infra\"
  name      = \"apps/${each.key}/oidc\"
  data_json = jsonencode({ client_id = each.key, client_secret = random_password.it.result })
}
resource \"random_password\" \"it\" { length = 32 }
";

    /// An ExternalSecret in `apps` with these entries.
    #[track_caller]
    fn check(data: &str) {
        check_rule(
            "vault-path-never-written",
            &format!(
                "{CLUSTER}#- clusters/home/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{ name: app, namespace: apps }}
spec:
  secretStoreRef: {{ name: vault }}
{}",
                data.trim_start_matches('\n')
            ),
        );
    }

    #[test]
    fn a_path_of_the_same_shape_and_a_slip_are_reported() {
        check(
            "
  data:
    - { secretKey: a, remoteRef: { key: apps/notes/oidc, property: client_id } }
#                                       ^^^^^^^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `app` reads `infra/apps/notes/oidc` in Vault, which OpenTofu does not write
    - { secretKey: a, remoteRef: { key: apps/gitea/odic, property: client_id } }
#                                       ^^^^^^^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `app` reads `infra/apps/gitea/odic` in Vault, which OpenTofu does not write
# help: did you mean `infra/apps/gitea/oidc`?
  dataFrom:
    - extract: { key: infra/data/apps/gitae/oidc }
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `app` reads `infra/apps/gitae/oidc` in Vault, which OpenTofu does not write
",
        );
    }

    #[test]
    fn a_key_that_the_document_lacks_is_reported() {
        check(
            "
  data:
    - { secretKey: a, remoteRef: { key: apps/gitea/oidc, property: client-id } }
#                                                                  ^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `app` reads `client-id` of `infra/apps/gitea/oidc`, which OpenTofu does not write
# help: did you mean `client_id`?
    - { secretKey: a, remoteRef: { key: apps/gitea/oidc, property: client_secret } }
",
        );
    }

    #[test]
    fn a_slip_in_a_path_that_opentofu_reads_too_is_reported() {
        check(
            "
  data: [{ secretKey: a, remoteRef: { key: authentik/tokn, property: token } }]
#                                          ^^^^^^^^^^^^^^ warning[vault-path-never-written]: ExternalSecret `app` reads `infra/authentik/tokn` in Vault, which OpenTofu does not write
# help: did you mean `infra/authentik/token`?
#- tofu/meta.tf
ephemeral \"vault_kv_secret_v2\" \"token\" {
  mount = \"infra\"
  name  = \"authentik/token\"
}
",
        );
    }

    #[test]
    fn what_a_person_may_write_is_left_alone() {
        for data in [
            "  data: [{ secretKey: a, remoteRef: { key: authentik/smtp, property: password } }]\n",
            "  data: [{ secretKey: a, remoteRef: { key: apps/gitea/admin, property: password } }]\n",
            "  data: [{ secretKey: a, remoteRef: { key: apps/gitea/oidc } }]\n",
            "  data: [{ secretKey: a, remoteRef: { key: infra/apps/gitea/oidc, property: client_id } }]\n",
            "  data: [{ secretKey: a, remoteRef: { key: apps/notes/oidc } }]
#- tofu/more.tf
variable \"name\" { type = string }
resource \"vault_kv_secret_v2\" \"more\" {
  mount     = \"infra\"
  name      = var.name
  data_json = \"{}\"
}
",
            "  data: [{ secretKey: a, remoteRef: { key: apps/notes/oidc } }]
#- clusters/home/other.yaml
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: other, namespace: apps }
spec: { provider: { vault: { server: https://other.example.org, path: infra } } }
",
            "  data: [{ secretKey: a, remoteRef: { key: apps/notes/oidc } }]
#- clusters/home/push.yaml
{ apiVersion: external-secrets.io/v1alpha1, kind: PushSecret, metadata: { name: push, namespace: apps }, spec: {} }
",
        ] {
            check(data);
        }
    }
}
