//! What must hold for this repository itself: the map, the manifests, the heads of files.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use toml::Table;

use crate::repository;

/// A file is read in one sitting. A longer one stands here with the reason why it is not two.
const LINES: usize = 420;
const LONGER: &[(&str, &str)] = &[("crates/inventory/src/model.rs", "the sections of the inventory, in their order")];

/// Folders that only one machine has.
const FOREIGN: &[&str] = &["/mnt/", "/opt/", "/private/", "/root/", "/srv/", "/tmp/", "/Users/", "/var/folders/"];

/// Every file below `folder` that a person or labtree wrote, as a path from the root on.
fn files(folder: &str) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    for entry in repository().join(folder).read_dir_utf8().expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let path = Utf8PathBuf::from(folder).join(entry.file_name());
        match entry.file_type().expect("the entry can be read") {
            _ if [".git", "target"].contains(&path.as_str()) => {}
            kind if kind.is_dir() => found.extend(files(path.as_str())),
            _ => found.push(path),
        }
    }
    found.sort();
    found
}

fn code() -> Vec<(Utf8PathBuf, String)> {
    let paths = files("").into_iter().filter(|path| path.extension() == Some("rs") && !path.starts_with("fixtures"));
    paths.map(|path| (path.clone(), read(path.as_str()))).collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The manifest of each crate, by the name of its folder.
fn manifests() -> BTreeMap<String, Table> {
    let folders = repository().join("crates").read_dir_utf8().expect("the folder can be read");
    let mut paths: Vec<_> =
        folders.map(|entry| format!("crates/{}", entry.expect("it can be read").file_name())).collect();
    paths.push("xtask".to_owned());
    let named = |path: &String| path.rsplit('/').next().expect("a path has a last part").to_owned();
    let table = |path: &String| read(&format!("{path}/Cargo.toml")).parse().expect("the manifest is TOML");
    paths.iter().map(|path| (named(path), table(path))).collect()
}

/// The names in backticks in `text`.
fn names(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_map_lists_the_siblings_that_each_crate_uses() {
    let architecture = read("ARCHITECTURE.md");
    let (_, map) = architecture.split_once("\n| crate | knows | siblings").expect("there is a map");
    let mut listed = BTreeMap::new();
    for row in map.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = row.trim_matches('|').split('|').collect();
        let [name, _, siblings] = cells[..] else { panic!("the row `{row}` has other columns") };
        let name = names(name).pop_first().expect("a row names its crate");
        let siblings = match siblings.split_once("all of the above") {
            Some((_, but)) => {
                listed.keys().cloned().collect::<BTreeSet<String>>().difference(&names(but)).cloned().collect()
            }
            None => names(siblings),
        };
        listed.insert(name, siblings);
    }
    let manifests = manifests();
    let packages: BTreeSet<_> =
        manifests.values().filter_map(|manifest| manifest["package"]["name"].as_str()).collect();
    let used = |manifest: &Table| {
        let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
        let names = sections.iter().filter_map(|section| manifest.get(*section)?.as_table()).flat_map(Table::keys);
        names.filter(|name| packages.contains(name.as_str())).cloned().collect::<BTreeSet<_>>()
    };
    let used: BTreeMap<_, _> = manifests.iter().map(|(name, manifest)| (name.clone(), used(manifest))).collect();
    assert_eq!(listed, used, "left: ARCHITECTURE.md; right: the manifests");
}

#[test]
fn no_crate_is_published_and_every_one_has_the_lints() {
    for (name, manifest) in manifests() {
        assert_eq!(manifest["package"].get("publish").and_then(toml::Value::as_bool), Some(false), "{name}");
        assert_eq!(manifest["lints"].get("workspace").and_then(toml::Value::as_bool), Some(true), "{name}");
    }
}

#[test]
fn every_file_opens_with_a_sentence_on_what_it_is() {
    for (path, text) in code() {
        let head = text.lines().next().unwrap_or_default();
        assert!(head.strip_prefix("//! ").is_some_and(|head| !head.is_empty()), "{path}: its first line is `{head}`");
    }
}

#[test]
fn every_file_is_short_or_says_why_not() {
    let long = code().into_iter().filter(|(_, text)| text.lines().count() > LINES).map(|(path, _)| path);
    let excused: Vec<_> = LONGER.iter().map(|(path, _)| Utf8PathBuf::from(path)).collect();
    assert_eq!(long.collect::<Vec<_>>(), excused, "left: files of more than {LINES} lines; right: those with a reason");
}

#[test]
fn no_file_names_a_place_that_only_one_machine_has() {
    for path in files("") {
        let bytes = std::fs::read(repository().join(&path)).expect("the file can be read");
        let text = String::from_utf8_lossy(&bytes);
        let own = path == "xtask/src/tidy.rs";
        let named =
            FOREIGN.iter().copied().filter(|_| !own).chain([repository().as_str()]).find(|place| text.contains(place));
        assert_eq!(named, None, "{path}");
    }
}

#[test]
fn every_package_comes_from_crates_io() {
    for line in read("Cargo.lock").lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
    let settings: Table = read(".cargo/config.toml").parse().expect("the settings are TOML");
    assert_eq!(settings.keys().collect::<Vec<_>>(), ["alias"], "no registry, source or target folder of one machine");
}
