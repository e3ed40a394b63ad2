//! `tofu/modules/authentik-oidc` and `tofu/modules/authentik-ldap`: one app each.
//!
//! They are rendered whether an app needs them or not, so that the first app of a kind touches no module.

use diagnostic::Diagnostic;
use template::{Templates, context};
use tree::Tree;

use crate::keep;
use crate::pins::Pins;

const FILES: [&str; 12] = [
    "tofu/modules/authentik-ldap/main.tf.j2",
    "tofu/modules/authentik-ldap/outputs.tf.j2",
    "tofu/modules/authentik-ldap/policies/everyone.py.j2",
    "tofu/modules/authentik-ldap/tests/module.tftest.hcl.j2",
    "tofu/modules/authentik-ldap/variables.tf.j2",
    "tofu/modules/authentik-ldap/versions.tf.j2",
    "tofu/modules/authentik-oidc/main.tf.j2",
    "tofu/modules/authentik-oidc/outputs.tf.j2",
    "tofu/modules/authentik-oidc/policies/everyone.py.j2",
    "tofu/modules/authentik-oidc/tests/module.tftest.hcl.j2",
    "tofu/modules/authentik-oidc/variables.tf.j2",
    "tofu/modules/authentik-oidc/versions.tf.j2",
];

pub(crate) fn render(pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let context = context! { has => pins.has(), redirect_types => pins.redirect_types, ..pins.versions() };
    for file in FILES {
        keep(tree, templates.render(file, &[], context.clone(), found));
    }
}
