//! An LDAP provider that looks for a code behind the password.

use crate::identity::ldap;
use crate::tofu::{Root, flag, place_or_type};
use crate::{Findings, Repo};

crate::rule! {
    /// An LDAP provider splits passwords for a code that nobody can have.
    ///
    /// ## Why
    /// With `mfa_support`, which is on where nothing is written, a password that ends in `;` and six digits or eight
    /// letters and digits is taken apart: the end is sent as a code
    /// ([`internal/outpost/flow`](https://github.com/goauthentik/authentik/tree/main/internal/outpost/flow)). Such a
    /// password never works, and without TOTP, static codes or Duo the switch serves nobody.
    ///
    /// ## Fix
    /// Write `mfa_support = false`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^ hint[ldap-mfa-support-left-on]: `authentik_provider_ldap.jellyfin` looks for codes in passwords, and nobody has an authenticator for them
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    /// ```
    ///
    /// Turned off:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name        = "jellyfin"
    ///   base_dn     = "ou=jellyfin,dc=example,dc=org"
    ///   mfa_support = false
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When people have codes by authentik's built-in setup flows, which OpenTofu does not declare.
    "ldap-mfa-support-left-on", Hint, Identity, check
}

/// The stages that give people a code to put behind a password.
const CODES: [&str; 3] =
    ["authentik_stage_authenticator_duo", "authentik_stage_authenticator_static", "authentik_stage_authenticator_totp"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let gives_codes = |root: &Root<'_>| root.resolved.instances.iter().any(|one| CODES.contains(&one.kind()));
    if repo.tofu.roots.iter().any(|root| !root.is_whole || gives_codes(root)) {
        return;
    }
    for root in &repo.tofu.roots {
        for provider in root.of(ldap::PROVIDER).filter(|one| flag(one, "mfa_support", true) == Some(true)) {
            let message = format!(
                "`{}` looks for codes in passwords, and nobody has an authenticator for them",
                provider.address()
            );
            let span = place_or_type(provider, "mfa_support");
            findings.report(span, message).help("write `mfa_support = false`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_lab_with_totp_is_left_alone() {
        check_rule(
            "ldap-mfa-support-left-on",
            r#"
#- tofu/main.tf
resource "authentik_stage_authenticator_totp" "totp" { name = "totp" }
#- tofu/ldap/main.tf
resource "authentik_provider_ldap" "jellyfin" { mfa_support = true }
"#,
        );
    }

    #[test]
    fn a_switch_that_is_written_is_shown() {
        check_rule(
            "ldap-mfa-support-left-on",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "jellyfin" {
  mfa_support = true
#               ^^^^ hint[ldap-mfa-support-left-on]: `authentik_provider_ldap.jellyfin` looks for codes in passwords, and nobody has an authenticator for them
}
"#,
        );
    }
}
