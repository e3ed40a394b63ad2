//! Where Flux begins in a repository: one place for each cluster.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Span, Spanned};
use kustomize::Files;
use manifest::{Value, read};
use syntax::yaml::{Node, plain};

use crate::kustomization::{self, clean};
use crate::release::Release;

/// What `flux bootstrap` writes beside each other: the controllers, and the Kustomization of the cluster.
const COMPONENTS: &str = "gotk-components.yaml";
const SYNC: &str = "gotk-sync.yaml";

/// Where Flux begins in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The folder that it applies first, from the root of the repository.
    pub folder: Spanned<Utf8PathBuf>,
    /// The kind and the name of the source that is this repository.
    pub source: Option<(String, String)>,
    /// Where that source is fetched from.
    pub url: Option<String>,
    /// The namespace that Flux runs in.
    pub namespace: String,
    /// The release of Flux, where it is said here.
    pub release: Option<Release>,
    /// Whether a variable that is not set fails a build, where that is said here: the feature gate
    /// `StrictPostBuildSubstitutions` of kustomize-controller.
    pub requires_variables: Option<bool>,
    /// Whether nobody says that Flux begins here, and only nothing else applies what lies here: there may be more of
    /// the cluster elsewhere.
    pub is_guess: bool,
}

/// Where Flux begins, for each cluster of the repository, in order of the folders; or in the folders `named`, where a
/// person names them.
pub(crate) fn beginnings(files: &Files<'_>, named: Option<&[Spanned<String>]>) -> Vec<Beginning> {
    let mut told = Told::default();
    for (path, documents) in files.yaml() {
        for document in documents {
            told.hear(files, path, &document.root);
        }
    }
    let Told { mut begins, candidates, releases } = told;
    if let Some(named) = named {
        let begin = |folder: &Spanned<String>| {
            let path = clean(&folder.value)?;
            let is_it = |begin: &&Beginning| begin.folder.value == path;
            Some(begins.values().find(is_it).cloned().unwrap_or_else(|| at(Spanned::new(path, folder.span))))
        };
        begins = named.iter().filter_map(begin).map(|begin| (begin.folder.value.clone(), begin)).collect();
    } else if begins.is_empty() {
        begins = created_by_nobody(files, &candidates);
    }
    for (folder, begin) in &mut begins {
        let beside = releases.iter().find(|(file, _)| file.starts_with(folder));
        begin.release = begin.release.take().or_else(|| beside.map(|(_, release)| release.clone()));
    }
    begins.into_values().collect()
}

/// A beginning in `folder`, of which nothing else is known.
fn at(folder: Spanned<Utf8PathBuf>) -> Beginning {
    Beginning {
        folder,
        source: None,
        url: None,
        namespace: "flux-system".to_owned(),
        release: None,
        requires_variables: None,
        is_guess: false,
    }
}

/// What the files of a repository tell.
#[derive(Default)]
struct Told {
    begins: BTreeMap<Utf8PathBuf, Beginning>,
    /// Flux Kustomizations, with the files they are written in.
    candidates: Vec<(Utf8PathBuf, Value)>,
    /// Releases of Flux, with the files that name them.
    releases: Vec<(Utf8PathBuf, Release)>,
}

impl Told {
    fn hear(&mut self, files: &Files<'_>, path: &Utf8Path, root: &Node) {
        let kind = root.get("kind").and_then(Node::scalar).map(|kind| kind.text.as_str());
        let whole = || read(root, plain::kubernetes);
        match kind {
            Some("Kustomization") => {
                let value = whole();
                if kustomization::is_one(&value) {
                    if path.file_name() == Some(SYNC) {
                        self.bootstrap(files, path, &value);
                    }
                    self.candidates.push((path.to_owned(), value));
                } else {
                    self.awaited(files, path, &value);
                }
            }
            Some("FluxInstance") => {
                if let Some(spec) = whole().get("spec") {
                    self.instance(spec);
                }
            }
            Some("HelmRelease") => {
                let instance = root.get("spec").and_then(|spec| spec.get("values")?.get("instance"));
                if let Some(instance) = instance {
                    self.instance(&read(instance, plain::kubernetes));
                }
            }
            Some("Namespace" | "Deployment") if path.file_name() == Some(COMPONENTS) => {
                let label = ["metadata", "labels", "app.kubernetes.io/version"];
                let release = whole().at(&label).and_then(Release::of);
                if !self.releases.iter().any(|(known, _)| known == path) {
                    self.releases.extend(release.map(|release| (path.to_owned(), release)));
                }
            }
            None => {
                if let Some(instance) = root.get("instance").filter(|instance| instance.get("sync").is_some()) {
                    self.instance(&read(instance, plain::kubernetes));
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, begin: Beginning) {
        let known = self.begins.entry(begin.folder.value.clone()).or_insert_with(|| begin.clone());
        known.release = known.release.take().or(begin.release);
        known.url = known.url.take().or(begin.url);
    }

    /// The spec of a FluxInstance, or what its chart makes one of.
    fn instance(&mut self, spec: &Value) {
        let Some(sync) = spec.get("sync") else { return };
        let Some(path) = sync.get("path").filter(|path| path.text().is_some()) else { return };
        let Some(folder) = path.text().and_then(clean) else { return };
        let name = sync.text_at("name").unwrap_or("flux-system");
        self.add(Beginning {
            source: Some((sync.text_at("kind").unwrap_or("GitRepository").to_owned(), name.to_owned())),
            url: sync.text_at("url").map(str::to_owned),
            release: spec.at(&["distribution", "version"]).and_then(Release::of),
            requires_variables: spec.at(&["kustomize", "patches"]).and_then(gate),
            ..at(Spanned::new(folder, path.span))
        });
    }

    /// The Kustomization that `flux bootstrap` writes.
    fn bootstrap(&mut self, files: &Files<'_>, path: &Utf8Path, kustomization: &Value) {
        let Some(spec) = kustomization.get("spec") else { return };
        let Some(folder) = kustomization::folder(spec) else { return };
        let source = spec.get("sourceRef");
        let text = |key| source.and_then(|source| source.text_at(key)).map(str::to_owned);
        let beside = files.yaml_at(path).into_iter().flatten().map(|document| read(&document.root, plain::kubernetes));
        let url = beside.filter_map(|object| object.at(&["spec", "url"])?.text().map(str::to_owned)).next();
        let patches = path.parent().and_then(|folder| files.yaml_at(&folder.join("kustomization.yaml")));
        let patches = patches.into_iter().flatten().next().map(|document| read(&document.root, plain::kubernetes));
        self.add(Beginning {
            source: text("kind").zip(text("name")),
            url,
            namespace: namespace(kustomization),
            requires_variables: patches.as_ref().and_then(gate),
            ..at(folder)
        });
    }

    /// A kustomization beside which `flux bootstrap` is still to write its files, or to fill them.
    fn awaited(&mut self, files: &Files<'_>, path: &Utf8Path, kustomization: &Value) {
        let names = |value: &&Value| value.text().is_some_and(|text| text.trim_start_matches("./") == SYNC);
        let Some(named) = kustomization.items_at("resources").iter().find(names) else { return };
        let Some(folder) = path.parent() else { return };
        let stands = files.yaml_at(&folder.join(SYNC)).is_some_and(|documents| !documents.is_empty());
        if stands {
            return;
        }
        let cluster = folder.parent().unwrap_or(Utf8Path::new("")).to_owned();
        self.add(Beginning {
            source: Some(("GitRepository".to_owned(), "flux-system".to_owned())),
            requires_variables: gate(kustomization),
            ..at(Spanned::new(cluster, named.span))
        });
    }
}

fn namespace(object: &Value) -> String {
    object.at(&["metadata", "namespace"]).and_then(Value::text).unwrap_or("flux-system").to_owned()
}

/// What the feature gate is set to, anywhere in `value`.
fn gate(value: &Value) -> Option<bool> {
    if let Some((_, rest)) = value.text().and_then(|text| text.split_once("StrictPostBuildSubstitutions=")) {
        return Some(rest.starts_with("true"));
    }
    let inside = value.items().iter().chain(value.entries().iter().map(|entry| &entry.value));
    inside.filter_map(gate).next()
}

/// The folders of the Flux Kustomizations that no other one applies.
fn created_by_nobody(files: &Files<'_>, candidates: &[(Utf8PathBuf, Value)]) -> BTreeMap<Utf8PathBuf, Beginning> {
    let mut applied: BTreeSet<String> = BTreeSet::new();
    for (_, value) in candidates {
        let Some(spec) = value.get("spec") else { continue };
        let Some(folder) = kustomization::folder(spec).filter(|folder| files.is_folder(&folder.value)) else {
            continue;
        };
        let build = kustomize::overlay(files, &folder.value, spec, &kustomize::Options::default());
        applied.extend(build.files);
    }
    let mut begins = BTreeMap::new();
    for (path, value) in candidates.iter().filter(|(path, _)| files.is_file(path) && !applied.contains(path.as_str())) {
        let is_here =
            value.get("spec").and_then(kustomization::folder).is_some_and(|path| files.is_folder(&path.value));
        let Some(folder) = path.parent().filter(|_| is_here) else { continue };
        let span: Span = value.at(&["metadata", "name"]).unwrap_or(value).span;
        let source = value.at(&["spec", "sourceRef"]);
        let text = |key| source.and_then(|source| source.text_at(key)).map(str::to_owned);
        let begin = Beginning {
            source: text("kind").zip(text("name")),
            namespace: namespace(value),
            is_guess: true,
            ..at(Spanned::new(folder.to_owned(), span))
        };
        begins.entry(folder.to_owned()).or_insert(begin);
    }
    // A folder that another one applies with all that lies below it is no cluster of its own.
    let folders: Vec<_> = begins.keys().cloned().collect();
    let has_own = |folder: &Utf8Path| kustomize::has_kustomization(files, folder);
    begins.retain(|folder, _| {
        !folders.iter().any(|around| folder != around && folder.starts_with(around) && !has_own(around))
    });
    begins
}
