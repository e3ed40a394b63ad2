//! An object that lies in no namespace and has to.

use std::collections::BTreeSet;

use manifest::{Identity, Value};

use crate::{Findings, Repo};

crate::rule! {
    /// An object has no namespace, and its kind lies in one.
    ///
    /// ## Why
    /// kubectl takes the namespace that a person works in; Flux has none, asks for an object of the whole cluster, and
    /// fails with `namespace not specified`: nothing of that Kustomization is applied
    /// ([`ssa/errors`](https://github.com/fluxcd/pkg/blob/main/ssa/errors/errors.go)).
    ///
    /// Only kinds are looked at of which it is known where they lie.
    ///
    /// ## Fix
    /// Write `namespace` into the object's metadata or into the kustomization around it, or `targetNamespace` into the
    /// Flux Kustomization. In a kustomization it is a field of its own, not one of `metadata`.
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
    /// #- clusters/home/kustomization.yaml
    /// metadata: { namespace: web }
    /// resources: [settings.yaml]
    /// #- clusters/home/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings }
    /// #                 ^^^^^^^^ error[missing-namespace]: ConfigMap `settings` has no namespace, so Flux fails over it in `flux-system`
    /// ```
    ///
    /// With the one that the kustomization gives:
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
    /// #- clusters/home/kustomization.yaml
    /// namespace: web
    /// resources: [settings.yaml]
    /// #- clusters/home/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "missing-namespace", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, known) in repo.flux.with_kinds() {
        // What a ResourceSet makes, its controller may give a namespace.
        let sets = cluster.objects.iter().filter(|object| object.kind() == "ResourceSet");
        let sets: BTreeSet<_> = sets.map(|object| &object.file).collect();
        for object in &cluster.objects {
            let is_guess = cluster.beginning.is_guess && object.by == 0;
            let is_made = object.kind() != "ResourceSet" && sets.contains(&object.file);
            if is_guess || is_made || has_namespace(&object.value) {
                continue;
            }
            if known.kinds.is_namespaced(object.group(), object.kind()) != Some(true) {
                continue;
            }
            let by = &cluster.applied_by(object).name;
            let message =
                format!("{} `{}` has no namespace, so Flux fails over it in `{by}`", object.kind(), object.name());
            findings
                .report_in(cluster, Identity::place(&object.value), message)
                .help(format!("write `namespace` into its metadata, or `targetNamespace` into `{by}`"));
        }
    }
}

/// Whether a namespace is written, or may be.
fn has_namespace(object: &Value) -> bool {
    let Some(metadata) = object.get("metadata").filter(|metadata| metadata.get("name").is_some()) else { return true };
    metadata.get("namespace").is_some_and(|namespace| !namespace.is_null() && namespace.text() != Some(""))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn kinds_of_the_cluster_unknown_kinds_and_what_others_make_are_left_alone() {
        check_rule(
            "missing-namespace",
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
  targetNamespace: web
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/others.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
---
apiVersion: example.org/v1
kind: Lamp
metadata: { name: hall }
#- clusters/home/set.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: apps, namespace: web }
spec:
  inputs: [{ name: blog }]
  resources:
    - apiVersion: v1
      kind: ConfigMap
      metadata: { name: << inputs.name >> }
#- apps/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
",
        );
    }
}
