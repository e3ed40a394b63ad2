//! `enrollment.tf` and its policy: how people enrol by an invitation, and which groups it may give them.

use diagnostic::Diagnostic;
use lab::Lab;
use template::{Placed, Templates, context};
use tree::Tree;

use crate::{keep, text};

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let context = context! { slug => text(&lab.identity.settings.enrollment.slug) };
    keep(tree, templates.render("tofu/tf-deploy/authentik/enrollment.tf.j2", &[], context, found));

    let invitable = lab.groups.iter().filter(|group| group.invite).map(|group| &group.name);
    let context = context! { invitable => Placed::list(invitable) };
    let template = "tofu/tf-deploy/authentik/policies/enrollment_group_assignment.py.j2";
    keep(tree, templates.render(template, &[], context, found));
}
