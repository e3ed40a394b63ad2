//! A file that is never applied.

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::{File, Findings, Repo};

crate::rule! {
    /// A file beside a kustomization holds an object, and no kustomization lists it.
    ///
    /// ## Why
    /// A folder with a `kustomization.yaml` is built from what that file lists, and from nothing else
    /// ([resources](https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/)); what is
    /// forgotten there is never applied. Folders called `archive`, `disabled` and the like are left alone, and so is a
    /// file that a comment of the kustomization names.
    ///
    /// ## Fix
    /// Add the file to `resources`, or delete it.
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
    /// #- apps/kustomization.yaml
    /// resources: [namespace.yaml]
    /// #- apps/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// ^ hint[unlisted-file]: `settings.yaml` is not listed in `apps/kustomization.yaml`, and is never applied
    /// # help: add `- settings.yaml` to its `resources`, or delete the file
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data: { THEME: dark }
    /// ```
    ///
    /// Listed:
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
    /// #- apps/kustomization.yaml
    /// resources: [namespace.yaml, settings.yaml]
    /// #- apps/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: { name: web }
    /// #- apps/settings.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: { name: settings, namespace: web }
    /// data: { THEME: dark }
    /// ```
    ///
    /// ## When to allow
    /// When the file is applied by hand.
    "unlisted-file", Hint, Flux, check
}

/// Folders whose files are kept and not used.
const ASIDE: [&str; 9] =
    ["archive", "archived", "attic", "backup", "deprecated", "disabled", "examples", "old", "unused"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let used: BTreeSet<&str> =
        repo.flux.clusters.iter().flat_map(|cluster| &cluster.files).map(String::as_str).collect();
    for file in repo.files.iter().filter(|file| is_object(file) && !used.contains(file.path.as_str())) {
        let folder = file.path.parent().unwrap_or(Utf8Path::new(""));
        let is_aside = |part: &str| ASIDE.contains(&part.trim_start_matches(['.', '_']).to_lowercase().as_str());
        let Some(kustomization) =
            kustomize::NAMES.iter().map(|name| folder.join(name)).find(|path| used.contains(path.as_str()))
        else {
            continue;
        };
        let Some(kustomization) = repo.files.get(&kustomization) else { continue };
        let name = file.path.file_name().unwrap_or_default();
        let is_named = repo.sources.get(kustomization.id).text.contains(name);
        if is_named || folder.iter().any(is_aside) {
            continue;
        }
        let message = format!("`{name}` is not listed in `{}`, and is never applied", kustomization.path);
        findings.report(file.start(), message).help(format!("add `- {name}` to its `resources`, or delete the file"));
    }
}

/// Whether it holds an object that is applied as it is.
fn is_object(file: &File) -> bool {
    let text = |document: &syntax::yaml::Document, key: &str| {
        document.root.get(key).and_then(|node| node.scalar()).map(|scalar| scalar.text.clone()).unwrap_or_default()
    };
    file.yaml().iter().any(|document| {
        let (version, kind) = (text(document, "apiVersion"), text(document, "kind"));
        let is_other = version.starts_with("kustomize.config.k8s.io") || version.starts_with("config.kubernetes.io");
        let has_name = document.root.get("metadata").is_some_and(|metadata| metadata.get("name").is_some());
        !version.is_empty() && !kind.is_empty() && has_name && !is_other
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_is_commented_out_put_aside_or_no_object_is_left_alone() {
        check_rule(
            "unlisted-file",
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
#- apps/kustomization.yaml
resources:
  - namespace.yaml
  # - settings.yaml
#- apps/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#- apps/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web }
data: { THEME: dark }
#- apps/values.yaml
replicas: 1
#- apps/archive/kustomization.yaml
resources: []
#- apps/archive/old.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web }
data: { THEME: dark }
",
        );
    }

    #[test]
    fn a_folder_without_a_kustomization_is_applied_whole() {
        check_rule(
            "unlisted-file",
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
#- apps/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: web }
data: { THEME: dark }
#- apps/deep/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
",
        );
    }
}
