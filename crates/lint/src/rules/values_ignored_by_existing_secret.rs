//! Values that a Secret stands in for.

use std::collections::BTreeSet;

use manifest::{Content, Value};

use crate::flux::authentik::{Release, is_truthy, whole_releases};
use crate::{Findings, Repo};

crate::rule! {
    /// Values below `authentik` have no effect, since a Secret stands in for all of them.
    ///
    /// ## Why
    /// With `authentik.existingSecret.secretName` the chart makes no Secret of what stands below `authentik`, and the pods are
    /// told only what the named one has ([values of the chart](https://github.com/goauthentik/helm/blob/main/charts/authentik/values.yaml)).
    ///
    /// ## Fix
    /// Move what is to hold into that Secret, as `AUTHENTIK_EMAIL__HOST`, or into `global.env`; and take it out here.
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
    ///       existingSecret: { secretName: authentik-config }
    /// #                                   ^^^^^^^^^^^^^^^^ related: this Secret is used instead
    ///       email:
    /// #     ^^^^^ warning[values-ignored-by-existing-secret]: `authentik.email` has no effect: `authentik.existingSecret` names a Secret that is used instead
    ///         host: smtp.example.org
    ///         use_tls: true
    /// ```
    ///
    /// In the environment:
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
    ///         - { name: AUTHENTIK_EMAIL__HOST, value: smtp.example.org }
    ///         - { name: AUTHENTIK_EMAIL__USE_TLS, value: "true" }
    ///     authentik:
    ///       existingSecret: { secretName: authentik-config }
    /// ```
    ///
    /// ## When to allow
    /// When the values are kept as a note of what the Secret has.
    "values-ignored-by-existing-secret", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        let existing = release.value(&["authentik", "existingSecret", "secretName"]);
        let Some(existing) = existing.filter(|name| name.text().is_some_and(|name| !name.is_empty())) else { continue };
        // Before, the chart did not know `existingSecret`.
        if release.since("2025.12.0").is_none() {
            continue;
        }
        for entry in release.value(&["authentik"]).map(Value::entries).unwrap_or_default() {
            let key = entry.key.value.as_str();
            let says = !["enabled", "existingSecret"].contains(&key)
                && says_more(&release, &mut vec![key.to_owned()], &entry.value);
            if says && told.insert(entry.key.span) {
                let message = format!(
                    "`authentik.{key}` has no effect: `authentik.existingSecret` names a Secret that is used instead"
                );
                let report = findings.report(entry.key.span, message);
                report.related(existing.span, "this Secret is used instead");
            }
        }
    }
}

/// Whether `value`, at `path` below `authentik`, says something that the environment does not.
fn says_more(release: &Release<'_>, path: &mut Vec<String>, value: &Value) -> bool {
    let Content::Map(entries) = &value.content else {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        return is_truthy(value) && !release.pods().iter().any(|pod| pod.has_variable(&path));
    };
    entries.iter().any(|entry| {
        path.push(entry.key.value.clone());
        let says = says_more(release, path, &entry.value);
        path.pop();
        says
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(version: &str, values: &str) {
        check_rule("values-ignored-by-existing-secret", &authentik(version, values));
    }

    #[test]
    fn each_part_is_told() {
        check(
            "2025.12.0",
            r#"
authentik:
  existingSecret: { secretName: all }
#                               ^^^ related: this Secret is used instead
#                               ^^^ related: this Secret is used instead
  log_level: debug
# ^^^^^^^^^ warning[values-ignored-by-existing-secret]: `authentik.log_level` has no effect: `authentik.existingSecret` names a Secret that is used instead
  postgresql: { host: db.example.org }
# ^^^^^^^^^^ warning[values-ignored-by-existing-secret]: `authentik.postgresql` has no effect: `authentik.existingSecret` names a Secret that is used instead
"#,
        );
    }

    #[test]
    fn what_says_nothing_or_is_in_the_environment_is_left_alone() {
        check("2026.5.3", "authentik: { existingSecret: { secretName: all } }");
        check(
            "2026.5.3",
            "authentik: { existingSecret: { secretName: all }, enabled: true, email: { host: '', use_ssl: false } }",
        );
        check("2026.5.3", "authentik: { existingSecret: { secretName: '' }, email: { host: smtp.example.org } }");
        check(
            "2026.5.3",
            "authentik: { existingSecret: { secretName: all }, email: { host: smtp.example.org } }\nglobal: { env: [{ name: AUTHENTIK_EMAIL__HOST, value: smtp.example.org }] }",
        );
        check(
            "2026.5.3",
            "authentik: { existingSecret: { secretName: all }, email: { host: smtp.example.org } }\nglobal: { env: [{ name: AUTHENTIK_EMAIL__HOST, valueFrom: { secretKeyRef: { name: a, key: b } } }] }",
        );
    }

    #[test]
    fn a_chart_that_does_not_know_it_ignores_nothing() {
        check("2025.10.3", "authentik: { existingSecret: { secretName: all }, email: { host: smtp.example.org } }");
        check("'>=2025.12.0'", "authentik: { existingSecret: { secretName: all }, email: { host: smtp.example.org } }");
    }
}
