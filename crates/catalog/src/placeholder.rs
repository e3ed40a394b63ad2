//! Placeholders: what stands in a text for a thing that only a lab knows.
//!
//! `%{issuer}` stands for the issuer; `%%{` is the text `%{`. Nothing else has a meaning, so that texts of Helm, Go,
//! Python, JMESPath, JSON and shells pass through as they are.

use std::ops::Range;

/// How an app logs people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// By OpenID Connect.
    Oidc,
    /// By LDAP.
    Ldap,
}

impl Protocol {
    /// The key of it in the inventory and the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Oidc => "oidc",
            Protocol::Ldap => "ldap",
        }
    }
}

/// How much a placeholder asks of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It can stand anywhere.
    Anywhere,
    /// It is known only where the app runs in a cluster: in its Secret and in its values.
    Cluster,
    /// It is a secret: it stands in Secrets, and where a person puts it in by hand.
    Secret,
}

macro_rules! placeholders {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $protocol:expr, $reach:ident;)*) => {
        /// What a placeholder stands for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Placeholder {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl Placeholder {
            /// Every placeholder, in the order of the page.
            pub const ALL: &'static [Placeholder] = &[$(Placeholder::$variant,)*];

            /// Its name: `issuer`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Placeholder::$variant => $name,)*
                }
            }

            /// What it stands for.
            pub fn doc(self) -> &'static str {
                match self {
                    $(Placeholder::$variant => concat!($($doc),+).trim_ascii_start(),)*
                }
            }

            /// The protocol that knows it; `None` if both do.
            pub fn protocol(self) -> Option<Protocol> {
                match self {
                    $(Placeholder::$variant => $protocol,)*
                }
            }

            /// Where it can stand.
            pub fn reach(self) -> Reach {
                match self {
                    $(Placeholder::$variant => Reach::$reach,)*
                }
            }
        }
    };
}

placeholders! {
    /// The app's name as people see it.
    Name = "name", None, Anywhere;
    /// The app's key in the inventory, which is its slug in authentik.
    Slug = "slug", None, Anywhere;
    /// The app's address, without a slash at its end.
    Url = "url", None, Anywhere;
    /// The host in the app's address.
    Host = "host", None, Anywhere;
    /// The app's namespace.
    Namespace = "namespace", None, Cluster;
    /// The name of the app's Secret.
    Secret = "secret", None, Cluster;
    /// The client id.
    ClientId = "client_id", Some(Protocol::Oidc), Anywhere;
    /// The client secret.
    ClientSecret = "client_secret", Some(Protocol::Oidc), Secret;
    /// The issuer, which ends in a slash.
    Issuer = "issuer", Some(Protocol::Oidc), Anywhere;
    /// The issuer without the slash at its end.
    IssuerWithoutSlash = "issuer_without_slash", Some(Protocol::Oidc), Anywhere;
    /// The address of the discovery document.
    Discovery = "discovery", Some(Protocol::Oidc), Anywhere;
    /// Where people are sent to log in.
    AuthorizeUrl = "authorize_url", Some(Protocol::Oidc), Anywhere;
    /// Where a code becomes tokens.
    TokenUrl = "token_url", Some(Protocol::Oidc), Anywhere;
    /// Where a token becomes claims.
    UserinfoUrl = "userinfo_url", Some(Protocol::Oidc), Anywhere;
    /// Where people are sent to log out.
    EndSessionUrl = "end_session_url", Some(Protocol::Oidc), Anywhere;
    /// The public keys that tokens are signed with.
    JwksUrl = "jwks_url", Some(Protocol::Oidc), Anywhere;
    /// The host that answers LDAP.
    LdapHost = "ldap_host", Some(Protocol::Ldap), Anywhere;
    /// The base DN of the app. People are below `ou=users`, groups below `ou=groups` of it.
    BaseDn = "base_dn", Some(Protocol::Ldap), Anywhere;
    /// The DN that the app binds with.
    BindDn = "bind_dn", Some(Protocol::Ldap), Anywhere;
    /// The password that goes with it.
    BindPassword = "bind_password", Some(Protocol::Ldap), Secret;
    /// A filter that finds the people who may open the app.
    UserFilter = "user_filter", Some(Protocol::Ldap), Anywhere;
    /// A filter that finds the superusers; nothing at all where there are none.
    AdminFilter = "admin_filter", Some(Protocol::Ldap), Anywhere;
}

impl Placeholder {
    /// The placeholder of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|placeholder| placeholder.name() == name)
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text that stands for itself.
    Text(&'t str),
    /// `%{name}`: the name, and where the whole stands in the text.
    Named(&'t str, Range<usize>),
}

/// The parts of `text` in order. A `%{` that is not closed stands for itself.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut behind, mut from) = (Vec::new(), 0, 0);
    while let Some(at) = text[from..].find("%{").map(|at| from + at) {
        if text[..at].ends_with('%') {
            // The first `%` is text, the second is left out.
            push(&mut parts, &text[behind..at]);
            (behind, from) = (at + 1, at + 1);
            continue;
        }
        let Some(end) = text[at..].find('}').map(|end| at + end) else { break };
        push(&mut parts, &text[behind..at]);
        parts.push(Part::Named(&text[at + 2..end], at..end + 1));
        (behind, from) = (end + 1, end + 1);
    }
    push(&mut parts, &text[behind..]);
    parts
}

fn push<'t>(parts: &mut Vec<Part<'t>>, text: &'t str) {
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, texts in quotes.
    fn shown(text: &str) -> String {
        let shown = |part: &Part<'_>| match part {
            Part::Text(text) => format!("{text:?}"),
            Part::Named(name, _) => (*name).to_owned(),
        };
        parts(text).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_a_percent_sign_with_a_brace_has_a_meaning() {
        assert_eq!(shown("%{issuer}x"), "issuer \"x\"");
        assert_eq!(shown("a %{b} ${c} {{ .d }} %s 100% {e}"), "\"a \" b \" ${c} {{ .d }} %s 100% {e}\"");
        assert_eq!(shown("%%{b} %{c}"), "\"%\" \"{b} \" c");
        assert_eq!(shown("%{"), "\"%{\"");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn a_placeholder_is_found_by_its_name_and_says_what_it_is() {
        for placeholder in Placeholder::ALL {
            assert_eq!(Placeholder::named(placeholder.name()), Some(*placeholder));
            assert!(placeholder.doc().ends_with('.'), "{placeholder:?}");
        }
    }
}
