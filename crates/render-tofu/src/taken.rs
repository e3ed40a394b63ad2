//! Names that something else in the root has already: each would pass the plan and be refused at apply. The names
//! that authentik keeps for itself are refused by the inventory.

use diagnostic::{Derived, Diagnostic, Span};
use lab::{Lab, LdapApp};

/// Flows of the root whose slugs the inventory does not choose.
const OWN_FLOWS: [&str; 2] = ["email-otp-setup", "ldap-bind"];

/// Errors of the rule `taken-name`, pushed to `found`.
pub(crate) fn refuse(lab: &Lab<'_>, found: &mut Vec<Diagnostic>) {
    let identity = lab.identity.settings;
    for slug in [&identity.enrollment.slug, &identity.recovery.slug] {
        if OWN_FLOWS.contains(&slug.as_str()) {
            found.push(taken("flow", slug.as_str(), slug.span).label("labtree renders another flow of that slug"));
        }
    }
    for user in &lab.users {
        found.extend(of_an_account(lab, "user", &user.username, |ldap| &ldap.bind_account));
    }
    for group in &lab.groups {
        found.extend(of_an_account(lab, "group", &group.name, |ldap| &ldap.search_group));
    }
}

/// What there is to say if `name` belongs to the service account of an LDAP app.
fn of_an_account(
    lab: &Lab<'_>,
    what: &str,
    name: &Derived<String>,
    belongs: impl for<'l> Fn(&'l LdapApp<'_>) -> &'l Derived<String>,
) -> Option<Diagnostic> {
    let place = |name: &Derived<String>| name.from.first().copied();
    let (app, _) = lab.ldap_apps().find(|(_, ldap)| belongs(ldap).value == name.value)?;
    let finding = taken(what, &name.value, place(name)?)
        .label(format!("it belongs to the service account of `{}`", app.slug.value))
        .related(place(&app.slug)?, "the app that searches with it");
    Some(finding)
}

fn taken(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error("taken-name", span, format!("the {what} `{name}` exists already"))
        .help(format!("give the {what} another {}", if what == "flow" { "slug" } else { "name" }))
}
