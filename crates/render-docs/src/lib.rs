//! The identity page: what the people of the lab and whoever runs it want to know, from the same inventory.
//!
//! One module for each section, which decides what is said; how it is said stands in `templates/docs`. The page
//! grows with the number of apps, groups and people, never with their product.

mod access;
mod addresses;
mod apps;
mod client;
mod deployment;
mod invitations;
mod ldap;
mod oidc;
mod people;
mod settings;
mod vault;
mod words;

use diagnostic::{Diagnostic, Spanned};
use lab::Lab;
use template::{Placed, Templates, context};
use tree::Tree;

/// The page of `lab`. What fails is pushed to `found`.
pub fn render(lab: &Lab<'_>, templates: &Templates, found: &mut Vec<Diagnostic>) -> Tree {
    let context = context! {
        lab => context! { name => text(&lab.inventory.lab.name) },
        address => addresses::context_of(lab),
        access => access::context_of(lab),
        groups => people::context_of(lab),
        oidc => oidc::context_of(lab),
        ldap => ldap::context_of(lab),
        new_app => apps::example(lab),
        enrollment => invitations::context_of(lab),
        library => invitations::library(lab),
        vault => vault::context_of(lab),
        settings => settings::context_of(&lab.identity.settings.settings),
        ..deployment::context_of(lab),
    };
    let mut tree = Tree::default();
    if let Some((path, file)) = templates.render("docs/authentik.md.j2", &[], context, found) {
        tree.insert(path, file);
    }
    tree
}

/// A text of the inventory with its place.
fn text<T: ToString>(value: &Spanned<T>) -> Placed {
    Placed::text(&value.derive(ToString::to_string))
}

#[cfg(test)]
mod tests;
