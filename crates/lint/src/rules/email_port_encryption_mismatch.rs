//! A port for e-mail that speaks otherwise than it is spoken to.

use std::collections::BTreeSet;

use crate::flux::authentik::{Pod, Setting, whole_releases};
use crate::flux::host;
use crate::{Findings, Repo};

crate::rule! {
    /// E-mail is sent to a port that wants another encryption.
    ///
    /// ## Why
    /// Port 465 is encrypted from the first byte, and 587 begins in the clear and upgrades
    /// ([RFC 8314](https://www.rfc-editor.org/rfc/rfc8314)). Spoken to otherwise, the server hangs or refuses, and so does
    /// everything that sends e-mail: recovery, invitations, codes. Without either, the password goes out in the clear, where
    /// the server takes it at all.
    ///
    /// ## Fix
    /// Write `use_tls: true` for port 587 (and 25), `use_ssl: true` for port 465, and the other `false`.
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
    ///         port: 465
    /// #             ^^^ warning[email-port-encryption-mismatch]: port 465 is encrypted from the first byte, which is `use_ssl` and not `use_tls`
    ///         use_tls: true
    /// ```
    ///
    /// As the port wants it:
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
    ///         port: 465
    ///         use_ssl: true
    /// ```
    ///
    /// ## When to allow
    /// When the server is known to speak otherwise on that port.
    "email-port-encryption-mismatch", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        for pod in release.pods() {
            let server = pod.setting(&["email", "host"]);
            let Some((_, at)) = server.known().filter(|(name, _)| !host::is_near(name)) else { continue };
            let port = pod.setting(&["email", "port"]);
            let Some((message, key)) = mismatch(pod, &port) else { continue };
            // Without a port it is the chart's default, 587, and the host is what can be pointed at.
            let place = port.known().map_or(at, |(_, place)| place);
            if told.insert(place) {
                findings.report(place, message).help(format!("write `{key}: true`, and the other `false`"));
            }
        }
    }
}

/// What is wrong, and what is to be on.
fn mismatch(pod: Pod<'_>, port: &Setting) -> Option<(&'static str, &'static str)> {
    let number = match port {
        Setting::Known(text, _) => text.as_str(),
        Setting::Unset => "587",
        Setting::Unknown => return None,
    };
    let is_on = |key| pod.setting(&["email", key]).is_true();
    let (tls, ssl) = ("use_tls", "use_ssl");
    match (number, is_on(tls)?, is_on(ssl)?) {
        ("465", true, false) => {
            Some(("port 465 is encrypted from the first byte, which is `use_ssl` and not `use_tls`", ssl))
        }
        ("587", false, true) => Some(("port 587 begins in the clear, which is `use_tls` and not `use_ssl`", tls)),
        ("25", false, true) => Some(("port 25 begins in the clear, which is `use_tls` and not `use_ssl`", tls)),
        ("587", false, false) => Some(("port 587 wants STARTTLS, and `use_tls` is not on", tls)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(values: &str) {
        check_rule("email-port-encryption-mismatch", &authentik("2026.5.3", values));
    }

    #[test]
    fn a_port_that_begins_in_the_clear() {
        check(
            r#"
authentik: { email: { host: smtp.example.org, port: "587", use_ssl: true } }
#                                                   ^^^^^ warning[email-port-encryption-mismatch]: port 587 begins in the clear, which is `use_tls` and not `use_ssl`
"#,
        );
        check(
            r#"
authentik: { email: { host: smtp.example.org } }
#                           ^^^^^^^^^^^^^^^^ warning[email-port-encryption-mismatch]: port 587 wants STARTTLS, and `use_tls` is not on
"#,
        );
    }

    #[test]
    fn what_fits_or_is_near_is_left_alone() {
        for email in [
            "{ host: smtp.example.org, port: 587, use_tls: true }",
            "{ host: smtp.example.org, port: 465, use_ssl: true }",
            "{ host: smtp.example.org, port: 25 }",
            "{ host: smtp.example.org, port: 2525, use_tls: true }",
            "{ host: smtp.example.org, port: 587, use_tls: 'env://TLS' }",
            "{ host: smtp.example.org, port: '${PORT}', use_tls: true }",
            "{ host: 'env://SMTP_HOST' }",
            "{ host: localhost }",
            "{ host: relay, port: 465, use_tls: true }",
            "{ host: relay.mail.svc.cluster.local }",
            "{ host: 192.0.2.25.nip.lan }",
            "{ host: 10.0.0.25 }",
            "{ use_tls: false }",
        ] {
            check(&format!("authentik: {{ email: {email} }}"));
        }
    }

    #[test]
    fn the_rest_may_come_from_a_secret() {
        check("authentik: { email: { host: smtp.example.org } }\nglobal: { envFrom: [{ secretRef: { name: smtp } }] }");
        check(
            "authentik: { email: { host: smtp.example.org } }\nglobal: { env: [{ name: AUTHENTIK_EMAIL__USE_TLS, valueFrom: { secretKeyRef: { name: smtp, key: tls } } }] }",
        );
    }
}
