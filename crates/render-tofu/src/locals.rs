//! `locals.tf`: apps, groups and people as data. The only file of the root that changes with an app.

use std::collections::BTreeMap;

use diagnostic::{Derived, Diagnostic, Spanned};
use inventory::{Allow, BuiltinScope, LdapMode, Line, LogoutMethod, RedirectKind};
use lab::{App, Group, Lab, LdapApp, OidcApp, Protocol, RedirectUri, User};
use template::{Data, Placed, Templates, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{entry, keep, text, word};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    refuse_logout_redirects(lab, pins, found);
    let context = context! {
        applications => Placed::map(lab.apps.iter().map(|app| (&app.slug, application(app, pins)))),
        groups => Placed::map(lab.groups.iter().map(|one| (&one.name, group(one, lab)))),
        users => Placed::map(lab.users.iter().map(|one| (&one.username, user(one)))),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/locals.tf.j2", &[], context, found));
}

/// What stands in the map is what the inventory says; a setting that has its module's default is left out.
fn application(app: &App<'_>, pins: &Pins) -> Placed {
    let settings = app.entry;
    let protocol = match &app.protocol {
        Protocol::Oidc(oidc) => word("oidc", oidc.entry.span),
        Protocol::Ldap(ldap) => word("ldap", ldap.entry.span),
    };
    let mut entries = vec![entry("protocol", protocol), entry("name", &app.name), entry("url", text(&settings.url))];
    let mut optional =
        |key, value: &Option<Spanned<Line>>| entries.extend(value.iter().map(|one| entry(key, text(one))));
    optional("category", &settings.category);
    optional("description", &settings.description);
    optional("icon", &settings.icon);
    match &settings.allow {
        Allow::Everyone(span) => {
            entries.push(entry("everyone", Placed::from(true).following([*span])));
            entries.push(entry("groups", Placed::new(Data::List(Vec::new()), [*span])));
        }
        Allow::Groups(_) => entries.push(entry("groups", Placed::list(app.allow.iter().flatten()))),
    }
    match &app.protocol {
        Protocol::Oidc(oidc) => oidc_entries(&mut entries, app, oidc, pins),
        Protocol::Ldap(ldap) => ldap_entries(&mut entries, ldap),
    }
    entries.push(entry("vault_path", &app.credentials().path));
    Placed::map(entries)
}

fn oidc_entries(entries: &mut Vec<(Placed, Placed)>, app: &App<'_>, oidc: &OidcApp<'_>, pins: &Pins) {
    let settings = oidc.entry;
    let redirects = oidc.redirect_uris.iter().filter(|uri| pins.redirect_types || is_for_login(uri));
    entries.push(entry("redirect_uris", Placed::list(redirects.map(|uri| redirect(uri, pins)))));
    let mut builtin = Vec::<(BuiltinScope, Placed)>::new();
    for scope in &settings.default_scopes {
        if builtin.iter().all(|(known, _)| *known != scope.value) {
            builtin.push((scope.value, word(scope.as_str(), scope.span)));
        }
    }
    entries.push(entry("default_scopes", Placed::list(builtin.into_iter().map(|(_, scope)| scope))));
    let scopes = app.scopes();
    if !scopes.is_empty() {
        entries.push(entry("scopes", Placed::list(scopes)));
    }
    if let Some(logout) = &oidc.logout {
        entries.push(entry("logout_uri", &logout.uri));
        if logout.method.value != LogoutMethod::Backchannel {
            entries.push(entry("logout_method", word(logout.method.as_str(), logout.method.span)));
        }
    }
    let mut unless = |default: &str, key: &str, value: &str, span| {
        entries.extend((value != default).then(|| entry(key, word(value, span))));
    };
    let access = &settings.access_token_valid_for;
    let refresh = &settings.refresh_token_valid_for;
    unless("confidential", "client_type", settings.client_type.as_str(), settings.client_type.span);
    unless("hashed_user_id", "sub_mode", settings.sub_mode.as_str(), settings.sub_mode.span);
    unless("minutes=10", "access_token_validity", access.authentik(), access.span);
    unless("days=30", "refresh_token_validity", refresh.authentik(), refresh.span);
    entries.push(entry("issuer", &oidc.issuer));
}

/// From the release on that stores what a URI is for it is always written: the provider reads the type of every
/// URI back, and would plan to remove one that is not.
fn redirect(uri: &RedirectUri, pins: &Pins) -> Placed {
    let mut entries =
        vec![entry("matching_mode", word(uri.matching.as_str(), uri.matching.span)), entry("url", &uri.url)];
    if pins.redirect_types {
        entries.push(entry("redirect_uri_type", word(uri.kind.as_str(), uri.kind.span)));
    }
    Placed::map(entries)
}

fn ldap_entries(entries: &mut Vec<(Placed, Placed)>, ldap: &LdapApp<'_>) {
    entries.push(entry("base_dn", &ldap.base_dn));
    entries.push(entry("bind_account", &ldap.bind_account));
    entries.push(entry("bind_dn", &ldap.bind_dn));
    entries.push(entry("search_group", &ldap.search_group));
    for (key, mode) in [("bind_mode", &ldap.entry.bind_mode), ("search_mode", &ldap.entry.search_mode)] {
        if mode.value != LdapMode::Direct {
            entries.push(entry(key, word(mode.as_str(), mode.span)));
        }
    }
}

fn group(group: &Group<'_>, lab: &Lab<'_>) -> Placed {
    Placed::map([
        entry("superuser", &group.entry.superuser),
        entry("invite", Placed::from(group.invite).following([group.entry.invite.span])),
        entry("library", attributes(&group.invitation(&lab.groups).attributes)),
    ])
}

fn user(user: &User<'_>) -> Placed {
    let groups = match &user.groups {
        Some(groups) => Placed::list(groups),
        None => Placed::new(Data::Null, [user.entry.span]),
    };
    Placed::map([
        entry("name", text(&user.entry.name)),
        entry("email", text(&user.entry.email)),
        entry("path", text(&user.entry.path)),
        entry("groups", groups),
        entry("attributes", attributes(&user.attributes)),
    ])
}

fn attributes(attributes: &BTreeMap<String, Vec<Derived<String>>>) -> Placed {
    Placed::map(attributes.iter().map(|(key, values)| (key.as_str(), Placed::list(values))))
}

fn is_for_login(uri: &RedirectUri) -> bool {
    uri.kind.value == RedirectKind::Authorization
}

/// An older release drops the type of a redirect URI without a word, so a URI for logouts would become one for
/// logins: it is left out.
fn refuse_logout_redirects(lab: &Lab<'_>, pins: &Pins, found: &mut Vec<Diagnostic>) {
    if pins.redirect_types {
        return;
    }
    for (_, oidc) in lab.oidc_apps() {
        for uri in oidc.redirect_uris.iter().filter(|uri| !is_for_login(uri)) {
            found.push(
                Diagnostic::warning(
                    "logout-redirect-left-out",
                    uri.kind.span,
                    format!("provider {} knows no redirect URIs for logouts", pins.release.version()),
                )
                .label("this one is left out")
                .related(lab.inventory.tofu.providers.authentik.span, "the release is pinned here")
                .help("pin the provider to `~> 2026.5.0`, or take the redirect URI out"),
            );
        }
    }
}
