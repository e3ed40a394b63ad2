//! From where Flux begins to everything that a cluster runs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Span, Spanned};
use kustomize::Files;
use manifest::{Content, Entry, Identity, Value};

use crate::cluster::{Applied, Cluster, Object, Share};
use crate::kustomization::{self, Reference};
use crate::resource_set;
use crate::roots::{Beginning, beginnings};
use crate::rules::MISSING_PATH;
use crate::substitute::{Variables, substitute};

/// The rule of `kustomize` about patches that select nothing.
const IDLE_PATCH: &str = "patch-without-target";

/// The clusters of a repository, each followed from where Flux begins: in the folders `roots`, where a person names
/// them. What is wrong with what is built is pushed to `found`, each fault once.
pub fn clusters(files: &Files<'_>, roots: Option<&[Spanned<String>]>, found: &mut Vec<Diagnostic>) -> Vec<Cluster> {
    let beginnings = beginnings(files, roots);
    let names = names(&beginnings);
    let (mut told, mut patched, mut all) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut clusters = Vec::new();
    for (beginning, name) in beginnings.into_iter().zip(names) {
        let (cluster, faults) = follow(files, beginning, name, &mut patched);
        let is_new = |fault: &Diagnostic| told.insert((fault.rule, fault.primary.span, fault.message.clone()));
        all.extend(faults.into_iter().filter(is_new));
        clusters.push(cluster);
    }
    // What is written once and laid over many folders need not have a target in each.
    found.extend(all.into_iter().filter(|fault| !(fault.rule == IDLE_PATCH && patched.contains(&fault.primary.span))));
    clusters
}

/// What people call the clusters: their folders, without the parts that all of them share at the start and at the end.
fn names(beginnings: &[Beginning]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = beginnings.iter().map(|begin| begin.folder.value.iter().collect()).collect();
    let Some(shortest) = parts.iter().map(Vec::len).min() else { return Vec::new() };
    let first = &parts[0];
    let before = (0..shortest).take_while(|at| parts.iter().all(|parts| parts[*at] == first[*at])).count();
    let from_end = |parts: &[&str], at: usize| parts[parts.len() - 1 - at].to_owned();
    let after =
        (0..shortest).take_while(|at| parts.iter().all(|parts| from_end(parts, *at) == from_end(first, *at))).count();
    let short = |parts: &Vec<&str>| match parts.get(before..parts.len().saturating_sub(after)) {
        Some(own) if !own.is_empty() => own.join("/"),
        _ => parts.last().map_or_else(|| ".".to_owned(), |last| (*last).to_owned()),
    };
    parts.iter().map(short).collect()
}

/// A Flux Kustomization that is still to be applied.
struct Wanted {
    object: Option<usize>,
    namespace: Option<String>,
    name: String,
    spec: Value,
    /// Whether all others are to be applied before it, for they may bring what it takes variables from.
    is_last: bool,
}

struct Following<'f> {
    files: &'f Files<'f>,
    cluster: Cluster,
    wanted: VecDeque<Wanted>,
    found: Vec<Diagnostic>,
    patched: &'f mut BTreeSet<Span>,
}

fn follow(
    files: &Files<'_>,
    beginning: Beginning,
    name: String,
    patched: &mut BTreeSet<Span>,
) -> (Cluster, Vec<Diagnostic>) {
    let place = beginning.folder.span;
    let path = Entry {
        key: Spanned::new("path".to_owned(), place),
        value: Value::of_text(beginning.folder.value.as_str(), place),
    };
    let mut spec = beginning.spec.clone().unwrap_or_else(|| Value::new(Content::Map(Vec::new()), place));
    spec.set(path.key, path.value);
    let first = Wanted {
        object: None,
        namespace: Some(beginning.namespace.clone()),
        name: "flux-system".to_owned(),
        spec,
        is_last: false,
    };
    let cluster = Cluster::new(name, beginning);
    let mut following = Following { files, cluster, wanted: VecDeque::from([first]), found: Vec::new(), patched };
    while let Some(mut next) = following.wanted.pop_front() {
        let waits =
            !next.is_last && following.lacks_variables(&next) && following.wanted.iter().any(|one| !one.is_last);
        if waits {
            next.is_last = true;
            following.wanted.push_back(next);
        } else {
            following.apply(next);
        }
    }
    (following.cluster, following.found)
}

impl Following<'_> {
    fn apply(&mut self, wanted: Wanted) {
        let is_here = wanted.object.is_none() || self.is_here(&wanted);
        let folder = match wanted.object {
            None => kustomization::folder(&wanted.spec),
            Some(_) => self.folder(&wanted.spec).filter(|_| is_here),
        };
        let mut applied = Applied {
            namespace: wanted.namespace,
            name: wanted.name,
            object: wanted.object,
            folder,
            share: Share::None,
            variables: Variables::default(),
            spec: wanted.spec,
        };
        applied.variables = self.variables(&applied);
        let by = self.cluster.applied.len();
        if let Some(folder) = &applied.folder {
            if self.files.is_folder(&folder.value) {
                applied.share = self.build(&folder.value, &applied, by);
            } else {
                self.missing(folder);
                applied.share = Share::Some;
            }
        }
        self.cluster.applied.push(applied);
    }

    /// Builds `folder` for `applied`, the `by`th, and adds the objects to the cluster.
    fn build(&mut self, folder: &Utf8Path, applied: &Applied, by: usize) -> Share {
        let build = kustomize::overlay(self.files, folder, &applied.spec, &kustomize::Options::default());
        self.found.extend(build.found);
        self.patched.extend(build.patched);
        self.cluster.files.extend(build.files);
        let has_post_build = applied.spec.get("postBuild").is_some_and(|post| !post.is_null());
        let mut is_complete = build.is_complete;
        for mut built in build.objects {
            if has_post_build {
                substitute(&mut built.value, &applied.variables, self.files.sources(), &mut self.found);
            }
            decrypt(&mut built.value);
            let made = resource_set::make(&built.value);
            let object = Object {
                identity: Identity::of(&built.value),
                value: built.value,
                by,
                file: built.file,
                is_generated: built.is_generated,
                has_unknown_name: built.has_unknown_name,
                values: OnceLock::new(),
            };
            for value in made.iter().flat_map(|made| &made.objects) {
                self.add(Object { identity: Identity::of(value), value: value.clone(), ..object.clone() }, applied);
            }
            is_complete &= made.is_none_or(|made| made.is_complete);
            self.add(object, applied);
        }
        if is_complete { Share::All } else { Share::Some }
    }

    /// Adds an object, which `applied` brings, to the cluster; a Flux Kustomization is to be applied.
    fn add(&mut self, object: Object, applied: &Applied) {
        let index = self.cluster.objects.len();
        if kustomization::is_one(&object.value) && !self.is_applied(&object.value) {
            self.wanted.extend(wanted(&object.value, index, applied.namespace.as_deref()));
        }
        self.cluster.add(object);
    }

    /// Whether `object` is applied, or will be, already: the cluster's own Kustomization applies itself.
    fn is_applied(&self, object: &Value) -> bool {
        let Some(identity) = Identity::of(object) else { return false };
        let is_beginning = object
            .get("spec")
            .and_then(|spec| self.folder(spec))
            .is_some_and(|folder| folder.value == self.cluster.beginning.folder.value);
        is_beginning || self.cluster.called(&identity.name).any(|known| known.identity.as_ref() == Some(&identity))
    }

    /// The folder that `spec.path` names, from the root of the repository.
    fn folder(&self, spec: &Value) -> Option<Spanned<Utf8PathBuf>> {
        let folder = kustomization::folder(spec)?;
        Some(Spanned::new(self.cluster.beginning.base.join(folder.value), folder.span))
    }

    /// Whether what `wanted` applies lies in this repository.
    fn is_here(&self, wanted: &Wanted) -> bool {
        let namespace = wanted.namespace.as_deref();
        let source = wanted.spec.get("sourceRef");
        let Some(source) = source.and_then(|source| Reference::of(source, "GitRepository", namespace)) else {
            return false;
        };
        let begin = &self.cluster.beginning;
        let is_first = match &begin.source {
            Some((kind, name)) => *kind == source.kind && *name == source.name.value,
            None => source.name.value == "flux-system",
        };
        if is_first {
            return source.namespace.as_deref().is_none_or(|namespace| namespace == begin.namespace);
        }
        // Another source of the same repository.
        let declared =
            self.cluster.find("source.toolkit.fluxcd.io", &source.kind, source.namespace.as_deref(), &source.name);
        let url = declared.and_then(|source| source.value.at(&["spec", "url"])?.text());
        url.zip(begin.url.as_deref()).is_some_and(|(one, other)| repository(one) == repository(other))
    }

    fn missing(&mut self, folder: &Spanned<Utf8PathBuf>) {
        if self.files.is_left_out(&folder.value) {
            let message = format!("the folder `{}` is left out of the source by `.sourceignore`", folder.value);
            let fault = Diagnostic::error(MISSING_PATH, folder.span, message);
            self.found.push(fault.help("take it out of `.sourceignore`"));
            return;
        }
        if self.files.is_link(&folder.value) {
            let message = format!("`{}` leads over a symlink, and Flux leaves those out of the source", folder.value);
            let fault = Diagnostic::error(MISSING_PATH, folder.span, message);
            self.found.push(fault.help("name the folder that it leads to"));
            return;
        }
        let message = format!("there is no folder `{}` in the repository", folder.value);
        let mut fault = Diagnostic::error(MISSING_PATH, folder.span, message);
        let beside = folder.value.parent().map(|parent| self.files.folders_in(parent)).unwrap_or_default();
        if let Some(near) = diagnostic::nearest(folder.value.as_str(), beside.iter().map(|path| path.as_str())) {
            fault = fault.help(format!("did you mean `./{near}`?"));
        } else if folder.value.as_str().contains("${") {
            fault = fault.help("what applies this Kustomization has no `postBuild`, so nothing replaces the variable");
        }
        self.found.push(fault);
    }

    /// Whether an object that `wanted` takes variables from was not met yet.
    fn lacks_variables(&self, wanted: &Wanted) -> bool {
        sources_of(&wanted.spec, wanted.namespace.as_deref()).iter().any(|source| self.source(source).is_none())
    }

    fn source(&self, source: &Reference) -> Option<&Object> {
        self.cluster.find("", &source.kind, source.namespace.as_deref(), &source.name)
    }

    /// What `postBuild` of a Flux Kustomization sets.
    fn variables(&self, applied: &Applied) -> Variables {
        let mut values = BTreeMap::new();
        let mut are_open = false;
        for source in sources_of(&applied.spec, applied.namespace.as_deref()) {
            match self.source(&source) {
                Some(object) => values.extend(data(&object.value)),
                None => are_open = true,
            }
        }
        let written = applied.spec.at(&["postBuild", "substitute"]).map(Value::entries).unwrap_or_default();
        for entry in written {
            values.insert(entry.key.value.clone(), one_line(&entry.value));
        }
        let begin = &self.cluster.beginning;
        let of_release = || self.cluster.release.as_ref().and_then(crate::Release::requires_variables);
        let are_required = begin.requires_variables.or_else(of_release);
        Variables { values, are_open, are_required }
    }
}

/// What `spec.postBuild.substituteFrom` names.
fn sources_of(spec: &Value, namespace: Option<&str>) -> Vec<Reference> {
    let sources = spec.at(&["postBuild", "substituteFrom"]).map(Value::items).unwrap_or_default();
    sources.iter().filter_map(|source| Reference::of(source, "ConfigMap", namespace)).collect()
}

/// The Flux Kustomization `object` as one that is to be applied; one without a namespace lies in that of its parent.
fn wanted(object: &Value, index: usize, namespace: Option<&str>) -> Option<Wanted> {
    let metadata = object.get("metadata")?;
    Some(Wanted {
        object: Some(index),
        namespace: metadata.text_at("namespace").or(namespace).map(str::to_owned),
        name: metadata.text_at("name")?.to_owned(),
        spec: object.get("spec")?.clone(),
        is_last: false,
    })
}

/// The keys of a ConfigMap or Secret as variables.
fn data(object: &Value) -> BTreeMap<String, Option<String>> {
    let is_secret = object.text_at("kind") == Some("Secret");
    let mut values = BTreeMap::new();
    for entry in object.get("data").map(Value::entries).unwrap_or_default() {
        let decoded = |text: String| {
            let bytes = STANDARD.decode(text.trim()).ok()?;
            String::from_utf8(bytes).ok().map(|text| text.replace('\n', ""))
        };
        let value = one_line(&entry.value);
        values.insert(entry.key.value.clone(), if is_secret { value.and_then(decoded) } else { value });
    }
    for entry in object.get("stringData").map(Value::entries).unwrap_or_default() {
        values.insert(entry.key.value.clone(), one_line(&entry.value));
    }
    values
}

/// A variable's value: Flux takes the line breaks out.
pub(crate) fn one_line(value: &Value) -> Option<String> {
    match &value.content {
        Content::Text(text) => Some(text.replace('\n', "")),
        Content::Bool(is) => Some(is.to_string()),
        Content::Number(number) => Some(number.to_string()),
        Content::Null => Some(String::new()),
        Content::Unknown | Content::List(_) | Content::Map(_) => None,
    }
}

/// Takes what SOPS adds to a file out of `object`; what it encrypted is known to the cluster only.
fn decrypt(object: &mut Value) {
    if object.get("sops").is_some_and(|sops| sops.get("mac").is_some() || sops.get("version").is_some()) {
        object.remove("sops");
        hide(object);
    }
}

fn hide(value: &mut Value) {
    match &mut value.content {
        Content::Text(text) if text.starts_with("ENC[") => value.content = Content::Unknown,
        Content::List(items) => items.iter_mut().for_each(hide),
        Content::Map(entries) => entries.iter_mut().for_each(|entry| hide(&mut entry.value)),
        _ => {}
    }
}

/// What tells the repository behind a URL from others, however it is fetched: `example.org/lab/home`.
fn repository(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    rest.trim_end_matches('/').trim_end_matches(".git").replacen(':', "/", 1).to_lowercase()
}
