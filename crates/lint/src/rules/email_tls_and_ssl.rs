//! E-mail that is to be encrypted in two ways at once.

use std::collections::BTreeSet;

use crate::flux::authentik::whole_releases;
use crate::{Findings, Repo};

crate::rule! {
    /// E-mail is to be sent with both `use_tls` and `use_ssl`.
    ///
    /// ## Why
    /// The two exclude each other, and Django refuses to send with both
    /// ([`EMAIL_USE_TLS`](https://docs.djangoproject.com/en/stable/ref/settings/#email-use-tls)): no invitation and no recovery
    /// link arrives, and only the worker's log says why.
    ///
    /// ## Fix
    /// Keep `use_tls` for port 587, which begins in the clear and upgrades with STARTTLS, or `use_ssl` for port 465, which is
    /// encrypted from the first byte.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.5.3
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik:
    ///       postgresql: { host: db.example.org }
    ///       email:
    ///         host: smtp.example.org
    ///         port: 587
    ///         use_tls: true
    /// #                ^^^^ related: and this
    ///         use_ssl: true
    /// #                ^^^^ error[email-tls-and-ssl]: `use_tls` and `use_ssl` are both on, and no e-mail can be sent
    /// ```
    ///
    /// With one of them:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.5.3
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik:
    ///       postgresql: { host: db.example.org }
    ///       email:
    ///         host: smtp.example.org
    ///         port: 587
    ///         use_tls: true
    ///         use_ssl: false
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "email-tls-and-ssl", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        for pod in release.pods() {
            let [tls, ssl] = ["use_tls", "use_ssl"].map(|key| pod.setting(&["email", key]));
            let both = tls.is_true() == Some(true) && ssl.is_true() == Some(true);
            let (Some((_, tls)), Some((_, ssl))) = (tls.known(), ssl.known()) else { continue };
            if both && told.insert(ssl) {
                let report = findings.report(ssl, "`use_tls` and `use_ssl` are both on, and no e-mail can be sent");
                report.related(tls, "and this").help("keep `use_tls` for port 587, or `use_ssl` for port 465");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(values: &str) {
        check_rule("email-tls-and-ssl", &authentik("2026.5.3", values));
    }

    #[test]
    fn the_environment_of_one_pod_is_enough() {
        check(
            r#"
authentik: { email: { use_tls: true } }
#                              ^^^^ related: and this
worker:
  env:
    - name: AUTHENTIK_EMAIL__USE_SSL
      value: "true"
#            ^^^^^^ error[email-tls-and-ssl]: `use_tls` and `use_ssl` are both on, and no e-mail can be sent
"#,
        );
    }

    #[test]
    fn the_environment_goes_before_the_values() {
        check(
            "authentik: { email: { use_tls: true, use_ssl: true } }\nglobal: { env: [{ name: AUTHENTIK_EMAIL__USE_SSL, value: 'false' }] }",
        );
        check(
            "authentik: { email: { use_tls: true, use_ssl: true } }\nglobal: { envFrom: [{ secretRef: { name: more } }] }",
        );
    }

    #[test]
    fn a_config_map_of_the_cluster_is_read() {
        let values = "authentik: { email: { use_tls: true, use_ssl: true } }\nglobal: { envFrom: [{ configMapRef: { name: more } }] }";
        let map =
            "#- clusters/home/more.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: more, namespace: infra }\n";
        let off = format!("{}{map}data: {{ AUTHENTIK_EMAIL__USE_TLS: 'false' }}\n", authentik("2026.5.3", values));
        check_rule("email-tls-and-ssl", &off);
    }

    #[test]
    fn ignored_values_are_left_alone() {
        check("authentik: { existingSecret: { secretName: all }, email: { use_tls: true, use_ssl: true } }");
        check("authentik: { enabled: false, email: { use_tls: true, use_ssl: true } }");
    }
}
