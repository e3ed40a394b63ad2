//! Variables from nowhere.

use std::collections::BTreeMap;

use diagnostic::{Severity, Span, nearest};
use manifest::Value;
use resolve_flux::{Object, Reference};

use crate::{Findings, Repo};

crate::rule! {
    /// A Flux Kustomization takes variables from a ConfigMap or Secret that nothing brings.
    ///
    /// ## Why
    /// The build fails: `substitute from … error: … not found`, and with it everything that is applied ([post build
    /// variable
    /// substitution](https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution)). It
    /// is looked for in the namespace of the Kustomization. One that stands anywhere in the repository, in a file that
    /// is applied by hand, is not missed, nor is a Secret that an operator may make.
    ///
    /// ## Fix
    /// Correct the name, move it to the namespace of the Kustomization, or write `optional: true`.
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
    ///   postBuild: { substituteFrom: [{ kind: ConfigMap, name: cluster-setings }] }
    /// #                                                        ^^^^^^^^^^^^^^^ error[missing-substitution-source]: `apps` takes variables from the ConfigMap `cluster-setings`, which nothing brings
    /// #                                                         help: did you mean `cluster-settings`?
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: cluster-settings, namespace: flux-system }
    /// data: { DOMAIN: example.org }
    /// ```
    ///
    /// With the name of what there is:
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
    ///   postBuild: { substituteFrom: [{ kind: ConfigMap, name: cluster-settings }] }
    /// #- apps/web.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- clusters/home/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: cluster-settings, namespace: flux-system }
    /// data: { DOMAIN: example.org }
    /// ```
    ///
    /// ## When to allow
    /// When it is made by hand when a cluster is set up.
    "missing-substitution-source", Error, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let mut missing: BTreeMap<_, Vec<(&str, Span)>> = BTreeMap::new();
        for applied in &cluster.applied {
            let sources = applied.spec.at(&["postBuild", "substituteFrom"]).map(Value::items).unwrap_or_default();
            for source in sources {
                let Some(named) = Reference::of(source, "ConfigMap", applied.namespace.as_deref()) else { continue };
                let Reference { kind, namespace, name, is_optional, .. } = &named;
                let is_there = cluster.find("", kind, namespace.as_deref(), name).is_some();
                if is_there || *is_optional || is_written(repo, kind, name) || may_be_made(&cluster.objects, kind, name)
                {
                    continue;
                }
                let key = (kind.clone(), namespace.clone(), name.value.clone());
                missing.entry(key).or_default().push((&applied.name, name.span));
            }
        }
        for ((kind, namespace, name), mut takers) in missing {
            takers.sort_by_key(|(_, at)| (at.file, at.start));
            let beside = cluster.of("", &kind).filter(|object| object.namespace() == namespace.as_deref());
            let near = nearest(&name, beside.map(Object::name));
            let severity = match (cluster.is_whole(), near) {
                (true, Some(_)) => Severity::Error,
                _ => Severity::Warning,
            };
            // A misspelt name is mended at each place; one object that is missing is told once.
            let together = if near.is_some() { 1 } else { takers.len() };
            for takers in takers.chunks(together) {
                let who = match takers {
                    [(one, _)] => format!("`{one}` takes"),
                    [(one, _), (two, _)] => format!("`{one}` and `{two}` take"),
                    _ => format!("`{}` and {} others take", takers[0].0, takers.len() - 1),
                };
                let message = format!("{who} variables from the {kind} `{name}`, which nothing brings");
                let report = findings.report_in(cluster, takers[0].1, message).severity(severity);
                if let Some(near) = near {
                    report.help(format!("did you mean `{near}`?"));
                }
            }
        }
    }
}

/// Whether an object of that kind and name stands in any file of the repository.
fn is_written(repo: &Repo<'_>, kind: &str, name: &str) -> bool {
    repo.files.iter().flat_map(|file| file.yaml()).any(|document| {
        let text =
            |node: Option<&syntax::yaml::Node>| node.and_then(|node| node.scalar()).map(|scalar| scalar.text.clone());
        text(document.root.get("kind")).as_deref() == Some(kind)
            && text(document.root.get("metadata").and_then(|metadata| metadata.get("name"))).as_deref() == Some(name)
    })
}

/// Whether an operator makes Secrets from one of the objects that has this name in it.
fn may_be_made(objects: &[Object], kind: &str, name: &str) -> bool {
    let makes =
        |object: &&Object| !matches!(object.group(), "" | "kustomize.toolkit.fluxcd.io" | "helm.toolkit.fluxcd.io");
    kind == "Secret" && objects.iter().filter(makes).any(|object| names(&object.value, name))
}

fn names(value: &Value, name: &str) -> bool {
    value.text() == Some(name)
        || value.items().iter().any(|item| names(item, name))
        || value.entries().iter().any(|entry| names(&entry.value, name))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_several_take_from_one_place_is_told_once() {
        check_rule(
            "missing-substitution-source",
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
  postBuild: { substituteFrom: [{ kind: Secret, name: keys }] }
#                                                     ^^^^ warning[missing-substitution-source]: `apps` and `web` take variables from the Secret `keys`, which nothing brings
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: flux-system }
spec:
  interval: 10m
  path: ./web
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substituteFrom: [{ kind: Secret, name: keys }] }
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: apps }
#- web/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }

    #[test]
    fn what_need_not_be_there_or_is_applied_by_hand_is_left_alone() {
        check_rule(
            "missing-substitution-source",
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
  postBuild:
    substituteFrom:
      - { kind: Secret, name: extra, optional: true }
      - { kind: Secret, name: keys }
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#- bootstrap/keys.yaml
apiVersion: v1
kind: Secret
metadata: { name: keys, namespace: flux-system }
",
        );
    }

    #[test]
    fn a_secret_that_an_operator_makes_is_left_alone() {
        check_rule(
            "missing-substitution-source",
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
  postBuild: { substituteFrom: [{ kind: Secret, name: keys }] }
#- apps/web.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#- clusters/home/keys.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: all, namespace: flux-system }
spec: { target: { name: keys }, secretStoreRef: { name: vault }, dataFrom: [{ extract: { key: flux } }] }
",
        );
    }
}
