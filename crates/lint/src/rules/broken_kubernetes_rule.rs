//! A rule of a kind that an object breaks.

use schema::kubernetes::Sort;

use crate::{Findings, Repo, flux};

crate::rule! {
    /// An object breaks a rule that its kind brings along.
    ///
    /// ## Why
    /// A CustomResourceDefinition may hold rules in CEL over several fields, and the server refuses what breaks one
    /// ([validation
    /// rules](https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules)).
    /// Objects are judged as they are built, after kustomize and the substitution of variables. Where the schema is
    /// that of another project than Kubernetes or Flux, the release in use is not known, and the finding is a warning.
    ///
    /// ## Fix
    /// Do what the rule says.
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
    ///   interval: 1h
    ///   chart: { spec: { chart: web, sourceRef: { kind: HelmRepository, name: web } } }
    ///   chartRef: { kind: OCIRepository, name: web }
    /// # ^^^^^^^^ warning[broken-kubernetes-rule]: `spec` is refused: either chart or chartRef must be set (HelmRelease shop/web, by the schema of flux 2.9.4)
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
    ///   interval: 1h
    ///   chartRef: { kind: OCIRepository, name: web }
    /// ```
    ///
    /// ## When to allow
    /// When the cluster runs a release without that rule.
    "broken-kubernetes-rule", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    flux::report(repo, Sort::BrokenRule, findings);
}
