//! A base DN that is no distinguished name.

use crate::identity::ldap::PROVIDER;
use crate::{Findings, Repo};

crate::rule! {
    /// The base DN of an LDAP provider is not a distinguished name, or has blanks that clients do not send.
    ///
    /// ## Why
    /// An outpost compares the base DN with the end of the bind DN as *text*
    /// ([`internal/outpost/ldap/bind.go`](https://github.com/goauthentik/authentik/blob/main/internal/outpost/ldap/bind.go)):
    /// a client that sends `ou=jellyfin,dc=example` does not match `ou=jellyfin, dc=example`, and is refused with
    /// `Insufficient Access (50)`. What is no distinguished name at all
    /// ([RFC 4514](https://www.rfc-editor.org/rfc/rfc4514)) matches nothing.
    ///
    /// ## Fix
    /// Write attributes and values with commas between them and nothing else: `ou=jellyfin,dc=example,dc=org`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin, dc=example, dc=org"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[malformed-base-dn]: the base DN `ou=jellyfin, dc=example, dc=org` has blanks around `,` or `=`, and binds are compared as text
    /// # help: write `ou=jellyfin,dc=example,dc=org`
    /// }
    /// ```
    ///
    /// Without blanks:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "malformed-base-dn", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        let Some(base) = provider.known_string("base_dn") else { continue };
        let parts: Vec<_> = parts(&base.value).iter().map(|part| part.split_once('=')).collect();
        let is_dn = parts
            .iter()
            .all(|part| part.is_some_and(|(name, value)| is_attribute(name.trim()) && !value.trim().is_empty()));
        if !is_dn {
            let message = format!("the base DN `{}` is not a distinguished name", base.value);
            findings.report(base.span, message).help("write attributes and values: `ou=jellyfin,dc=example,dc=org`");
            continue;
        }
        let trimmed: Vec<_> =
            parts.iter().flatten().map(|(name, value)| format!("{}={}", name.trim(), value.trim())).collect();
        let trimmed = trimmed.join(",");
        if trimmed != base.value {
            let message =
                format!("the base DN `{}` has blanks around `,` or `=`, and binds are compared as text", base.value);
            findings.report(base.span, message).help(format!("write `{trimmed}`"));
        }
    }
}

/// The relative distinguished names in `text`: what stands between commas without a backslash before them.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut is_escaped) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ',' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Whether it is the name of an attribute, or its number.
fn is_attribute(name: &str) -> bool {
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '-');
    let is_number = name.split('.').all(|part| !part.is_empty() && part.bytes().all(|one| one.is_ascii_digit()));
    is_word || is_number
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_is_no_distinguished_name_is_told() {
        check_rule(
            "malformed-base-dn",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "a" {
  base_dn = "ldap.example.org"
#           ^^^^^^^^^^^^^^^^^^ error[malformed-base-dn]: the base DN `ldap.example.org` is not a distinguished name
}
resource "authentik_provider_ldap" "b" {
  base_dn = "ou=jellyfin,,dc=org"
#           ^^^^^^^^^^^^^^^^^^^^^ error[malformed-base-dn]: the base DN `ou=jellyfin,,dc=org` is not a distinguished name
}
resource "authentik_provider_ldap" "c" {
  base_dn = ""
#           ^^ error[malformed-base-dn]: the base DN `` is not a distinguished name
}
"#,
        );
    }

    #[test]
    fn upper_case_escapes_and_what_is_unknown_are_left_alone() {
        check_rule(
            "malformed-base-dn",
            r#"
#- tofu/main.tf
variable "suffix" { type = string }
resource "authentik_provider_ldap" "apps" {
  for_each = toset(["DC=ldap,DC=goauthentik,DC=io", "o=Home\\, Sweet,c=AT", "2.5.4.11=jellyfin,dc=org", "ou= ${var.suffix}"])
  base_dn  = each.value
}
"#,
        );
    }
}
