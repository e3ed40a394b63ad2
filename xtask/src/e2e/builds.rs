//! The judge `builds`: kustomizations, those of our own cases and those that others wrote, are built as kustomize builds
//! them; the tests of the crate `kustomize` hold what was recorded of the cases against it.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Sources, any_error};
use fixture::Fixture;
use kustomize::{Build, Files, Options};
use serde_json::{Value as Json, json};
use syntax::yaml::{self, Document, plain};

use super::{Bench, Verdict, labs};
use crate::{Failure, corpus, repository};

/// With this set, what kustomize says is written where the record lies.
const RECORD: &str = "LABTREE_E2E_RECORD";
/// The folder that a case builds.
const ROOT: &str = "app";
const NAMES: [&str; 3] = ["/kustomization.yaml", "/kustomization.yml", "/Kustomization"];

/// How many kustomizations of each kind there are.
#[derive(Default)]
struct Counts {
    agree: usize,
    refused: usize,
    unknown: usize,
}

/// Judges the recorded cases, then every kustomization of the examples and of the corpus.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::of("kustomizations");
    let program = bench.tools.kustomize()?;
    cases(bench, &program, &mut verdict)?;
    let cases = verdict.judged;
    let mut counts = Counts::default();
    let mut repositories = vec![repository().join("fixtures")];
    let told = match corpus::folder()? {
        Some(corpus) => {
            repositories.extend(corpus::repositories(&corpus)?);
            String::new()
        }
        None => format!(", the corpus passed over: {}", corpus::unset()),
    };
    for folder in repositories {
        judge_repository(&program, &folder, &mut verdict, &mut counts)?;
    }
    let Counts { agree, refused, unknown } = counts;
    verdict.aside = format!(
        "{cases} cases; of the others {agree} agree, {refused} are refused by both, {unknown} need the network or a chart{told}"
    );
    Ok(verdict)
}

/// Builds each case anew, and compares with what is recorded.
fn cases(bench: &Bench, program: &Utf8Path, verdict: &mut Verdict) -> Result<(), Failure> {
    let tests = repository().join("crates/kustomize/tests");
    for path in labs::files(&tests.join("cases"), &[".yaml"])? {
        let name = path.file_stem().unwrap_or_default();
        let folder = bench.folder(name)?;
        for (file, text) in Fixture::parse(&fs::read_to_string(&path)?).files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap_or(&folder))?;
            fs::write(file, text)?;
        }
        let said = match printed(program, &folder.join(ROOT))? {
            Ok(objects) => json!({ "objects": objects }),
            Err(_) => json!({ "refused": true }),
        };
        let record = tests.join("recorded").join(format!("{name}.json"));
        if std::env::var_os(RECORD).is_some() {
            fs::create_dir_all(tests.join("recorded"))?;
            fs::write(record, format!("{}\n", serde_json::to_string_pretty(&said)?))?;
        } else {
            let recorded: Json = serde_json::from_str(&fs::read_to_string(&record).unwrap_or("null".into()))?;
            verdict.must(recorded == said, || {
                format!("the case `{name}` is recorded otherwise: {said}; set {RECORD}=1 to record")
            });
        }
        verdict.judged += 1;
    }
    Ok(())
}

/// What kustomize prints for the kustomization in `folder`, as JSON, or why it refuses it.
fn printed(program: &Utf8Path, folder: &Utf8Path) -> Result<Result<Vec<Json>, String>, Failure> {
    let mut build = Command::new(program);
    let done = build.args(["build", "--load-restrictor", "LoadRestrictionsNone", folder.as_str()]).output()?;
    if !done.status.success() {
        return Ok(Err(String::from_utf8_lossy(&done.stderr).into_owned()));
    }
    Ok(Ok(objects(&String::from_utf8(done.stdout)?)?))
}

/// The objects in a text of YAML that a program prints.
pub(super) fn objects(text: &str) -> Result<Vec<Json>, Failure> {
    let documents = yaml::parse_all(diagnostic::FileId(0), text).map_err(|fault| fault.message)?;
    let values = documents.iter().map(|document| manifest::read(&document.root, plain::kubernetes));
    Ok(values.map(|value| value.to_json()).filter(|value| !value.is_null()).collect())
}

/// The texts of a repository, and what stands in them.
struct Read {
    sources: Sources,
    yaml: Vec<(diagnostic::FileId, Option<Vec<Document>>)>,
    texts: Vec<diagnostic::FileId>,
    opaque: Vec<Utf8PathBuf>,
}

impl Read {
    fn new(folder: &Utf8Path) -> Result<Self, Failure> {
        let mut read = Self { sources: Sources::default(), yaml: Vec::new(), texts: Vec::new(), opaque: Vec::new() };
        for path in labs::files(folder, &[""])? {
            let name = path.strip_prefix(folder)?;
            if name.starts_with(".git") || !path.is_file() {
                continue;
            }
            let Ok(text) = String::from_utf8(fs::read(&path)?) else {
                read.opaque.push(name.to_owned());
                continue;
            };
            let id = read.sources.add(name.as_str(), text);
            if ["yaml", "yml"].contains(&name.extension().unwrap_or_default()) {
                let documents = yaml::parse_all(id, &read.sources.get(id).text).ok();
                read.yaml.push((id, documents));
            } else {
                read.texts.push(id);
            }
        }
        Ok(read)
    }

    fn files(&self) -> Files<'_> {
        let mut files = Files::new(&self.sources);
        for (id, documents) in &self.yaml {
            match documents {
                Some(documents) => files.add_yaml(*id, documents),
                None => files.add_broken(*id),
            }
        }
        self.texts.iter().for_each(|id| files.add_text(*id));
        self.opaque.iter().for_each(|path| files.add_opaque(path));
        files
    }
}

fn judge_repository(
    program: &Utf8Path,
    folder: &Utf8Path,
    verdict: &mut Verdict,
    counts: &mut Counts,
) -> Result<(), Failure> {
    let read = Read::new(folder)?;
    let files = read.files();
    let mut kustomizations = labs::files(folder, &NAMES)?;
    kustomizations.retain(|path| path.is_file());
    for path in kustomizations {
        let at = path.parent().unwrap_or(folder);
        let name = format!("{}/{}", folder.file_name().unwrap_or_default(), at.strip_prefix(folder)?);
        let ours = kustomize::build(&files, at.strip_prefix(folder)?, &Options::default());
        let ours = ours.ok_or_else(|| format!("{name}: labtree finds no kustomization"))?;
        verdict.judged += 1;
        if !ours.is_complete && !any_error(&ours.found) {
            counts.unknown += 1;
            continue;
        }
        match (any_error(&ours.found), printed(program, at)?) {
            (true, Err(_)) => counts.refused += 1,
            (false, Err(why)) => verdict.faults.push(format!("{name}: kustomize refuses it: {}", why.trim())),
            (true, Ok(_)) => {
                let found: Vec<_> =
                    ours.found.iter().map(|found| format!("{}: {}", found.rule, found.message)).collect();
                verdict.faults.push(format!("{name}: labtree refuses it: {}", found.join("; ")));
            }
            (false, Ok(theirs)) => match difference(&ours, &theirs) {
                Some(difference) => verdict.faults.push(format!("{name}: {difference}")),
                None => counts.agree += 1,
            },
        }
    }
    Ok(())
}

/// The first difference between what both built.
fn difference(ours: &Build, theirs: &[Json]) -> Option<String> {
    let ours: Vec<Json> = ours.objects.iter().map(|object| object.value.to_json()).collect();
    for (ours, theirs) in ours.iter().zip(theirs) {
        if name(ours) != name(theirs) {
            return Some(format!("`{}` is built where kustomize builds `{}`", name(ours), name(theirs)));
        }
        let mut path = name(ours);
        if let Some((ours, theirs)) = differs(ours, theirs, &mut path) {
            return Some(format!("{path} is {ours}, kustomize builds {theirs}"));
        }
    }
    (ours.len() != theirs.len()).then(|| format!("{} objects are built, kustomize builds {}", ours.len(), theirs.len()))
}

/// Kind, namespace and name of an object.
pub(super) fn name(object: &Json) -> String {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let metadata = &object["metadata"];
    format!("{} {}/{}", text(&object["kind"]), text(&metadata["namespace"]), text(&metadata["name"]))
}

/// The first parts that are not the same; `path` leads there then.
pub(super) fn differs(ours: &Json, theirs: &Json, path: &mut String) -> Option<(Json, Json)> {
    let length = path.len();
    match (ours, theirs) {
        (Json::Object(one), Json::Object(two)) => {
            for key in one.keys().chain(two.keys()) {
                *path += &format!(".{key}");
                let (one, two) = (one.get(key), two.get(key));
                let found = match (one, two) {
                    (Some(one), Some(two)) => differs(one, two, path),
                    _ => Some((json!(one), json!(two))),
                };
                if found.is_some() {
                    return found;
                }
                path.truncate(length);
            }
            None
        }
        (Json::Array(one), Json::Array(two)) if one.len() == two.len() => {
            for (at, (one, two)) in one.iter().zip(two).enumerate() {
                *path += &format!("[{at}]");
                if let Some(found) = differs(one, two, path) {
                    return Some(found);
                }
                path.truncate(length);
            }
            None
        }
        (Json::Number(one), Json::Number(two)) if one.as_f64() == two.as_f64() => None,
        _ if ours == theirs => None,
        _ => Some((ours.clone(), theirs.clone())),
    }
}
