//! Where Flux begins in a repository: one place for each cluster.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Spanned, nearest};
use kustomize::Files;
use manifest::{Content, Identity, Value, read};
use syntax::yaml::{self, Node, plain};

use crate::follow::one_line;
use crate::kustomization::{self, clean};
use crate::release::Release;
use crate::substitute::{self, Variables};
use crate::unsaid::unsaid;

/// What `flux bootstrap` writes beside each other: the controllers, and the Kustomization of the cluster.
const COMPONENTS: &str = "gotk-components.yaml";
const SYNC: &str = "gotk-sync.yaml";

/// What begins a part of a path that something else fills in: `${CLUSTER}`, `@cluster@`, `{{ cluster }}`, `<cluster>`.
const PLACEHOLDERS: [char; 4] = ['$', '@', '{', '<'];

/// Where Flux begins in a cluster.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The folder that it applies first, from the root of the repository.
    pub folder: Spanned<Utf8PathBuf>,
    /// The folder of the repository that is the root of the source: an artifact may hold less than the repository.
    pub(crate) base: Utf8PathBuf,
    /// What the Flux Kustomization of the cluster says beside its path, as far as it is seen.
    pub(crate) spec: Option<Value>,
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
    told.hear_templates(files);
    let Told { mut begins, candidates, releases, .. } = told;
    if let Some(named) = named {
        let begin = |folder: &Spanned<String>| {
            let path = clean(&folder.value)?;
            let is_it = |begin: &&Beginning| begin.folder.value == path;
            Some(begins.values().find(is_it).cloned().unwrap_or_else(|| at(Spanned::new(path, folder.span))))
        };
        begins = named.iter().filter_map(begin).map(|begin| (begin.folder.value.clone(), begin)).collect();
    } else if begins.is_empty() {
        begins = unsaid(files, &candidates);
    }
    for (folder, begin) in &mut begins {
        let beside = releases.iter().find(|(file, _)| file.starts_with(folder));
        begin.release = begin.release.take().or_else(|| beside.map(|(_, release)| release.clone()));
    }
    begins.into_values().collect()
}

/// A beginning in `folder`, of which nothing else is known.
pub(crate) fn at(folder: Spanned<Utf8PathBuf>) -> Beginning {
    Beginning {
        folder,
        base: Utf8PathBuf::new(),
        spec: None,
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
    /// Specs of instances whose path is still to be filled in, with the files they are written in.
    templates: Vec<(Utf8PathBuf, Value)>,
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
                    self.instance(files, path, spec);
                }
            }
            Some("HelmRelease") => {
                let instance = root.get("spec").and_then(|spec| spec.get("values")?.get("instance"));
                if let Some(instance) = instance {
                    self.instance(files, path, &read(instance, plain::kubernetes));
                }
            }
            Some("OCIRepository") => {
                // The controllers as Flux publishes them; its tag is their release.
                let spec = root.get("spec").map(|spec| read(spec, plain::kubernetes));
                let is_it = |spec: &&Value| spec.text_at("url").is_some_and(|url| url.ends_with("/flux-manifests"));
                let tag = spec.as_ref().filter(is_it).and_then(|spec| spec.at(&["ref", "tag"]));
                self.releases.extend(tag.and_then(Release::of).map(|release| (path.to_owned(), release)));
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
                    self.instance(files, path, &read(instance, plain::kubernetes));
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
    fn instance(&mut self, files: &Files<'_>, file: &Utf8Path, spec: &Value) {
        let Some(begin) = of_instance(files, file, spec) else { return };
        let folder = &begin.folder.value;
        if folder.as_str().contains(PLACEHOLDERS) && !files.is_folder(folder) {
            self.templates.push((file.to_owned(), spec.clone()));
        } else {
            self.add(begin);
        }
    }

    /// The instances whose path holds variables, once with each set of values that a ConfigMap or a Flux Kustomization
    /// has for them, where it then names a folder. What applies an instance is found only from where Flux begins.
    fn hear_templates(&mut self, files: &Files<'_>) {
        let templates = std::mem::take(&mut self.templates);
        if templates.is_empty() {
            return;
        }
        let written = files.yaml().flat_map(|(_, documents)| documents);
        let is_map =
            |root: &&Node| root.get("kind").and_then(Node::scalar).is_some_and(|kind| kind.text == "ConfigMap");
        let maps = written.map(|document| &document.root).filter(is_map);
        let maps = maps.filter_map(|root| Some(read(root.get("data")?, plain::kubernetes)));
        let substitute = |(_, value): &(_, Value)| value.at(&["spec", "postBuild", "substitute"]).cloned();
        let sets: Vec<Value> = maps.chain(self.candidates.iter().filter_map(substitute)).collect();
        for (file, spec) in &templates {
            for set in &sets {
                let values = set.entries().iter().map(|entry| (entry.key.value.clone(), one_line(&entry.value)));
                let variables = Variables { values: values.collect(), are_open: true, are_required: None };
                let mut spec = spec.clone();
                substitute::substitute(&mut spec, &variables, files.sources(), &mut Vec::new());
                let leads_somewhere = |begin: &Beginning| files.is_folder(&begin.folder.value);
                if let Some(begin) = of_instance(files, file, &spec).filter(leads_somewhere) {
                    self.add(begin);
                }
            }
        }
    }

    /// The Kustomization that `flux bootstrap` writes.
    fn bootstrap(&mut self, files: &Files<'_>, path: &Utf8Path, kustomization: &Value) {
        let Some(spec) = kustomization.get("spec") else { return };
        let Some(folder) = kustomization::folder(spec) else { return };
        // `flux bootstrap` writes it into the folder that it names. Elsewhere it is a copy, or was put away with its
        // cluster; but for a slip of the pen.
        let around = path.ancestors().nth(2).unwrap_or(Utf8Path::new(""));
        let is_slip = || nearest(folder.value.as_str(), [around.as_str()]).is_some();
        if !files.is_folder(&folder.value) && !is_slip() {
            return;
        }
        let source = spec.get("sourceRef");
        let text = |key| source.and_then(|source| source.text_at(key)).map(str::to_owned);
        let beside = files.yaml_at(path).into_iter().flatten().map(|document| read(&document.root, plain::kubernetes));
        let url = beside.filter_map(|object| object.at(&["spec", "url"])?.text().map(str::to_owned)).next();
        let patches = path.parent().and_then(|folder| files.yaml_at(&folder.join("kustomization.yaml")));
        let patches = patches.into_iter().flatten().next().map(|document| read(&document.root, plain::kubernetes));
        let spec = patches.as_ref().and_then(|patches| built(files, path, patches, kustomization));
        self.add(Beginning {
            source: text("kind").zip(text("name")),
            url,
            namespace: namespace(kustomization),
            requires_variables: patches.as_ref().and_then(gate),
            spec: spec.or_else(|| kustomization.get("spec").cloned()),
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

/// What the spec of an instance of Flux, which stands in `file`, says; `None` where it does not say where it begins.
fn of_instance(files: &Files<'_>, file: &Utf8Path, spec: &Value) -> Option<Beginning> {
    let sync = spec.get("sync")?;
    let path = sync.get("path")?;
    let folder = clean(path.text()?)?;
    let name = sync.text_at("name").unwrap_or("flux-system");
    let kind = sync.text_at("kind").unwrap_or("GitRepository");
    let base = base(files, file, kind, &folder)?;
    let patches = spec.at(&["kustomize", "patches"]);
    let begin = at(Spanned::new(base.join(folder), path.span));
    Some(Beginning {
        base,
        source: Some((kind.to_owned(), name.to_owned())),
        url: sync.text_at("url").map(str::to_owned),
        release: spec.at(&["distribution", "version"]).and_then(Release::of),
        requires_variables: patches.and_then(gate),
        spec: patches.and_then(patched),
        ..begin
    })
}

/// The folder of the repository that is the root of a source of that kind, of which `folder` is applied, as the
/// instance in `file` says; `None` where that is not known. What an artifact holds, only who pushes it says: it is the
/// repository, or else the folder around the instance in which `folder` is found.
fn base(files: &Files<'_>, file: &Utf8Path, kind: &str, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let root = Utf8Path::new("");
    if kind == "GitRepository" || files.is_folder(folder) && folder != root {
        return Some(root.to_owned());
    }
    let mut around = file.ancestors().skip(1).filter(|around| *around != root && files.is_folder(&around.join(folder)));
    let base = around.next().filter(|_| folder != root)?;
    around.next().is_none().then(|| base.to_owned())
}

/// What the kustomization `around` makes of the spec of `kustomization`, which stands in `path` beside it.
fn built(files: &Files<'_>, path: &Utf8Path, around: &Value, kustomization: &Value) -> Option<Value> {
    ["patches", "patchesStrategicMerge", "patchesJson6902"].iter().find(|key| around.get(key).is_some())?;
    let identity = Identity::of(kustomization);
    let build = kustomize::build(files, path.parent()?, &kustomize::Options::default())?;
    let is_it = |object: &&kustomize::Object| Identity::of(&object.value) == identity;
    build.objects.iter().find(is_it)?.value.get("spec").cloned()
}

/// What the patches of an instance write into the spec of its Kustomization, as far as they are plain.
fn patched(patches: &Value) -> Option<Value> {
    let mut spec = Value::new(Content::Map(Vec::new()), patches.span);
    for patch in patches.items() {
        let Some(text) = patch.get("patch") else { continue };
        let Some(document) = text.text().and_then(|written| yaml::parse(text.span.file, written).ok()) else {
            continue;
        };
        let value = read(&document.root, plain::kubernetes).placed_at(text.span);
        let is_for =
            |kind: &str| patch.at(&["target", "kind"]).and_then(Value::text).is_none_or(|target| target == kind);
        if !is_for("Kustomization") || patch.get("target").is_none() && value.text_at("kind") != Some("Kustomization") {
            continue;
        }
        for entry in value.get("spec").map(Value::entries).unwrap_or_default() {
            spec.set(entry.key.clone(), entry.value.clone());
        }
        for operation in value.items() {
            let key = operation.text_at("path").and_then(|path| path.strip_prefix("/spec/"));
            if let Some((key, value)) = key.filter(|key| !key.contains('/')).zip(operation.get("value")) {
                spec.set(Spanned::new(key.to_owned(), text.span), value.clone());
            }
        }
    }
    (!spec.entries().is_empty()).then_some(spec)
}

pub(crate) fn namespace(object: &Value) -> String {
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
