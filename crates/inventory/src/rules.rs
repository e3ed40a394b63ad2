//! What only an inventory can be found guilty of.

pub(crate) use document::rules::*;

document::rules! {
    /// An app does not say who may open it.
    APP_WITHOUT_ALLOW = "app-without-allow";
    /// An app has something rendered for Flux, but no namespace to put it in.
    APP_WITHOUT_NAMESPACE = "app-without-namespace";
    /// A constraint is none that OpenTofu reads.
    BAD_CONSTRAINT = "bad-constraint";
    /// A stretch of time is neither `30m` nor `minutes=30`.
    BAD_DURATION = "bad-duration";
    /// The port of the mail server and its encryption do not go together.
    EMAIL_PORT_ENCRYPTION_MISMATCH = "email-port-encryption-mismatch";
    /// The files of the inventory hold nothing.
    EMPTY_INVENTORY = "empty-inventory";
    /// A file of the inventory is larger than 16 MiB.
    FILE_TOO_LARGE = "file-too-large";
    /// An app has the name that another one had before.
    FORMER_NAME_IN_USE = "former-name-in-use";
    /// A group lies under itself.
    GROUP_CYCLE = "group-cycle";
    /// The version of a chart is not exact.
    INEXACT_VERSION = "inexact-version";
    /// A text is no e-mail address.
    INVALID_EMAIL = "invalid-email";
    /// A text is no host name.
    INVALID_HOST = "invalid-host";
    /// A name has characters that the place it goes to does not take.
    INVALID_NAME = "invalid-name";
    /// A path has an empty part, or a character that paths do not have.
    INVALID_PATH = "invalid-path";
    /// A redirect URI is neither a path nor an absolute URI.
    INVALID_REDIRECT_URI = "invalid-redirect-uri";
    /// A size is not a number with a unit.
    INVALID_SIZE = "invalid-size";
    /// A text is no address of the web.
    INVALID_URL = "invalid-url";
    /// An invitation may give a group that makes its members superusers.
    INVITED_SUPERUSER = "invited-superuser";
    /// An app logs in by LDAP, and the identity provider has none.
    LDAP_MISSING = "ldap-missing";
    /// A base DN is no distinguished name, or has spaces around its separators.
    MALFORMED_BASE_DN = "malformed-base-dn";
    /// The base DN of an app lies under the base DN of another.
    NESTED_LDAP_BASE_DN = "nested-ldap-base-dn";
    /// A file is not UTF-8.
    NOT_UTF8 = "not-utf8";
    /// A redirect URI leads to a host that is not the app's.
    REDIRECT_FOREIGN_HOST = "redirect-foreign-host";
    /// A regular expression admits hosts that nobody meant, because a dot in it is not escaped.
    REDIRECT_REGEX_UNESCAPED_DOT = "redirect-regex-unescaped-dot";
    /// An app that logs in by OpenID Connect has no redirect URI: the first one that is seen would be trusted.
    REDIRECT_URI_EMPTY = "redirect-uri-empty";
    /// A name is taken by authentik itself.
    RESERVED_NAME = "reserved-name";
    /// Two clusters log in to Vault by one auth method, which trusts the tokens of one cluster.
    SHARED_AUTH_MOUNT = "shared-auth-mount";
    /// Two apps claim the same LDAP base DN.
    SHARED_LDAP_BASE_DN = "shared-ldap-base-dn";
    /// Two flows have one slug.
    SHARED_SLUG = "shared-slug";
    /// The store does not go with the operator of the secrets.
    STORE_MISMATCH = "store-mismatch";
    /// A cluster is named that `flux.clusters` does not have.
    UNKNOWN_CLUSTER = "unknown-cluster";
    /// A group is named that `groups` does not have.
    UNKNOWN_GROUP = "unknown-group";
    /// An address has no `https://`.
    URL_WITHOUT_SCHEME = "url-without-scheme";
}
