//! `labtree schema import`: what a cluster or OpenTofu says about its schemas, kept for `labtree check`.

use std::collections::BTreeMap;
use std::io::Read as _;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::FileId;
use schema::{Version, kubernetes, package};
use serde_json::Value as Json;
use syntax::hcl::{self, Item};
use syntax::yaml::{self, plain};
use tree::Found;

use super::{KINDS, PROVIDERS};
use crate::Outcome;
use crate::args::SchemaImport;
use crate::disk::{Disk, DiskError, Doing, Share, put, reason};
use crate::failure::Failure;
use crate::generate::run_lock;
use crate::input::settings;
use crate::terminal::Terminal;

/// Where OpenTofu notes the versions of providers.
const LOCK: &str = ".terraform.lock.hcl";
/// The provider whose schema labtree knows at each release.
const AUTHENTIK: &str = "goauthentik/authentik";
const FORMS: &str = "give it what `kubectl get crd -o yaml` or `tofu providers schema -json` prints";

/// Writes the schemas in the file that `arguments` name, or on standard input.
///
/// # Errors
/// The file cannot be read, or holds no schemas.
pub(crate) fn run(disk: &impl Disk, arguments: &SchemaImport, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let text = given(&arguments.file)?;
    let folder = settings(disk, &mut diagnostic::Sources::default(), &mut Vec::new())?.schemas();
    let _alone = run_lock(disk, Share::Alone, terminal)?;
    let documents = documents(&text, &arguments.file)?;
    let files = match &documents[..] {
        [schemas] if schemas.get("provider_schemas").is_some() => providers(schemas, arguments, &folder, terminal)?,
        documents => kinds(documents, arguments, &folder, terminal)?,
    };
    for (path, text) in files {
        let before = disk.read(&path).map_err(DiskError::at(Doing::Read, &path))?;
        if matches!(before, Found::File(bytes) if bytes == text.as_bytes()) {
            terminal.say(format!("  as before  {path}"));
        } else {
            put(disk, &path, &text)?;
            terminal.say(format!("      wrote  {path}"));
        }
    }
    terminal.say("`labtree check` judges by them from now on; commit them");
    Ok(Outcome::Clean)
}

/// The text of the file, or of standard input for `-`.
fn given(file: &Utf8Path) -> Result<String, Failure> {
    let read = if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    let text =
        read.map_err(|error| Failure::usage(format!("cannot read {}: {}", shown(file), reason(&error)), FORMS))?;
    match text.trim() {
        "" => Err(Failure::usage(format!("{} is empty", shown(file)), FORMS)),
        _ => Ok(text),
    }
}

fn shown(file: &Utf8Path) -> String {
    if file == "-" { String::from("standard input") } else { format!("`{file}`") }
}

/// The documents in `text`. JSON is read as such: what OpenTofu prints has many megabytes.
fn documents(text: &str, file: &Utf8Path) -> Result<Vec<Json>, Failure> {
    if let Ok(document) = serde_json::from_str(text) {
        return Ok(vec![document]);
    }
    let documents = yaml::parse_all(FileId(0), text).map_err(|fault| {
        let line = text[..fault.primary.span.range().start.min(text.len())].matches('\n').count() + 1;
        Failure::usage(format!("{} cannot be read: line {line}: {}", shown(file), fault.message), FORMS)
    })?;
    Ok(documents.iter().map(|document| manifest::read(&document.root, plain::kubernetes).to_json()).collect())
}

/// The files of the kinds that are defined in `documents`.
fn kinds(
    documents: &[Json],
    arguments: &SchemaImport,
    folder: &Utf8Path,
    terminal: &mut Terminal,
) -> Result<Vec<(Utf8PathBuf, String)>, Failure> {
    let import = kubernetes::import(documents)
        .map_err(|why| Failure::usage(format!("{} cannot be read: {why}", shown(&arguments.file)), FORMS))?;
    if import.count == 0 {
        let message =
            format!("{} holds neither CustomResourceDefinitions nor schemas of providers", shown(&arguments.file));
        return Err(Failure::usage(message, FORMS));
    }
    for group in &import.passed_over {
        terminal.say(format!("passed over {group}: labtree knows Flux's kinds at each of its releases"));
    }
    let file = |(group, text): (String, String)| Ok((named(folder, KINDS, &group)?, text));
    import.groups.into_iter().map(file).collect()
}

/// The files of the providers in `schemas`, at the versions in the lock file.
fn providers(
    schemas: &Json,
    arguments: &SchemaImport,
    folder: &Utf8Path,
    terminal: &mut Terminal,
) -> Result<Vec<(Utf8PathBuf, String)>, Failure> {
    let addresses = package::addresses(schemas)
        .map_err(|why| Failure::usage(format!("{} cannot be read: {why}", shown(&arguments.file)), FORMS))?;
    let lock = arguments.lock.as_deref().unwrap_or(Utf8Path::new(LOCK));
    let text = std::fs::read_to_string(lock).map_err(|error| {
        let help = "run this in the folder of the OpenTofu root after `tofu init`, or name its lock file with `--lock`";
        Failure::usage(format!("the versions of the providers stand in `{lock}`: {}", reason(&error)), help)
    })?;
    let versions = versions(&text);
    let mut files = Vec::new();
    for address in addresses {
        let short = short(address);
        if short == AUTHENTIK {
            terminal.say(format!("passed over {short}: labtree knows it at each of its releases"));
            continue;
        }
        let Some(version) = versions.get(address) else {
            let message = format!("`{lock}` names no version of `{address}`");
            return Err(Failure::usage(message, "run `tofu init`, and `tofu providers schema -json` again"));
        };
        let name = format!("{}-{version}", short.replace('/', "-"));
        files.push((named(folder, PROVIDERS, &name)?, package::import(schemas, address, version)));
    }
    Ok(files)
}

/// `hashicorp/random`, or the whole address of a provider of another registry.
fn short(address: &str) -> &str {
    address.strip_prefix("registry.opentofu.org/").or(address.strip_prefix("registry.terraform.io/")).unwrap_or(address)
}

/// The path of a file in `folder`. Its name comes from outside.
fn named(folder: &Utf8Path, sort: &str, name: &str) -> Result<Utf8PathBuf, Failure> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || ".-_+".contains(sign);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
        return Err(Failure::usage(format!("`{}` is no name for a file", name.escape_debug()), FORMS));
    }
    Ok(folder.join(sort).join(format!("{name}.json")))
}

/// The version of each provider in the text of a lock file.
fn versions(lock: &str) -> BTreeMap<String, Version> {
    let parsed = hcl::parse(FileId(0), lock);
    let version = |item: &Item| {
        let Item::Block(block) = item else { return None };
        let address = block.labels.first().filter(|_| block.kind.value == "provider")?;
        let version = block.body.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name.value == "version" => match &attribute.value.kind {
                hcl::Kind::Text(text) => text.parse().ok(),
                _ => None,
            },
            _ => None,
        })?;
        Some((address.value.clone(), version))
    };
    parsed.body.items.iter().filter_map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_tells_versions() {
        let lock = "provider \"registry.opentofu.org/hashicorp/random\" {\n  version = \"3.6.0\"\n  hashes = []\n}\n";
        let found: Vec<_> = versions(lock).into_iter().map(|(name, version)| format!("{name} {version}")).collect();
        assert_eq!(found, ["registry.opentofu.org/hashicorp/random 3.6.0"]);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for name in ["", "..", "../x", "a/b", ".hidden", "a\nb"] {
            assert!(named(Utf8Path::new("schemas"), KINDS, name).is_err(), "{name}");
        }
        assert_eq!(
            named(Utf8Path::new("schemas"), KINDS, "example.org").expect("a name"),
            "schemas/kinds/example.org.json"
        );
    }
}
