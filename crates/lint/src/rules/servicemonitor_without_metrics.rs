//! A ServiceMonitor that the chart does not make.

use std::collections::BTreeSet;

use crate::flux::authentik::whole_releases;
use crate::{Findings, Repo};

crate::rule! {
    /// A ServiceMonitor is wanted for authentik, whose metrics are off.
    ///
    /// ## Why
    /// The chart makes the ServiceMonitor only where `metrics.enabled` is true beside it
    /// ([template](https://github.com/goauthentik/helm/blob/main/charts/authentik/templates/server/servicemonitor.yaml)): nothing
    /// is scraped, and no alert tells.
    ///
    /// ## Fix
    /// Write `enabled: true` below `metrics` too.
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
    ///     authentik: { postgresql: { host: db.example.org } }
    ///
    ///     server:
    ///       metrics:
    ///         serviceMonitor:
    ///           enabled: true
    /// #                  ^^^^ warning[servicemonitor-without-metrics]: there will be no ServiceMonitor, since `server.metrics.enabled` is not true
    /// ```
    ///
    /// With both:
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
    ///     authentik: { postgresql: { host: db.example.org } }
    ///
    ///     server:
    ///       metrics:
    ///         enabled: true
    ///         serviceMonitor:
    ///           enabled: true
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "servicemonitor-without-metrics", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        for pod in release.pods() {
            let part = pod.part;
            let enabled = |path: &[&str]| release.value(path).and_then(|value| value.get("enabled"));
            let monitor = enabled(&[part, "metrics", "serviceMonitor"]);
            let Some(monitor) = monitor.filter(|is| is.bool() == Some(true)) else { continue };
            let is_off = enabled(&[part, "metrics"]).is_none_or(|is| is.is_null() || is.bool() == Some(false));
            if is_off && told.insert(monitor.span) {
                let message = format!("there will be no ServiceMonitor, since `{part}.metrics.enabled` is not true");
                findings.report(monitor.span, message).help(format!("set `{part}.metrics.enabled: true`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(values: &str) {
        check_rule("servicemonitor-without-metrics", &authentik("2026.5.3", values));
    }

    #[test]
    fn the_worker_has_its_own() {
        check(
            r#"
server: { metrics: { enabled: true, serviceMonitor: { enabled: true } } }
worker: { metrics: { enabled: false, serviceMonitor: { enabled: true } } }
#                                                               ^^^^ warning[servicemonitor-without-metrics]: there will be no ServiceMonitor, since `worker.metrics.enabled` is not true
"#,
        );
    }

    #[test]
    fn one_that_is_off_or_not_known_is_left_alone() {
        check("server: { metrics: { enabled: false, serviceMonitor: { enabled: false } } }");
        check("server: { metrics: { enabled: true } }");
        check("server: { metrics: { enabled: '${METRICS}', serviceMonitor: { enabled: true } } }");
    }
}
