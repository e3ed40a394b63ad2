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
    /// texts are alike, but for labels and annotations, nothing changes until then; where they differ, the finding is an
    /// error. Objects that say `kustomize.toolkit.fluxcd.io/ssa: IfNotPresent` or `Merge` are meant to be shared.
    /// A folder that two apply is told once, at the path of the second.
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
        // What a guess at the beginning brings, perhaps nothing brings.
        let is_sure = |object: &&Object| !(cluster.beginning.is_guess && object.by == 0);
        for object in cluster.objects.iter().filter(|object| is_plain(object) && is_sure(object)) {
            owners.entry(object.identity.iter().next().unwrap_or(&NOBODY)).or_default().push(object);
        }
        owners.remove(&NOBODY);
        let mut alone = Vec::new();
        for (identity, objects) in &owners {
            // What many take from one place is told once.
            let mut by_place: BTreeMap<_, Vec<&Object>> = BTreeMap::new();
            for other in objects.iter().skip(1).filter(|other| other.by != objects[0].by) {
                by_place.entry(Identity::place(&other.value)).or_default().push(other);
            }
            alone.extend(by_place.into_iter().map(|(place, others)| (*identity, objects[0], place, others)));
        }
        // So is a folder that two apply.
        let mut by_pair: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (identity, first, _, others) in &alone {
            if let [other] = others.as_slice()
                && other.file == first.file
            {
                by_pair.entry((first.by, other.by)).or_default().push((*identity, *first, *other));
            }
        }
        by_pair.retain(|(_, by), objects| objects.len() > 2 && cluster.applied[*by].object.is_some());
        for ((one, two), objects) in &by_pair {
            let (one, two) = (&cluster.applied[*one], &cluster.applied[*two]);
            let (Some(around), Some(folder)) = (&one.folder, &two.folder) else { continue };
            let message = format!("{} bring the same {} objects", all_of(&[&one.name, &two.name]), objects.len());
            let worst = objects.iter().map(|(identity, first, other)| severity(identity, first, other)).max();
            let path = if around.value.as_str().is_empty() { "." } else { around.value.as_str() };
            findings
                .report_in(cluster, folder.span, message)
                .related(Identity::place(&objects[0].1.value), "one of them is here")
                .severity(worst.unwrap_or(Severity::Warning))
                .help(format!("let a `kustomization.yaml` in `{path}` list what `{}` is to bring", one.name));
        }
        for (identity, first, place, others) in alone {
            if let [other] = others.as_slice()
                && other.file == first.file
                && by_pair.contains_key(&(first.by, other.by))
            {
                continue;
            }
            let severity = others.iter().map(|other| severity(identity, first, other)).max();
            let mut names = vec![cluster.applied_by(first).name.as_str()];
            names.extend(others.iter().map(|other| cluster.applied_by(other).name.as_str()));
            names.dedup();
            findings
                .report_in(cluster, place, format!("{} bring {identity}", all_of(&names)))
                .related(Identity::place(&first.value), format!("`{}` brings it from here", names[0]))
                .severity(severity.unwrap_or(Severity::Warning));
        }
    }
}

/// How bad it is that two bring the same object: with other labels or annotations alone it does the same.
fn severity(identity: &Identity, first: &Object, other: &Object) -> Severity {
    let bare = |object: &Object| {
        let mut value = object.value.clone();
        if let Some(metadata) = value.get_mut("metadata") {
            ["labels", "annotations"].iter().for_each(|key| drop(metadata.remove(key)));
        }
        value
    };
    let is_unknown = first.value.has_unknown() || other.value.has_unknown();
    let is_alike = first.value == other.value || identity.kind == "Namespace" || bare(first) == bare(other);
    if is_alike || is_unknown { Severity::Warning } else { Severity::Error }
}

/// `a` and `b` both, or all of more.
fn all_of(names: &[&str]) -> String {
    match names {
        [one, two] => format!("`{one}` and `{two}` both"),
        [one, two, rest @ ..] if rest.len() > 1 => format!("`{one}`, `{two}` and {} others all", rest.len()),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}` all", most.join(", "))
        }
        [] => String::new(),
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
    fn what_many_take_from_one_place_with_labels_of_their_own_is_one_warning() {
        let app = |name: &str| {
            format!(
                "#- clusters/home/{name}.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{ name: {name}, namespace: flux-system }}
spec:
  interval: 10m
  path: ./apps/{name}
  prune: true
  targetNamespace: web
  commonMetadata: {{ labels: {{ app: {name} }} }}
  sourceRef: {{ kind: GitRepository, name: flux-system }}
#- apps/{name}/kustomization.yaml
components: [../../components/chart]
"
            )
        };
        let apps: String = ["blog", "shop", "wiki", "zine"].into_iter().map(app).collect();
        check_rule(
            "object-applied-twice",
            &format!(
                "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{ name: flux-system, namespace: flux-system }}
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: {{ kind: GitRepository, name: flux-system }}
{apps}#- components/chart/kustomization.yaml
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
resources: [chart.yaml]
#- components/chart/chart.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {{ name: app-template }}
#                 ^^^^^^^^^^^^ warning[object-applied-twice]: `blog`, `shop` and 2 others all bring OCIRepository web/app-template
#                 ^^^^^^^^^^^^ related: `blog` brings it from here
spec: {{ interval: 1h, url: 'oci://charts.example.org/app-template', ref: {{ tag: 4.6.2 }} }}
"
            ),
        );
    }

    #[test]
    fn a_folder_that_two_apply_is_told_once() {
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
#- clusters/home/web.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home/web
#       ^^^^^^^^^^^^^^^^^^^ warning[object-applied-twice]: `flux-system` and `web` both bring the same 3 objects
# help: let a `kustomization.yaml` in `clusters/home` list what `flux-system` is to bring
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/web/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: one, namespace: web }
#                 ^^^ related: one of them is here
---
apiVersion: v1
kind: ConfigMap
metadata: { name: three, namespace: web }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: two, namespace: web }
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
