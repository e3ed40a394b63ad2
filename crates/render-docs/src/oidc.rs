//! The apps that log people in by OpenID Connect.

use inventory::{ClientType, Matching, RedirectKind};
use lab::{Lab, OidcApp, RedirectUri};
use template::{Placed, Value, context};

use crate::apps;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let apps: Vec<_> =
        lab.oidc_apps().map(|(app, oidc)| context! { ..section(oidc), ..apps::context_of(lab, app) }).collect();
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

fn section(oidc: &OidcApp<'_>) -> Value {
    let builtin = oidc.entry.default_scopes.iter().map(|scope| Placed::text(&scope.derive(|scope| scope.as_str())));
    let own = oidc.scopes.iter().map(|scope| Placed::text(&scope.scope));
    context! {
        issuer => Placed::text(&oidc.issuer),
        discovery => Placed::text(&oidc.discovery()),
        redirects => oidc.redirect_uris.iter().map(redirect).collect::<Vec<_>>(),
        scopes => Placed::list(builtin.chain(own)),
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
