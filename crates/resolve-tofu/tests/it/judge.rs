//! Holds an evaluation against what OpenTofu was recorded to say.

use std::fs;
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, Severity, Sources};
use resolve_tofu::{Files, Modules, Root, Value, check, evaluate};
use serde_json::{Map, Value as Json};

/// Where the recorded roots lie.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The texts below `folder` by their paths, without what was recorded.
pub(crate) fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name != "recorded.json") {
                let name = path.strip_prefix(folder).expect("it lies below").to_str().expect("it is UTF-8");
                found.push((name.replace('\\', "/"), fs::read_to_string(&path).expect("it is text")));
            }
        }
    }
    found.sort();
    found
}

/// Evaluates `texts` as a root and hands what comes of it to `look`.
pub(crate) fn evaluated<T>(
    texts: &[(String, String)],
    look: impl FnOnce(&Root<'_>, &[Diagnostic], &Sources) -> T,
) -> T {
    let mut sources = Sources::default();
    let ids: Vec<_> = texts.iter().map(|(path, text)| sources.add(path.clone(), text.clone())).collect();
    let files = Files::new(&sources, ids);
    let mut found = Vec::new();
    let modules = Modules::load(&files, &mut found);
    check(&modules, &mut found);
    let root = evaluate(&files, &modules, "", &mut found).expect("there is configuration in the folder");
    look(&root, &found, &sources)
}

/// What is recorded for a value and what was evaluated, where they are not the same. An unknown value is `$unknown`.
pub(crate) fn difference(place: &str, recorded: &Json, value: &Value, differences: &mut Vec<String>) {
    let evaluated = json(value);
    if !same(recorded, &evaluated) {
        differences.push(format!("{place}: OpenTofu says {recorded}, and the evaluation {evaluated}"));
    }
}

fn same(recorded: &Json, evaluated: &Json) -> bool {
    match (recorded, evaluated) {
        // OpenTofu writes more digits than a double has, and reading them may end one bit beside.
        (Json::Number(left), Json::Number(right)) => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => (left - right).abs() <= f64::EPSILON * left.abs(),
            _ => left == right,
        },
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        (left, right) => left == right,
    }
}

fn unknown() -> Json {
    Json::Object(Map::from_iter([("$unknown".to_owned(), Json::Bool(true))]))
}

/// A value as JSON.
pub(crate) fn json(value: &Value) -> Json {
    if value.is_null() {
        Json::Null
    } else if !value.is_known() {
        unknown()
    } else if let Some(text) = value.as_text() {
        Json::String(text.to_owned())
    } else if let Some(flag) = value.as_bool() {
        Json::Bool(flag)
    } else if let Some(number) = value.as_number() {
        let text = number.normalized().to_plain_string();
        let whole = text.parse::<i64>().map(Json::from);
        whole.unwrap_or_else(|_| text.parse::<f64>().map_or(Json::Null, Json::from))
    } else if let Some(elements) = value.as_elements() {
        Json::Array(elements.iter().map(json).collect())
    } else if let Some(entries) = value.as_entries() {
        Json::Object(entries.iter().map(|(name, entry)| (name.clone(), json(entry))).collect())
    } else {
        Json::Null
    }
}

/// Whether any of `found` is an error, with the first as text.
pub(crate) fn first_error(found: &[Diagnostic], sources: &Sources) -> Option<String> {
    let error = found.iter().find(|finding| finding.severity == Severity::Error)?;
    let at = sources.location(error.primary.span);
    Some(format!("{}:{}: [{}] {}", sources.path(error.primary.span), at.line, error.rule, error.message))
}
