//! Values for the Redis that authentik has no use for any more.

use std::collections::BTreeSet;

use crate::flux::authentik::{is_truthy, releases};
use crate::{Findings, Repo};

crate::rule! {
    /// Values for Redis are given to a version of authentik that has none.
    ///
    /// ## Why
    /// authentik does without Redis since 2025.10 ([release notes](https://docs.goauthentik.io/releases/2025.10/)), and its
    /// chart brings none since 2025.10.3: such values are read by nobody, and nothing says so.
    ///
    /// ## Fix
    /// Remove them, and the volume that the old Redis left.
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
    ///       redis:
    /// #     ^^^^^ warning[redis-values-after-removal]: `authentik.redis` has no effect: authentik has no Redis since 2025.10
    ///         host: redis.example.org
    /// ```
    ///
    /// Without them:
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
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "redis-values-after-removal", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in releases(repo) {
        // The chart kept its Redis a little longer than the server.
        for (around, since, what) in [
            (None, "2025.10.3", "the chart brings no Redis since 2025.10.3"),
            (Some("authentik"), "2025.10.0", "authentik has no Redis since 2025.10"),
        ] {
            let values = around.map_or(Some(release.values), |key| release.values.get(key));
            let Some(entry) = values.and_then(|values| values.entry("redis")) else { continue };
            if is_truthy(&entry.value) && release.since(since).is_some() && told.insert(entry.key.span) {
                let name = around.map_or_else(|| "redis".to_owned(), |around| format!("{around}.redis"));
                findings.report(entry.key.span, format!("`{name}` has no effect: {what}")).help("remove it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(text: &str) {
        check_rule("redis-values-after-removal", text);
    }

    #[test]
    fn the_bundled_redis_went_later() {
        let mark = "\n#   ^^^^^ warning[redis-values-after-removal]: `redis` has no effect: the chart brings no Redis since 2025.10.3\n";
        let text = authentik("2025.10.3", "redis: { enabled: true }");
        check(&text.replace("{ enabled: true }\n", &format!("{{ enabled: true }}{mark}")));
        check(&authentik("2025.10.2", "redis: { enabled: true }"));
    }

    #[test]
    fn older_servers_and_empty_values_are_left_alone() {
        check(&authentik("2025.8.4", "authentik: { redis: { host: redis.example.org } }\nredis: { enabled: true }"));
        check(&authentik("2026.5.3", "redis: {}\nauthentik: { redis: null }"));
        check(&authentik("2025.x", "redis: { enabled: true }"));
    }
}
