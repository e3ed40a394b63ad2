//! The example lab, edited and rendered by one generator: what the tests of the generators look at.
//!
//! A test that does not get what it asks for has failed, so nothing here returns an error.

mod templates;
mod yaml;

use catalog::Catalog;
use diagnostic::{Diagnostic, Sources, any_error};
use inventory::{Inventory, InventoryFile};
use lab::Lab;
use template::Templates;
use tree::{Origin, Tree};

use templates::templates;
pub use yaml::{names, texts};

/// The inventory of the example lab.
pub const INVENTORY: &str = include_str!("../../../fixtures/hdhomelab/inventory.yaml");

/// A generator, as each of the crates `render-…` has one.
pub type Generator = fn(&Lab<'_>, &Templates, &mut Vec<Diagnostic>) -> Tree;

/// What a generator made of an inventory.
pub struct Sample {
    /// The rendered files.
    pub tree: Tree,
    /// What the generator found.
    pub found: Vec<Diagnostic>,
    /// The texts that spans point into.
    pub sources: Sources,
}

/// The example lab's inventory with each `(old, new)` of `edits` made to it, the first time that `old` stands there.
#[track_caller]
pub fn edited(edits: &[(&str, &str)]) -> String {
    let mut text = INVENTORY.to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "the inventory has no {old:?}");
        text = text.replacen(old, new, 1);
    }
    text
}

/// The inventory as it is read; it has no errors.
#[track_caller]
pub fn parse(inventory: &str, sources: &mut Sources) -> Inventory {
    let mut found = Vec::new();
    let file = InventoryFile { path: "inventory.yaml".to_owned(), bytes: inventory.as_bytes().to_vec() };
    let parsed = inventory::parse(sources, &[file], &mut found);
    assert!(!any_error(&found), "{found:#?}");
    parsed.expect("an inventory without errors is read")
}

/// What `generator` makes of `inventory`, which has no errors itself.
#[track_caller]
pub fn render(inventory: &str, generator: Generator) -> Sample {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let templates = Templates::load(&mut sources, templates(), [], &mut found);
    let catalog = Catalog::load(&mut sources, catalog::builtin(), [], &mut found);
    let inventory = parse(inventory, &mut sources);
    let lab = Lab::of(&inventory, &catalog, &mut found);
    assert_eq!(found, []);
    let tree = generator(&lab, &templates, &mut found);
    Sample { tree, found, sources }
}

/// The example lab with `edits`, which `generator` renders without an error.
#[track_caller]
pub fn rendered(edits: &[(&str, &str)], generator: Generator) -> Sample {
    let sample = render(&edited(edits), generator);
    assert!(!any_error(&sample.found), "{:#?}", sample.found);
    sample
}

impl Sample {
    /// The text of the file at `path`.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let paths = || self.tree.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>().join("\n");
        &self.tree.get(path).unwrap_or_else(|| panic!("{path} is not rendered, but:\n{}", paths())).text
    }

    /// The files in `folder`, by name.
    pub fn files(&self, folder: &str) -> Vec<&str> {
        self.tree.iter().filter_map(|(path, _)| path.as_str().strip_prefix(folder)?.strip_prefix('/')).collect()
    }

    /// What the inventory says at the places that `rendered`, which stands once in the file at `path`, follows from.
    #[track_caller]
    pub fn follows_from(&self, path: &str, rendered: &str) -> Vec<&str> {
        let start = self.text(path).find(rendered).unwrap_or_else(|| panic!("{path} has no {rendered:?}"));
        let Some(Origin::Rendered { map, .. }) = self.tree.get(path).map(|file| &file.origin) else {
            panic!("{path} is rendered");
        };
        let of_it = map.values.iter().filter(|(range, _)| range.start as usize == start && !range.is_empty());
        of_it.map(|(_, span)| self.sources.slice(*span)).collect()
    }
}
