//! OpenTofu says again what its evaluation of expressions and small roots was recorded to give; the tests of
//! `resolve-tofu` hold the same records against the evaluation there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value as Json, json};

use super::Verdict;
use super::bench::{Bench, Tofu};
use crate::{Failure, repository};

/// With this set, what OpenTofu says is written where the record lies.
const RECORD: &str = "LABTREE_E2E_RECORD";

/// Plans every root and every expression anew.
pub(crate) fn judge(bench: &Bench) -> Result<Verdict, Failure> {
    let tofu = bench.tofu()?;
    let tests = repository().join("crates/resolve-tofu/tests");
    let mut verdict = Verdict::of("roots and expressions");
    let mut folders: Vec<_> = fs::read_dir(tests.join("roots"))?.collect::<Result<_, _>>()?;
    folders.sort_by_key(fs::DirEntry::file_name);
    for entry in folders {
        let folder = Utf8PathBuf::try_from(entry.path())?;
        let work = tempfile::tempdir()?;
        let work = Utf8Path::from_path(work.path()).ok_or("the temporary folder has no UTF-8 path")?;
        copy(&folder, work)?;
        let said = match plan(&tofu, work)? {
            Ok(plan) => json!({ "outputs": outputs(&plan), "resources": resources(&plan) }),
            Err(places) => json!({ "errors": places }),
        };
        compare(&folder.join("recorded.json"), folder.file_name().unwrap_or_default(), &said, &mut verdict)?;
        verdict.judged += 1;
    }
    let folder = tests.join("expressions");
    let cases = fs::read_to_string(folder.join("cases.txt"))?;
    let cases: Vec<&str> = cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let said = expressions(&tofu, &folder.join("root"), &cases)?;
    compare(&folder.join("recorded.json"), "expressions", &said, &mut verdict)?;
    verdict.judged += cases.len();
    Ok(verdict)
}

/// The plan of the root in `folder`, or where OpenTofu refuses it.
fn plan(tofu: &Tofu, folder: &Utf8Path) -> Result<Result<Json, Vec<String>>, Failure> {
    for arguments in [&["init", "-json", "-input=false"][..], &["plan", "-json", "-input=false", "-out=plan"]] {
        let done = tofu.run(folder, arguments, &[])?;
        if !done.status.success() {
            return Ok(Err(places(&String::from_utf8_lossy(&done.stdout))));
        }
    }
    let shown = tofu.run(folder, &["show", "-json", "plan"], &[])?;
    Ok(Ok(serde_json::from_slice(&shown.stdout)?))
}

/// `file:line` of each error in OpenTofu's messages.
fn places(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    let found: BTreeSet<String> = lines
        .filter(|line| line["type"] == "diagnostic" && line["diagnostic"]["severity"] == "error")
        .map(|line| {
            let range = &line["diagnostic"]["range"];
            format!(
                "{}:{}",
                range["filename"].as_str().unwrap_or_default(),
                range["start"]["line"].as_u64().unwrap_or(0)
            )
        })
        .collect();
    found.into_iter().collect()
}

fn outputs(plan: &Json) -> Json {
    let changes = plan["output_changes"].as_object().cloned().unwrap_or_default();
    Json::Object(changes.into_iter().map(|(name, change)| (name, whole(&change))).collect())
}

fn resources(plan: &Json) -> Json {
    let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
    let named = changes
        .into_iter()
        .map(|change| (change["address"].as_str().unwrap_or_default().to_owned(), whole(&change["change"])));
    Json::Object(named.collect())
}

fn whole(change: &Json) -> Json {
    both(&change["after"], &change["after_unknown"])
}

/// One tree of what is known and of `$unknown` where nothing is.
fn both(after: &Json, unknown: &Json) -> Json {
    match (after, unknown) {
        (_, Json::Bool(true)) => json!({ "$unknown": true }),
        (Json::Null, Json::Object(unknown)) if unknown.is_empty() => Json::Null,
        (Json::Object(_), _) | (_, Json::Object(_)) => {
            let names: BTreeSet<&String> =
                [after, unknown].into_iter().filter_map(Json::as_object).flat_map(Map::keys).collect();
            Json::Object(names.into_iter().map(|name| (name.clone(), both(&after[name], &unknown[name]))).collect())
        }
        (Json::Array(elements), _) => {
            Json::Array(elements.iter().enumerate().map(|(at, element)| both(element, &unknown[at])).collect())
        }
        _ => after.clone(),
    }
}

/// What OpenTofu makes of each expression, as an output of the root. One that it refuses is found by the name of its
/// file, and the others are planned without it.
fn expressions(tofu: &Tofu, root: &Utf8Path, cases: &[&str]) -> Result<Json, Failure> {
    let mut left: BTreeMap<String, &str> =
        cases.iter().enumerate().map(|(at, case)| (format!("case_{at:04}"), *case)).collect();
    let mut said = BTreeMap::new();
    while !left.is_empty() {
        let work = tempfile::tempdir()?;
        let work = Utf8Path::from_path(work.path()).ok_or("the temporary folder has no UTF-8 path")?;
        copy(root, work)?;
        for (name, case) in &left {
            let text = format!("output \"{name}\" {{\n  sensitive = true\n  value = {case}\n}}\n");
            fs::write(work.join(format!("{name}.tf")), text)?;
        }
        match plan(tofu, work)? {
            Ok(plan) => {
                for (name, case) in std::mem::take(&mut left) {
                    said.insert(case, json!({ "value": whole(&plan["output_changes"][&name]) }));
                }
            }
            Err(places) => {
                let refused: BTreeSet<String> =
                    places.iter().filter_map(|place| Some(place.split_once(".tf:")?.0.to_owned())).collect();
                let before = left.len();
                for name in refused {
                    if let Some(case) = left.remove(&name) {
                        said.insert(case, json!({ "error": true }));
                    }
                }
                if left.len() == before {
                    return Err(format!("OpenTofu refuses the root of the expressions: {places:?}").into());
                }
            }
        }
    }
    Ok(Json::Object(cases.iter().map(|case| ((*case).to_owned(), said[case].clone())).collect()))
}

fn compare(record: &Utf8Path, name: &str, said: &Json, verdict: &mut Verdict) -> Result<(), Failure> {
    if std::env::var_os(RECORD).is_some() {
        return Ok(fs::write(record, format!("{}\n", serde_json::to_string_pretty(said)?))?);
    }
    let recorded: Json = serde_json::from_str(&fs::read_to_string(record)?)?;
    for key in said.as_object().into_iter().flat_map(Map::keys) {
        verdict.must(recorded[key] == said[key], || {
            format!(
                "{name}: `{key}` is recorded as {}, and is {} now; set {RECORD}=1 to record",
                recorded[key], said[key]
            )
        });
    }
    Ok(())
}

fn copy(from: &Utf8Path, to: &Utf8Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from)? {
        let from = Utf8PathBuf::try_from(entry?.path())?;
        let name = from.file_name().unwrap_or_default();
        if from.is_dir() {
            fs::create_dir_all(to.join(name))?;
            copy(&from, &to.join(name))?;
        } else if name != "recorded.json" {
            fs::copy(&from, to.join(name))?;
        }
    }
    Ok(())
}
