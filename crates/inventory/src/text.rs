//! Texts that have a form, checked when they are read. How each is checked stands in [`crate::form`].

use document::texts;

use crate::form;

texts! {
    /// A DNS label: lower-case letters, digits and `-`, 63 characters at most, neither first nor last a `-`.
    /// What Kubernetes takes as the name of a namespace.
    pub struct Label {
        check: form::name::label,
        pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
        examples: ["infra", "flux-system"],
    }

    /// What Kubernetes takes as the name of most objects: [`Label`]s with dots between them, 253 characters at most.
    pub struct ObjectName {
        check: form::name::object,
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        examples: ["letsencrypt", "example.org-tls"],
    }

    /// An app's key: a [`Label`] of 58 characters at most (its Secrets are named `<app>-oidc`, `<app>-smtp`) that
    /// authentik takes as a slug too (not `authorize`, `token`, `device`, `userinfo`, `introspect`, `revoke`).
    pub struct AppName {
        check: form::name::app,
        pattern: "^(?!(authorize|token|device|userinfo|introspect|revoke)$)[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$",
        examples: ["grafana", "home-assistant"],
    }

    /// A group's name: one line, without what has a meaning in an LDAP DN (`,` `+` `"` `\` `<` `>` `;` `=` `#`),
    /// and none that authentik brings with it (`authentik Admins`, `authentik Read-only`).
    pub struct GroupName {
        check: form::name::group,
        pattern: "^[^,+\"\\\\<>;=#\\n\\r\\t]+$",
        examples: ["family", "jellyfin-movies"],
    }

    /// A username: one line of 150 characters at most, without spaces or what has a meaning in an LDAP DN, and
    /// not `akadmin`, which authentik brings with it.
    pub struct UserName {
        check: form::name::user,
        pattern: "^[^\\s,+\"\\\\<>;=#]{1,150}$",
        examples: ["alex", "sam.smith"],
    }

    /// Text of one line, without control characters.
    pub struct Line {
        check: form::line,
        pattern: "^[^\\n\\r]*\\S[^\\n\\r]*$",
        examples: ["Home Assistant"],
    }

    /// Text of any number of lines: a Python expression, for instance.
    pub struct Text {
        check: form::text,
        pattern: "\\S",
        examples: ["return {\"role\": \"Viewer\"}"],
    }

    /// A DNS name in lower-case letters, or an IP address.
    pub struct Host {
        check: form::net::host,
        pattern: "^[-A-Za-z0-9.:]+$",
        examples: ["auth.example.org", "192.168.1.7"],
    }

    /// An address with `http://` or `https://`, a host, and perhaps a port and a path.
    pub struct Url {
        check: form::net::url,
        pattern: "^https?://[^\\s/@]+(/\\S*)?(\\?\\S*)?(#\\S*)?$",
        examples: ["https://grafana.example.org"],
    }

    /// A URL of a Helm repository: `https://…`, `http://…` or `oci://…`.
    pub struct RepositoryUrl {
        check: form::net::repository,
        pattern: "^(https?|oci)://[^\\s@]+$",
        examples: ["https://charts.goauthentik.io", "oci://charts.example.org/home"],
    }

    /// A redirect URI: a path from `/` on, which is joined to the app's `url`, or an absolute URI taken as written.
    pub struct RedirectUri {
        check: form::net::redirect,
        pattern: "^(?!([Jj][Aa][Vv][Aa][Ss][Cc][Rr][Ii][Pp][Tt]|[Dd][Aa][Tt][Aa]|[Vv][Bb][Ss][Cc][Rr][Ii][Pp][Tt]):)\\S.*$",
        examples: ["/oauth/callback", "app.immich:///oauth-callback"],
    }

    /// Where a logout is told: a path from `/` on, which is joined to the app's `url`, or an address with `https://` or
    /// `http://`.
    pub struct LogoutUri {
        check: form::net::logout,
        pattern: "^(/([^/\\s]\\S*)?|https?://[^\\s/@]+(/\\S*)?)$",
        examples: ["/api/oauth/backchannel-logout"],
    }

    /// An LDAP distinguished name without spaces around its separators: `dc=ldap,dc=example,dc=org`.
    pub struct Dn {
        check: form::net::dn,
        pattern: "^[A-Za-z0-9.-]+=[^,=+]+(,[A-Za-z0-9.-]+=[^,=+]+)*$",
        examples: ["dc=ldap,dc=example,dc=org"],
    }

    /// An e-mail address.
    pub struct EmailAddress {
        check: form::net::email,
        pattern: "^[^\\s@<>]+@[^\\s@<>]+$",
        examples: ["alex@example.org"],
    }

    /// A sender: `auth@example.org` or `Lab <auth@example.org>`.
    pub struct Mailbox {
        check: form::net::mailbox,
        pattern: "^([^\\s@<>]+@[^\\s@<>]+|[^<>]*<[^\\s@<>]+@[^\\s@<>]+>)$",
        examples: ["auth@example.org", "Lab <auth@example.org>"],
    }

    /// A name with `/` between its parts and none at its ends: a Vault mount, or a path below one. A part is
    /// letters, digits, `-`, `_` and `.`.
    pub struct VaultPath {
        check: form::name::vault_path,
        pattern: "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$",
        examples: ["infra", "kubernetes/home"],
    }

    /// The path that a user lives under in authentik: parts with `/` between them, none at its ends.
    pub struct UserPath {
        check: form::name::user_path,
        pattern: "^[^/\\n\\r]+(/[^/\\n\\r]+)*$",
        examples: ["users", "users/family"],
    }

    /// A name that PostgreSQL takes without quoting: letters, digits and `_`, not first a digit, 63 at most.
    pub struct SqlName {
        check: form::name::sql,
        pattern: "^[A-Za-z_][A-Za-z0-9_]{0,62}$",
        examples: ["authentik"],
    }

    /// An OAuth scope that is also a file name: letters, digits, `-`, `_`, `.` and `:`, not first a `.` or `-`.
    pub struct ScopeName {
        check: form::name::scope,
        pattern: "^[A-Za-z0-9_:][A-Za-z0-9_:.-]*$",
        examples: ["grafana_role"],
    }

    /// A key of a user's attributes: letters, digits, `_` and `-`; not `avatar` or `settings`, which are authentik's.
    pub struct AttributeKey {
        check: form::name::attribute,
        pattern: "^(?!(avatar|settings)$)[A-Za-z0-9_-]+$",
        examples: ["jellyfin_libraries"],
    }

    /// The exact version of a chart: `2026.5.3`.
    pub struct Version {
        check: form::version::exact,
        pattern: "^v?(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$",
        examples: ["2026.5.3"],
    }

    /// A version constraint as OpenTofu reads it: `~> 2026.5.0`, `>= 1.7.0, < 2.0.0`.
    pub struct Constraint {
        check: form::version::constraint,
        pattern: "^\\s*(=|!=|>=|<=|>|<|~>)?\\s*v?[0-9]+(\\.[0-9]+)*[-+0-9A-Za-z.]*\\s*(,\\s*(=|!=|>=|<=|>|<|~>)?\\s*v?[0-9]+(\\.[0-9]+)*[-+0-9A-Za-z.]*\\s*)*$",
        examples: ["~> 2026.5.0", ">= 1.7.0, < 2.0.0"],
    }
}

impl Url {
    /// The host in it, without brackets around an IPv6 address.
    pub fn host(&self) -> &str {
        form::net::Parts::of(&self.0).map_or("", |parts| parts.host)
    }
}

impl Dn {
    /// The DN as authentik compares it: without regard to case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}
