//! What the clusters run: Flux Kustomizations, namespaces, authentik, and the apps that have a release.
//!
//! Secret references belong to `render-secrets`; the kustomizations here name their files, since [`lab`] decides
//! how those are called.

mod apps;
mod authentik;
mod clusters;
mod namespaces;
mod release;

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, Spanned};
use lab::Lab;
use template::{Placed, Templates};
use tree::{File, Tree};

/// The Flux tree of `lab` without its secret references. What fails is pushed to `found`.
pub fn render(lab: &Lab<'_>, templates: &Templates, found: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree::default();
    clusters::render(lab, templates, &mut tree, found);
    namespaces::render(lab, templates, &mut tree, found);
    authentik::render(lab, templates, &mut tree, found);
    apps::render(lab, templates, &mut tree, found);
    tree
}

/// Takes in what a template gave, if it gave a file.
fn keep(tree: &mut Tree, rendered: Option<(Utf8PathBuf, File)>) {
    if let Some((path, file)) = rendered {
        tree.insert(path, file);
    }
}

/// A text of the inventory with its place.
fn text<T: ToString>(value: &Spanned<T>) -> Placed {
    Placed::text(&value.derive(ToString::to_string))
}

#[cfg(test)]
mod tests;
