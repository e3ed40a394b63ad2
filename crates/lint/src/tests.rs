//! What holds for rules, and the way their fixtures are run.

mod frame;
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, Severity, Sources};
use fixture::Fixture;
use inventory::InventoryFile;
use tree::Origin;

use crate::{Files, Kind, Known, RULES, Repo, Written, allows, run};

/// Runs all rules on the repository `text`, a [`Fixture`], and holds what is found against its marks.
#[track_caller]
pub(crate) fn check(text: &str) {
    check_with(text, &BTreeMap::new());
}

/// The same with severities of one's own.
#[track_caller]
pub(crate) fn check_with(text: &str, levels: &BTreeMap<String, Option<Severity>>) {
    let fixture = Fixture::parse(text);
    let (sources, found) = judge(&fixture, levels);
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("the fixture and the findings differ:\n{said}");
    }
}

/// Everything that is found in `fixture`.
pub(crate) fn judge(fixture: &Fixture, levels: &BTreeMap<String, Option<Severity>>) -> (Sources, Vec<Diagnostic>) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let names: BTreeSet<Utf8PathBuf> = fixture.files.iter().map(|(path, _)| path.into()).collect();
    let of_inventory = |path: &str| path == "inventory.yaml" || path.starts_with("inventory/");
    let written: Vec<_> = fixture
        .files
        .iter()
        .filter_map(|(path, text)| {
            let kind = if of_inventory(path) { Kind::Inventory } else { Kind::of(path.as_ref(), &names)? };
            let id = sources.add(path.as_str(), text.as_str());
            Some(Written { path: path.into(), id, kind, origin: Origin::Written })
        })
        .collect();
    let parts: Vec<_> = fixture
        .files
        .iter()
        .filter(|(path, _)| of_inventory(path))
        .map(|(path, text)| InventoryFile { path: path.clone(), bytes: text.clone().into_bytes() })
        .collect();
    let inventory = inventory::parse(&mut sources, &parts, &mut found);
    let files = Files::read(&sources, written, names);
    let read = syntax::yaml::RULES.iter().chain(syntax::hcl::RULES).map(|(id, _)| *id);
    let known = Known::of(RULES.iter().map(|rule| rule.id).chain(read));
    let repo = Repo {
        sources: &sources,
        inventory: inventory.as_ref(),
        files: &files,
        allows: &allows(&sources, &files),
        known: &known,
        levels,
        is_complete: files.iter().all(|file| file.faults().is_empty()),
    };
    let found = run(&repo, found);
    (sources, found)
}
