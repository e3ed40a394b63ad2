//! A database that the chart brings, and another that is used.

use std::collections::BTreeSet;

use crate::flux::authentik::{Release, whole_releases};
use crate::flux::chart::helm_name;
use crate::flux::host;
use crate::{Findings, Repo};

crate::rule! {
    /// The chart brings a PostgreSQL, and authentik is told to use another one.
    ///
    /// ## Why
    /// With `postgresql.enabled` the chart installs a database of its own, and `authentik.postgresql.host` names the one that is
    /// used ([values of the chart](https://github.com/goauthentik/helm/blob/main/charts/authentik/values.yaml)): one of them is empty, and looks as if it held the data.
    ///
    /// ## Fix
    /// Set `postgresql.enabled: false` when the database is elsewhere, or leave `authentik.postgresql.host` out: then it is the
    /// one that the chart brings.
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
    ///       postgresql:
    ///         host: db.example.org
    /// #             ^^^^^^^^^^^^^^ error[bundled-postgres-and-host]: authentik uses the database at `db.example.org`, and the one that the chart brings stays empty
    ///     postgresql:
    ///       enabled: true
    /// #              ^^^^ related: this installs the chart's own
    /// ```
    ///
    /// With the one elsewhere:
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
    ///       postgresql:
    ///         host: db.example.org
    ///     postgresql:
    ///       enabled: false
    /// ```
    ///
    /// ## When to allow
    /// When both are needed for a while, as to move the data.
    "bundled-postgres-and-host", Error, Flux, check
}

/// Words in the names of what stands before a database and hands its connections on.
const POOLERS: [&str; 7] = ["bouncer", "haproxy", "odyssey", "pgcat", "pgpool", "pool", "proxy"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        let Some(enabled) = release.value(&["postgresql", "enabled"]).filter(|is| is.bool() == Some(true)) else {
            continue;
        };
        for pod in release.pods() {
            let setting = pod.setting(&["postgresql", "host"]);
            let Some((name, place)) = setting.known() else { continue };
            let is_pooler = POOLERS.iter().any(|word| name.contains(word));
            if is_pooler || host::is_this_machine(name) || is_bundled(&release, name) || !told.insert(place) {
                continue;
            }
            let message =
                format!("authentik uses the database at `{name}`, and the one that the chart brings stays empty");
            let report = findings.report(place, message).related(enabled.span, "this installs the chart's own");
            report.help("set `postgresql.enabled: false`, or leave the host out");
        }
    }
}

/// Whether `host` is a Service of the database that the chart brings, which Bitnami's chart names.
fn is_bundled(release: &Release<'_>, host: &str) -> bool {
    let text =
        |key| release.value(&["postgresql", key]).and_then(manifest::Value::text).filter(|text| !text.is_empty());
    let helm = helm_name(release.object);
    let full = text("fullnameOverride").map_or_else(
        || match text("nameOverride").unwrap_or("postgresql") {
            name if helm.contains(name) => helm.clone(),
            name => format!("{helm}-{name}"),
        },
        str::to_owned,
    );
    let service = host.split('.').next().unwrap_or(host);
    let ending = service.strip_prefix(full.as_str());
    ending
        .is_some_and(|ending| ending.is_empty() || ["-primary", "-read", "-hl"].iter().any(|of| ending.starts_with(of)))
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(version: &str, values: &str) {
        check_rule("bundled-postgres-and-host", &authentik(version, values));
    }

    #[test]
    fn the_environment_decides() {
        check(
            "2026.5.3",
            r#"
global:
  env:
    - name: AUTHENTIK_POSTGRESQL__HOST
      value: db.example.org
#            ^^^^^^^^^^^^^^ error[bundled-postgres-and-host]: authentik uses the database at `db.example.org`, and the one that the chart brings stays empty
postgresql: { enabled: true }
#                      ^^^^ related: this installs the chart's own
"#,
        );
    }

    #[test]
    fn a_host_that_is_the_bundled_one_is_left_alone() {
        for host in [
            "authentik-postgresql",
            "authentik-postgresql.infra.svc.cluster.local",
            "authentik-postgresql-primary",
            "'{{ .Release.Name }}-postgresql'",
            "authentik-pgbouncer.infra.svc",
            "127.0.0.1",
            "file:///postgres-creds/host",
            "''",
        ] {
            let values = format!("authentik: {{ postgresql: {{ host: {host} }} }}\npostgresql: {{ enabled: true }}");
            check("2026.5.3", &values);
        }
        check(
            "2026.5.3",
            "authentik: { postgresql: { host: auth-db } }\npostgresql: { enabled: true, fullnameOverride: auth-db }",
        );
    }

    #[test]
    fn a_host_that_only_the_cluster_knows_is_left_alone() {
        check(
            "2026.5.3",
            "global: { envFrom: [{ secretRef: { name: more } }] }\nauthentik: { postgresql: { host: db.example.org } }\npostgresql: { enabled: true }",
        );
        check(
            "2026.5.3",
            "authentik: { existingSecret: { secretName: all }, postgresql: { host: db.example.org } }\npostgresql: { enabled: true }",
        );
    }
}
