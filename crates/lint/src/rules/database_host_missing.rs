//! A server that looks for a database which nobody runs.

use std::collections::BTreeSet;

use diagnostic::Span;
use manifest::{Content, Value};

use crate::flux::authentik::{Release, Setting, whole_releases};
use crate::flux::chart::helm_name;
use crate::{Findings, Repo};

crate::rule! {
    /// authentik is told of no database, and the chart brings none.
    ///
    /// ## Why
    /// Without `authentik.postgresql.host` the server looks for the PostgreSQL that the chart brings, which it does only with
    /// `postgresql.enabled: true` ([values of the chart](https://github.com/goauthentik/helm/blob/main/charts/authentik/values.yaml)). The pods wait for a database forever.
    ///
    /// ## Fix
    /// Set `authentik.postgresql.host`, or `AUTHENTIK_POSTGRESQL__HOST` in `global.env`; or let the chart bring a database with
    /// `postgresql.enabled: true`.
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
    /// #     ^^^^^^^^^^ error[database-host-missing]: authentik is told of no database: it looks for `authentik-postgresql`, which the chart brings only with `postgresql.enabled: true`
    ///         name: authentik
    ///         user: authentik
    /// ```
    ///
    /// With a host:
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
    ///         name: authentik
    ///         user: authentik
    /// ```
    ///
    /// ## When to allow
    /// When something outside of the repository runs a database under that name.
    "database-host-missing", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        let brings = release.value(&["postgresql"]).and_then(|values| values.get("enabled"));
        let brings_none = brings.is_none_or(|is| is.is_null() || is.bool() == Some(false));
        let makes_secret = release.value(&["authentik", "enabled"]).is_none_or(|is| is.bool() == Some(true));
        let is_unset = release.pods().iter().all(|pod| pod.setting(&["postgresql", "host"]) == Setting::Unset);
        let name = format!("{}-postgresql", helm_name(release.object));
        let place = place(&release);
        if brings_none && makes_secret && is_unset && !is_elsewhere(&release, &name) && told.insert(place) {
            let message = format!(
                "authentik is told of no database: it looks for `{name}`, which the chart brings only with \
                 `postgresql.enabled: true`"
            );
            findings.report(place, message).help("set `authentik.postgresql.host`");
        }
    }
}

/// Where the host belongs.
fn place(release: &Release<'_>) -> Span {
    let authentik = release.values.entry("authentik");
    let postgresql = authentik.and_then(|entry| entry.value.entry("postgresql"));
    let entry = postgresql.or(authentik).map(|entry| entry.key.span);
    entry
        .or_else(|| release.object.value.at(&["metadata", "name"]).map(|name| name.span))
        .unwrap_or(release.values.span)
}

/// Whether another object may run a database that is called `name`: any but a secret says so, or some are not known.
fn is_elsewhere(release: &Release<'_>, name: &str) -> bool {
    let others = release.cluster.objects.iter().filter(|object| !std::ptr::eq(*object, release.object));
    let mut others = others.filter(|object| !object.kind().contains("Secret"));
    !release.cluster.is_whole()
        || others.any(|object| says(&object.value, name))
        || release.value(&["global", "hostAliases"]).is_some_and(|value| says(value, name))
}

fn says(value: &Value, name: &str) -> bool {
    match &value.content {
        Content::Text(text) => text == name,
        Content::List(items) => items.iter().any(|item| says(item, name)),
        Content::Map(entries) => entries.iter().any(|entry| says(&entry.value, name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(values: &str) {
        check_rule("database-host-missing", &authentik("2026.5.3", values));
    }

    #[test]
    fn without_a_place_for_it_the_name_is_pointed_at() {
        let release = "metadata: { name: authentik, namespace: infra }\nspec:\n  chart";
        let marked = release.replacen("\n", "\n#                 ^^^^^^^^^ error[database-host-missing]: authentik is told of no database: it looks for `authentik-postgresql`, which the chart brings only with `postgresql.enabled: true`\n", 1);
        let text = authentik("2026.5.3", "server: { replicas: 1 }");
        check_rule("database-host-missing", &text.replace(release, &marked));
    }

    #[test]
    fn a_host_may_come_from_many_places() {
        check("postgresql: { enabled: true }");
        check("authentik: { existingSecret: { secretName: authentik-config } }");
        check("authentik: { enabled: false }");
        check("global: { envFrom: [{ secretRef: { name: authentik-config } }] }");
        check("server: { envFrom: [{ secretRef: { name: authentik-config } }] }");
        check(
            "global: { env: [{ name: AUTHENTIK_POSTGRESQL__HOST, valueFrom: { secretKeyRef: { name: db, key: host } } }] }",
        );
        check("authentik: { postgresql: { host: 'file:///postgres-creds/host' } }");
        check("authentik: { postgresql: { host: '${DATABASE_HOST}' } }");
    }

    #[test]
    fn a_database_under_that_name_may_be_another_release() {
        let mut text = authentik("2026.5.3", "authentik: { log_level: info }");
        text.push_str("#- clusters/home/database.yaml\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n");
        text.push_str("metadata: { name: authentik-postgresql, namespace: infra }\nspec: { chart: { spec: { chart: postgresql } } }\n");
        check_rule("database-host-missing", &text);
    }

    #[test]
    fn values_from_a_secret_may_hold_the_host() {
        let text = authentik("2026.5.3", "authentik: { log_level: info }");
        let from = "  valuesFrom: [{ kind: Secret, name: more }]\n  values:";
        check_rule("database-host-missing", &text.replace("  values:", from));
    }
}
