//! The secret references of a lab, and the store they read Vault through.
//!
//! A reference is an object that an operator turns into a Secret: an `ExternalSecret` of External Secrets, or a
//! `VaultStaticSecret` of the Vault Secrets Operator. Which Secrets there are, and where in Vault each lies, is
//! [`lab`]'s to say.

mod reference;
mod store;

use camino::Utf8PathBuf;
use diagnostic::Diagnostic;
use lab::Lab;
use template::Templates;
use tree::{File, Tree};

/// The secret references of `lab`, and its store if labtree is to render it. What fails is pushed to `found`.
pub fn render(lab: &Lab<'_>, templates: &Templates, found: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree::default();
    reference::render(lab, templates, &mut tree, found);
    if let Some(auth) = &lab.store.entry.auth {
        store::render(lab, auth, templates, &mut tree, found);
    }
    tree
}

/// Takes in what a template gave, if it gave a file.
fn keep(tree: &mut Tree, rendered: Option<(Utf8PathBuf, File)>) {
    if let Some((path, file)) = rendered {
        tree.insert(path, file);
    }
}

#[cfg(test)]
mod tests;
