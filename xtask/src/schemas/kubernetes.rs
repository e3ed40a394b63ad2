//! The tables of the kinds that clusters know.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use super::sources::{DEFINITIONS, FLUX, KUBERNETES, LIFECYCLES};
use super::{lifecycle, swagger};
use crate::Failure;
use crate::e2e::Tools;
use schema::kubernetes::derive::{Table, definition};

/// The path of each table and what it holds.
pub(super) fn derive(tools: &Tools) -> Result<Vec<(String, String)>, Failure> {
    let mut tables = vec![kubernetes(tools)?, flux(tools)?];
    for (name, module, path) in DEFINITIONS {
        let mut table = Table::default();
        for file in yaml_files(&tools.go_module(module)?.join(path))? {
            definitions(&fs::read_to_string(file)?, &mut table, 0)?;
        }
        tables.push(named(name, table.text(&about(module, path), &[])));
    }
    Ok(tables)
}

/// Takes every definition in `text`, which holds YAML documents, into `table`.
fn definitions(text: &str, table: &mut Table, position: usize) -> Result<(), Failure> {
    for document in yaml_serde::Deserializer::from_str(text) {
        definition(&Json::deserialize(document)?, table, position);
    }
    Ok(())
}

fn kubernetes(tools: &Tools) -> Result<(String, String), Failure> {
    let (module, path) = KUBERNETES;
    let swagger: Json = serde_json::from_str(&fs::read_to_string(tools.go_module(module)?.join(path))?)?;
    let mut table = Table::default();
    swagger::read(&swagger, &mut table)?;
    let minor = module.split_once("@v1.").and_then(|(_, rest)| rest.split('.').next()?.parse().ok());
    for module in LIFECYCLES {
        lifecycle::read(&tools.go_module(module)?, minor.ok_or("Kubernetes has a minor version")?, &mut table)?;
    }
    Ok(named("kubernetes", table.text(&about(module, path), &[])))
}

fn flux(tools: &Tools) -> Result<(String, String), Failure> {
    let (module, path) = FLUX;
    let folder = tools.go_module(module)?.join(path);
    let mut releases = Vec::new();
    for entry in folder.read_dir_utf8()? {
        if let Some(release) = entry?.file_name().strip_prefix('v') {
            releases.push((release.parse::<schema::Version>()?, release.to_owned()));
        }
    }
    releases.sort();
    let mut table = Table::default();
    for (position, (_, release)) in releases.iter().enumerate() {
        for file in yaml_files(&folder.join(format!("v{release}")))? {
            definitions(&fs::read_to_string(file)?, &mut table, position)?;
        }
    }
    let releases: Vec<String> = releases.into_iter().map(|(_, text)| text).collect();
    Ok(named("flux", table.text(&about(module, path), &releases)))
}

fn named(name: &str, text: String) -> (String, String) {
    (format!("schemas/kinds/{name}.json"), text)
}

fn about(module: &str, path: &str) -> Json {
    let version = module.rsplit_once("@v").map_or(module, |(_, version)| version);
    json!({ "version": version, "module": module, "path": path, "derive": "cargo xtask schemas" })
}

/// `path` itself, or the YAML files in it.
pub(crate) fn yaml_files(path: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let files = path.read_dir_utf8()?.map(|entry| Ok(entry?.into_path())).collect::<Result<Vec<_>, Failure>>()?;
    let mut files: Vec<_> = files.into_iter().filter(|file| matches!(file.extension(), Some("yaml" | "yml"))).collect();
    files.sort();
    Ok(files)
}
