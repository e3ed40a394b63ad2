//! A secret of authentik that is written out in its values.

use std::collections::BTreeSet;

use manifest::{Content, Value};

use crate::flux::authentik::{Release, releases};
use crate::tofu::secret::{is_elsewhere, is_placeholder};
use crate::{Findings, Repo};

crate::rule! {
    /// A secret is written out in the values of authentik.
    ///
    /// ## Why
    /// Whoever can read the repository, now or later, has it, and git does not forget it. With `secret_key` sessions can be
    /// forged ([configuration of authentik](https://docs.goauthentik.io/install-config/configuration/)).
    ///
    /// ## Fix
    /// Keep the secret in a Secret, and have `global.env` read it with `valueFrom.secretKeyRef`. Change a password that was
    /// committed; a new `secret_key` ends all sessions.
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
    ///       secret_key: 8kUYrBpXhsWwhAX0
    /// #                 ^^^^^^^^^^^^^^^^ error[secret-key-inline]: `authentik.secret_key` is written out
    ///       postgresql: { host: db.example.org }
    /// ```
    ///
    /// With a Secret:
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
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_SECRET_KEY
    ///           valueFrom: { secretKeyRef: { name: authentik-config, key: secret_key } }
    ///     authentik:
    ///       postgresql: { host: db.example.org }
    /// ```
    ///
    /// ## When to allow
    /// When it protects nothing, as in a test cluster.
    "secret-key-inline", Error, Secrets, check
}

/// The values that are secrets.
const VALUES: [&[&str]; 9] = [
    &["authentik", "secret_key"],
    &["authentik", "postgresql", "password"],
    &["authentik", "email", "password"],
    &["authentik", "bootstrap_password"],
    &["authentik", "bootstrap_token"],
    &["postgresql", "auth", "password"],
    &["postgresql", "auth", "postgresPassword"],
    &["postgresql", "auth", "replicationPassword"],
    &["geoip", "licenseKey"],
];
/// How the names of variables end that are secrets.
const ENDS: [&str; 3] = ["_SECRET_KEY", "_PASSWORD", "_BOOTSTRAP_TOKEN"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in releases(repo) {
        for (name, value) in in_values(&release).into_iter().chain(in_env(&release)) {
            if is_secret(value) && told.insert(value.span) {
                let report = findings.report(value.span, format!("`{name}` is written out"));
                report.help("read it from a Secret with `valueFrom`; change the secret, since git remembers it");
            }
        }
    }
}

fn in_values<'r>(release: &'r Release<'_>) -> Vec<(String, &'r Value)> {
    VALUES.iter().filter_map(|path| Some((path.join("."), release.value(path)?))).collect()
}

fn in_env<'r>(release: &'r Release<'_>) -> Vec<(String, &'r Value)> {
    let lists = ["global", "server", "worker"].into_iter().filter_map(|part| release.value(&[part, "env"]));
    let named = |item: &'r Value| {
        let name = item.text_at("name").filter(|name| name.starts_with("AUTHENTIK_"))?;
        let is_meant = ENDS.iter().any(|end| name.ends_with(end));
        item.get("value").filter(|_| is_meant).map(|value| (name.to_owned(), value))
    };
    lists.flat_map(Value::items).filter_map(named).collect()
}

fn is_secret(value: &Value) -> bool {
    match &value.content {
        Content::Text(text) => !text.contains("{{") && !is_elsewhere(text) && !is_placeholder(text),
        Content::Number(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(values: &str) {
        check_rule("secret-key-inline", &authentik("2026.5.3", values));
    }

    #[test]
    fn the_environment_and_the_bundled_database_are_looked_at() {
        check(
            r#"
global:
  env:
    - name: AUTHENTIK_EMAIL__PASSWORD
      value: abcd efgh
#            ^^^^^^^^^ error[secret-key-inline]: `AUTHENTIK_EMAIL__PASSWORD` is written out
postgresql: { auth: { password: 12345678 } }
#                               ^^^^^^^^ error[secret-key-inline]: `postgresql.auth.password` is written out
"#,
        );
    }

    #[test]
    fn what_says_where_the_secret_is_is_left_alone() {
        for text in [
            "env://SECRET_KEY",
            "file:///run/secrets/key",
            "ENC[AES256_GCM,data:abc]",
            "${SECRET_KEY}",
            "{{ .Values.key }}",
            "<path:secrets.enc.yaml#secret-key>",
            "changeme",
            "",
        ] {
            check(&format!("authentik: {{ secret_key: '{text}', email: {{ password: '{text}' }} }}"));
        }
        check("global: { env: [{ name: AUTHENTIK_SECRET_KEY, valueFrom: { secretKeyRef: { name: a, key: b } } }] }");
        check(
            "global: { env: [{ name: AUTHENTIK_POSTGRESQL__USER, value: authentik }, { name: PASSWORD, value: abc }] }",
        );
    }
}
