//! A variable that nobody replaces.

use std::collections::BTreeSet;

use diagnostic::Span;
use manifest::{Content, Value};

use crate::{Findings, Repo};

crate::rule! {
    /// An object names a variable that other Flux Kustomizations set, and its own sets none.
    ///
    /// ## Why
    /// Variables are replaced only where the Flux Kustomization has `postBuild`; without it `${DOMAIN}` is applied as
    /// it stands ([post build variable
    /// substitution](https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution)).
    ///
    /// ## Fix
    /// Add `postBuild` with `substituteFrom`, as the others have it; where the text is meant for a shell, annotate the
    /// object with `kustomize.toolkit.fluxcd.io/substitute: disabled`.
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
    ///   postBuild: { substitute: { DOMAIN: example.org } }
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data:
    ///   URL: https://web.${DOMAIN}
    /// #      ^^^^^^^^^^^^^^^^^^^^^ warning[unreplaced-variable]: `${DOMAIN}` stays as it is: `apps` has no `postBuild`
    /// #       help: set `DOMAIN` below `spec.postBuild` of `apps`
    /// #- web/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// ```
    ///
    /// With the variable set:
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
    ///   postBuild: { substitute: { DOMAIN: example.org } }
    /// #- clusters/home/web.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: web, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./web
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    ///   postBuild: { substitute: { DOMAIN: example.org } }
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data:
    ///   URL: https://web.${DOMAIN}
    /// #- web/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// ```
    ///
    /// ## When to allow
    /// When the program that reads the text replaces it.
    "unreplaced-variable", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let set: BTreeSet<&str> =
            cluster.applied.iter().flat_map(|applied| applied.variables.values.keys()).map(String::as_str).collect();
        let mut told = BTreeSet::new();
        for object in &cluster.objects {
            let applied = cluster.applied_by(object);
            let is_replaced = applied.spec.get("postBuild").is_some_and(|post| !post.is_null());
            let is_off = ["labels", "annotations"]
                .iter()
                .any(|part| object.value.at(&["metadata", part, "kustomize.toolkit.fluxcd.io/substitute"]).is_some());
            // A Flux Kustomization hands its patches on to where they are replaced.
            if is_replaced || is_off || object.kind() == "Kustomization" || set.is_empty() {
                continue;
            }
            each_text(&object.value, &mut |text, span| {
                let name = text
                    .split("${")
                    .skip(1)
                    .filter_map(|rest| rest.split(['}', ':']).next())
                    .find(|name| set.contains(name));
                if let Some(name) = name.filter(|name| told.insert((span, (*name).to_owned()))) {
                    let message = format!("`${{{name}}}` stays as it is: `{}` has no `postBuild`", applied.name);
                    findings
                        .report_in(cluster, span, message)
                        .help(format!("set `{name}` below `spec.postBuild` of `{}`", applied.name));
                }
            });
        }
    }
}

fn each_text(value: &Value, visit: &mut impl FnMut(&str, Span)) {
    match &value.content {
        Content::Text(text) => visit(text, value.span),
        Content::List(items) => items.iter().for_each(|item| each_text(item, visit)),
        Content::Map(entries) => entries.iter().for_each(|entry| each_text(&entry.value, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_variable_of_a_shell_or_of_an_object_that_is_switched_off_is_left_alone() {
        check_rule(
            "unreplaced-variable",
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
  postBuild: { substitute: { DOMAIN: example.org } }
#- apps/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web }
data: { run: 'echo ${HOME}' }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: off, namespace: web, annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled } }
data: { run: 'echo ${DOMAIN}' }
#- web/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }
}
