//! `generators`, `transformers`, `validators` and Helm charts: what kustomize has built in is carried out, the rest is
//! not known.

use diagnostic::Spanned;
use manifest::{Content, Value};
use syntax::yaml::plain;

use crate::bag::Bag;
use crate::embed::Embedded;
use crate::file::{Kustomization, text_at};
use crate::object::{Object, scalar_at};
use crate::run::Run;
use crate::shape::{self, KUSTOMIZATION};
use crate::transform::names::End;
use crate::transform::namespace::Subjects;
use crate::transform::{images, labels, names, namespace, replacements, replicas};
use crate::{build, config, generate, hash, patch, read};

/// Generates what the built-in generators want; what others and charts would add is not known.
pub(crate) fn generate(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for plugin in plugins(run, kustomization, "generators") {
        let kind = match plugin.kind().as_str() {
            "ConfigMapGenerator" => "ConfigMap",
            "SecretGenerator" => "Secret",
            _ => {
                run.is_open = true;
                continue;
            }
        };
        let mut item = plugin.value.clone();
        for key in ["name", "namespace"] {
            if let (None, Some(value)) = (text_at(&item, key), plugin.value.at(&["metadata", key])) {
                item.set(Spanned::new(key.to_owned(), value.span), value.clone());
            }
        }
        let options = item.get("options").cloned();
        if let Some(object) = generate::make(run, kustomization, &item, kind, options.as_ref()) {
            generate::add(run, bag, object, &item);
        }
    }
    let charts = ["helmCharts", "helmChartInflationGenerator"];
    run.is_open |= charts.iter().any(|field| !kustomization.items(field).is_empty());
}

/// Has the built-in transformers change the objects; what others would change is not known.
pub(crate) fn transform(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    for plugin in plugins(run, kustomization, "transformers") {
        apply(run, kustomization, &plugin.value, bag);
    }
    run.is_open |= !plugins(run, kustomization, "validators").is_empty();
}

/// The built-in plugins that `field` names: in files, in folders, or as texts themselves.
fn plugins(run: &mut Run<'_>, kustomization: &Kustomization, field: &str) -> Vec<Object> {
    let mut gathered = Bag::default();
    for named in kustomization.texts(field) {
        let embedded = Embedded::new(run.files, &named, named.span);
        let inline = embedded.documents(&named).ok().unwrap_or_default();
        if inline.iter().any(|document| document.root.mapping().is_some()) {
            let values = inline.iter().map(|document| embedded.read(document, plain::go_yaml3)).collect();
            for value in read::check(values, false, &mut run.found) {
                gathered.add(run, Object::new(value, kustomization.path.clone()));
            }
        } else {
            build::resource(run, kustomization, &named, &mut gathered);
        }
    }
    let is_built_in = |plugin: &Object| scalar_at(&plugin.value, "apiVersion") == "builtin";
    run.is_open |= !gathered.objects.iter().all(is_built_in);
    gathered.objects.retain(is_built_in);
    gathered.objects
}

/// Carries out one transformer.
fn apply(run: &mut Run<'_>, kustomization: &Kustomization, plugin: &Value, bag: &mut Bag) {
    let specs = config::specs(plugin.get("fieldSpecs"), &mut run.found);
    let text = |key: &str| text_at(plugin, key);
    match scalar_at(plugin, "kind").as_str() {
        "NamespaceTransformer" => {
            let namespace = plugin.get("metadata").and_then(|metadata| text_at(metadata, "namespace"));
            let subjects = match text("setRoleBindingSubjects").map(|mode| mode.value).as_deref() {
                Some("none") => Subjects::None,
                Some("allServiceAccounts") => Subjects::ServiceAccounts,
                _ => Subjects::Default,
            };
            let only_unset = plugin.get("unsetOnly").and_then(Value::bool).unwrap_or(false);
            if let Some(namespace) = namespace {
                namespace::set_to(run, bag, &namespace, &specs, subjects, only_unset);
            }
        }
        "PrefixTransformer" => {
            if let Some(prefix) = text("prefix") {
                names::add(run, bag, &prefix, &specs, End::Prefix);
            }
        }
        "SuffixTransformer" => {
            if let Some(suffix) = text("suffix") {
                names::add(run, bag, &suffix, &specs, End::Suffix);
            }
        }
        "LabelTransformer" => labels::set(run, bag, plugin.get("labels"), &specs),
        "AnnotationsTransformer" => labels::set(run, bag, plugin.get("annotations"), &specs),
        "ImageTagTransformer" => {
            if let Some(image) = plugin.get("imageTag") {
                images::set_one(run, bag, image, &specs);
            }
        }
        "ReplicaCountTransformer" => {
            if let Some(replica) = plugin.get("replica") {
                replicas::set_one(run, bag, replica, &specs);
            }
        }
        "HashTransformer" => hash::add_to_names(bag),
        "ReplacementTransformer" => as_field(run, kustomization, plugin, "replacements", |run, kustomization| {
            replacements::replace(run, kustomization, bag);
        }),
        "PatchTransformer" => as_item(run, kustomization, plugin, "patches", |run, kustomization| {
            patch::patches(run, kustomization, bag);
        }),
        "PatchJson6902Transformer" => {
            let mut plugin = plugin.clone();
            if let Some(entry) = plugin.remove("jsonOp") {
                plugin.set(entry.key.map(|_| "patch".to_owned()), entry.value);
            }
            as_item(run, kustomization, &plugin, "patchesJson6902", |run, kustomization| {
                patch::json6902s(run, kustomization, bag);
            });
        }
        "PatchStrategicMergeTransformer" => {
            let mut items = plugin.items_at("paths").to_vec();
            items.extend(plugin.get("patches").cloned());
            let list = Value::new(Content::List(items), plugin.span);
            as_fields(run, kustomization, vec![("patchesStrategicMerge", list)], |run, kustomization| {
                patch::strategic_merges(run, kustomization, bag);
            });
        }
        _ => run.is_open = true,
    }
}

/// Runs `step` on a kustomization that has the field `field` of `plugin`.
fn as_field(
    run: &mut Run<'_>,
    kustomization: &Kustomization,
    plugin: &Value,
    field: &'static str,
    step: impl FnOnce(&mut Run<'_>, &Kustomization),
) {
    let value = plugin.get(field).cloned().unwrap_or_else(|| Value::new(Content::List(Vec::new()), plugin.span));
    as_fields(run, kustomization, vec![(field, value)], step);
}

/// Runs `step` on a kustomization whose `field` has `plugin` as its only item.
fn as_item(
    run: &mut Run<'_>,
    kustomization: &Kustomization,
    plugin: &Value,
    field: &'static str,
    step: impl FnOnce(&mut Run<'_>, &Kustomization),
) {
    let mut item = plugin.clone();
    for key in ["apiVersion", "kind", "metadata"] {
        item.remove(key);
    }
    let list = Value::new(Content::List(vec![item]), plugin.span);
    as_fields(run, kustomization, vec![(field, list)], step);
}

fn as_fields(
    run: &mut Run<'_>,
    kustomization: &Kustomization,
    fields: Vec<(&'static str, Value)>,
    step: impl FnOnce(&mut Run<'_>, &Kustomization),
) {
    let mut value = Value::new(Content::Map(Vec::new()), kustomization.value.span);
    for (key, field) in fields {
        value.set(Spanned::new(key.to_owned(), field.span), field);
    }
    if let Some(value) = shape::fit(value, &KUSTOMIZATION, &mut run.found) {
        let kustomization = Kustomization { value, ..kustomization.clone() };
        step(run, &kustomization);
    }
}
