//! The example lab, edited and rendered, and its files as values.

use std::fs;
use std::path::Path;

use diagnostic::{Severity, Sources};
use inventory::InventoryFile;
use lab::Lab;
use template::Templates;
use tree::{Origin, Tree};
use yaml_serde::{Deserializer, Value};

const INVENTORY: &str = include_str!("../../../../fixtures/hdhomelab/inventory.yaml");

/// A rendered lab.
pub(super) struct Sample {
    pub(super) tree: Tree,
    sources: Sources,
}

/// The example lab with each `(old, new)` of `edits` made to its inventory.
#[track_caller]
pub(super) fn rendered(edits: &[(&str, &str)]) -> Sample {
    let mut text = INVENTORY.to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "the inventory has no {old:?}");
        text = text.replacen(old, new, 1);
    }
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let file = InventoryFile { path: "inventory.yaml".to_owned(), bytes: text.into_bytes() };
    let inventory = inventory::parse(&mut sources, &[file], &mut found);
    let mut templates = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/flux"), "flux", &mut templates);
    let templates = Templates::load(&mut sources, templates, [], &mut found);
    let tree = inventory.map(|inventory| crate::render(&Lab::of(&inventory, &mut found), &templates, &mut found));
    found.retain(|finding| finding.severity == Severity::Error);
    assert_eq!(found, []);
    Sample { tree: tree.expect("an inventory without errors is handed out"), sources }
}

/// Reads every file below `folder`, whose path under `templates/` is `path`.
fn read(folder: &Path, path: &str, templates: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the templates can be listed") {
        let entry = entry.expect("the templates can be listed").path();
        let path = format!("{path}/{}", entry.file_name().and_then(|name| name.to_str()).expect("names are UTF-8"));
        if entry.is_dir() {
            read(&entry, &path, templates);
        } else {
            templates.push((path, fs::read_to_string(&entry).expect("a template can be read")));
        }
    }
}

impl Sample {
    #[track_caller]
    pub(super) fn text(&self, path: &str) -> &str {
        let paths = || self.tree.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>().join("\n");
        &self.tree.get(path).unwrap_or_else(|| panic!("{path} is not rendered, but:\n{}", paths())).text
    }

    /// The documents of the file at `path`.
    #[track_caller]
    pub(super) fn documents(&self, path: &str) -> Vec<Value> {
        let read = |document| serde::Deserialize::deserialize(document).expect("it is YAML");
        Deserializer::from_str(self.text(path)).map(read).collect()
    }

    /// The only document of the file at `path`.
    #[track_caller]
    pub(super) fn document(&self, path: &str) -> Value {
        let mut documents = self.documents(path);
        assert_eq!(documents.len(), 1, "{path}");
        documents.remove(0)
    }

    /// The files in `folder`, by name.
    pub(super) fn files(&self, folder: &str) -> Vec<&str> {
        self.tree.iter().filter_map(|(path, _)| path.as_str().strip_prefix(folder)?.strip_prefix('/')).collect()
    }

    /// What the inventory says at the places that `rendered`, which stands once in the file at `path`, follows from.
    #[track_caller]
    pub(super) fn follows_from(&self, path: &str, rendered: &str) -> Vec<&str> {
        let start = self.text(path).find(rendered).unwrap_or_else(|| panic!("{path} has no {rendered:?}"));
        let Some(Origin::Rendered { map, .. }) = self.tree.get(path).map(|file| &file.origin) else {
            panic!("{path} is rendered");
        };
        let of_it = map.values.iter().filter(|(range, _)| range.start as usize == start && !range.is_empty());
        of_it.map(|(_, span)| self.sources.slice(*span)).collect()
    }
}

/// The texts in a list of texts.
#[track_caller]
pub(super) fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_sequence().unwrap_or_else(|| panic!("{list:?} is a list"));
    list.iter().map(|item| item.as_str().expect("each item is text")).collect()
}

/// The `name` of each item of a list.
#[track_caller]
pub(super) fn names(list: &Value) -> Vec<&str> {
    let list = list.as_sequence().unwrap_or_else(|| panic!("{list:?} is a list"));
    list.iter().map(|item| item["name"].as_str().expect("each item has a name")).collect()
}
