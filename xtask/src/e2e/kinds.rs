//! The judge `schemas`: kubeconform says of an object what labtree says by its own schemas.
//!
//! Both know the same sources, but by other ways: kubeconform by JSON Schemas that [`super::schemas`] makes.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::FileId;
use manifest::{Content, Value};
use schema::kubernetes::{Kinds, Misfit, Sort};
use serde_json::Value as Json;
use syntax::yaml::{self, plain};

use super::{Bench, Verdict, kubeconform, labs, schemas};
use crate::{Failure, corpus};

/// kubeconform's own fixtures.
const FIXTURES: (&str, &str) = ("github.com/yannh/kubeconform@v0.8.0", "fixtures");
/// How many files kubeconform is given at once.
const AT_ONCE: usize = 200;

/// Why the two may differ about an object: a word for it, and whether it is so.
const REASONS: &[(&str, fn(&Object, &Said) -> bool)] = &[
    ("a rule in CEL", |ours, _| ours.misfits.iter().any(|misfit| misfit.sort == Sort::BrokenRule)),
    ("names, labels and annotations", |ours, _| ours.misfits.iter().any(|misfit| misfit.path.starts_with("metadata"))),
    ("a key of a list twice", |ours, _| ours.misfits.iter().any(|misfit| misfit.message.ends_with(" twice"))),
    ("base64", |ours, _| ours.misfits.iter().any(|misfit| misfit.message.ends_with("must be base64"))),
    ("a substitution", |ours, _| ours.is_substituted),
    ("what `sops` adds", |ours, theirs| ours.is_encrypted && theirs.message.contains("sops")),
    ("null, which the API server drops", |_, theirs| theirs.message.contains("got null")),
    ("metadata that is not written by hand", |_, theirs| theirs.message.contains("'/metadata'")),
    ("a key twice", |_, theirs| theirs.message.contains("already set in map")),
];

/// By file, kind and name.
type Key = (Utf8PathBuf, String, String);

/// What labtree says of an object.
struct Object {
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

/// Judges kubeconform's fixtures, and every whole object of the corpus if there is one.
pub(super) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("objects");
    let fixtures = bench.tools.go_module(FIXTURES.0)?.join(FIXTURES.1);
    let mut files = labs::files(&fixtures, &[".yaml"])?;
    match corpus::folder()? {
        Some(corpus) => {
            for repository in corpus::repositories(&corpus)? {
                files.extend(labs::files(&repository, &[".yaml", ".yml"])?);
            }
        }
        None => verdict.aside = format!("the corpus passed over: {}; ", corpus::unset()),
    }
    let mut counts = Counts::default();
    let mut ours = BTreeMap::new();
    files.retain(|file| fs::symlink_metadata(file).is_ok_and(|found| found.is_file()) && !is_large(file));
    for file in &files {
        objects(file, &mut ours)?;
    }
    let theirs = said(bench, &schemas::folder(&bench.tools)?, &files)?;
    for (key, ours) in &ours {
        let Some(theirs) = theirs.get(key).filter(|theirs| theirs.len() == ours.len()) else {
            counts.unread += ours.len();
            continue;
        };
        for (ours, theirs) in ours.iter().zip(theirs) {
            verdict.judged += 1;
            compare(key, ours, theirs, &mut counts, &mut verdict);
        }
    }
    let apart: Vec<String> = counts.reasons.iter().map(|(reason, count)| format!("{count} by {reason}")).collect();
    verdict.aside += &format!(
        "{} valid and {} invalid to both, {} of a kind unknown to one; {} unread by kubeconform; apart with a reason: {}",
        counts.valid,
        counts.invalid,
        counts.unknown,
        counts.unread,
        if apart.is_empty() { "none".to_owned() } else { apart.join(", ") }
    );
    Ok(verdict)
}

/// A test of kubeconform's speed, with more values than a file of labtree may have.
fn is_large(file: &Utf8Path) -> bool {
    file.file_name() == Some("valid_large.yaml")
}

fn compare(key: &Key, ours: &Object, theirs: &Said, counts: &mut Counts, verdict: &mut Verdict) {
    let fits = ours.misfits.is_empty();
    match theirs.status.as_str() {
        "statusSkipped" => return counts.unknown += 1,
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
fn objects(file: &Utf8Path, found: &mut BTreeMap<Key, Vec<Object>>) -> Result<(), Failure> {
    let kinds = Kinds::new(None);
    let Ok(text) = String::from_utf8(fs::read(file)?) else { return Ok(()) };
    let Ok(documents) = yaml::parse_all(FileId(0), &text) else { return Ok(()) };
    for document in documents {
        let mut object = manifest::read(&document.root, plain::kubernetes);
        let is_substituted = hide(&mut object);
        let word = |path: &[&str]| object.at(path).and_then(Value::text).unwrap_or_default().to_owned();
        let (api_version, kind) = (word(&["apiVersion"]), word(&["kind"]));
        // What kustomize reads never gets to a cluster.
        if kind.is_empty() || api_version.is_empty() || api_version.starts_with("kustomize.config.k8s.io/") {
            continue;
        }
        let known = kinds.get(&api_version, &kind);
        let judged = Object {
            misfits: known.as_ref().map(|kind| kind.check(&object)).unwrap_or_default(),
            is_known: known.is_some(),
            is_substituted,
            is_encrypted: object.get("sops").is_some(),
        };
        found.entry((file.to_owned(), kind, word(&["metadata", "name"]))).or_default().push(judged);
    }
    Ok(())
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
