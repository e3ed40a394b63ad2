//! A Secret that is read and that nothing makes.

use std::collections::BTreeSet;

use diagnostic::Severity;

use crate::flux::secrets::{Chance, Read, Secrets, in_clusters, slip};
use crate::{Findings, Repo};

crate::rule! {
    /// A Secret is read that nothing makes in that namespace.
    ///
    /// ## Why
    /// A pod does not start before every Secret that it reads is there, and a HelmRelease or a source is not ready
    /// without those that it names ([Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)).
    ///
    /// It is an error where all that the cluster runs is known, and nothing else in that namespace could make the Secret;
    /// and a warning where a chart or an operator might, but a Secret with nearly this name is made there. In the namespace
    /// of Flux, where some are made by hand before Flux runs, it is a warning too.
    ///
    /// Of the values of charts, those of authentik and app-template are known to name Secrets; of app-template after
    /// release 4 it is a warning. Any other chart may make Secrets of its own in the namespace that it is installed to.
    ///
    /// ## Fix
    /// Correct the name, or add what makes the Secret: an ExternalSecret, or a Secret that SOPS encrypts.
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
    /// #                                            ^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-keys`, which nothing makes in the namespace `infra`
    /// ```
    ///
    /// With what makes it:
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
    /// When a person makes the Secret by hand, and it is written down where.
    "missing-secret-reference", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, secrets) in in_clusters(repo) {
        let mut told = BTreeSet::new();
        for read in secrets.reads.iter().filter(|read| is_missing(secrets, read)) {
            let near = slip(&read.name, secrets.names_in(&read.namespace));
            let severity = match (secrets.chance(&read.namespace, &read.name), read.severity) {
                // There a person makes what Flux needs before it can fetch anything.
                (Chance::None, Some(_)) if read.namespace == cluster.beginning.namespace => Severity::Warning,
                (Chance::None, Some(severity)) => severity,
                (Chance::None | Chance::Some | Chance::Likely, _) if near.is_some() => Severity::Warning,
                _ => continue,
            };
            if !told.insert((read.name.span, read.namespace.clone())) {
                continue;
            }
            let Read { by, namespace, name, .. } = read;
            let message =
                format!("{by} reads the Secret `{}`, which nothing makes in the namespace `{namespace}`", name.value);
            let report = findings.report_in(cluster, name.span, message).severity(severity);
            match near {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help(format!("add an ExternalSecret, or an encrypted Secret, called `{}`", name.value)),
            };
        }
    }
}

/// Whether nothing that is seen makes what is read, in whichever namespace.
fn is_missing(secrets: &Secrets, read: &Read) -> bool {
    !read.is_optional
        && secrets.made(&read.namespace, &read.name).is_empty()
        && secrets.made_beside(&read.namespace, &read.name).is_empty()
}

#[cfg(test)]
mod tests;
