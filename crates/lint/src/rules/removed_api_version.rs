//! A version of an API that is gone.

use diagnostic::Severity;
use resolve_flux::Cluster;
use schema::kubernetes::Served;

use crate::flux::chart::{Chart, HELM, Pin};
use crate::{Findings, Repo};

crate::rule! {
    /// An object is written in a version of its API that the cluster does not take.
    ///
    /// ## Why
    /// Flux and Kubernetes drop old versions of their kinds, and what is written in one is refused from then on:
    /// `helm.toolkit.fluxcd.io/v2beta1` went with Flux 2.7 ([releases of
    /// Flux](https://github.com/fluxcd/flux2/releases), [deprecated APIs of
    /// Kubernetes](https://kubernetes.io/docs/reference/using-api/deprecation-guide/)). The release of Flux is read
    /// from `gotk-components.yaml` or a FluxInstance; where it is not known, and for other projects, the finding is a
    /// warning.
    ///
    /// ## Fix
    /// Write the version that is served; the fields may have other names there, and the schema of the new version
    /// tells.
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
    /// #- clusters/home/policy.yaml
    /// apiVersion: policy/v1beta1
    /// #           ^^^^^^^^^^^^^^ error[removed-api-version]: `policy/v1beta1` of PodDisruptionBudget shop/web is not served any more: the last release with it is kubernetes 1.24
    /// #            help: write `policy/v1`
    /// kind: PodDisruptionBudget
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   minAvailable: 1
    ///   selector: { matchLabels: { app: web } }
    /// ```
    ///
    /// With the version that is served:
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
    /// #- clusters/home/policy.yaml
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   minAvailable: 1
    ///   selector: { matchLabels: { app: web } }
    /// ```
    ///
    /// ## When to allow
    /// When the cluster still runs a release that takes it.
    "removed-api-version", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, known) in repo.flux.with_kinds() {
        let is_old = runs_old_external_secrets(cluster);
        for object in cluster.objects.iter().filter(|object| !(is_old && object.group() == "external-secrets.io")) {
            let Served::No { until, from, instead } = known.served(object) else { continue };
            let Some(version) = object.value.get("apiVersion") else { continue };
            let name = object.called();
            let (group, project) =
                (object.group(), if object.group().ends_with("fluxcd.io") { "flux" } else { "kubernetes" });
            let text = version.text().unwrap_or_default();
            let message = match (until, from) {
                (Some(until), _) => {
                    format!("`{text}` of {name} is not served any more: the last release with it is {project} {until}")
                }
                (None, Some(from)) => format!("`{text}` of {name} is not served yet: {project} {from} brings it"),
                (None, None) => format!("`{text}` of {name} is none of the versions of its kind"),
            };
            let is_certain = match project {
                "flux" => known.flux.is_some(),
                _ => !group.contains('.') || group.ends_with(".k8s.io"),
            };
            let severity = if is_certain { Severity::Error } else { Severity::Warning };
            let report = findings.report_in(cluster, version.span, message).severity(severity);
            if let Some(instead) = instead {
                report.help(format!("write `{instead}`"));
            }
        }
    }
}

/// Whether `cluster` runs a release of External Secrets before 0.17.0, the first that does not serve
/// `external-secrets.io/v1beta1`; `v1` came with 0.16.0.
fn runs_old_external_secrets(cluster: &Cluster) -> bool {
    let mut charts = cluster.of(HELM, "HelmRelease").filter_map(|release| Chart::of(cluster, release));
    charts.any(|chart| match chart.pin {
        Pin::Exact(version) if chart.name == Some("external-secrets") => {
            matches!(version.value.segments(), [0, minor, ..] if *minor < 17)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_release_of_flux_that_serves_it_is_right() {
        check_rule(
            "removed-api-version",
            r"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/flux-system/gotk-components.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: flux-system
  labels: { app.kubernetes.io/version: v2.3.0 }
#- clusters/home/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2beta1
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
",
        );
    }

    #[test]
    fn an_old_release_of_external_secrets_serves_what_it_did() {
        let lab = |version: &str, mark: &str| {
            format!(
                "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{ name: flux-system, namespace: flux-system }}
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: {{ kind: GitRepository, name: flux-system }}
#- clusters/home/secrets.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: external-secrets, namespace: secrets }}
spec:
  interval: 1h
  chart:
    spec: {{ chart: external-secrets, version: {version}, sourceRef: {{ kind: HelmRepository, name: charts }} }}
---
apiVersion: external-secrets.io/v1beta1
{mark}kind: ExternalSecret
metadata: {{ name: notes, namespace: apps }}
spec: {{ secretStoreRef: {{ kind: ClusterSecretStore, name: vault }}, dataFrom: [] }}
"
            )
        };
        check_rule("removed-api-version", &lab("0.10.7", ""));
        let mark = "#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[removed-api-version]: `external-secrets.io/v1beta1` of ExternalSecret apps/notes is none of the versions of its kind\n";
        check_rule("removed-api-version", &lab("0.19.2", mark));
    }

    #[test]
    fn without_a_release_it_is_a_warning() {
        check_rule(
            "removed-api-version",
            r"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2beta1
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[removed-api-version]: `helm.toolkit.fluxcd.io/v2beta1` of HelmRelease web/web is not served any more: the last release with it is flux 2.6.4
# help: write `helm.toolkit.fluxcd.io/v2`
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
",
        );
    }

    #[test]
    fn a_kind_of_which_nothing_is_known_is_left_alone() {
        check_rule(
            "removed-api-version",
            r"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/lamp.yaml
apiVersion: example.org/v9
kind: Lamp
metadata: { name: hall, namespace: web }
",
        );
    }
}
