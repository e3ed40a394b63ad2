//! A value that is not among those allowed.

use schema::kubernetes::Sort;

use crate::{Findings, Repo, flux};

crate::rule! {
    /// A value in an object is not one that its kind allows.
    ///
    /// ## Why
    /// The schema lists the values, or gives a pattern or bounds, and the server refuses everything else
    /// ([validation](https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation)).
    /// Objects are judged as they are built, after kustomize and the substitution of variables. Where the schema is
    /// that of another project than Kubernetes or Flux, the release in use is not known, and the finding is a warning.
    ///
    /// ## Fix
    /// Write one of the values that are allowed.
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
    /// #- clusters/home/web.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   interval: daily
    /// #           ^^^^^ warning[refused-kubernetes-value]: `spec.interval` is `daily`, which does not match `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$` (HelmRelease shop/web, by the schema of flux 2.9.4)
    ///   chartRef: { kind: OCIRepository, name: web }
    /// ```
    ///
    /// As the schema has it:
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
    /// #- clusters/home/web.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   interval: 24h
    ///   chartRef: { kind: OCIRepository, name: web }
    /// ```
    ///
    /// ## When to allow
    /// When the cluster runs a release whose schema allows the value.
    "refused-kubernetes-value", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    flux::report(repo, Sort::NotAllowed, findings);
}
