//! Something that comes from nowhere.

use crate::flux::references::{Role, report_missing};
use crate::{Findings, Repo};

crate::rule! {
    /// A Flux Kustomization or HelmRelease names a source that the cluster does not have.
    ///
    /// ## Why
    /// Without its source nothing is fetched, and it stays not ready: `GitRepository … not found`
    /// ([sourceRef](https://fluxcd.io/flux/components/kustomize/kustomizations/#source-reference),
    /// [chartRef](https://fluxcd.io/flux/components/helm/helmreleases/#chart-reference)). A name without a namespace is
    /// looked for in the namespace that the object has once it is built.
    ///
    /// ## Fix
    /// Correct the name, or write the namespace that the source lies in.
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
    /// #- clusters/home/apps.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: apps, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./apps
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-sytem }
    /// #                                         ^^^^^^^^^^ error[missing-source]: `apps` is fetched from nowhere: there is no GitRepository flux-system/flux-sytem
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// ```
    ///
    /// With the name of the source:
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
    /// #- clusters/home/apps.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: apps, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./apps
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// ```
    ///
    /// ## When to allow
    /// When the source is made by something that is not in the repository.
    "missing-source", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report_missing(repo, Role::Source, "is fetched from nowhere", findings);
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_slip_in_what_flux_bootstrap_wrote_is_reported() {
        check_rule(
            "missing-source",
            "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: ssh://git@git.example.org/lab, secretRef: { name: flux-system } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/home
  sourceRef: { kind: GitRepository, name: flux-sistem }
#                                         ^^^^^^^^^^^ error[missing-source]: `flux-system` is fetched from nowhere: there is no GitRepository flux-system/flux-sistem
# help: did you mean `flux-system`?
",
        );
    }

    #[test]
    fn what_a_controller_makes_is_left_alone() {
        check_rule(
            "missing-source",
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
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: ExternalArtifact, name: apps }
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }

    #[test]
    fn a_source_of_the_namespace_that_kustomize_gives_is_there() {
        check_rule(
            "missing-source",
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
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- apps/kustomization.yaml
namespace: web
resources: [web.yaml, source.yaml]
#- apps/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: default }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
#- apps/source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: web }
spec: { interval: 1h, url: oci://example.org/web }
",
        );
    }

    #[test]
    fn a_cluster_of_which_a_part_is_unknown_may_bring_it() {
        check_rule(
            "missing-source",
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
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- apps/kustomization.yaml
resources: [web.yaml, 'https://example.org/sources.yaml']
#- apps/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
",
        );
    }

    #[test]
    fn the_namespace_is_pointed_at_where_it_is_wrong() {
        check_rule(
            "missing-source",
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
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chart:
    spec:
      chart: web
      sourceRef: { kind: HelmRepository, name: charts, namespace: web }
      #                                                           ^^^ error[missing-source]: `web` is fetched from nowhere: there is no HelmRepository web/charts
      #                                                          help: write `namespace: flux-system` beside the name
#- clusters/home/charts.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: flux-system }
#                 ^^^^^^ related: one of that name is here, in another namespace
spec: { interval: 1h, url: https://example.org }
",
        );
    }

    #[test]
    fn an_artifact_is_one_that_a_generator_makes() {
        check_rule(
            "missing-source",
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
#- clusters/home/artifacts.yaml
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: lab, namespace: flux-system }
spec: { artifacts: [{ name: apps }] }
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: ExternalArtifact, name: aps }
#                                            ^^^ error[missing-source]: `apps` is fetched from nowhere: there is no ExternalArtifact flux-system/aps
#                                           help: did you mean `apps`?
",
        );
    }

    #[test]
    fn the_source_of_the_cluster_is_in_the_namespace_of_flux() {
        check_rule(
            "missing-source",
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
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system, namespace: apps }
#                                                                 ^^^^ error[missing-source]: `apps` is fetched from nowhere: there is no GitRepository apps/flux-system
#                                                                help: write `namespace: flux-system` beside the name
",
        );
    }
}
