//! A value that the authentik chart does not know.

use std::collections::BTreeSet;

use manifest::Entry;

use crate::flux::authentik::{Release, is_truthy, releases};
use crate::{Findings, Repo};

crate::rule! {
    /// A value is written at a place where the chart of authentik does not have it any more, or not yet.
    ///
    /// ## Why
    /// With 2024.2 the values moved below `global`, `server` and `worker`, and the chart refuses to render with one at its old
    /// place ([its list](https://github.com/goauthentik/helm/blob/main/charts/authentik/templates/deprectations.yaml)): the release fails to upgrade, and what runs is the old one.
    /// `authentik.existingSecret` came with 2025.12.0; before, it is one setting among others that the server does not know.
    ///
    /// ## Fix
    /// Move the value to where the chart has it now, or upgrade the chart to the version that brought it.
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
    ///     global:
    ///       image:
    ///         pullSecrets: [{ name: registry }]
    /// #       ^^^^^^^^^^^ error[removed-chart-value]: the chart refuses `global.image.pullSecrets`
    /// #      help: write `global.imagePullSecrets`
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// Where the chart has it:
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
    ///       imagePullSecrets: [{ name: registry }]
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// ## When to allow
    /// Never: the chart does not render.
    "removed-chart-value", Error, Flux, check
}

/// What [the chart refuses] since 2024.2.0, and what it has instead.
///
/// [the chart refuses]: https://github.com/goauthentik/helm/blob/main/charts/authentik/templates/deprectations.yaml
const REFUSED: [(&[&str], &str); 28] = [
    (&["additionalContainers"], "server.extraContainers"),
    (&["affinity"], "global.affinity"),
    (&["annotations"], "global.deploymentAnnotations"),
    (&["autoscaling"], "server.autoscaling"),
    (&["containerSecurityContext"], "server.containerSecurityContext"),
    (&["env"], "global.env"),
    (&["envFrom"], "global.envFrom"),
    (&["envValueFrom"], "global.env"),
    (&["global", "image", "pullSecrets"], "global.imagePullSecrets"),
    (&["image"], "global.image"),
    (&["ingress"], "server.ingress"),
    (&["initContainers"], "server.initContainers"),
    (&["livenessProbe"], "server.livenessProbe"),
    (&["nodeSelector"], "global.nodeSelector"),
    (&["pdb"], "server.pdb"),
    (&["podAnnotations"], "global.podAnnotations"),
    (&["priorityClassName"], "global.priorityClassName"),
    (&["prometheus", "rules", "create"], "prometheus.rules.enabled"),
    (&["prometheus", "serviceMonitor"], "server.metrics.serviceMonitor"),
    (&["readinessProbe"], "server.readinessProbe"),
    (&["replicas"], "server.replicas"),
    (&["resources"], "server.resources"),
    (&["service"], "server.service"),
    (&["startupProbe"], "server.startupProbe"),
    (&["strategy"], "global.deploymentStrategy"),
    (&["tolerations"], "global.tolerations"),
    (&["volumeMounts"], "global.volumeMounts"),
    (&["volumes"], "global.volumes"),
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in releases(repo) {
        if release.since("2024.2.0").is_some() {
            for (path, instead) in REFUSED {
                let Some(entry) = entry(&release, path).filter(|entry| is_truthy(&entry.value)) else { continue };
                if told.insert(entry.key.span) {
                    let message = format!("the chart refuses `{}`", path.join("."));
                    findings.report(entry.key.span, message).help(format!("write `{instead}`"));
                }
            }
        }
        let existing = release.value(&["authentik", "existingSecret", "secretName"]).filter(|name| is_truthy(name));
        let (Some(name), Some(version)) = (existing, release.before("2025.12.0")) else { continue };
        if told.insert(name.span) {
            let message = format!("the chart `{}` does not know `authentik.existingSecret`", version.value);
            findings.report(name.span, message).help("it came with 2025.12.0; until then name it in `global.envFrom`");
        }
    }
}

fn entry<'r>(release: &'r Release<'_>, path: &[&str]) -> Option<&'r Entry> {
    let (last, around) = path.split_last()?;
    release.values.at(around)?.entry(last)
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(version: &str, values: &str) {
        check_rule("removed-chart-value", &authentik(version, values));
    }

    #[test]
    fn a_secret_that_the_chart_does_not_know_yet() {
        check(
            "2025.10.3",
            r#"
authentik: { existingSecret: { secretName: authentik-config } }
#                                          ^^^^^^^^^^^^^^^^ error[removed-chart-value]: the chart `2025.10.3` does not know `authentik.existingSecret`
"#,
        );
        check("2025.12.0", "authentik: { existingSecret: { secretName: authentik-config } }");
    }

    #[test]
    fn a_value_at_the_top_is_refused() {
        let mark = "    env: [{ name: A, value: b }]\n#   ^^^ error[removed-chart-value]: the chart refuses `env`\n";
        let text = authentik("2024.2.0", "env: [{ name: A, value: b }]");
        check_rule("removed-chart-value", &text.replace("    env: [{ name: A, value: b }]\n", mark));
    }

    #[test]
    fn what_is_empty_or_old_or_elsewhere_is_left_alone() {
        check("2026.5.3", "env: []\nimage: {}\ningress: null\nreplicas: 0\npodAnnotations: {}");
        check("2023.10.7", "image: { tag: 2023.10.7 }\ningress: { enabled: true }");
        check("2026.x", "image: { tag: 2026.5.3 }");
        check(
            "2026.5.3",
            "global: { env: [{ name: A, value: b }], image: { tag: 2026.5.5 } }\nserver: { ingress: { enabled: true } }",
        );
        check("2026.5.3", "prometheus: { rules: { enabled: true } }\nadditionalObjects: [{ kind: ConfigMap }]");
    }
}
