//! The redirect URIs of OAuth2 providers, as `allowed_redirect_uris` lists them.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Span, Spanned};
use resolve_tofu::{Instance, Value};

use crate::Repo;

/// The resource type of an OAuth2 provider.
pub(crate) const PROVIDER: &str = "authentik_provider_oauth2";
/// The argument that lists them.
pub(crate) const ARGUMENT: &str = "allowed_redirect_uris";

/// How a redirect URI is compared with what a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matching {
    /// As a whole, byte by byte.
    Strict,
    /// By a regular expression of Python that the whole must match.
    Regex,
}

/// A redirect URI that is known.
#[derive(Clone, Debug)]
pub(crate) struct RedirectUri<'r, 'a> {
    /// Whose it is.
    pub(crate) provider: &'r Instance<'a>,
    /// How it is compared.
    pub(crate) matching: Matching,
    /// The URI or the pattern, at the text that made it.
    pub(crate) url: Spanned<String>,
}

impl RedirectUri<'_, '_> {
    /// How its provider is called in messages.
    pub(crate) fn called(&self) -> String {
        super::applications::called(self.provider)
    }
}

/// The maps in the list of `provider`, as far as they are known, each with its place.
pub(crate) fn maps<'i>(provider: &'i Instance<'_>) -> impl Iterator<Item = (&'i BTreeMap<String, Value>, Span)> {
    let argument = provider.argument(ARGUMENT);
    argument.into_iter().flat_map(|argument| {
        let elements = argument.value.as_elements().unwrap_or_default();
        let place = |value: &Value| value.made_by().unwrap_or(argument.origin());
        elements.iter().filter_map(move |element| Some((element.as_entries()?, place(element))))
    })
}

/// Every redirect URI that is known, each place once: an entry that several providers read is one.
pub(crate) fn known<'r, 'a>(repo: &'r Repo<'a>) -> Vec<RedirectUri<'r, 'a>> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        for (map, place) in maps(provider) {
            let text = |key: &str| map.get(key).and_then(Value::as_text);
            let matching = match text("matching_mode") {
                Some("strict") => Matching::Strict,
                Some("regex") => Matching::Regex,
                _ => continue,
            };
            let Some(url) = text("url") else { continue };
            let place = map.get("url").and_then(Value::made_by).unwrap_or(place);
            if seen.insert((place, url)) {
                all.push(RedirectUri { provider, matching, url: Spanned::new(url.to_owned(), place) });
            }
        }
    }
    all
}

/// Whether people may log in by the provider in a browser; `None` where that is not known.
pub(crate) fn is_for_browsers(provider: &Instance<'_>) -> Option<bool> {
    let Some(grants) = provider.argument("grant_types").filter(|argument| !argument.value.is_null()) else {
        // A provider that trusts the tokens of others is there for machines, as far as one can tell.
        let is_empty = |name| {
            let trusted = provider.argument(name).filter(|argument| !argument.value.is_null());
            trusted.is_none_or(|trusted| trusted.value.as_elements().is_some_and(<[_]>::is_empty))
        };
        return (is_empty("jwt_federation_providers") && is_empty("jwt_federation_sources")).then_some(true);
    };
    let grants = grants.value.as_elements()?;
    let of_browsers = ["authorization_code", "implicit", "hybrid"];
    let has = grants.iter().filter_map(Value::as_text).any(|grant| of_browsers.contains(&grant));
    (has || grants.iter().all(|grant| grant.as_text().is_some())).then_some(has)
}

/// `text` as it stands between quotes in OpenTofu's language.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
    format!("\"{escaped}\"")
}
