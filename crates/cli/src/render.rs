//! From the inventory to the tree that is wanted.

use diagnostic::Diagnostic;
use inventory::Inventory;
use lab::Lab;
use template::Templates;
use tree::{File, Origin, SourceMap, Tree};

/// Where the schema for the editor is written.
pub(crate) const SCHEMA_PATH: &str = "schemas/inventory.schema.json";

/// Every file that follows from `inventory`. What cannot be rendered is pushed to `found`; the tree is then not
/// to be written.
pub(crate) fn render(inventory: &Inventory, templates: &Templates, found: &mut Vec<Diagnostic>) -> Tree {
    let lab = Lab::of(inventory, found);
    let mut tree = Tree::default();
    tree.extend(render_flux::render(&lab, templates, found));
    tree.extend(render_secrets::render(&lab, templates, found));
    tree.extend(render_tofu::render(&lab, templates, found));
    tree.extend(render_docs::render(&lab, templates, found));
    tree.insert(SCHEMA_PATH, schema());
    tree
}

/// The schema is the same in every lab; it has no template.
fn schema() -> File {
    let origin = Origin::Rendered { template: String::new(), map: SourceMap::default() };
    File { text: inventory::schema_text(), origin }
}
