//! A check of the health of nothing.

use crate::flux::references::{Role, report_missing};
use crate::{Findings, Repo};

crate::rule! {
    /// A Flux Kustomization checks the health of an object of Flux that the cluster does not have.
    ///
    /// ## Why
    /// The Kustomization is not ready before everything in `healthChecks` is, and times out over what is not there
    /// ([health checks](https://fluxcd.io/flux/components/kustomize/kustomizations/#health-checks)). With `wait: true`
    /// Flux does not read the list. Only
    /// Kustomizations, HelmReleases and sources are looked for: anything else may be made by a chart.
    ///
    /// ## Fix
    /// Correct the name or the namespace, or take the check out.
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
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    ///   healthChecks: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: wbe, namespace: web }]
    /// #                                                                                  ^^^ error[missing-health-check]: `apps` never becomes healthy: there is no HelmRelease web/wbe
    /// #                                                                                   help: did you mean `web`?
    /// #- apps/web.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: web, namespace: web }
    /// ```
    ///
    /// With the name of what there is:
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
    ///   healthChecks: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: web, namespace: web }]
    /// #- apps/web.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: web, namespace: web }
    /// ```
    ///
    /// ## When to allow
    /// When it is made by something that is not in the repository.
    "missing-health-check", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report_missing(repo, Role::HealthCheck, "never becomes healthy", findings);
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_a_chart_may_make_and_a_list_that_is_not_read_are_left_alone() {
        check_rule(
            "missing-health-check",
            r"
#- clusters/home/waiting.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: waiting, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  wait: true
  sourceRef: { kind: GitRepository, name: flux-system }
  healthChecks: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: web, namespace: web }]
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
  healthChecks: [{ apiVersion: apps/v1, kind: Deployment, name: web, namespace: web }]
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }
}
