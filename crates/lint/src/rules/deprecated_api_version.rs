//! A version of an API that is on its way out.

use schema::kubernetes::Served;

use crate::{Findings, Repo};

crate::rule! {
    /// An object is written in a version of its API that is deprecated.
    ///
    /// ## Why
    /// It works as long as the version is served, and is refused with the release that drops it ([releases of
    /// Flux](https://github.com/fluxcd/flux2/releases)).
    ///
    /// ## Fix
    /// Write the version that takes its place; `flux migrate` rewrites what is stored in the cluster.
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
    /// #- clusters/home/flux-system/gotk-components.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: flux-system
    ///   labels: { app.kubernetes.io/version: v2.4.0 }
    /// #- clusters/home/web.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2beta2
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[deprecated-api-version]: HelmRelease shop/web is written in a deprecated version: v2beta2 HelmRelease is deprecated, upgrade to v2
    /// #            help: write `helm.toolkit.fluxcd.io/v2`
    /// kind: HelmRelease
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   interval: 1h
    ///   chartRef: { kind: OCIRepository, name: web }
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
    /// When an older Flux in another cluster reads the same file.
    "deprecated-api-version", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, known) in repo.flux.with_kinds() {
        for object in &cluster.objects {
            let Served::Deprecated { warning, instead } = known.served(object) else { continue };
            let Some(version) = object.value.get("apiVersion") else { continue };
            let name = object.called();
            let message = format!("{name} is written in a deprecated version: {warning}");
            let report = findings.report_in(cluster, version.span, message);
            if let Some(instead) = instead {
                report.help(format!("write `{instead}`"));
            }
        }
    }
}
