//! `apps/<app>/<scope>.py`: the Python of an app's own scopes, byte for byte as the inventory has it, and of the scope
//! that says which roles people have.

use diagnostic::Diagnostic;
use lab::{App, Lab, RoleClaim};
use template::{Placed, Templates, Value, context};
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
        if let Some(claim) = &app.roles.claim {
            let template = "tofu/tf-deploy/authentik/apps/__app__/profile.py.j2";
            let names = [("app", app.slug.value.as_str())];
            keep(tree, templates.render(template, &names, roles(app, claim), found));
        }
    }
}

fn roles(app: &App<'_>, claim: &RoleClaim<'_>) -> Value {
    let roles = app.roles.held.iter().map(|role| {
        context! { value => Placed::from(&role.value), groups => Placed::list(&role.groups) }
    });
    context! {
        claim => Placed::from(&claim.name),
        is_list => claim.facts.list.value,
        roles => roles.collect::<Vec<_>>(),
        has_otherwise => claim.otherwise.is_some(),
        otherwise => claim.otherwise.as_ref().map(|otherwise| Value::from(Placed::from(otherwise))),
    }
}
