//! `recovery.tf`: a new password by mail.

use diagnostic::Diagnostic;
use lab::Lab;
use template::{Templates, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{keep, text, word};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let settings = &lab.identity.settings.recovery;
    let context = context! {
        has => pins.has(),
        slug => text(&settings.slug),
        link_valid_for => word(settings.link_valid_for.authentik(), settings.link_valid_for.span),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/recovery.tf.j2", &[], context, found));
}
