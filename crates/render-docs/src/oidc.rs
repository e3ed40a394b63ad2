//! The apps that log people in by OpenID Connect.

use diagnostic::Derived;
use inventory::{ClientType, LogoutMethod, Matching, RedirectKind};
use lab::{App, Lab, OidcApp, RedirectUri};
use template::{Placed, Value, context};

use crate::apps;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let apps: Vec<_> =
        lab.oidc_apps().map(|(app, oidc)| context! { ..section(app, oidc), ..apps::context_of(lab, app) }).collect();
    let endpoints = lab.identity.oidc_endpoints();
    context! {
        has_apps => !apps.is_empty(),
        apps,
        endpoints => endpoints
            .iter()
            .map(|(name, url)| context! { name => Placed::fixed(*name), url => Placed::text(url) })
            .collect::<Vec<_>>(),
    }
}

fn section(app: &App<'_>, oidc: &OidcApp<'_>) -> Value {
    let builtin = oidc.entry.default_scopes.iter().map(|scope| Placed::text(&scope.derive(|scope| scope.as_str())));
    let known =
        |scope: &Derived<String>| oidc.entry.default_scopes.iter().any(|builtin| builtin.as_str() == scope.value);
    let own = app.scopes().into_iter().filter(|scope| !known(scope)).map(|scope| Placed::text(&scope));
    context! {
        issuer => Placed::text(&oidc.issuer),
        discovery => Placed::text(&oidc.discovery()),
        redirects => oidc.redirect_uris.iter().map(redirect).collect::<Vec<_>>(),
        scopes => Placed::list(builtin.chain(own)),
        has_logout => oidc.logout.is_some(),
        logout => oidc.logout.as_ref().map(|logout| Value::from(Placed::text(&logout.uri))),
        is_told_by_browser => {
            oidc.logout.as_ref().is_some_and(|logout| logout.method.value == LogoutMethod::Frontchannel)
        },
        is_public => oidc.entry.client_type.value == ClientType::Public,
    }
}

fn redirect(redirect: &RedirectUri) -> Value {
    context! {
        url => Placed::text(&redirect.url),
        is_regex => redirect.matching.value == Matching::Regex,
        is_logout => redirect.kind.value == RedirectKind::Logout,
    }
}
