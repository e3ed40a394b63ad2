//! Where Flux begins in a repository that does not say so.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Span, Spanned};
use kustomize::Files;
use manifest::{Value, read};
use syntax::yaml::plain;

use crate::kustomization;
use crate::roots::{Beginning, at, namespace};

/// A Flux Kustomization that may be where it begins.
struct Candidate<'v> {
    path: &'v Utf8Path,
    value: &'v Value,
    /// The folder that it applies, where that lies in this repository.
    folder: Option<Spanned<Utf8PathBuf>>,
    /// The files that it is built from.
    files: BTreeSet<String>,
    /// Whether it brings other Flux Kustomizations.
    is_parent: bool,
}

/// Where Flux begins: at the Flux Kustomizations that apply themselves, as that of a cluster does; without any, in the
/// folders of those that no other one applies.
pub(crate) fn unsaid(files: &Files<'_>, candidates: &[(Utf8PathBuf, Value)]) -> BTreeMap<Utf8PathBuf, Beginning> {
    let candidates: Vec<_> = candidates.iter().map(|(path, value)| candidate(files, path, value)).collect();
    let own = own(files, &candidates);
    if own.is_empty() { of_nobody(files, &candidates) } else { own }
}

fn candidate<'v>(files: &Files<'_>, path: &'v Utf8Path, value: &'v Value) -> Candidate<'v> {
    let spec = value.get("spec");
    // Without a path it applies the whole of its source, which need not be this repository.
    let is_path = |folder: &Spanned<Utf8PathBuf>| !folder.value.as_str().is_empty() && files.is_folder(&folder.value);
    let folder = spec.and_then(kustomization::folder).filter(is_path);
    let build = folder.as_ref().zip(spec);
    let build =
        build.map(|(folder, spec)| kustomize::overlay(files, &folder.value, spec, &kustomize::Options::default()));
    let is_other = |object: &kustomize::Object| kustomization::is_one(&object.value) && object.file != path;
    let is_parent = build.as_ref().is_some_and(|build| build.objects.iter().any(is_other));
    Candidate { path, value, folder, files: build.map(|build| build.files).unwrap_or_default(), is_parent }
}

/// Those that apply themselves, and others beside them.
fn own(files: &Files<'_>, candidates: &[Candidate<'_>]) -> BTreeMap<Utf8PathBuf, Beginning> {
    let mut begins = BTreeMap::new();
    for candidate in candidates.iter().filter(|one| one.is_parent && one.files.contains(one.path.as_str())) {
        let is_applied = candidates.iter().any(|other| {
            other.path != candidate.path
                && other.files.contains(candidate.path.as_str())
                && !candidate.files.contains(other.path.as_str())
        });
        let Some(folder) = candidate.folder.clone().filter(|_| !is_applied) else { continue };
        let beside = files.yaml_at(candidate.path).into_iter().flatten();
        let beside = beside.map(|document| read(&document.root, plain::kubernetes));
        let begin = Beginning {
            url: beside.filter_map(|object| object.at(&["spec", "url"])?.text().map(str::to_owned)).next(),
            spec: candidate.value.get("spec").cloned(),
            ..begin(candidate, folder.clone())
        };
        begins.entry(folder.value).or_insert(begin);
    }
    begins
}

/// The folders of those that no other one applies.
fn of_nobody(files: &Files<'_>, candidates: &[Candidate<'_>]) -> BTreeMap<Utf8PathBuf, Beginning> {
    let applied: BTreeSet<&str> = candidates.iter().flat_map(|one| &one.files).map(String::as_str).collect();
    let is_free =
        |one: &&Candidate<'_>| files.is_file(one.path) && !applied.contains(one.path.as_str()) && one.folder.is_some();
    let free: Vec<_> = candidates.iter().filter(is_free).collect();
    // Beside one that brings others, one that brings none is an app that is put aside.
    let has_parent = free.iter().any(|one| one.is_parent);
    let parents: BTreeSet<_> = free.iter().filter(|one| one.is_parent).map(|one| one.path.parent()).collect();
    let mut begins = BTreeMap::new();
    for one in free.iter().filter(|one| !has_parent || parents.contains(&one.path.parent())) {
        let Some(folder) = one.path.parent() else { continue };
        let span: Span = one.value.at(&["metadata", "name"]).unwrap_or(one.value).span;
        let begin = Beginning { is_guess: true, ..begin(one, Spanned::new(folder.to_owned(), span)) };
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

fn begin(candidate: &Candidate<'_>, folder: Spanned<Utf8PathBuf>) -> Beginning {
    let source = candidate.value.at(&["spec", "sourceRef"]);
    let text = |key| source.and_then(|source| source.text_at(key)).map(str::to_owned);
    Beginning { source: text("kind").zip(text("name")), namespace: namespace(candidate.value), ..at(folder) }
}
