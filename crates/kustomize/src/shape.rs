//! What may stand in a `kustomization.yaml`, which kustomize reads strictly.

use diagnostic::{Diagnostic, did_you_mean};
use manifest::{Content, Entry, Value};

use crate::{KUSTOMIZATION_VALUE, UNKNOWN_KUSTOMIZATION_FIELD};

/// What a value of a kustomization has to be.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Anything at all.
    Any,
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A map whose values are texts.
    Texts,
    /// A list.
    List(&'static Shape),
    /// A map with these fields.
    Map(&'static [(&'static str, Shape)]),
}

use Shape::{Any, Bool, Int, List, Map, Text, Texts};

const TEXT_LIST: Shape = List(&Text);
const SELECTOR: Shape = Map(&[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("annotationSelector", Text),
    ("labelSelector", Text),
]);
const PATCHES: Shape = List(&Map(&[
    ("path", Text),
    ("patch", Text),
    ("target", SELECTOR),
    ("options", Map(&[("allowNameChange", Bool), ("allowKindChange", Bool)])),
]));
const GENERATOR_OPTIONS: Shape =
    Map(&[("labels", Texts), ("annotations", Texts), ("disableNameSuffixHash", Bool), ("immutable", Bool)]);
const FIELD_SPECS: Shape = List(&FIELD_SPEC);
const FIELD_SPEC: Shape = Map(&[("group", Text), ("version", Text), ("kind", Text), ("path", Text), ("create", Bool)]);
const IMAGES: Shape =
    List(&Map(&[("name", Text), ("newName", Text), ("tagSuffix", Text), ("newTag", Text), ("digest", Text)]));
const FIELD_OPTIONS: Shape = Map(&[("delimiter", Text), ("index", Int), ("encoding", Text), ("create", Bool)]);
const SOURCE: Shape = Map(&[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("fieldPath", Text),
    ("options", FIELD_OPTIONS),
]);
const TARGETS: Shape = List(&Map(&[
    ("select", SELECTOR),
    ("reject", List(&SELECTOR)),
    ("fieldPaths", TEXT_LIST),
    ("options", FIELD_OPTIONS),
]));

macro_rules! generator {
    ($($more:expr),*) => {
        List(&Map(&[
            ("namespace", Text),
            ("name", Text),
            ("behavior", Text),
            ("literals", TEXT_LIST),
            ("files", TEXT_LIST),
            ("envs", TEXT_LIST),
            ("env", Text),
            ("options", GENERATOR_OPTIONS),
            $($more),*
        ]))
    };
}

/// The file of a `replacements` entry with a path: one replacement, of a list of them.
pub(crate) const REPLACEMENT: Shape = Map(&[("source", SOURCE), ("targets", TARGETS), ("sourceValue", Text)]);

/// The file of a `configurations` entry.
pub(crate) const CONFIGURATION: Shape = Map(&[
    ("namePrefix", FIELD_SPECS),
    ("nameSuffix", FIELD_SPECS),
    ("namespace", FIELD_SPECS),
    ("commonLabels", FIELD_SPECS),
    ("labels", FIELD_SPECS),
    ("templateLabels", FIELD_SPECS),
    ("volumeClaimTemplateLabels", FIELD_SPECS),
    ("commonAnnotations", FIELD_SPECS),
    ("nameReference", List(&Map(&[("group", Text), ("version", Text), ("kind", Text), ("fieldSpecs", FIELD_SPECS)]))),
    ("varReference", FIELD_SPECS),
    ("images", FIELD_SPECS),
    ("replicas", FIELD_SPECS),
]);

/// A kustomization as kustomize 5.8 reads it.
pub(crate) const KUSTOMIZATION: Shape = Map(&[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", Map(&[("name", Text), ("namespace", Text), ("labels", Texts), ("annotations", Texts)])),
    ("openapi", Texts),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", Texts),
    (
        "labels",
        List(&Map(&[
            ("pairs", Texts),
            ("includeSelectors", Bool),
            ("includeTemplates", Bool),
            ("includeVolumeClaimTemplates", Bool),
            ("fields", FIELD_SPECS),
        ])),
    ),
    ("commonAnnotations", Texts),
    ("patchesStrategicMerge", TEXT_LIST),
    ("patchesJson6902", PATCHES),
    ("patches", PATCHES),
    ("images", IMAGES),
    ("imageTags", IMAGES),
    ("replacements", List(&Map(&[("source", SOURCE), ("targets", TARGETS), ("sourceValue", Text), ("path", Text)]))),
    ("replicas", List(&Map(&[("name", Text), ("count", Int)]))),
    (
        "vars",
        List(&Map(&[
            ("name", Text),
            (
                "objref",
                Map(&[
                    ("apiVersion", Text),
                    ("group", Text),
                    ("version", Text),
                    ("kind", Text),
                    ("name", Text),
                    ("namespace", Text),
                ]),
            ),
            ("fieldref", Map(&[("fieldPath", Text)])),
        ])),
    ),
    (
        "sortOptions",
        Map(&[("order", Text), ("legacySortOptions", Map(&[("orderFirst", TEXT_LIST), ("orderLast", TEXT_LIST)]))]),
    ),
    ("resources", TEXT_LIST),
    ("components", TEXT_LIST),
    ("crds", TEXT_LIST),
    ("bases", TEXT_LIST),
    ("configMapGenerator", generator!()),
    ("secretGenerator", generator!(("type", Text))),
    ("helmGlobals", Map(&[("chartHome", Text), ("configHome", Text)])),
    (
        "helmCharts",
        List(&Map(&[
            ("name", Text),
            ("version", Text),
            ("repo", Text),
            ("releaseName", Text),
            ("namespace", Text),
            ("additionalValuesFiles", TEXT_LIST),
            ("valuesFile", Text),
            ("valuesInline", Any),
            ("valuesMerge", Text),
            ("includeCRDs", Bool),
            ("skipHooks", Bool),
            ("apiVersions", TEXT_LIST),
            ("kubeVersion", Text),
            ("nameTemplate", Text),
            ("skipTests", Bool),
            ("debug", Bool),
            ("devel", Bool),
        ])),
    ),
    (
        "helmChartInflationGenerator",
        List(&Map(&[
            ("chartName", Text),
            ("chartVersion", Text),
            ("chartRepoUrl", Text),
            ("chartHome", Text),
            ("chartRepoName", Text),
            ("helmBin", Text),
            ("helmHome", Text),
            ("values", Text),
            ("valuesLocal", Any),
            ("valuesMerge", Text),
            ("releaseName", Text),
            ("releaseNamespace", Text),
            ("extraArgs", TEXT_LIST),
        ])),
    ),
    ("generatorOptions", GENERATOR_OPTIONS),
    ("configurations", TEXT_LIST),
    ("generators", TEXT_LIST),
    ("transformers", TEXT_LIST),
    ("validators", TEXT_LIST),
    ("buildMetadata", TEXT_LIST),
]);

/// `value` as `shape` wants it: keys in the case of the shape, without what is null, unknown or of another kind, which
/// is told to `found`. `None` if nothing is left.
pub(crate) fn fit(value: Value, shape: &Shape, found: &mut Vec<Diagnostic>) -> Option<Value> {
    let span = value.span;
    if value.is_null() || value.is_unknown() {
        return None;
    }
    let content = match (shape, value.content) {
        (Any, content) | (Text, content @ Content::Text(_)) | (Bool, content @ Content::Bool(_)) => content,
        (Int, Content::Number(number)) if number.is_i64() => Content::Number(number),
        (List(shape), Content::List(items)) => {
            Content::List(items.into_iter().filter_map(|item| fit_item(item, shape, found)).collect())
        }
        (Texts, Content::Map(entries)) => {
            let fitted = entries
                .into_iter()
                .filter_map(|Entry { key, value }| Some(Entry { key, value: fit_item(value, &Text, found)? }));
            Content::Map(fitted.collect())
        }
        (Map(fields), Content::Map(entries)) => {
            Content::Map(entries.into_iter().filter_map(|entry| field(entry, fields, found)).collect())
        }
        (shape, content) => {
            let value = Value::new(content, span);
            let message = format!("kustomize wants {} here, this is {}", shape.name(), value.kind());
            let fault = Diagnostic::error(KUSTOMIZATION_VALUE, span, message);
            found.push(match value.content {
                Content::Number(_) | Content::Bool(_) if matches!(shape, Text | Texts) => {
                    fault.help("put it in quotes")
                }
                _ => fault,
            });
            return None;
        }
    };
    Some(Value::new(content, span))
}

/// An item of a list, which stays there if it is null: as the empty one of its kind.
fn fit_item(item: Value, shape: &Shape, found: &mut Vec<Diagnostic>) -> Option<Value> {
    let span = item.span;
    if item.is_null() {
        let content = match shape {
            Text => Content::Text(String::new()),
            List(_) => Content::List(Vec::new()),
            _ => Content::Map(Vec::new()),
        };
        return Some(Value::new(content, span));
    }
    fit(item, shape, found)
}

fn field(entry: Entry, fields: &[(&str, Shape)], found: &mut Vec<Diagnostic>) -> Option<Entry> {
    let Entry { mut key, value } = entry;
    let known = fields.iter().find(|(name, _)| *name == key.value);
    let known = known.or_else(|| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.value)));
    let Some((name, shape)) = known else {
        let near = did_you_mean(&key.value, fields.iter().map(|(name, _)| *name));
        let message = format!("kustomize knows no field `{}` here{near}", key.value);
        found.push(Diagnostic::error(UNKNOWN_KUSTOMIZATION_FIELD, key.span, message));
        return None;
    };
    key.value = (*name).to_owned();
    Some(Entry { key, value: fit(value, shape, found)? })
}

impl Shape {
    fn name(&self) -> &'static str {
        match self {
            Any => "anything",
            Text => "a text",
            Bool => "`true` or `false`",
            Int => "a whole number",
            Texts => "a map of texts",
            List(_) => "a list",
            Map(_) => "a map",
        }
    }
}
