//! Those that wait for each other.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use diagnostic::Span;
use manifest::Identity;
use resolve_flux::Cluster;

use crate::flux::references::{Role, named};
use crate::{Findings, Repo};

crate::rule! {
    /// Flux Kustomizations or HelmReleases wait for each other in a circle.
    ///
    /// ## Why
    /// Each begins when all of its `dependsOn` are ready, so none of them ever begins
    /// ([dependencies](https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies)).
    ///
    /// ## Fix
    /// Take one of the dependencies out; move what both need into a third one that both depend on.
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
    ///   dependsOn: [{ name: web }]
    /// #                     ^^^ error[dependency-cycle]: `apps` waits for itself: `web` → `apps`
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/web.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: web, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./web
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    ///   dependsOn: [{ name: apps }]
    /// #- web/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: shop }
    /// ```
    ///
    /// In one direction:
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
    ///   dependsOn: [{ name: web }]
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/web.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: web, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./web
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- web/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: shop }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "dependency-cycle", Error, Flux, check
}

/// For each object, what it waits for, with the place it says so.
type Waits = BTreeMap<Identity, Vec<(Identity, Span)>>;

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let waits = waits(cluster);
        let mut told = BTreeSet::new();
        for start in waits.keys() {
            let Some(circle) = circle(&waits, start) else { continue };
            let members: BTreeSet<_> = circle.iter().map(|(identity, _)| *identity).collect();
            if !told.insert(members) {
                continue;
            }
            let names: Vec<_> = circle.iter().map(|(identity, _)| format!("`{}`", identity.name)).collect();
            let message = format!("`{}` waits for itself: {}", start.name, names.join(" → "));
            let mut report = findings.report_in(cluster, circle[0].1, message);
            for (identity, place) in &circle[1..] {
                report = report.related(*place, format!("and this leads to `{}`", identity.name));
            }
        }
    }
}

fn waits(cluster: &Cluster) -> Waits {
    let mut waits = Waits::new();
    for dependency in named(cluster, Role::Dependency) {
        let Some(by) = dependency.by.identity.clone() else { continue };
        let reference = &dependency.reference;
        let identity = Identity {
            group: dependency.group.to_owned(),
            kind: reference.kind.clone(),
            namespace: reference.namespace.clone(),
            name: reference.name.value.clone(),
        };
        waits.entry(by).or_default().push((identity, reference.name.span));
    }
    waits
}

/// The shortest way from `start` back to itself, each step with the place that says so; breadth first.
fn circle<'w>(waits: &'w Waits, start: &'w Identity) -> Option<Vec<(&'w Identity, Span)>> {
    let mut came: BTreeMap<&Identity, (&Identity, Span)> = BTreeMap::new(); // from where, and by what
    let mut open = VecDeque::from([start]);
    while let Some(from) = open.pop_front() {
        for (next, place) in waits.get(from).into_iter().flatten() {
            if next == start {
                let (mut way, mut at) = (vec![(next, *place)], from);
                while let Some((before, place)) = came.get(at) {
                    way.push((at, *place));
                    at = before;
                }
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(entry) = came.entry(next) {
                entry.insert((from, *place));
                open.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_diamond_is_no_circle() {
        check_rule(
            "dependency-cycle",
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
#- clusters/home/a.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: a, namespace: flux-system }
spec:
  interval: 10m
  path: ./a
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  dependsOn: [{ name: b }, { name: c }]
#- clusters/home/b.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: b, namespace: flux-system }
spec:
  interval: 10m
  path: ./b
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  dependsOn: [{ name: d }]
#- clusters/home/c.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: c, namespace: flux-system }
spec:
  interval: 10m
  path: ./c
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  dependsOn: [{ name: d }]
#- clusters/home/d.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: d, namespace: flux-system }
spec:
  interval: 10m
  path: ./d
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- a/n.yaml
apiVersion: v1
kind: Namespace
metadata: { name: a }
#- b/n.yaml
apiVersion: v1
kind: Namespace
metadata: { name: b }
#- c/n.yaml
apiVersion: v1
kind: Namespace
metadata: { name: c }
#- d/n.yaml
apiVersion: v1
kind: Namespace
metadata: { name: d }
",
        );
    }

    #[test]
    fn one_that_waits_for_itself_is_reported() {
        check_rule(
            "dependency-cycle",
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
  dependsOn: [{ name: apps }]
#                     ^^^^ error[dependency-cycle]: `apps` waits for itself: `apps`
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }
}
