//! Roles in an app: which groups have which, and how the app learns of them.

use diagnostic::{Derived, Diagnostic, Spanned, did_you_mean};
use inventory::{AppName, GroupName, Label};

use crate::people::sorted;

/// The scope that the claim about roles is added to: every app asks for it, and authentik puts the claims of all
/// mappings of a scope together (authentik, `UserInfoView.get_claims`).
pub const ROLES_SCOPE: &str = "profile";
/// The only role of an app that logs people in by LDAP: its groups make the filter that finds administrators.
pub(crate) const LDAP_ADMIN: &str = "admin";

/// The roles in an app that the inventory gives to groups.
#[derive(Debug, Default)]
pub struct Roles<'i> {
    /// The roles, the strongest first.
    pub held: Vec<Role>,
    /// The claim that the app learns of them by; `None` with LDAP, where it asks for the members of groups.
    pub claim: Option<RoleClaim<'i>>,
}

/// A role in an app.
#[derive(Debug)]
pub struct Role {
    /// Its name in the inventory.
    pub name: Derived<String>,
    /// What the app calls it.
    pub value: Derived<String>,
    /// The groups whose members have it.
    pub groups: Vec<Derived<String>>,
}

/// The claim that says which roles a person has.
#[derive(Debug)]
pub struct RoleClaim<'i> {
    /// Its name.
    pub name: Derived<String>,
    /// What it says of who has none of the roles; `None` where it is left out then.
    pub otherwise: Option<Derived<String>>,
    /// What the catalog says about it.
    pub facts: &'i catalog::Roles,
}

/// The roles of an app by LDAP. A role that there is none of is pushed to `found`.
pub(crate) fn by_ldap<'i>(app: &inventory::App, found: &mut Vec<Diagnostic>) -> Roles<'i> {
    let mut held = Vec::new();
    for entry in &app.roles {
        if entry.name.as_str() == LDAP_ADMIN {
            held.push(role(&entry.name, entry.name.derive(ToString::to_string), &entry.value));
        } else {
            found.push(unknown(&entry.name, "an app with LDAP", &[LDAP_ADMIN]));
        }
    }
    Roles { held, claim: None }
}

/// The roles of an app by OpenID Connect, as its entry `known` of the catalog has them. A role that it does not have is
/// pushed to `found`, and so are roles of an app that nothing is known of.
pub(crate) fn by_oidc<'i>(
    app: &inventory::App,
    known: Option<(&Spanned<AppName>, &'i catalog::Entry)>,
    found: &mut Vec<Diagnostic>,
) -> Roles<'i> {
    let Some(first) = app.roles.first() else { return Roles::default() };
    let Some((named, facts)) = known.and_then(|(named, entry)| Some((named, entry.facts.roles()?))) else {
        let message = match &app.catalog {
            Some(named) => format!("`{}` of the catalog says of no role how the app learns of it", named.value),
            None => String::from("nothing says how the app learns of roles: it has no `catalog`"),
        };
        let help = "write the claim that the app reads below `oidc.scopes`, and give roles in the app";
        found.push(Diagnostic::error("unknown-role", first.name.span, message).help(help));
        return Roles::default();
    };
    if let Some(own) = app.oidc.iter().flat_map(|oidc| &oidc.scopes).find(|scope| scope.name.as_str() == ROLES_SCOPE) {
        let message = format!("`roles` need the scope `{ROLES_SCOPE}`, which is written here");
        let finding = Diagnostic::error("taken-name", own.name.span, message);
        found.push(finding.related(first.name.span, "the roles").help("take one of the two out"));
    }
    let names: Vec<_> = facts.names.iter().map(|role| role.name.as_str()).collect();
    for entry in app.roles.iter().filter(|entry| !names.contains(&entry.name.as_str())) {
        found.push(unknown(&entry.name, &format!("`{}` of the catalog", named.value), &names));
    }
    let value = |value: &Spanned<inventory::Line>| Derived::new(value.to_string(), [named.span]);
    let held = facts.names.iter().filter_map(|known| {
        let entry = app.roles.iter().find(|entry| entry.name.value == known.name.value)?;
        let mut value = value(&known.value);
        value.from.insert(0, entry.name.span);
        Some(role(&entry.name, value, &entry.value))
    });
    let claim = RoleClaim {
        name: Derived::new(facts.claim.to_string(), [named.span]),
        otherwise: facts.otherwise.as_ref().map(value),
        facts,
    };
    Roles { held: held.collect(), claim: Some(claim) }
}

fn role(name: &Spanned<Label>, value: Derived<String>, groups: &[Spanned<GroupName>]) -> Role {
    Role { name: name.derive(ToString::to_string), value, groups: sorted(groups) }
}

fn unknown(name: &Spanned<Label>, what: &str, known: &[&str]) -> Diagnostic {
    let near = did_you_mean(name.as_str(), known.iter().copied());
    let message = format!("{what} has no role `{}`{near}", name.as_str());
    let listed: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
    Diagnostic::error("unknown-role", name.span, message).help(format!("there is {}", listed.join(", ")))
}
