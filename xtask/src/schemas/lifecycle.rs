//! Which versions of Kubernetes' own kinds went or will go, as its Go types tell.

use std::collections::BTreeMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Failure;
use schema::kubernetes::derive::Table;

/// The file that tells it, in the folder of each version of a group.
const FILE: &str = "zz_generated.prerelease-lifecycle.go";

/// What is told of a kind: minor versions of Kubernetes 1, and the `apiVersion` to write instead.
#[derive(Default)]
struct Lifecycle {
    deprecated: Option<u32>,
    removed: Option<u32>,
    instead: Option<String>,
}

/// Takes what the files below `folder` tell into `table`, which holds the kinds of Kubernetes 1.`minor`.
pub(super) fn read(folder: &Utf8Path, minor: u32, table: &mut Table) -> Result<(), Failure> {
    for file in files(folder)? {
        let around = file.parent().ok_or("a file lies in a folder")?;
        let register = fs::read_to_string(around.join("register.go"))?;
        let group = quoted(register.split_once("const GroupName = ").ok_or("a group has a name")?.1);
        let version = around.file_name().unwrap_or_default();
        let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
        for (kind, told) in kinds(&fs::read_to_string(&file)?) {
            let Some(removed) = told.removed else { continue };
            if removed <= minor {
                table.gone(&api_version, &kind, removed, told.instead);
            } else if let Some(since) = told.deprecated.filter(|since| *since <= minor) {
                let instead = told.instead.map(|instead| format!("; use {instead} {kind}")).unwrap_or_default();
                let warning =
                    format!("{api_version} {kind} is deprecated in v1.{since}+, unavailable in v1.{removed}+{instead}");
                table.deprecate(&api_version, &kind, &warning);
            }
        }
    }
    Ok(())
}

fn files(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.file_name() == Some(FILE) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What each function of a file returns, by the kind it is of; lists are left out.
fn kinds(text: &str) -> BTreeMap<String, Lifecycle> {
    let mut found = BTreeMap::<String, Lifecycle>::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((kind, function)) = line.strip_prefix("func (in *").and_then(|line| line.split_once(") APILifecycle"))
        else {
            continue;
        };
        let Some(returned) = lines.next().and_then(|line| line.trim().strip_prefix("return ")) else { continue };
        if kind.ends_with("List") {
            continue;
        }
        let told = found.entry(kind.to_owned()).or_default();
        let minor = returned.split_once(", ").and_then(|(_, minor)| minor.parse().ok());
        match function.split('(').next().unwrap_or_default() {
            "Deprecated" => told.deprecated = minor,
            "Removed" => told.removed = minor,
            "Replacement" => {
                let named = |key: &str| returned.split_once(key).map(|(_, rest)| quoted(rest)).unwrap_or_default();
                if named("Kind: ") == kind {
                    told.instead = Some(format!("{}/{}", named("Group: "), named("Version: ")));
                }
            }
            _ => {}
        }
    }
    found
}

/// What stands in the first pair of quotes.
fn quoted(text: &str) -> &str {
    text.split('"').nth(1).unwrap_or_default()
}
