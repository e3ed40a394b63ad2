//! Objects on their way through a build.

use std::borrow::Cow;
use std::fmt;

use camino::Utf8PathBuf;
use diagnostic::{Span, Spanned};
use manifest::{Content, Value, split_api_version};

use crate::openapi::is_cluster_wide;

/// The namespace of what lies in none, as kustomize compares it.
const NO_NAMESPACE: &str = "_non_namespaceable_";

/// An object that a build gives.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is; each part has the place that a person edits.
    pub value: Value,
    /// The file it is written in, or the kustomization that generates it.
    pub file: Utf8PathBuf,
    /// Whether a generator of a kustomization made it.
    pub is_generated: bool,
    /// Whether its name should end in a digest of a content that is not known; it ends in [`UNKNOWN_HASH`] then.
    ///
    /// [`UNKNOWN_HASH`]: crate::UNKNOWN_HASH
    pub has_unknown_name: bool,
    pub(crate) previous: Vec<Previous>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) suffixes: Vec<String>,
    pub(crate) needs_hash: bool,
    pub(crate) variables: Vec<String>,
    /// Values that kustomize has put into several places as one: who changes it in one place changes it in all. By their
    /// key.
    pub(crate) shared: Vec<(Spanned<String>, Value)>,
    /// What `buildMetadata` tells of it: where it comes from.
    pub(crate) origin: Option<String>,
    /// What `buildMetadata` tells of it: what changed it.
    pub(crate) transformations: Vec<String>,
}

/// What an object was called before.
#[derive(Clone, Debug)]
pub(crate) struct Previous {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) kind: String,
}

/// What kustomize tells objects apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) gvk: Gvk,
    pub(crate) name: String,
    pub(crate) namespace: String,
}

/// Group, version and kind; empty ones of a selector match all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Gvk {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

impl Gvk {
    /// That of `object`.
    pub(crate) fn of(object: &Value) -> Self {
        let api_version = scalar_at(object, "apiVersion");
        let (group, version) = split_api_version(&api_version);
        Self { group: group.to_owned(), version: version.to_owned(), kind: scalar_at(object, "kind") }
    }

    /// Whether `object` is one of those that `selector` means.
    pub(crate) fn is_of(object: &Value, selector: &Self) -> bool {
        let text = |key: &str| object.get(key).map(text_of).unwrap_or_default();
        if !selector.kind.is_empty() && selector.kind != text("kind") {
            return false;
        }
        let api_version = text("apiVersion");
        let (group, version) = split_api_version(&api_version);
        (selector.group.is_empty() || selector.group == group)
            && (selector.version.is_empty() || selector.version == version)
    }

    /// As it is written in `apiVersion`.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether it is one of those that `selector` means.
    pub(crate) fn is_selected(&self, selector: &Self) -> bool {
        let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        fits(&selector.kind, &self.kind) && fits(&selector.group, &self.group) && fits(&selector.version, &self.version)
    }

    /// Whether it is known to lie in no namespace.
    pub(crate) fn is_cluster_wide(&self) -> bool {
        is_cluster_wide(&self.api_version(), &self.kind)
    }
}

impl Id {
    /// The namespace for comparison: `default` where none is given.
    pub(crate) fn effective_namespace(&self) -> &str {
        match self.namespace.as_str() {
            _ if self.gvk.is_cluster_wide() => NO_NAMESPACE,
            "" => "default",
            namespace => namespace,
        }
    }

    /// Whether both name one object.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.name == other.name && self.gvk == other.gvk && self.is_beside(other)
    }

    /// Whether both lie in one namespace.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }

    /// Whether it lies in a namespace at all.
    pub(crate) fn is_namespaced(&self) -> bool {
        !self.gvk.is_cluster_wide()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "" => write!(formatter, "{} {}", self.gvk.kind, self.name),
            namespace => write!(formatter, "{} {namespace}/{}", self.gvk.kind, self.name),
        }
    }
}

impl Object {
    pub(crate) fn new(value: Value, file: Utf8PathBuf) -> Self {
        Self {
            value,
            file,
            is_generated: false,
            has_unknown_name: false,
            previous: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            needs_hash: false,
            variables: Vec::new(),
            shared: Vec::new(),
            origin: None,
            transformations: Vec::new(),
        }
    }

    /// The name as it is now.
    pub fn name(&self) -> String {
        self.name_text().into_owned()
    }

    pub(crate) fn name_text(&self) -> Cow<'_, str> {
        self.value.at(&["metadata", "name"]).map(text_of).unwrap_or_default()
    }

    /// The namespace as it is now; empty where none is given.
    pub fn namespace(&self) -> String {
        self.value.get("metadata").map(|metadata| scalar_at(metadata, "namespace")).unwrap_or_default()
    }

    /// The name that it was written with.
    pub fn original_name(&self) -> String {
        self.previous.first().map_or_else(|| self.name(), |first| first.name.clone())
    }

    pub(crate) fn kind(&self) -> String {
        scalar_at(&self.value, "kind")
    }

    /// What it is called now.
    pub(crate) fn id(&self) -> Id {
        Id { gvk: Gvk::of(&self.value), name: self.name(), namespace: self.namespace() }
    }

    /// What it was called before, the oldest first.
    pub(crate) fn previous_ids(&self) -> impl Iterator<Item = Id> {
        let gvk = Gvk::of(&self.value);
        self.previous.iter().map(move |previous| Id {
            gvk: Gvk { kind: previous.kind.clone(), ..gvk.clone() },
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
        })
    }

    /// What it was called at first.
    pub(crate) fn original_id(&self) -> Id {
        self.previous_ids().next().unwrap_or_else(|| self.id())
    }

    /// What it is or was called, the oldest first.
    pub(crate) fn ids(&self) -> Vec<Id> {
        self.previous_ids().chain([self.id()]).collect()
    }

    /// Remembers what it is called, before that changes.
    pub(crate) fn remember(&mut self) {
        let id = self.id();
        let namespace = id.effective_namespace().to_owned();
        self.previous.push(Previous { namespace, name: id.name, kind: id.gvk.kind });
    }

    /// Where it is named.
    pub(crate) fn place(&self) -> Span {
        manifest::Identity::place(&self.value)
    }

    /// Changes shared values everywhere that were changed in one place.
    pub(crate) fn spread(&mut self) {
        for (key, value) in &mut self.shared {
            let mut changed = None;
            each_entry(&mut self.value, key, &mut |found| {
                if *found != *value {
                    changed = Some(found.clone());
                }
            });
            if let Some(changed) = changed {
                each_entry(&mut self.value, key, &mut |found| *found = changed.clone());
                *value = changed;
            }
        }
    }

    /// Puts `value` behind `key` of the metadata.
    pub(crate) fn set_metadata(&mut self, key: &str, value: Value) {
        let span = value.span;
        map_at(&mut self.value, "metadata", span).set(Spanned::new(key.to_owned(), span), value);
    }
}

/// Shows what stands behind each key that is written at `key`.
fn each_entry(value: &mut Value, key: &Spanned<String>, show: &mut dyn FnMut(&mut Value)) {
    match &mut value.content {
        Content::List(items) => items.iter_mut().for_each(|item| each_entry(item, key, show)),
        Content::Map(entries) => {
            for entry in entries {
                if entry.key == *key {
                    show(&mut entry.value);
                } else {
                    each_entry(&mut entry.value, key, show);
                }
            }
        }
        _ => {}
    }
}

/// The map behind `key` of `map`, made where there is none.
pub(crate) fn map_at<'v>(map: &'v mut Value, key: &str, span: Span) -> &'v mut Value {
    if !matches!(map.content, Content::Map(_)) {
        map.content = Content::Map(Vec::new());
    }
    if map.get(key).is_none_or(Value::is_null) {
        map.set(Spanned::new(key.to_owned(), span), Value::new(Content::Map(Vec::new()), span));
    }
    map.get_mut(key).expect("it was put there")
}

/// The text of a single value as it would be written: a number's digits too; empty for nothing, maps and lists.
pub(crate) fn scalar(value: &Value) -> String {
    text_of(value).into_owned()
}

/// As [`scalar`], without making a text where there is one.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    match &value.content {
        Content::Text(text) => Cow::Borrowed(text),
        Content::Bool(is) => Cow::Owned(is.to_string()),
        Content::Number(number) => Cow::Owned(number.to_string()),
        Content::Unknown | Content::Null | Content::List(_) | Content::Map(_) => Cow::Borrowed(""),
    }
}

/// The text of the single value behind `key`.
pub(crate) fn scalar_at(map: &Value, key: &str) -> String {
    map.get(key).map(scalar).unwrap_or_default()
}

/// Whether there is nothing in it: no value, no entry, no item.
pub(crate) fn is_empty(value: &Value) -> bool {
    match &value.content {
        Content::Null => true,
        Content::List(items) => items.is_empty(),
        Content::Map(entries) => entries.is_empty(),
        _ => false,
    }
}
