//! Texts that have a form, checked when they are read.

macro_rules! texts {
    ($($(#[$attribute:meta])* pub struct $name:ident;)*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) String);

        impl $name {
            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// A DNS label: lower-case letters, digits and `-`, 63 characters at most, neither first nor last a `-`.
    /// What Kubernetes takes as the name of a namespace or a Secret.
    pub struct Label;

    /// An app's key: a [`Label`] that authentik takes as a slug too (not `authorize`, `token`, `device`,
    /// `userinfo`, `introspect`, `revoke`).
    pub struct AppName;

    /// A group's name: one line, without what has a meaning in an LDAP DN (`,` `+` `"` `\` `<` `>` `;` `=` `#`).
    pub struct GroupName;

    /// A username: one line without spaces or what has a meaning in an LDAP DN.
    pub struct UserName;

    /// Text of one line, without control characters.
    pub struct Line;

    /// Text of any number of lines: a Python expression, for instance.
    pub struct Text;

    /// A DNS name, or an IP address.
    pub struct Host;

    /// An address with `http://` or `https://`, a host, and perhaps a port and a path.
    pub struct Url;

    /// A URL of a Helm repository: `https://…` or `oci://…`.
    pub struct RepositoryUrl;

    /// A redirect URI: a path from `/` on, which is joined to the app's `url`, or an absolute URI taken as written.
    pub struct RedirectUri;

    /// An LDAP distinguished name without spaces around its separators: `dc=ldap,dc=example,dc=org`.
    pub struct Dn;

    /// An e-mail address.
    pub struct EmailAddress;

    /// A sender: `auth@example.org` or `Lab <auth@example.org>`.
    pub struct Mailbox;

    /// A name with `/` between its parts and none at its ends: a Vault mount, or a path below one.
    pub struct VaultPath;

    /// The path that a user lives under in authentik: parts with `/` between them, none at its ends.
    pub struct UserPath;

    /// A name that PostgreSQL takes without quoting: letters, digits and `_`, not first a digit, 63 at most.
    pub struct SqlName;

    /// An OAuth scope: printable ASCII without space, `"` and `\`, that is also a file name.
    pub struct ScopeName;

    /// A key of a user's attributes: letters, digits, `_` and `-`.
    pub struct AttributeKey;

    /// The exact version of a chart: `2026.5.3`.
    pub struct Version;

    /// A version constraint as OpenTofu reads it: `~> 2026.5.0`, `>= 1.7.0, < 2.0.0`.
    pub struct Constraint;
}

/// A stretch of time: `30m`, `12h`, `7d`, or as authentik writes it, `hours=1;minutes=30`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration(pub(crate) String);

impl Duration {
    /// As authentik takes it: `minutes=30`, `hours=1;minutes=30`.
    pub fn authentik(&self) -> &str {
        &self.0
    }
}

/// A number of bytes: `512KiB`, `1MiB`, `200kB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub(crate) u64);

impl Size {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// A TCP port, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port(pub(crate) u16);

impl Port {
    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}
