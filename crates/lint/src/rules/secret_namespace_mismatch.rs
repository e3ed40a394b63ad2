//! A Secret that is made in another namespace than it is read in.

use std::collections::BTreeSet;

use diagnostic::Severity;

use crate::flux::secrets::{Chance, in_clusters};
use crate::{Findings, Repo};

crate::rule! {
    /// A Secret is read in one namespace and made in another.
    ///
    /// ## Why
    /// Pods, HelmReleases and sources read Secrets of their own namespace only
    /// ([Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)): they wait for one that never comes.
    ///
    /// It is a warning where a chart or an operator might make the Secret in the namespace that it is read in.
    ///
    /// ## Fix
    /// Make the Secret where it is read: an ExternalSecret in each namespace that needs it.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   chart: { spec: { chart: authentik, version: 2026.5.3, sourceRef: { kind: HelmRepository, name: authentik } } }
    ///   values:
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_SECRET_KEY
    ///           valueFrom: { secretKeyRef: { name: authentik-keys, key: secret_key } }
    /// #                                            ^^^^^^^^^^^^^^ error[secret-namespace-mismatch]: HelmRelease `authentik` reads the Secret `authentik-keys` in the namespace `infra`, and it is made in `auth`
    /// #- clusters/home/authentik-keys.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: authentik-keys, namespace: auth }
    /// #                 ^^^^^^^^^^^^^^ related: ExternalSecret `authentik-keys` makes it in `auth`
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: secret_key, remoteRef: { key: authentik/keys, property: secret_key } }
    /// ```
    ///
    /// In the namespace of its reader:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   chart: { spec: { chart: authentik, version: 2026.5.3, sourceRef: { kind: HelmRepository, name: authentik } } }
    ///   values:
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_SECRET_KEY
    ///           valueFrom: { secretKeyRef: { name: authentik-keys, key: secret_key } }
    /// #- clusters/home/authentik-keys.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: authentik-keys, namespace: infra }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: secret_key, remoteRef: { key: authentik/keys, property: secret_key } }
    /// ```
    ///
    /// ## When to allow
    /// When something copies the Secret that is not written down in the repository.
    "secret-namespace-mismatch", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, secrets) in in_clusters(repo).filter(|(cluster, _)| cluster.is_whole()) {
        let mut told = BTreeSet::new();
        for read in secrets.reads.iter().filter(|read| !read.is_optional) {
            let (namespace, name) = (read.namespace.as_str(), &read.name);
            let beside = secrets.made_beside(namespace, name);
            let Some((other, made)) = beside.first().filter(|_| secrets.made(namespace, name).is_empty()) else {
                continue;
            };
            let severity = match secrets.chance(namespace, name) {
                Chance::None => read.severity.unwrap_or(Severity::Warning),
                Chance::Some => Severity::Warning,
                Chance::Likely | Chance::Named => continue,
            };
            if !told.insert((name.span, namespace.to_owned())) {
                continue;
            }
            let (by, name_text) = (&read.by, &name.value);
            findings
                .report_in(
                    cluster,
                    name.span,
                    format!(
                        "{by} reads the Secret `{name_text}` in the namespace `{namespace}`, and it is made in `{other}`"
                    ),
                )
                .related(made.place, format!("{} makes it in `{other}`", made.by))
                .help(format!("make it in `{namespace}` too, or move one of the two"))
                .severity(severity);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[track_caller]
    fn check(text: &str) {
        let cluster = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/home
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/app.yaml
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  containers:
    - { name: notes, envFrom: [{ secretRef: { name: notes-env } }] }
";
        check_rule("secret-namespace-mismatch", &format!("{cluster}{}", text.trim_start_matches('\n')));
    }

    #[test]
    fn a_chart_that_may_make_it_too_makes_it_a_warning() {
        check(
            "
#                                                   ^^^^^^^^^ warning[secret-namespace-mismatch]: Pod `notes` reads the Secret `notes-env` in the namespace `apps`, and it is made in `infra`
#- clusters/home/more.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: notes, namespace: apps }
spec:
  chart: { spec: { chart: notes, sourceRef: { kind: HelmRepository, name: more } } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: notes-env, namespace: infra }, data: { a: Yg== } }
#                                                 ^^^^^^^^^ related: Secret `notes-env` makes it in `infra`
",
        );
    }

    #[test]
    fn copies_and_what_is_made_in_both_are_left_alone() {
        for text in [
            "
---
{ apiVersion: v1, kind: Secret, metadata: { name: notes-env, namespace: infra }, data: { a: Yg== } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: notes-env, namespace: apps }, data: { a: Yg== } }
",
            "
---
apiVersion: v1
kind: Secret
metadata:
  name: notes-env
  namespace: infra
  annotations: { reflector.v1.k8s.emberstack.com/reflection-allowed: 'true' }
data: { a: Yg== }
",
            "
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes-env, namespace: infra }
spec:
  target:
    template: { metadata: { annotations: { reflector.v1.k8s.emberstack.com/reflection-allowed: 'true' } } }
",
        ] {
            check(text);
        }
    }

    #[test]
    fn a_namespace_that_kustomize_sets_counts() {
        check(
            "
#- clusters/home/kustomization.yaml
resources: [flux-system/gotk-sync.yaml, app.yaml, notes]
#- clusters/home/notes/kustomization.yaml
namespace: apps
resources: [secret.yaml]
#- clusters/home/notes/secret.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes-env, namespace: infra }, data: { a: Yg== } }
",
        );
    }
}
