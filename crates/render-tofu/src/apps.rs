//! `apps/<app>/<scope>.py`: the Python of an app's own scopes, byte for byte as the inventory has it.

use diagnostic::Diagnostic;
use lab::Lab;
use template::{Placed, Templates, context};
use tree::Tree;

use crate::keep;

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    for (app, oidc) in lab.oidc_apps() {
        for scope in &oidc.scopes {
            let names = [("app", app.slug.value.as_str()), ("scope", scope.scope.value.as_str())];
            // The template ends the last line, and authentik takes that end away again.
            let expression =
                scope.expression.derive(|text| text.as_str().strip_suffix('\n').unwrap_or(text.as_str()).to_owned());
            let context = context! { expression => Placed::from(&expression) };
            let template = "tofu/tf-deploy/authentik/apps/__app__/__scope__.py.j2";
            keep(tree, templates.render(template, &names, context, found));
        }
    }
}
