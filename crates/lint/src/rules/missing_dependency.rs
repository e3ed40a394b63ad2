//! Waiting for what never comes.

use crate::flux::references::{Role, report_missing};
use crate::{Findings, Repo};

crate::rule! {
    /// A Flux Kustomization or HelmRelease waits for one that the cluster does not have.
    ///
    /// ## Why
    /// Flux does not begin before each of `dependsOn` is ready, and one that is not there is never ready
    /// ([dependencies](https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies)). A name without a
    /// namespace is looked for in the namespace that the object has once it is built: `targetNamespace` and
    /// `namespace:` of kustomize count.
    ///
    /// ## Fix
    /// Correct the name, write the namespace that it lies in, or take the line out.
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
    ///   dependsOn: [{ name: infrastruture }]
    /// #                     ^^^^^^^^^^^^^ error[missing-dependency]: `apps` waits for ever: there is no Kustomization flux-system/infrastruture
    /// #                      help: did you mean `infrastructure`?
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/infrastructure.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: infrastructure, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./infrastructure
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- infrastructure/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: infra }
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
    ///   dependsOn: [{ name: infrastructure }]
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/infrastructure.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: infrastructure, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./infrastructure
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- infrastructure/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: infra }
    /// ```
    ///
    /// ## When to allow
    /// When it is made by something that is not in the repository.
    "missing-dependency", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report_missing(repo, Role::Dependency, "waits for ever", findings);
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_kustomization_of_the_cluster_itself_is_there() {
        check_rule(
            "missing-dependency",
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
  dependsOn: [{ name: flux-system }]
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }

    #[test]
    fn a_release_that_is_renamed_on_the_way_is_looked_for_by_its_new_name() {
        check_rule(
            "missing-dependency",
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
nameSuffix: -blue
resources: [web.yaml, db.yaml]
#- apps/db.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: db, namespace: default }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: db }
#- apps/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: default }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
  dependsOn: [{ name: db-blue }]
",
        );
    }
}
