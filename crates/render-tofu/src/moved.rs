//! `moved.tf`: apps that were renamed keep what OpenTofu made for them.

use diagnostic::Diagnostic;
use lab::{Lab, Protocol};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::keep;

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let moves: Vec<Value> = lab
        .apps
        .iter()
        .flat_map(|app| {
            let is_ldap = matches!(app.protocol, Protocol::Ldap(_));
            app.moves().map(move |(from, to)| context! { is_ldap, from => Placed::from(from), to => Placed::from(to) })
        })
        .collect();
    if !moves.is_empty() {
        keep(tree, templates.render("tofu/tf-deploy/authentik/moved.tf.j2", &[], context! { moves }, found));
    }
}
