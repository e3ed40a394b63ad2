//! Defects in what Flux is told: paths, names, namespaces and fields.

use camino::Utf8Path;
use manifest::Value;
use resolve_flux::{Cluster, Object};

use super::{Change, Planting, Sort};

const FLUX: &str = "kustomize.toolkit.fluxcd.io";
const HELM: &str = "helm.toolkit.fluxcd.io";
const SECRETS: &str = "external-secrets.io";

/// Those in the objects and files of `cluster`.
pub(super) fn plant(all: &mut Planting<'_>, cluster: &Cluster) {
    for object in &cluster.objects {
        all.of_object(cluster, object);
    }
    for file in &cluster.files {
        all.of_file(Utf8Path::new(file));
    }
}

impl Planting<'_> {
    fn of_object(&mut self, cluster: &Cluster, object: &Object) {
        let at = |path: &[&str]| object.value.at(path);
        if object.is(FLUX, "Kustomization") {
            let is_here = cluster.applied.iter().any(|applied| {
                applied.folder.is_some()
                    && applied.object.is_some_and(|index| std::ptr::eq(&cluster.objects[index], object))
            });
            if is_here {
                self.text(Sort::Path, at(&["spec", "path"]));
                for component in at(&["spec", "components"]).map(Value::items).unwrap_or_default() {
                    self.text(Sort::Component, Some(component));
                }
            }
            self.text(Sort::SourceName, at(&["spec", "sourceRef", "name"]));
            self.text(Sort::SourceNamespace, at(&["spec", "sourceRef", "namespace"]));
            // One that waits for all that it applies does not read the list.
            let is_read = at(&["spec", "wait"]).and_then(Value::bool) != Some(true);
            for check in at(&["spec", "healthChecks"]).map(Value::items).unwrap_or_default() {
                if is_read && matches!(check.text_at("kind"), Some("HelmRelease" | "Kustomization")) {
                    self.text(Sort::HealthCheck, check.get("name"));
                }
            }
            for source in at(&["spec", "postBuild", "substituteFrom"]).map(Value::items).unwrap_or_default() {
                if source.get("optional").is_none() {
                    self.text(Sort::SubstitutionSource, source.get("name"));
                }
            }
        }
        if object.is(FLUX, "Kustomization") || object.is(HELM, "HelmRelease") {
            for dependency in at(&["spec", "dependsOn"]).map(Value::items).unwrap_or_default() {
                self.text(Sort::Dependency, dependency.get("name"));
            }
            self.field(at(&["spec"]), "interval");
        }
        if object.is(HELM, "HelmRelease") {
            self.text(Sort::ChartSource, at(&["spec", "chartRef", "name"]));
            self.text(Sort::ChartSource, at(&["spec", "chart", "spec", "sourceRef", "name"]));
        }
        if object.is(SECRETS, "ExternalSecret") {
            self.field(at(&["spec"]), "secretStoreRef");
        }
        if object.is("", "Service") || object.is("apps", "Deployment") {
            self.field(at(&["spec"]), "selector");
        }
    }

    /// The resources that the kustomization in `file` lists.
    fn of_file(&mut self, file: &Utf8Path) {
        let is_kustomization = matches!(file.file_name(), Some("kustomization.yaml" | "kustomization.yml"));
        let Some(read) = self.judged.files.get(file).filter(|_| is_kustomization) else { return };
        let folder = file.parent().unwrap_or(Utf8Path::new(""));
        for document in read.yaml() {
            let Some(items) = document.root.get("resources").and_then(|node| node.sequence()) else { continue };
            for item in items {
                // What `flux bootstrap` is still to write is not missed.
                let is_meant = |text: &str| !text.contains("://") && !text.contains("gotk-");
                let Some(scalar) = item.scalar().filter(|scalar| is_meant(&scalar.text)) else { continue };
                self.letter(Sort::ListedFile, item.span, &scalar.text, []);
                let listed = folder.join(scalar.text.trim_start_matches("./"));
                if self.judged.files.names.contains(listed.as_str()) {
                    self.place(Sort::MissingFile, item.span, &scalar.text, [], |_| Change::File(listed));
                }
            }
        }
    }
}
