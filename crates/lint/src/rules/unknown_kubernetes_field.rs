//! A field that a kind does not have.

use schema::kubernetes::Sort;

use crate::{Findings, Repo, flux};

crate::rule! {
    /// An object has a field that its kind does not have.
    ///
    /// ## Why
    /// Flux applies on the server's side, which refuses a field that is not in the schema ([Server-Side
    /// Apply](https://kubernetes.io/docs/reference/using-api/server-side-apply/)), so nothing of that Flux
    /// Kustomization is applied any more. Objects are judged as they are built, after kustomize and the substitution of
    /// variables. Where the schema is that of another project than Kubernetes or Flux, the release in use is not known,
    /// and the finding is a warning.
    ///
    /// ## Fix
    /// Write the name of the field as the schema has it, at the place where it belongs.
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
    ///   port: [{ port: 80 }]
    /// # ^^^^ error[unknown-kubernetes-field]: unknown field `port` in `spec`, did you mean `ports`? (Service shop/web, by the schema of kubernetes 1.36.0)
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
    /// When the cluster runs a release whose schema has the field.
    "unknown-kubernetes-field", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    flux::report(repo, Sort::UnknownField, findings);
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_merge_key_sops_patches_and_values_are_left_alone() {
        check_rule(
            "unknown-kubernetes-field",
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
#- clusters/home/kustomization.yaml
resources: [flux-system/gotk-sync.yaml, web.yaml, secret.yaml]
patches:
  - target: { kind: Service }
    patch: |
      - op: add
        path: /spec/ports/0/name
        value: http
#- clusters/home/web.yaml
apiVersion: v1
kind: Service
metadata: &meta { name: web, namespace: shop }
spec: { ports: [{ port: 80 }] }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
  postRenderers:
  values: { anything: { goes: here } }
#- clusters/home/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: shop }
stringData: { KEY: 'ENC[AES256_GCM,data:x]' }
sops: { version: 3.9.0, mac: x }
#- ansible/play.yaml
- hosts: all
  tasks: []
",
        );
    }

    #[test]
    fn a_variable_is_typed_after_it_is_replaced() {
        check_rule(
            "unknown-kubernetes-field",
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
  postBuild: { substitute: { PORT: '8080' } }
#- apps/web.yaml
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ port: '${PORT}' }] }
",
        );
    }
}
