//! A value of the wrong type.

use schema::kubernetes::Sort;

use crate::{Findings, Repo, flux};

crate::rule! {
    /// A value in an object is of another type than its kind takes.
    ///
    /// ## Why
    /// The server refuses the object, and with it everything that is applied in the same run ([API
    /// concepts](https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation)). A variable is typed
    /// after it is replaced: `${PORT}` without quotes in what is written may become a number. Objects are judged as
    /// they are built, after kustomize and the substitution of variables. Where the schema is that of another project
    /// than Kubernetes or Flux, the release in use is not known, and the finding is a warning.
    ///
    /// ## Fix
    /// Write a value of the type that is wanted; quotes make a text of a number or of `true`.
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
    ///   ports: [{ port: http }]
    /// #                 ^^^^ error[wrong-kubernetes-type]: `spec.ports[0].port` must be a whole number, not a text (Service shop/web, by the schema of kubernetes 1.36.0)
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
    ///   ports: [{ port: 80 }]
    /// ```
    ///
    /// ## When to allow
    /// Never, unless the cluster runs a release with another schema.
    "wrong-kubernetes-type", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    flux::report(repo, Sort::WrongType, findings);
}
