//! A kind that may not be there yet.

use std::collections::{BTreeMap, BTreeSet};

use manifest::{Identity, Value};
use resolve_flux::Cluster;

use crate::flux::references::{Role, of};
use crate::{Findings, Repo};

crate::rule! {
    /// A Flux Kustomization brings objects of a kind that another one defines, and does not wait for it.
    ///
    /// ## Why
    /// Until its CustomResourceDefinition is there, no object of the kind can be applied: on a new cluster the
    /// Kustomization fails, and is tried again until the other one has come first by chance
    /// ([dependencies](https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies)).
    ///
    /// ## Fix
    /// Name the Flux Kustomization with the definition in `dependsOn`.
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
    /// #- clusters/home/kinds.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: kinds, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./kinds
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- kinds/lamp.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: { name: lamps.example.org }
    /// spec:
    ///   group: example.org
    ///   names: { kind: Lamp, plural: lamps }
    ///   scope: Namespaced
    ///   versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
    /// #- apps/lamp.yaml
    /// apiVersion: example.org/v1
    /// kind: Lamp
    /// metadata: { name: hall, namespace: web }
    /// #                 ^^^^ warning[kind-before-its-definition]: `apps` brings a Lamp and does not wait for `kinds`, which defines the kind
    /// #                  help: add `- name: kinds` to `spec.dependsOn` of `apps`
    /// ```
    ///
    /// With the dependency:
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
    ///   dependsOn: [{ name: kinds }]
    /// #- clusters/home/kinds.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: kinds, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./kinds
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- kinds/lamp.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: { name: lamps.example.org }
    /// spec:
    ///   group: example.org
    ///   names: { kind: Lamp, plural: lamps }
    ///   scope: Namespaced
    ///   versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
    /// #- apps/lamp.yaml
    /// apiVersion: example.org/v1
    /// kind: Lamp
    /// metadata: { name: hall, namespace: web }
    /// ```
    ///
    /// ## When to allow
    /// When the definitions are installed before Flux is.
    "kind-before-its-definition", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let mut defined: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for definition in cluster.of("apiextensions.k8s.io", "CustomResourceDefinition") {
            let text = |path: &[&str]| definition.value.at(path).and_then(Value::text);
            if let Some(kind) = text(&["spec", "group"]).zip(text(&["spec", "names", "kind"])) {
                defined.insert(kind, definition.by);
            }
        }
        let mut told = BTreeSet::new();
        for object in &cluster.objects {
            let Some(by) = defined.get(&(object.group(), object.kind())).copied().filter(|by| *by != object.by) else {
                continue;
            };
            if waits_for(cluster, object.by, by) || waits_for(cluster, by, object.by) || !told.insert((object.by, by)) {
                continue;
            }
            let (applied, other) = (&cluster.applied[object.by], &cluster.applied[by]);
            let message = format!(
                "`{}` brings a {} and does not wait for `{}`, which defines the kind",
                applied.name,
                object.kind(),
                other.name
            );
            let help = format!("add `- name: {}` to `spec.dependsOn` of `{}`", other.name, applied.name);
            findings.report_in(cluster, Identity::place(&object.value), message).help(help);
        }
    }
}

/// Whether the applied one at `from` begins only once the one at `to` is ready: it depends on it, on one that does, or
/// is itself brought by one that does.
fn waits_for(cluster: &Cluster, from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        let Some(object) = cluster.applied[at].object.filter(|_| seen.insert(at)).map(|index| &cluster.objects[index])
        else {
            continue;
        };
        open.push(object.by);
        for dependency in of(object, Role::Dependency) {
            let named = &dependency.reference;
            let is_it = |applied: &resolve_flux::Applied| {
                applied.name == named.name.value && applied.namespace == named.namespace
            };
            open.extend(cluster.applied.iter().position(is_it));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_definition_that_comes_with_the_parent_or_through_another_is_waited_for() {
        check_rule(
            "kind-before-its-definition",
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
  dependsOn: [{ name: mid }]
#- clusters/home/mid.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: mid, namespace: flux-system }
spec:
  interval: 10m
  path: ./mid
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  dependsOn: [{ name: kinds }]
#- clusters/home/kinds.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: kinds, namespace: flux-system }
spec:
  interval: 10m
  path: ./kinds
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- mid/n.yaml
apiVersion: v1
kind: Namespace
metadata: { name: mid }
#- kinds/lamp.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: lamps.example.org }
spec: { group: example.org, names: { kind: Lamp, plural: lamps } }
#- apps/lamp.yaml
apiVersion: example.org/v1
kind: Lamp
metadata: { name: hall, namespace: web }
",
        );
    }
}
