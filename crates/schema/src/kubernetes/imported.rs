//! The kinds that a person imported from a cluster: a table for each API group, which takes the place of what labtree
//! knows of that group itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::derive::{Table, definition};
use super::node::Node;
use super::source::{Source, sources};
use crate::{Version, stamp};

/// What the files are stamped with.
const SORT: &str = "kinds";
/// What Flux's API groups end in: labtree knows their kinds at each release, and which release a repository runs.
const FLUX: &str = "toolkit.fluxcd.io";

/// Tables that were imported. They stay in memory until the process ends, as the built-in ones do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Imported {
    tables: &'static [Source],
}

/// What came of definitions.
#[derive(Debug, Default)]
pub struct Import {
    /// The text of the file of each API group.
    pub groups: BTreeMap<String, String>,
    /// How many definitions there are.
    pub count: usize,
    /// The API groups that were passed over: Flux's.
    pub passed_over: Vec<String>,
}

impl Imported {
    /// Whether `text` is a table; `None` for a text that labtree has not written.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn check(text: &str) -> Option<Result<(), &'static str>> {
        Some(stamp::about(SORT, text)?.map(drop))
    }

    /// The tables in `texts`, each of which [`Imported::check`] has looked at.
    pub fn read(texts: Vec<String>) -> Self {
        let table = |text: String| {
            let about = stamp::about(SORT, &text)?.ok()?;
            let group = about.get("group")?.as_str()?.to_owned();
            Some(Source::read(String::leak(group), String::leak(text)))
        };
        let tables: Vec<_> = texts.into_iter().filter_map(table).collect();
        Self { tables: Vec::leak(tables) }
    }

    /// The table of that API group, if it was imported.
    pub(super) fn of_group(self, group: &str) -> Option<&'static Source> {
        self.tables.iter().find(|table| table.project == group)
    }
}

/// Tables of the CustomResourceDefinitions among `objects`, which may be lists of them.
///
/// # Errors
/// A schema is none that an API server takes.
pub fn import(objects: &[Json]) -> Result<Import, String> {
    let mut import = Import::default();
    let mut groups = BTreeMap::<&str, Vec<&Json>>::new();
    let mut open: Vec<&Json> = objects.iter().rev().collect();
    while let Some(object) = open.pop() {
        if let Some(items) = object["items"].as_array() {
            open.extend(items.iter().rev());
            continue;
        }
        let group = object["spec"]["group"].as_str().unwrap_or_default();
        if object["kind"] != "CustomResourceDefinition" || group.is_empty() {
            continue;
        }
        import.count += 1;
        if group == FLUX || group.ends_with(&format!(".{FLUX}")) {
            if !import.passed_over.iter().any(|known| known == group) {
                import.passed_over.push(group.to_owned());
            }
            continue;
        }
        groups.entry(group).or_default().push(object);
    }
    for (group, mut definitions) in groups {
        definitions.sort_by_key(|definition| definition["spec"]["names"]["kind"].as_str()); // whoever lists them
        let mut table = Table::default();
        definitions.iter().for_each(|one| definition(one, &mut table, 0));
        for node in table.nodes() {
            serde_json::from_str::<Node>(node).map_err(|error| format!("a schema of `{group}` is none: {error}"))?;
        }
        let text = stamp::stamped(SORT, &[("group", group), ("version", "")], &table.rest(&[]));
        import.groups.insert(group.to_owned(), text);
    }
    Ok(import)
}

/// What is told of a table.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The project, or the API group of what was imported.
    pub project: &'static str,
    /// The oldest release that it has; empty for what was imported.
    pub oldest: String,
    /// The newest release that it has; empty for what was imported.
    pub newest: String,
    /// How many kinds there are, whatever the version.
    pub kinds: usize,
    /// Whether it was imported.
    pub is_imported: bool,
}

/// The built-in tables, then what was imported.
pub fn tables(imported: Imported) -> impl Iterator<Item = Listed> {
    let listed = |is_imported| {
        move |table: &'static Source| {
            let kind = |name: &'static str| {
                let (api_version, kind) = name.split_once(' ')?;
                Some((manifest::split_api_version(api_version).0, kind))
            };
            let release = |release: Option<&Version>| release.map_or_else(|| table.version.clone(), Version::to_string);
            Listed {
                project: table.project,
                oldest: release(table.releases.first()),
                newest: release(table.releases.last()),
                kinds: table.names().filter_map(kind).collect::<BTreeSet<_>>().len(),
                is_imported,
            }
        }
    };
    sources().iter().map(listed(false)).chain(imported.tables.iter().map(listed(true)))
}

#[cfg(test)]
mod tests;
