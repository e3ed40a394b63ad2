//! From the inventory to the tree that is wanted.

use camino::Utf8PathBuf;
use catalog::Catalog;
use diagnostic::{Diagnostic, Sources};
use inventory::Inventory;
use lab::Lab;
use template::Templates;
use tree::{File, Origin, SourceMap, Tree};

use crate::listed;

/// Where the schema of the inventory is written, for the editor.
pub(crate) const SCHEMA_PATH: &str = "schemas/inventory.schema.json";
/// Where the schema of an entry of the catalog is written, in a lab that has entries of its own.
pub(crate) const CATALOG_SCHEMA_PATH: &str = "schemas/catalog.schema.json";

/// A generator, as each of the crates `render-…` has one.
type Generator = fn(&Lab<'_>, &Templates, &mut Vec<Diagnostic>) -> Tree;

/// The one with the most to write first: it decides how long they take side by side.
const GENERATORS: [Generator; 4] =
    [render_docs::render, render_tofu::render, render_flux::render, render_secrets::render];

/// Every file that follows from `inventory` and the entries of `catalog` that it refers to. What cannot be rendered is
/// pushed to `found`; the tree is then not to be written. The generators do not know each other, so they work side by
/// side; what they find is in their order.
pub(crate) fn render(
    inventory: &Inventory,
    catalog: &Catalog,
    templates: &Templates,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) -> Tree {
    let lab = Lab::of(inventory, catalog, found);
    let run = |generator: Generator| {
        let mut found = Vec::new();
        (generator(&lab, templates, &mut found), found)
    };
    let [first, others @ ..] = GENERATORS;
    let rendered = std::thread::scope(|scope| {
        let others = scope.spawn(move || others.map(run));
        let first = run(first);
        let others = others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        std::iter::once(first).chain(others).collect::<Vec<_>>()
    });
    let mut tree = Tree::default();
    for (files, faults) in rendered {
        tree.extend(files);
        found.extend(faults);
    }
    let empty = without_empty(&mut tree);
    listed::check(&tree, &empty, templates, sources, found);
    tree.insert(SCHEMA_PATH, schema(inventory::schema_text()));
    if catalog.has_own() {
        tree.insert(CATALOG_SCHEMA_PATH, schema(catalog::schema_text()));
    }
    tree
}

/// Takes out the files that hold nothing; their paths and templates.
fn without_empty(tree: &mut Tree) -> Vec<(Utf8PathBuf, String)> {
    let mut empty = Vec::new();
    tree.retain(|path, file| {
        let keep = !file.text.trim().is_empty();
        if let (false, Origin::Rendered { template, .. }) = (keep, &file.origin) {
            empty.push((path.to_owned(), template.clone()));
        }
        keep
    });
    empty
}

/// A schema is the same in every lab; it has no template.
fn schema(text: String) -> File {
    File { text, origin: Origin::Rendered { template: String::new(), map: SourceMap::default() } }
}
