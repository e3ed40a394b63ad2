//! A chart whose version moves.

use std::collections::BTreeSet;

use diagnostic::Severity;

use crate::flux::chart::{Chart, HELM, Pin};
use crate::{Findings, Repo};

crate::rule! {
    /// A HelmRelease does not say which version of its chart it installs.
    ///
    /// ## Why
    /// Without a version Flux takes the newest, and of a range the newest that fits
    /// ([`spec.chart`](https://fluxcd.io/flux/components/helm/helmreleases/#chart-template),
    /// [`spec.ref`](https://fluxcd.io/flux/components/source/ocirepositories/#reference)): the cluster changes on the day when
    /// the chart does, nothing in git tells when and why, and going back in git does not bring the old one back. A range
    /// with a number in it is a hint only, but for the chart of authentik.
    ///
    /// ## Fix
    /// Write one version. Renovate and its like offer each new one as a change that can be read and taken back.
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
    /// #- clusters/home/grafana.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.example.org
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: grafana
    ///       version: 9.x
    /// #              ^^^ hint[chart-version-unpinned]: `9.x` takes whatever version of the chart `grafana` is the newest that fits
    ///       sourceRef: { kind: HelmRepository, name: grafana }
    /// ```
    ///
    /// Pinned:
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
    /// #- clusters/home/grafana.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.example.org
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: grafana
    ///       version: 9.2.10
    ///       sourceRef: { kind: HelmRepository, name: grafana }
    /// ```
    ///
    /// ## When to allow
    /// When the newest is wanted, as in a cluster that tests charts.
    "chart-version-unpinned", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for cluster in &repo.flux.clusters {
        for release in cluster.of(HELM, "HelmRelease") {
            let Some(chart) = Chart::of(cluster, release) else { continue };
            let Some(name) = chart.name else { continue };
            let (place, message, severity) = match chart.pin {
                Pin::Missing(place) => {
                    let message = format!("no version of the chart `{name}` is written: the newest is taken");
                    (place, message, Severity::Warning)
                }
                Pin::Moving(range) => {
                    let message = format!(
                        "`{}` takes whatever version of the chart `{name}` is the newest that fits",
                        range.value
                    );
                    // Whoever writes a range wants it; but to the server of authentik the provider has to fit.
                    let is_range = range.value.contains(|digit: char| digit.is_ascii_digit());
                    let is_wanted = is_range && name != "authentik";
                    (range.span, message, if is_wanted { Severity::Hint } else { Severity::Warning })
                }
                Pin::Exact(_) | Pin::Fixed | Pin::Unknown => continue,
            };
            if told.insert(place) {
                findings.report(place, message).severity(severity).help("write one version, as `1.2.3`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(text: &str) {
        check_rule("chart-version-unpinned", text);
    }

    /// A release whose chart is the OCIRepository with `spec`.
    fn oci(spec: &str) -> String {
        let text = authentik("1.2.3", "{}");
        let (sync, _) = text.split_once("#- clusters/home/authentik.yaml").expect("it has two files");
        format!(
            "{sync}\
#- clusters/home/web.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {{ name: web, namespace: shop }}
spec:
{spec}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: web, namespace: shop }}
spec: {{ chartRef: {{ kind: OCIRepository, name: web }} }}
"
        )
    }

    #[test]
    fn what_is_one_version_is_left_alone() {
        for version in ["2026.5.3", "v1.2.3", "1.2.3-rc.1", "=1.2.3", "1.2.3+k3s1", "${VERSION}"] {
            check(&authentik(version, "{}"));
        }
    }

    #[test]
    fn a_range_moves() {
        for version in ["1.x", "1.2", "'*'", "'>=1.2.3'", "^1.2.3", "~1.2.3", "'1'", "1.2.3 - 1.4.0"] {
            let bare = version.trim_matches('\'');
            let carets = "^".repeat(version.len());
            let marked = format!(
                "{version}\n#              {carets} warning[chart-version-unpinned]: `{bare}` takes whatever version of the chart `authentik` is the newest that fits"
            );
            check(&authentik(&marked, "{}"));
        }
    }

    #[test]
    fn the_newest_is_taken_where_nothing_is_written() {
        let text = authentik("1.2.3", "{}");
        let mark = "\n#            ^^^^^^^^^ warning[chart-version-unpinned]: no version of the chart `authentik` is written: the newest is taken\n";
        check(&text.replace("\n      version: 1.2.3\n", mark));
    }

    #[test]
    fn a_chart_of_a_git_repository_has_no_version() {
        let text = authentik("1.2.3", "{}").replace("kind: HelmRepository, name", "kind: GitRepository, name");
        check(&text.replace("\n      version: 1.2.3\n", "\n"));
    }

    #[test]
    fn an_oci_repository_pins_by_digest_tag_or_version() {
        let url = "  url: oci://registry.example.org/charts/web\n";
        for reference in [
            "tag: 1.2.3",
            "tag: 1.2",
            "tag: stable",
            "digest: sha256:abc",
            "semver: 1.2.3",
            "tag: latest, digest: sha256:abc",
            "tag: '${TAG}'",
        ] {
            check(&oci(&format!("{url}  ref: {{ {reference} }}")));
        }
        check(&oci(&format!(
            "{url}  ref: {{ semver: 1.x, tag: 1.2.3 }}\n#                ^^^ hint[chart-version-unpinned]: `1.x` takes whatever version of the chart `web` is the newest that fits"
        )));
        check(&oci(&format!(
            "{url}  ref: {{ tag: latest }}\n#             ^^^^^^ warning[chart-version-unpinned]: `latest` takes whatever version of the chart `web` is the newest that fits"
        )));
        check(&oci(
            "  url: oci://registry.example.org/charts/web\n#      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[chart-version-unpinned]: no version of the chart `web` is written: the newest is taken",
        ));
    }

    #[test]
    fn a_source_that_the_repository_does_not_have_is_left_alone() {
        let text = oci("  url: oci://registry.example.org/charts/web")
            .replace("chartRef: { kind: OCIRepository, name: web }", "chartRef: { kind: OCIRepository, name: other }");
        check(&text);
    }
}
