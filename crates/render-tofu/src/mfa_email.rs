//! `mfa_email.tf`: codes by mail as a second factor.

use diagnostic::Diagnostic;
use lab::Lab;
use template::{Templates, context};
use tree::Tree;

use crate::{keep, text, word};

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let settings = &lab.identity.settings.email_otp;
    let context = context! {
        friendly_name => text(&settings.name),
        code_valid_for => word(settings.code_valid_for.authentik(), settings.code_valid_for.span),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/mfa_email.tf.j2", &[], context, found));
}
