//! A field that must be written and is not.

use schema::kubernetes::Sort;

use crate::{Findings, Repo, flux};

crate::rule! {
    /// An object lacks a field that its kind needs.
    ///
    /// ## Why
    /// The server refuses an object without a required field ([API
    /// concepts](https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation)). Objects are judged as
    /// they are built, after kustomize and the substitution of variables. Where the schema is that of another project
    /// than Kubernetes or Flux, the release in use is not known, and the finding is a warning.
    ///
    /// ## Fix
    /// Write the field.
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
    /// apiVersion: v1
    /// kind: Service
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   ports: [{ name: http }]
    /// #           ^^^^ error[missing-kubernetes-field]: `spec.ports[0].port` is missing (Service shop/web, by the schema of kubernetes 1.36.0)
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
    /// apiVersion: v1
    /// kind: Service
    /// metadata: { name: web, namespace: shop }
    /// spec:
    ///   ports: [{ name: http, port: 80 }]
    /// ```
    ///
    /// ## When to allow
    /// When something else adds the field before the object reaches the server: a mutating webhook.
    "missing-kubernetes-field", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    flux::report(repo, Sort::Missing, findings);
}
