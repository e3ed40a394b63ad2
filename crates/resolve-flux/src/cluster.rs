//! A cluster, as far as a repository says what it runs.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use camino::Utf8PathBuf;
use diagnostic::Spanned;
use manifest::{Identity, Value};

use crate::{Beginning, Release, Values, Variables};

/// A cluster, as far as a repository says what it runs.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// What a person calls it: the path that Flux begins at, without what all clusters of the repository share.
    pub name: String,
    /// Where Flux begins.
    pub beginning: Beginning,
    /// The release of Flux that it runs, where the repository says so.
    pub release: Option<Release>,
    /// The Flux Kustomizations that are applied, in the order in which they were met; the first is the beginning itself.
    pub applied: Vec<Applied>,
    /// All objects, in the order in which they are built.
    pub objects: Vec<Object>,
    /// Where among them those of a name stand.
    by_name: HashMap<String, Vec<usize>>,
    /// The paths of the files that they are built from.
    pub files: BTreeSet<String>,
}

/// A Flux Kustomization that is applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Itself, among the objects of the cluster; none for a beginning that is not written as an object of the cluster.
    pub object: Option<usize>,
    /// Its `spec`.
    pub spec: Value,
    /// The folder that it applies, from the root of the repository; none where it is not this repository's, or unknown.
    pub folder: Option<Spanned<Utf8PathBuf>>,
    /// How much of what it applies is known.
    pub share: Share,
    /// The variables that it sets.
    pub variables: Variables,
}

/// How much of something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    All,
    /// Some of it: a part comes from the network, or could not be built.
    Some,
    /// Nothing: it lies in another source.
    None,
}

/// An object that a cluster is told to have.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is; each part has the place that a person edits.
    pub value: Value,
    /// What it is called; none where its name is not known.
    pub identity: Option<Identity>,
    /// Which of the applied Flux Kustomizations brings it.
    pub by: usize,
    /// The file it is written in.
    pub file: Utf8PathBuf,
    /// Whether a generator of a kustomization made it.
    pub is_generated: bool,
    /// Whether its name ends in a digest of a content that is not known.
    pub has_unknown_name: bool,
    /// Its values, once somebody asked for them.
    pub(crate) values: OnceLock<Values>,
}

impl Object {
    /// Whether it is a `kind` of the API group `group`.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        match &self.identity {
            Some(identity) => identity.kind == kind && identity.group == group,
            None => self.kind() == kind && self.group() == group,
        }
    }

    /// Its API group; empty for the core group, and where it is not known.
    pub fn group(&self) -> &str {
        self.value.text_at("apiVersion").map_or("", |version| manifest::split_api_version(version).0)
    }

    /// Its kind; empty where it is not known.
    pub fn kind(&self) -> &str {
        self.value.text_at("kind").unwrap_or("")
    }

    /// What people call it: its kind, namespace and name; only its kind where its name is not known.
    pub fn called(&self) -> String {
        self.identity.as_ref().map_or_else(|| self.kind().to_owned(), ToString::to_string)
    }

    /// Its name; empty where it is not known.
    pub fn name(&self) -> &str {
        self.value.at(&["metadata", "name"]).and_then(Value::text).unwrap_or("")
    }

    /// Its namespace, where one is given and known.
    pub fn namespace(&self) -> Option<&str> {
        self.value.at(&["metadata", "namespace"])?.text()
    }
}

impl Cluster {
    /// One that nothing is known of yet but where Flux begins.
    pub(crate) fn new(name: String, beginning: Beginning) -> Self {
        let release = beginning.release.clone();
        Self {
            name,
            beginning,
            release,
            applied: Vec::new(),
            objects: Vec::new(),
            by_name: HashMap::new(),
            files: BTreeSet::new(),
        }
    }

    /// Adds `object`.
    pub(crate) fn add(&mut self, object: Object) {
        if let Some(identity) = &object.identity {
            self.by_name.entry(identity.name.clone()).or_default().push(self.objects.len());
        }
        self.objects.push(object);
    }

    /// The objects of that name, whatever they are.
    pub(crate) fn called(&self, name: &str) -> impl Iterator<Item = &Object> {
        self.by_name.get(name).into_iter().flatten().map(|at| &self.objects[*at])
    }

    /// The objects of `kind` in the API group `group`.
    pub fn of<'c>(&'c self, group: &'c str, kind: &'c str) -> impl Iterator<Item = &'c Object> {
        self.objects.iter().filter(move |object| object.is(group, kind))
    }

    /// The object of `kind` in `group` that is called so.
    pub fn find(&self, group: &str, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Object> {
        let is_it = |object: &&Object| {
            object.identity.as_ref().is_some_and(|identity| {
                identity.kind == kind && identity.namespace.as_deref() == namespace && identity.group == group
            })
        };
        self.called(name).find(is_it)
    }

    /// The Flux Kustomization that brings `object`.
    pub fn applied_by(&self, object: &Object) -> &Applied {
        &self.applied[object.by]
    }

    /// The same, whatever `object`, a Flux Kustomization, applies.
    pub fn is_whole_but(&self, object: &Object) -> bool {
        let is_other =
            |applied: &&Applied| applied.object.is_none_or(|index| self.objects[index].identity != object.identity);
        !self.beginning.is_guess && self.applied.iter().filter(is_other).all(|applied| applied.share == Share::All)
    }

    /// Whether all of what is applied from this repository and others is known, so that what is not found is not there.
    pub fn is_whole(&self) -> bool {
        !self.beginning.is_guess && self.applied.iter().all(|applied| applied.share == Share::All)
    }
}
