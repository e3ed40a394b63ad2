//! What is done to the metadata of all objects at the end, and what `buildMetadata` adds to it.

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Span, Spanned};
use manifest::{Content, Value};
use syntax::yaml::{Plain, plain};

use crate::bag::Bag;
use crate::file::{Kustomization, texts};
use crate::files::Files;
use crate::object::{Object, map_at, scalar};
use crate::order::Order;
use crate::run::Run;
use crate::{KUSTOMIZATION_VALUE, transform};

const LOCAL: &str = "config.kubernetes.io/local-config";
const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The version that is meant by "as kustomize does".
const VERSION: &str = "kustomize-v5.8.2";

/// What kustomize does last: objects that are only for tools go, the others are sorted, and their annotations are texts.
pub(crate) fn finish(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    bag.change().retain(|object| {
        let annotations = object.value.at(&["metadata", "annotations"]);
        annotations.and_then(|annotations| annotations.get(LOCAL)).is_none_or(|local| scalar(local) == "false")
    });
    sort(run, kustomization, bag);
    let wants = |option: &str| run.build_metadata.iter().any(|wanted| wanted == option);
    let at = kustomization.place("buildMetadata");
    let (managed, origin, changes) =
        (wants("managedByLabel"), wants("originAnnotations"), wants("transformerAnnotations"));
    for object in bag.change() {
        if managed {
            let metadata = map_at(&mut object.value, "metadata", at);
            set(metadata, "labels", MANAGED_BY, VERSION.to_owned(), at);
        }
        annotate(object, origin, changes, at);
        if let Some(metadata) = object.value.get_mut("metadata") {
            make_texts(run.files, metadata, "annotations", true);
        }
    }
}

fn annotate(object: &mut Object, origin: bool, changes: bool, at: Span) {
    let metadata = map_at(&mut object.value, "metadata", at);
    if let Some(text) = object.origin.take().filter(|_| origin) {
        set(metadata, "annotations", ORIGIN, text, at);
    }
    if changes && !object.transformations.is_empty() {
        set(metadata, "annotations", TRANSFORMATIONS, object.transformations.concat(), at);
    }
}

fn set(metadata: &mut Value, map: &str, key: &str, text: String, at: Span) {
    map_at(metadata, map, at).set(Spanned::new(key.to_owned(), at), Value::of_text(text, at));
}

fn sort(run: &mut Run<'_>, kustomization: &Kustomization, bag: &mut Bag) {
    let Some(options) = kustomization.value.get("sortOptions") else {
        return Order::default().sort(bag.change(), Object::id);
    };
    let legacy = options.get("legacySortOptions");
    let order = options.get("order");
    match order.and_then(Value::text).unwrap_or_default() {
        "legacy" => {
            let kinds =
                |legacy: &Value, key: &str| texts(legacy.items_at(key)).into_iter().map(|kind| kind.value).collect();
            let order = legacy.map_or_else(Order::default, |legacy| Order {
                first: kinds(legacy, "orderFirst"),
                last: kinds(legacy, "orderLast"),
            });
            order.sort(bag.change(), Object::id);
        }
        "fifo" => {
            if let Some(legacy) = legacy {
                let message = "`legacySortOptions` are for the order `legacy`";
                run.found.push(Diagnostic::error(KUSTOMIZATION_VALUE, legacy.span, message));
            }
        }
        other => {
            let span = order.map_or(options.span, |order| order.span);
            let near = diagnostic::did_you_mean(other, ["legacy", "fifo"]);
            let message = format!("the order is `legacy` or `fifo`, not `{other}`{near}");
            run.found.push(Diagnostic::error(KUSTOMIZATION_VALUE, span, message));
        }
    }
}

/// Makes the values of the map `key` in `metadata` texts, as they are written; an empty map goes if `drop_empty`.
pub(crate) fn make_texts(files: &Files<'_>, metadata: &mut Value, key: &str, drop_empty: bool) {
    let Some(map) = metadata.get_mut(key) else { return };
    if let Content::Map(entries) = &mut map.content {
        for entry in entries {
            if !matches!(entry.value.content, Content::Text(_) | Content::Unknown) {
                entry.value.content = Content::Text(raw(files, &entry.value));
            }
        }
    }
    let is_empty = matches!(&map.content, Content::Null) || map.entries().is_empty() && !map.is_unknown();
    if drop_empty && is_empty {
        metadata.remove(key);
    }
}

/// The text of a single value as it is written: `0777`, not 511.
pub(crate) fn raw(files: &Files<'_>, value: &Value) -> String {
    let written = files.text(value.span.file).get(value.span.range()).unwrap_or_default();
    if value.is_null() && !written.is_empty() && plain::go_yaml3(written) != Plain::Null {
        return "null".to_owned();
    }
    let is_same = match (plain::go_yaml3(written), &value.content) {
        (Plain::Null, Content::Null) => true,
        (Plain::Bool(one), Content::Bool(two)) => one == *two,
        (Plain::Int(int), Content::Number(number)) => {
            number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)) == Some(int)
        }
        (Plain::Float(float), Content::Number(number)) => number.as_f64() == Some(float),
        _ => false,
    };
    if is_same { written.to_owned() } else { scalar(value) }
}

/// `path` as seen from the outermost kustomization.
fn relative(run: &Run<'_>, path: &Utf8Path) -> Utf8PathBuf {
    let root = run.stack.first().map(Utf8PathBuf::as_path).unwrap_or(Utf8Path::new(""));
    let common = root.components().zip(path.components()).take_while(|(one, two)| one == two).count();
    let ups = root.components().skip(common).map(|_| "..");
    ups.chain(path.components().skip(common).map(|part| part.as_str())).collect()
}

/// Where an object of the file at `path` comes from.
pub(crate) fn origin_of_file(run: &Run<'_>, path: &Utf8Path) -> Option<String> {
    (!run.build_metadata.is_empty()).then(|| format!("path: {}\n", relative(run, path)))
}

/// Where an object comes from that `kustomization` generates.
pub(crate) fn origin_of_generator(run: &Run<'_>, kustomization: &Kustomization, kind: &str) -> Option<String> {
    let path = relative(run, &kustomization.path);
    let text = format!("configuredIn: {path}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {kind}\n");
    (!run.build_metadata.is_empty()).then_some(text)
}

/// Where an object comes from that the object `plugin` generates, or what changes it.
pub(crate) fn origin_of_plugin(run: &Run<'_>, plugin: &Object) -> Option<String> {
    let path = relative(run, &plugin.file);
    let mut text = format!("configuredIn: {path}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {}\n", plugin.kind());
    for (key, value) in [("name", plugin.name()), ("namespace", plugin.namespace())] {
        if !value.is_empty() {
            text += &format!("  {key}: {value}\n");
        }
    }
    (!run.build_metadata.is_empty()).then_some(text)
}

/// Notes in all objects what changed them.
pub(crate) fn note_plugin(run: &Run<'_>, plugin: &Object, bag: &mut Bag) {
    let Some(text) = origin_of_plugin(run, plugin) else { return };
    let text: String =
        text.lines().enumerate().map(|(at, line)| format!("{}{line}\n", if at == 0 { "- " } else { "  " })).collect();
    for object in bag.change() {
        object.transformations.push(text.clone());
    }
}

/// Notes in all objects that `fields` of `kustomization` were at work, once for each item.
pub(crate) fn note_transformation(
    run: &Run<'_>,
    kustomization: &Kustomization,
    kind: &str,
    fields: &[&str],
    bag: &mut Bag,
) {
    if run.build_metadata.is_empty() {
        return;
    }
    let path = relative(run, &kustomization.path);
    let text = format!("- configuredIn: {path}\n  configuredBy:\n    apiVersion: builtin\n    kind: {kind}\n");
    let items: usize = fields.iter().map(|field| kustomization.items(field).len()).sum();
    let times = match kind {
        "PatchStrategicMergeTransformer" | "ReplacementTransformer" => 1,
        "LabelTransformer" => items + 1,
        "NamespaceTransformer" | "PrefixTransformer" | "SuffixTransformer" | "AnnotationsTransformer" => 1,
        _ => items,
    };
    for object in bag.change() {
        object.transformations.extend(std::iter::repeat_n(text.clone(), times));
    }
}

/// Sets labels and annotations that Flux adds to all that it applies.
pub(crate) fn add_common(run: &mut Run<'_>, bag: &mut Bag, common: &Value) {
    for key in ["labels", "annotations"] {
        let spec = crate::config::FieldSpec {
            gvk: crate::object::Gvk::default(),
            path: format!("metadata/{key}"),
            create: true,
        };
        transform::labels::set(run, bag, common.get(key), &[spec]);
    }
}
