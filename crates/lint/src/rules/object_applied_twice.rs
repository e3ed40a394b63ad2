//! One object of two owners.

use std::collections::BTreeMap;

use diagnostic::Severity;
use manifest::{Identity, Value};
use resolve_flux::Object;

use crate::{Findings, Repo};

crate::rule! {
    /// Two Flux Kustomizations of a cluster bring the same object.
    ///
    /// ## Why
    /// Each applies its own text of it over that of the other, again and again, and when one of them is pruned the
    /// object is gone for both ([prune](https://fluxcd.io/flux/components/kustomize/kustomizations/#prune)). Where both
    /// texts are alike nothing changes until then; where they differ, the finding is an error. Objects that say
    /// `kustomize.toolkit.fluxcd.io/ssa: IfNotPresent` or `Merge` are meant to be shared.
    ///
    /// ## Fix
    /// Leave it in one of them, and let the other depend on that one.
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
    /// #- clusters/home/web.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: web, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./web
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data: { THEME: dark }
    /// #- web/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// #                 ^^^^^^^^ error[object-applied-twice]: `apps` and `web` both bring ConfigMap web/settings
    /// data: { THEME: light }
    /// ```
    ///
    /// In one of them:
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
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data: { THEME: dark }
    /// #- web/secret.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: other, namespace: web }
    /// data: { THEME: dark }
    /// ```
    ///
    /// ## When to allow
    /// When the two are never there at the same time.
    "object-applied-twice", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let mut owners: BTreeMap<&Identity, Vec<&Object>> = BTreeMap::new();
        let is_plain = |object: &&Object| !object.has_unknown_name && !is_shared(&object.value);
        for object in cluster.objects.iter().filter(is_plain) {
            owners.entry(object.identity.iter().next().unwrap_or(&NOBODY)).or_default().push(object);
        }
        owners.remove(&NOBODY);
        for (identity, objects) in owners {
            let first = objects[0];
            for other in objects.iter().skip(1).filter(|other| other.by != first.by) {
                let (one, two) = (&cluster.applied_by(first).name, &cluster.applied_by(other).name);
                let severity = match first.value == other.value || identity.kind == "Namespace" {
                    true => Severity::Warning,
                    false if first.value.has_unknown() || other.value.has_unknown() => Severity::Warning,
                    false => Severity::Error,
                };
                let message = format!("`{one}` and `{two}` both bring {identity}");
                findings
                    .report_in(cluster, Identity::place(&other.value), message)
                    .related(Identity::place(&first.value), format!("`{one}` brings it from here"))
                    .severity(severity);
            }
        }
    }
}

/// What has no name that is known.
static NOBODY: Identity = Identity { group: String::new(), kind: String::new(), namespace: None, name: String::new() };

/// Whether the object says that others may own it too.
fn is_shared(object: &Value) -> bool {
    let policy = object.at(&["metadata", "annotations", "kustomize.toolkit.fluxcd.io/ssa"]);
    policy.and_then(Value::text).is_some_and(|policy| policy != "Override")
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_may_be_shared_or_lies_in_two_clusters_is_left_alone() {
        check_rule(
            "object-applied-twice",
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
#- clusters/cabin/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/cabin
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
#- clusters/cabin/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/web.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: flux-system }
spec:
  interval: 10m
  path: ./web
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- apps/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web }
data: { THEME: dark }
#- web/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web, annotations: { kustomize.toolkit.fluxcd.io/ssa: IfNotPresent } }
data: { THEME: dark }
",
        );
    }

    #[test]
    fn a_namespace_that_two_bring_alike_is_a_warning() {
        check_rule(
            "object-applied-twice",
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
#- clusters/home/web.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: flux-system }
spec:
  interval: 10m
  path: ./web
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- apps/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#                 ^^^ related: `apps` brings it from here
#- web/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#                 ^^^ warning[object-applied-twice]: `apps` and `web` both bring Namespace web
",
        );
    }
}
