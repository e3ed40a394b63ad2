//! `crds`: which fields of custom objects hold labels, annotations and names.

use std::sync::Arc;

use manifest::Value;
use syntax::yaml::plain;

use crate::bag::Bag;
use crate::config::{Config, FieldSpec};
use crate::file::Kustomization;
use crate::object::Gvk;
use crate::run::{Found, Run};

/// Adds what the OpenAPI definitions in the files of `crds:` tell.
pub(crate) fn configure(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for named in kustomization.texts("crds") {
        let Some(Found::Yaml(_, documents)) = run.yaml(&kustomization.folder, &named) else { continue };
        let Some(document) = documents.first() else { continue };
        let types = manifest::read(&document.root, plain::kubernetes);
        let mut config = Config::default();
        for entry in types.entries() {
            let has = |key: &str| entry.value.at(&["Schema", "properties", key]).is_some();
            if has("kind") && has("apiVersion") && has("metadata") {
                let name = &entry.key.value;
                let kind = name.rsplit('.').next().unwrap_or_default().to_owned();
                let gvk = Gvk { kind, ..Gvk::default() };
                Reader { types: &types, gvk, config: &mut config }.read(name, &[]);
            }
        }
        bag.configure(run, &Arc::new(config));
    }
}

struct Reader<'r> {
    types: &'r Value,
    gvk: Gvk,
    config: &'r mut Config,
}

impl Reader<'_> {
    fn read(&mut self, name: &str, path: &[&str]) {
        let Some(properties) = self.types.at(&[name, "Schema", "properties"]) else { return };
        // A definition may contain itself.
        if path.len() > syntax::yaml::MAX_NESTING {
            return;
        }
        for entry in properties.entries() {
            let mut path = path.to_vec();
            path.push(&entry.key.value);
            let property = &entry.value;
            for (extension, list) in [
                ("x-kubernetes-annotation", "commonAnnotations"),
                ("x-kubernetes-label-selector", "commonLabels"),
                ("x-kubernetes-identity", "namePrefix"),
            ] {
                if property.text_at(extension).is_some() {
                    let spec = self.spec(&path);
                    self.config.add(list, spec);
                }
            }
            let text = |key: &str| property.text_at(&format!("x-kubernetes-object-ref-{key}"));
            if let (Some(version), Some(kind)) = (text("api-version"), text("kind")) {
                path.push(text("name-key").unwrap_or("name"));
                let named = Gvk { version: version.to_owned(), kind: kind.to_owned(), ..Gvk::default() };
                let spec = self.spec(&path);
                self.config.add_references(named, vec![spec]);
                path.pop();
            }
            if let Some(reference) = property.text_at("$ref") {
                self.read(reference, &path);
            }
        }
    }

    fn spec(&self, path: &[&str]) -> FieldSpec {
        FieldSpec { gvk: self.gvk.clone(), path: path.join("/"), create: false }
    }
}
