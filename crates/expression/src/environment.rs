//! The names that authentik gives to an expression, by what the expression is for.

use std::fmt;

use ruff_python_ast::PythonVersion;

/// A release of authentik, as in `2025.10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    /// The year.
    pub year: u16,
    /// The month.
    pub month: u8,
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.month)
    }
}

/// What an expression is for; it decides which names exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An expression policy.
    Policy,
    /// A scope mapping of an OAuth2 provider.
    ScopeMapping,
    /// A property mapping of a SAML provider.
    SamlMapping,
    /// A property mapping of a SCIM provider.
    ScimMapping,
    /// A property mapping of a Google Workspace provider.
    GoogleWorkspaceMapping,
    /// A property mapping of a Microsoft Entra provider.
    MicrosoftEntraMapping,
    /// A property mapping of a RADIUS provider.
    RadiusMapping,
    /// A property mapping of a remote access provider.
    RacMapping,
    /// A webhook mapping: of a notification transport, of a stage that sends SMS, of a Fleet connector.
    NotificationMapping,
    /// A property mapping of an LDAP source.
    LdapSource,
    /// A property mapping of an OAuth source.
    OauthSource,
    /// A property mapping of a SAML source.
    SamlSource,
    /// A property mapping of a Plex source.
    PlexSource,
    /// A property mapping of a Kerberos source.
    KerberosSource,
    /// A property mapping of a SCIM source.
    ScimSource,
    /// The placeholder or the initial value of a prompt's field.
    Prompt,
    /// A mapping of which nobody knows what it is for: every name of a mapping may exist.
    AnyMapping,
}

/// Where an expression runs.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// What it is for.
    pub kind: Kind,
    /// The server, where it is known; an unknown one has all names.
    pub server: Option<ServerVersion>,
}

/// How a name reaches the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    /// As a parameter of the function that authentik puts around the text.
    Argument,
    /// As a global name.
    Global,
}

/// A name that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) name: &'static str,
    pub(crate) passing: Passing,
    /// The release that brought it, where that is younger than 2025.1.
    pub(crate) since: Option<ServerVersion>,
    kinds: &'static [Kind],
}

const fn global(name: &'static str) -> Name {
    Name { name, passing: Passing::Global, since: None, kinds: &[] }
}

const fn global_since(name: &'static str, year: u16, month: u8) -> Name {
    Name { name, passing: Passing::Global, since: Some(ServerVersion { year, month }), kinds: &[] }
}

const fn argument(name: &'static str, kinds: &'static [Kind]) -> Name {
    Name { name, passing: Passing::Argument, since: None, kinds }
}

const SOURCES: &[Kind] =
    &[Kind::LdapSource, Kind::OauthSource, Kind::SamlSource, Kind::PlexSource, Kind::KerberosSource, Kind::ScimSource];
const SYNCING: &[Kind] = &[Kind::ScimMapping, Kind::GoogleWorkspaceMapping, Kind::MicrosoftEntraMapping];
const MAPPINGS: &[Kind] = &[
    Kind::ScopeMapping,
    Kind::SamlMapping,
    Kind::ScimMapping,
    Kind::GoogleWorkspaceMapping,
    Kind::MicrosoftEntraMapping,
    Kind::RadiusMapping,
    Kind::RacMapping,
    Kind::NotificationMapping,
    Kind::LdapSource,
    Kind::OauthSource,
    Kind::SamlSource,
    Kind::PlexSource,
    Kind::KerberosSource,
    Kind::ScimSource,
    Kind::Prompt,
];

/// Every name of authentik's evaluators; no kinds means all of them.
const NAMES: &[Name] = &[
    global("ak_call_policy"),
    global("ak_create_event"),
    global_since("ak_create_jwt", 2025, 2),
    global_since("ak_create_jwt_raw", 2025, 12),
    global("ak_is_group_member"),
    global("ak_logger"),
    global_since("ak_send_email", 2025, 10),
    global("ak_user_by"),
    global("ak_user_has_authenticator"),
    global("ip_address"),
    global("ip_network"),
    global("list_flatten"),
    global("regex_match"),
    global("regex_replace"),
    global("requests"),
    global("resolve_dns"),
    global("reverse_dns"),
    global("slugify"),
    Name { kinds: MAPPINGS, ..global("SkipObject") },
    Name { kinds: &[Kind::RadiusMapping], ..global("define_attribute") },
    argument("request", &[]),
    argument("http_request", &[]),
    argument("context", &[Kind::Policy]),
    argument("ak_client_ip", &[Kind::Policy]),
    argument("ak_is_sso_flow", &[Kind::Policy]),
    argument("ak_message", &[Kind::Policy]),
    argument("user", MAPPINGS),
    argument(
        "provider",
        &[
            Kind::ScopeMapping,
            Kind::SamlMapping,
            Kind::ScimMapping,
            Kind::GoogleWorkspaceMapping,
            Kind::MicrosoftEntraMapping,
            Kind::RacMapping,
        ],
    ),
    argument("token", &[Kind::ScopeMapping, Kind::OauthSource, Kind::NotificationMapping]),
    argument("group", SYNCING),
    argument("connection", SYNCING),
    argument("creating", SYNCING),
    argument("packet", &[Kind::RadiusMapping]),
    argument("endpoint", &[Kind::RacMapping]),
    argument("device", &[Kind::RacMapping, Kind::NotificationMapping]),
    argument("notification", &[Kind::NotificationMapping]),
    argument("stage", &[Kind::NotificationMapping]),
    argument("connector", &[Kind::NotificationMapping]),
    argument("source", SOURCES),
    argument("properties", SOURCES),
    argument("group_id", SOURCES),
    argument("ldap", &[Kind::LdapSource]),
    argument("dn", &[Kind::LdapSource]),
    argument("info", &[Kind::OauthSource, Kind::PlexSource]),
    argument("client", &[Kind::OauthSource]),
    argument("oauth_userinfo", &[Kind::OauthSource]),
    argument("root", &[Kind::SamlSource]),
    argument("assertion", &[Kind::SamlSource]),
    argument("name_id", &[Kind::SamlSource]),
    argument("auth_api", &[Kind::PlexSource]),
    argument("principal", &[Kind::KerberosSource]),
    argument("principal_obj", &[Kind::KerberosSource]),
    argument("spnego_info", &[Kind::KerberosSource]),
    argument("data", &[Kind::ScimSource]),
    argument("prompt_context", &[Kind::Prompt]),
];

impl Context {
    /// The names that authentik gives to the expression, those of a younger release included.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static Name> {
        NAMES.iter().filter(move |name| name.exists_for(self.kind))
    }

    /// The name, if authentik gives it to the expression, be it in a younger release.
    pub(crate) fn name(self, name: &str) -> Option<&'static Name> {
        self.names().find(|known| known.name == name)
    }

    /// The Python that the server runs; an unknown or older one is taken to read what newer ones do.
    pub(crate) fn python(self) -> PythonVersion {
        match self.server {
            Some(server) if server < (ServerVersion { year: 2026, month: 2 }) => PythonVersion::PY313,
            _ => PythonVersion::PY314,
        }
    }
}

impl Name {
    fn exists_for(&self, kind: Kind) -> bool {
        self.kinds.is_empty()
            || self.kinds.contains(&kind)
            || (kind == Kind::AnyMapping && self.kinds.iter().any(|kind| *kind != Kind::Policy))
    }
}
