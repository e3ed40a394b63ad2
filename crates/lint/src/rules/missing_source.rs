//! Something that comes from nowhere.

use crate::flux::references::{Role, named};
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
    for cluster in &repo.flux.clusters {
        for source in named(cluster, Role::Source).filter(|source| !source.is_there(cluster)) {
            let sentence = format!("`{}` is fetched from nowhere", source.by.name());
            source.report_missing(cluster, &sentence, findings);
        }
    }
}
