//! The judge `schemas`: kubeconform says of an object what labtree says by its own schemas, also when one thing in it
//! is changed.
//!
//! Both know the same sources, but by other ways: kubeconform by JSON Schemas that [`super::schemas`] makes.

pub(super) mod apiserver;
mod mutants;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::FileId;
use manifest::{Content, Value};
use schema::kubernetes::{Kinds, Misfit, Sort};
use serde_json::Value as Json;
use syntax::yaml::{self, plain};

use super::{Bench, Verdict, kubeconform, labs, schemas};
use crate::{Failure, corpus, lab};

/// kubeconform's own fixtures.
const FIXTURES: (&str, &str) = ("github.com/yannh/kubeconform@v0.8.0", "fixtures");
/// How many changed copies of the largest object of a kind there are.
const COPIES: usize = 400;
/// How many files kubeconform is given at once.
const AT_ONCE: usize = 200;

/// Whether the two differ about an object for a certain reason.
type IsSo = fn(&Object, &Said) -> bool;

/// Why the two may differ about an object.
const REASONS: &[(&str, IsSo)] = &[
    ("a rule in CEL", |ours, _| ours.misfits.iter().any(|misfit| misfit.sort == Sort::BrokenRule)),
    ("names, labels and annotations", |ours, _| ours.misfits.iter().any(|misfit| misfit.path.starts_with("metadata"))),
    ("a key of a list twice", |ours, _| ours.misfits.iter().any(|misfit| misfit.message.ends_with(" twice"))),
    ("base64", |ours, _| ours.misfits.iter().any(|misfit| misfit.message.ends_with("must be base64"))),
    ("null, which the API server drops", |_, theirs| theirs.message.contains("got null")),
    ("the form of a quantity", |ours, _| ours.misfits.iter().any(|misfit| misfit.message.contains("is no quantity"))),
    ("kinds that Flux Operator adds", |_, theirs| theirs.message.contains("/kind': value must be one of 'Bucket'")),
    ("a substitution", |ours, _| ours.is_substituted),
    ("what `sops` adds", |ours, theirs| ours.is_encrypted && theirs.message.contains("sops")),
    ("metadata that is not written by hand", |_, theirs| theirs.message.contains("'/metadata'")),
    ("a key twice", |_, theirs| theirs.message.contains("already set in map")),
];

/// By file, kind and name.
type Key = (Utf8PathBuf, String, String);
type Objects = BTreeMap<Key, Vec<Object>>;

/// What labtree says of an object.
struct Object {
    api_version: String,
    json: Json,
    misfits: Vec<Misfit>,
    /// Whether there is a schema of its kind.
    is_known: bool,
    is_substituted: bool,
    is_encrypted: bool,
}

/// What kubeconform says of an object.
struct Said {
    status: String,
    message: String,
}

/// What was counted.
#[derive(Default)]
struct Counts {
    valid: usize,
    invalid: usize,
    unknown: usize,
    unread: usize,
    reasons: BTreeMap<&'static str, usize>,
}

/// Judges kubeconform's fixtures, the example lab, and every whole object of the corpus if there is one.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("objects");
    let whole = found(bench, &mut verdict)?;
    let said = both(bench, &whole, &mut verdict)?;
    verdict.aside += &said;
    let (kinds, copies) = changed(bench, &whole)?;
    let said = both(bench, &copies, &mut verdict)?;
    verdict.aside += &format!("; of {kinds} kinds with one thing changed: {said}");
    Ok(verdict)
}

/// The objects of kubeconform's fixtures, of the example lab and of the corpus.
fn found(bench: &Bench, verdict: &mut Verdict) -> Result<Objects, Failure> {
    let fixtures = bench.tools.go_module(FIXTURES.0)?.join(FIXTURES.1);
    let mut files = labs::files(&fixtures, &[".yaml"])?;
    files.extend(labs::files(&lab(), &[".yaml"])?);
    match corpus::folder()? {
        Some(corpus) => {
            for repository in corpus::repositories(&corpus)? {
                files.extend(labs::files(&repository, &[".yaml", ".yml"])?);
            }
        }
        None => verdict.aside = format!("the corpus passed over: {}; ", corpus::unset()),
    }
    files.retain(|file| fs::symlink_metadata(file).is_ok_and(|found| found.is_file()) && !is_large(file));
    let mut found = Objects::new();
    for file in &files {
        objects(file, &mut found)?;
    }
    Ok(found)
}

/// Changed copies of the largest object of each kind, and how many kinds there are.
fn changed(bench: &Bench, whole: &Objects) -> Result<(usize, Objects), Failure> {
    let folder = bench.folder("changed-objects")?;
    let mut found = Objects::new();
    let largest = largest(whole);
    for ((api_version, kind), object) in &largest {
        let file = folder.join(format!("{}-{kind}.yaml", api_version.replace('/', "-")));
        let copies: Vec<String> = mutants::of(&object.json, COPIES).iter().map(Json::to_string).collect();
        fs::write(&file, copies.join("\n---\n"))?;
        objects(&file, &mut found)?;
    }
    Ok((largest.len(), found))
}

/// The object with the most in it that fits, for each version of a kind.
fn largest(found: &Objects) -> BTreeMap<(&str, &str), &Object> {
    let mut largest = BTreeMap::<(&str, &str), &Object>::new();
    for ((_, kind, _), objects) in found {
        for object in objects.iter().filter(|object| object.is_known && object.misfits.is_empty()) {
            if object.is_substituted || object.is_encrypted {
                continue;
            }
            let size = |object: &Object| object.json.to_string().len();
            let kept = largest.entry((object.api_version.as_str(), kind)).or_insert(object);
            if size(object) > size(kept) {
                *kept = object;
            }
        }
    }
    largest
}

/// Has kubeconform judge what labtree judged, and tells what was counted.
fn both(bench: &Bench, found: &Objects, verdict: &mut Verdict) -> Result<String, Failure> {
    let mut counts = Counts::default();
    let files: BTreeSet<Utf8PathBuf> = found.keys().map(|(file, _, _)| file.clone()).collect();
    let theirs = said(bench, &schemas::folder(&bench.tools)?, &Vec::from_iter(files))?;
    for (key, ours) in found {
        let Some(theirs) = theirs.get(key).filter(|theirs| theirs.len() == ours.len()) else {
            counts.unread += ours.len();
            continue;
        };
        for (ours, theirs) in ours.iter().zip(theirs) {
            verdict.judged += 1;
            compare(key, ours, theirs, &mut counts, verdict);
        }
    }
    let apart: Vec<String> = counts.reasons.iter().map(|(reason, count)| format!("{count} by {reason}")).collect();
    let said = format!(
        "{} valid and {} invalid to both, {} of a kind unknown to one, {} unread by one; apart with a reason: {}",
        counts.valid,
        counts.invalid,
        counts.unknown,
        counts.unread,
        if apart.is_empty() { "none".to_owned() } else { apart.join(", ") }
    );
    Ok(said)
}

/// A test of kubeconform's speed, with more values than a file of labtree may have.
fn is_large(file: &Utf8Path) -> bool {
    file.file_name() == Some("valid_large.yaml")
}

fn compare(key: &Key, ours: &Object, theirs: &Said, counts: &mut Counts, verdict: &mut Verdict) {
    let fits = ours.misfits.is_empty();
    match theirs.status.as_str() {
        // Both know the same sources.
        "statusSkipped" if ours.is_known => {}
        _ if !ours.is_known => return counts.unknown += 1,
        "statusValid" if fits => return counts.valid += 1,
        "statusInvalid" if !fits => return counts.invalid += 1,
        _ => {}
    }
    if let Some((reason, _)) = REASONS.iter().find(|(_, is_so)| is_so(ours, theirs)) {
        *counts.reasons.entry(reason).or_default() += 1;
        return;
    }
    let messages: Vec<&str> = ours.misfits.iter().map(|misfit| misfit.message.as_str()).collect();
    let ours = if fits { "fits".to_owned() } else { messages.join("; ") };
    let (file, kind, name) = key;
    verdict
        .faults
        .push(format!("{file}: {kind} `{name}`: labtree: {ours}; kubeconform: {} {}", theirs.status, theirs.message));
}

/// Judges the objects of `file`.
fn objects(file: &Utf8Path, found: &mut Objects) -> Result<(), Failure> {
    let Ok(text) = String::from_utf8(fs::read(file)?) else { return Ok(()) };
    let Ok(documents) = yaml::parse_all(FileId(0), &text) else { return Ok(()) };
    for document in documents {
        object(file, manifest::read(&document.root, plain::kubernetes), found);
    }
    Ok(())
}

fn object(file: &Utf8Path, mut object: Value, found: &mut Objects) {
    let word = |path: &[&str]| object.at(path).and_then(Value::text).unwrap_or_default().to_owned();
    let (api_version, kind) = (word(&["apiVersion"]), word(&["kind"]));
    // What kustomize reads never gets to a cluster.
    if kind.is_empty() || api_version.is_empty() || api_version.starts_with("kustomize.config.k8s.io/") {
        return;
    }
    if kind == "List" {
        return object.items_at("items").iter().for_each(|item| self::object(file, item.clone(), found));
    }
    let name = match (word(&["metadata", "name"]), word(&["metadata", "generateName"])) {
        (name, generated) if name.is_empty() && !generated.is_empty() => format!("{generated}{{{{ generateName }}}}"),
        (name, _) => name,
    };
    let is_substituted = hide(&mut object);
    let known = Kinds::new(None).get(&api_version, &kind);
    let judged = Object {
        misfits: known.as_ref().map(|kind| kind.check(&object)).unwrap_or_default(),
        is_known: known.is_some(),
        is_substituted,
        is_encrypted: object.get("sops").is_some(),
        json: object.to_json(),
        api_version,
    };
    found.entry((file.to_owned(), kind, name)).or_default().push(judged);
}

/// Makes what Flux will substitute unknown, and tells whether there was such a thing.
fn hide(value: &mut Value) -> bool {
    match &mut value.content {
        Content::Text(text) if text.contains("${") => {
            value.content = Content::Unknown;
            true
        }
        Content::List(items) => items.iter_mut().fold(false, |hidden, item| hide(item) | hidden),
        Content::Map(entries) => entries.iter_mut().fold(false, |hidden, entry| hide(&mut entry.value) | hidden),
        _ => false,
    }
}

/// What kubeconform says of each object in `files`.
fn said(bench: &Bench, schemas: &Utf8Path, files: &[Utf8PathBuf]) -> Result<BTreeMap<Key, Vec<Said>>, Failure> {
    let mut found = BTreeMap::<Key, Vec<Said>>::new();
    let location = kubeconform::location(schemas);
    for files in files.chunks(AT_ONCE) {
        let mut command = Command::new(bench.tools.kubeconform()?);
        command.args(["-strict", "-output", "json", "-verbose", "-ignore-missing-schemas", "-n", "1"]);
        let done = command.args(["-schema-location", &location]).args(files).output()?;
        let told: Json = serde_json::from_slice(&done.stdout)
            .map_err(|error| format!("kubeconform: {error}: {}", String::from_utf8_lossy(&done.stderr)))?;
        for resource in told["resources"].as_array().into_iter().flatten() {
            let word = |key: &str| resource[key].as_str().unwrap_or_default().to_owned();
            let key = (word("filename").into(), word("kind"), word("name"));
            found.entry(key).or_default().push(Said { status: word("status"), message: word("msg") });
        }
    }
    Ok(found)
}
