//! What an inventory can be found guilty of.

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $constant:ident = $id:literal;)*) => {
        $($(#[doc = $doc])+ pub(crate) const $constant: &str = $id;)*

        /// Every rule that only the inventory can break: its id and what breaks it. What YAML itself forbids
        /// stands in [`syntax::yaml::RULES`].
        pub const RULES: &[(&str, &str)] = &[$(($id, concat!($($doc),+).trim_ascii_start()),)*];
    };
}

rules! {
    /// A plain scalar below `values` is read one way by YAML 1.2 and another way by Kubernetes.
    AMBIGUOUS_SCALAR = "ambiguous-scalar";
    /// An app does not say who may open it.
    APP_WITHOUT_ALLOW = "app-without-allow";
    /// An app has something rendered for Flux, but no namespace to put it in.
    APP_WITHOUT_NAMESPACE = "app-without-namespace";
    /// A constraint is none that OpenTofu reads.
    BAD_CONSTRAINT = "bad-constraint";
    /// A stretch of time is neither `30m` nor `minutes=30`.
    BAD_DURATION = "bad-duration";
    /// A list has the same item twice.
    DUPLICATE_ITEM = "duplicate-item";
    /// A key is set twice, in one file or in two.
    DUPLICATE_KEY = "duplicate-key";
    /// Of two keys that exclude each other both are written, or neither.
    EITHER_OR = "either-or";
    /// The port of the mail server and its encryption do not go together.
    EMAIL_PORT_ENCRYPTION_MISMATCH = "email-port-encryption-mismatch";
    /// The files of the inventory hold nothing.
    EMPTY_INVENTORY = "empty-inventory";
    /// A list that needs an item has none.
    EMPTY_LIST = "empty-list";
    /// Nothing is written behind a key.
    EMPTY_VALUE = "empty-value";
    /// A file of the inventory is larger than 16 MiB.
    FILE_TOO_LARGE = "file-too-large";
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
    /// A number is out of range, or not written as one.
    INVALID_NUMBER = "invalid-number";
    /// A path has an empty part, or a character that paths do not have.
    INVALID_PATH = "invalid-path";
    /// A redirect URI is neither a path nor an absolute URI.
    INVALID_REDIRECT_URI = "invalid-redirect-uri";
    /// A size is not a number with a unit.
    INVALID_SIZE = "invalid-size";
    /// A text of one line holds a line break or a control character.
    INVALID_TEXT = "invalid-text";
    /// A text is no address of the web.
    INVALID_URL = "invalid-url";
    /// An invitation may give a group that makes its members superusers.
    INVITED_SUPERUSER = "invited-superuser";
    /// An app logs in by LDAP, and the identity provider has none.
    LDAP_MISSING = "ldap-missing";
    /// A base DN is no distinguished name, or has spaces around its separators.
    MALFORMED_BASE_DN = "malformed-base-dn";
    /// A key that has no default is not written.
    MISSING_KEY = "missing-key";
    /// The base DN of an app lies under the base DN of another.
    NESTED_LDAP_BASE_DN = "nested-ldap-base-dn";
    /// A file is not UTF-8.
    NOT_UTF8 = "not-utf8";
    /// A number loses digits because it is not written as text.
    NUMBER_LOSES_DIGITS = "number-loses-digits";
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
    /// A key is none of those that the inventory knows.
    UNKNOWN_KEY = "unknown-key";
    /// A word is none of those that the key takes.
    UNKNOWN_WORD = "unknown-word";
    /// An address has no `https://`.
    URL_WITHOUT_SCHEME = "url-without-scheme";
    /// The value of a secret is written in the inventory.
    WRITTEN_SECRET = "written-secret";
    /// A list stands where a mapping is wanted, a text where a number is, and so on.
    WRONG_KIND = "wrong-kind";
    /// A merge key (`<<`), which the inventory does not read.
    YAML_MERGE_KEY = "yaml-merge-key";
    /// A tag that the inventory does not read.
    YAML_TAG = "yaml-tag";
}
