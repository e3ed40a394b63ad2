//! An app that logs people in by OpenID Connect: its addresses, its scopes, its credentials.

use diagnostic::{Derived, Spanned};
use inventory::{AppName, LogoutMethod, Matching, RedirectKind};

use crate::identity::Identity;
use crate::named;
use crate::secret::{VaultSecret, Writer};

/// An app that logs people in by OpenID Connect.
#[derive(Debug)]
pub struct OidcApp<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::Oidc,
    /// Its redirect URIs, absolute, in the order written.
    pub redirect_uris: Vec<RedirectUri>,
    /// Its own scopes, by name.
    pub scopes: Vec<ScopeMapping<'i>>,
    /// Where it is told that a person has logged out.
    pub logout: Option<Logout>,
    /// The issuer, with the slash at its end that authentik puts there.
    pub issuer: Derived<String>,
    /// Where the module writes `client_id`, `client_secret` and `issuer`.
    pub credentials: VaultSecret,
}

/// A redirect URI as authentik takes it.
#[derive(Debug)]
pub struct RedirectUri {
    /// The absolute URI, or the pattern.
    pub url: Derived<String>,
    /// How it is compared.
    pub matching: Spanned<Matching>,
    /// What it is for.
    pub kind: Spanned<RedirectKind>,
}

/// Where an app is told that a person has logged out.
#[derive(Debug)]
pub struct Logout {
    /// The absolute URI.
    pub uri: Derived<String>,
    /// Who tells it.
    pub method: Spanned<LogoutMethod>,
}

/// A scope of an app's own.
#[derive(Debug)]
pub struct ScopeMapping<'i> {
    /// The scope: what the client asks for.
    pub scope: Derived<String>,
    /// The Python that returns the claims.
    pub expression: &'i Spanned<inventory::Text>,
}

impl<'i> OidcApp<'i> {
    pub(crate) fn of(
        identity: &Identity<'_>,
        key: &Spanned<AppName>,
        url: &Spanned<inventory::Url>,
        entry: &'i inventory::Oidc,
    ) -> Self {
        let mut scopes: Vec<_> = entry
            .scopes
            .iter()
            .map(|scope| ScopeMapping { scope: scope.name.derive(ToString::to_string), expression: &scope.value })
            .collect();
        scopes.sort_by(|one, other| one.scope.value.cmp(&other.scope.value));
        Self {
            entry,
            redirect_uris: entry.redirect_uris.iter().map(|redirect| RedirectUri::of(url, redirect)).collect(),
            scopes,
            logout: entry
                .logout
                .as_ref()
                .map(|logout| Logout { uri: joined(url, &logout.uri, str::to_owned), method: logout.method.clone() }),
            issuer: Derived::new(
                format!("{}/application/o/{}/", identity.url.value, key.value),
                [key.span].into_iter().chain(identity.url.from.iter().copied()),
            ),
            credentials: oidc_credentials(key),
        }
    }

    /// The discovery document of OpenID Connect.
    pub fn discovery(&self) -> Derived<String> {
        Derived::new(format!("{}.well-known/openid-configuration", self.issuer.value), self.issuer.from.clone())
    }
}

impl RedirectUri {
    /// A path is joined to the app's address, with one slash between; anything else is taken as written. Where the
    /// path is a pattern, the address before it stands for itself.
    fn of(url: &Spanned<inventory::Url>, redirect: &inventory::Redirect) -> Self {
        let base = if redirect.matching.value == Matching::Regex { escape } else { str::to_owned };
        let url = joined(url, &redirect.url, base);
        Self { url, matching: redirect.matching.clone(), kind: redirect.kind.clone() }
    }
}

/// `written` below the address `url`, which `base` makes the start of; as it is where it is no path.
fn joined<T: AsRef<str>>(
    url: &Spanned<inventory::Url>,
    written: &Spanned<T>,
    base: fn(&str) -> String,
) -> Derived<String> {
    let path = written.value.as_ref();
    if !path.starts_with('/') {
        return Derived::new(path.to_owned(), [written.span]);
    }
    let base = base(url.as_str().trim_end_matches('/'));
    Derived::new(format!("{base}{path}"), [written.span, url.span])
}

fn oidc_credentials(key: &Spanned<AppName>) -> VaultSecret {
    VaultSecret {
        path: named(key, |key| format!("apps/{key}/oidc")),
        keys: &["client_id", "client_secret", "issuer"],
        writer: Writer::Module,
    }
}

/// `text` as a regular expression of Python's that matches it alone.
fn escape(text: &str) -> String {
    let special = |character| r"\.+*?()[]{}|^$".contains(character);
    text.chars().flat_map(|next| special(next).then_some('\\').into_iter().chain([next])).collect()
}
