//! A version of the authentik chart that there is not.

use std::collections::BTreeSet;

use diagnostic::Severity;
use schema::{Published, authentik_chart};

use crate::flux::authentik::releases;
use crate::{Findings, Repo};

crate::rule! {
    /// authentik is installed from a version of its chart that was never published.
    ///
    /// ## Why
    /// Not every release of the server has a chart, and some numbers were skipped: there is no chart 2026.5.1
    /// ([index of the charts](https://charts.goauthentik.io/index.yaml)). Flux cannot fetch such a version, and keeps what it
    /// had. A version that is newer than the list that labtree brings may exist, so of one labtree only gives a hint.
    ///
    /// ## Fix
    /// Write a version that the index has. For a patch release of the server that has no chart of its own, take the last chart of
    /// the same year and month, and set `global.image.tag`.
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
    ///       version: 2026.5.1
    /// #              ^^^^^^^^ warning[chart-version-unknown]: there is no chart `authentik` of the version `2026.5.1`
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// One that there is:
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
    ///       version: 2026.5.2
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// ## When to allow
    /// When the chart comes from a mirror that has versions of its own.
    "chart-version-unknown", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in releases(repo) {
        let Some(version) = release.version().filter(|version| told.insert(version.span)) else { continue };
        let number = &version.value;
        match authentik_chart(number) {
            Published::Yes => {}
            Published::Never => {
                let message = format!("there is no chart `authentik` of the version `{number}`");
                findings.report(version.span, message).help("https://charts.goauthentik.io/index.yaml lists all");
            }
            Published::Perhaps => {
                let message = format!("labtree does not know the version `{number}` of the chart `authentik`");
                let report = findings.report(version.span, message).severity(Severity::Hint);
                report.help("look whether https://charts.goauthentik.io/index.yaml lists it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(text: &str) {
        check_rule("chart-version-unknown", text);
    }

    #[test]
    fn what_may_have_come_since_is_a_hint() {
        check(&authentik(
            "2126.5.0\n#              ^^^^^^^^ hint[chart-version-unknown]: labtree does not know the version `2126.5.0` of the chart `authentik`",
            "{}",
        ));
    }

    #[test]
    fn published_versions_and_ranges_are_left_alone() {
        for version in ["2026.8.0", "2024.10.5-1", "5.2.3", "v2026.5.3", "2026.x", "'>=2026.5.1'", "${VERSION}"] {
            check(&authentik(version, "{}"));
        }
    }

    #[test]
    fn another_chart_of_that_name_is_left_alone() {
        let text = authentik("2026.5.1", "{}").replace("https://charts.goauthentik.io", "https://charts.example.org");
        check(&text);
    }

    #[test]
    fn a_tag_of_an_oci_repository_is_a_version() {
        let text = authentik("2026.5.1", "{}");
        let (sync, _) = text.split_once("#- clusters/home/authentik.yaml").expect("it has two files");
        check(&format!(
            "{sync}\
#- clusters/home/authentik.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {{ name: authentik, namespace: infra }}
spec:
  url: oci://ghcr.io/goauthentik/helm-charts/authentik
  ref:
    tag: 2026.5.1
#        ^^^^^^^^ warning[chart-version-unknown]: there is no chart `authentik` of the version `2026.5.1`
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: authentik, namespace: infra }}
spec: {{ chartRef: {{ kind: OCIRepository, name: authentik }} }}
"
        ));
    }
}
