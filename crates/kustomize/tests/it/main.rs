//! The cases, against what kustomize printed for them. `cargo xtask e2e builds` records and compares anew.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Sources, any_error};
use fixture::Fixture;
use kustomize::{Build, Files, Options};
use serde_json::Value as Json;
use syntax::yaml;

/// Cases that are built otherwise than kustomize builds them, and why.
const DIFFERENT: &[(&str, &str)] = &[];

fn folder(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Builds the folder `app` of `fixture`.
fn built<T>(fixture: &Fixture, show: impl FnOnce(Build, &Sources) -> T) -> T {
    let mut sources = Sources::default();
    let ids: Vec<_> = fixture.files.iter().map(|(path, text)| sources.add(path.as_str(), text.as_str())).collect();
    let read: Vec<_> = ids.iter().map(|id| (*id, yaml::parse_all(*id, &sources.get(*id).text))).collect();
    let mut files = Files::new(&sources);
    for (id, documents) in &read {
        match documents {
            _ if !sources.get(*id).path.ends_with("yaml") => files.add_text(*id),
            Ok(documents) => files.add_yaml(*id, documents),
            Err(_) => files.add_broken(*id),
        }
    }
    let build = kustomize::build(&files, Utf8Path::new("app"), &Options::default());
    show(build.expect("every case has a kustomization"), &sources)
}

fn number(value: &Json) -> Json {
    match value {
        Json::Number(number) => number.as_f64().into(),
        Json::Array(items) => items.iter().map(number).collect(),
        Json::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), number(value))).collect(),
        other => other.clone(),
    }
}

/// What is not the same in `ours` and `recorded`.
fn difference(build: &Build, recorded: &Json) -> Option<String> {
    let objects = match (recorded["objects"].as_array(), any_error(&build.found)) {
        (None, true) => return None,
        (None, false) => return Some("kustomize refuses it".to_owned()),
        (Some(_), true) => return Some("kustomize builds it".to_owned()),
        (Some(objects), false) => objects,
    };
    let ours: Vec<Json> = build.objects.iter().map(|object| number(&object.value.to_json())).collect();
    let theirs: Vec<Json> = objects.iter().map(number).collect();
    let at = ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
    let show = |list: &[Json], at: usize| list.get(at).map_or_else(|| "nothing".to_owned(), Json::to_string);
    let at = at.or_else(|| (ours.len() != theirs.len()).then(|| ours.len().min(theirs.len())))?;
    Some(format!("\n  ours   {}\n  theirs {}", show(&ours, at), show(&theirs, at)))
}

#[test]
fn cases_are_built_as_kustomize_builds_them() {
    let mut paths: Vec<_> = folder("cases").read_dir_utf8().expect("there are cases").flatten().collect();
    paths.sort_by(|one, two| one.path().cmp(two.path()));
    let mut faults = Vec::new();
    for entry in &paths {
        let name = entry.path().file_stem().expect("a case has a name");
        let record = folder("recorded").join(format!("{name}.json"));
        let recorded = fs::read_to_string(&record).unwrap_or_else(|error| panic!("{record}: {error}"));
        let recorded: Json = serde_json::from_str(&recorded).expect("what is recorded is JSON");
        let fixture = Fixture::parse(&fs::read_to_string(entry.path()).expect("a case can be read"));
        built(&fixture, |build, sources| {
            if let Err(said) = fixture::compare(&fixture, sources, &build.found) {
                faults.push(format!("{name}: {said}"));
            }
            match (difference(&build, &recorded), DIFFERENT.iter().any(|(known, _)| *known == name)) {
                (None, false) | (Some(_), true) => {}
                (None, true) => faults.push(format!("{name} agrees by now")),
                (Some(difference), false) => faults.push(format!("{name}: {difference}")),
            }
        });
    }
    assert!(faults.is_empty(), "{} faults in {} cases:\n{}", faults.len(), paths.len(), faults.join("\n"));
}
