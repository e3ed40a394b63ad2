//! The OpenTofu root of the identity provider, and the modules that it calls.
//!
//! Everything that changes with an app stands in `locals.tf` and in the folder of the app; the other files hold
//! what all apps share. Arguments are gated by the release of the provider that the inventory pins.

mod apps;
mod avatars;
mod enrollment;
mod locals;
mod main_tf;
mod meta;
mod mfa_email;
mod modules;
mod moved;
mod pins;
mod recovery;
mod taken;

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, Span, Spanned};
use lab::Lab;
use template::{Placed, Templates};
use tree::{File, Tree};

use crate::pins::Pins;

/// The OpenTofu tree of `lab`. What cannot be rendered is pushed to `found`; without a release of the provider to
/// render for, nothing is.
pub fn render(lab: &Lab<'_>, templates: &Templates, found: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree::default();
    let Some(pins) = Pins::of(lab, found) else { return tree };
    taken::refuse(lab, found);
    modules::render(&pins, templates, &mut tree, found);
    locals::render(lab, &pins, templates, &mut tree, found);
    apps::render(lab, templates, &mut tree, found);
    main_tf::render(lab, &pins, templates, &mut tree, found);
    moved::render(lab, templates, &mut tree, found);
    avatars::render(lab, &pins, templates, &mut tree, found);
    mfa_email::render(lab, templates, &mut tree, found);
    recovery::render(lab, &pins, templates, &mut tree, found);
    enrollment::render(lab, templates, &mut tree, found);
    meta::render(lab, &pins, templates, &mut tree, found);
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

/// A word of the inventory's, where nobody wrote it another way, with its place.
fn word(word: &str, span: Span) -> Placed {
    Placed::from(word).following([span])
}

/// The entry `key = value` of a map.
fn entry(key: &str, value: impl Into<Placed>) -> (Placed, Placed) {
    (Placed::from(key), value.into())
}
