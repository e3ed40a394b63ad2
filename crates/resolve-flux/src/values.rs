//! The values of a HelmRelease: `valuesFrom` in order, then `values`, merged as Helm merges them.

use diagnostic::Sources;
use manifest::{Content, Value, read};
use syntax::yaml::{self, plain};

use crate::cluster::{Cluster, Object};
use crate::kustomization::Reference;

/// The values of a HelmRelease.
#[derive(Clone, Debug)]
pub struct Values {
    /// As they are given to the chart; each part has the place that a person edits.
    pub value: Value,
    /// Whether that is all: if not, a part comes from what only the cluster knows, and may hold any key.
    pub are_whole: bool,
}

/// The values that `release`, a HelmRelease of `cluster`, gives to its chart; they are put together once.
pub fn values<'o>(cluster: &Cluster, release: &'o Object, sources: &Sources) -> &'o Values {
    release.values.get_or_init(|| merged(cluster, release, sources))
}

fn merged(cluster: &Cluster, release: &Object, sources: &Sources) -> Values {
    let empty = Value::new(Content::Map(Vec::new()), release.value.span);
    let mut values = Values { value: empty, are_whole: true };
    let spec = release.value.get("spec");
    for from in spec.map(|spec| spec.items_at("valuesFrom")).unwrap_or_default() {
        match part(cluster, release, from, sources) {
            Some(part) => merge(&mut values.value, part),
            None => values.are_whole = false,
        }
    }
    if let Some(written) = spec.and_then(|spec| spec.get("values")) {
        values.are_whole &= !written.is_unknown();
        values.value.span = written.span;
        merge(&mut values.value, written.clone());
    }
    values
}

/// What one item of `valuesFrom` gives; `None` where only the cluster knows it.
fn part(cluster: &Cluster, release: &Object, from: &Value, sources: &Sources) -> Option<Value> {
    let named = Reference::of(from, "ConfigMap", release.namespace())?;
    let object = cluster.find("", &named.kind, named.namespace.as_deref(), &named.name)?;
    if named.kind != "ConfigMap" || from.get("targetPath").is_some_and(|path| !path.is_null()) {
        return None;
    }
    let key = from.text_at("valuesKey").unwrap_or("values.yaml");
    let text = object.value.get("data")?.get(key)?;
    let written = text.text()?;
    // The text of a whole file has the places of that file; any other has one place.
    let is_file = sources.slice(text.span) == written && text.span.start == 0;
    let document = yaml::parse(text.span.file, written).ok()?;
    let mut value = read(&document.root, plain::kubernetes);
    if !is_file {
        value = value.placed_at(text.span);
    }
    Some(value)
}

/// Merges `over` into `value`: maps key by key, everything else is replaced, and null takes a key away.
fn merge(value: &mut Value, over: Value) {
    let Content::Map(entries) = over.content else { return };
    for entry in entries {
        let is_map = matches!(entry.value.content, Content::Map(_));
        match value.get_mut(&entry.key.value) {
            Some(known) if is_map && matches!(known.content, Content::Map(_)) => merge(known, entry.value),
            _ if entry.value.is_null() => {
                value.remove(&entry.key.value);
            }
            _ => value.set(entry.key, entry.value),
        }
    }
}
