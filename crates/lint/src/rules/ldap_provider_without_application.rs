//! An LDAP provider that no application has.

use crate::identity::applications::{APPLICATION, may_be_named_by};
use crate::identity::{ldap, sight};
use crate::{Findings, Repo};

crate::rule! {
    /// No application has an LDAP provider, as its provider or as one of its backchannel providers.
    ///
    /// ## Why
    /// The outpost asks the server for the LDAP providers *that have an application*
    /// ([`authentik/providers/ldap/api.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/ldap/api.py)),
    /// so it never hears of this one, and every bind is refused. `tofu apply` accepts it.
    ///
    /// ## Fix
    /// Name the provider in an application: `protocol_provider`, or `backchannel_providers` beside another provider.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^ error[ldap-provider-without-application]: no application has the LDAP provider `authentik_provider_ldap.jellyfin`, so the outpost does not serve it
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    /// ```
    ///
    /// Beside the provider that people log in with:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    ///
    /// resource "authentik_application" "jellyfin" {
    ///   name                  = "Jellyfin"
    ///   slug                  = "jellyfin"
    ///   backchannel_providers = [authentik_provider_ldap.jellyfin.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the application is made by hand, or by a blueprint.
    "ldap-provider-without-application", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for provider in root.of(ldap::PROVIDER) {
            let is_named = ["protocol_provider", "backchannel_providers"]
                .into_iter()
                .any(|argument| may_be_named_by(&repo.tofu.roots, (APPLICATION, argument), root, provider));
            if is_named || sight::is_out_of_sight(repo, root, provider) {
                continue;
            }
            let message = format!(
                "no application has the LDAP provider `{}`, so the outpost does not serve it",
                provider.address()
            );
            let help = format!("write `protocol_provider = {}.id` in an `authentik_application`", provider.address());
            findings.report(provider.resource.kind.span, message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_application_in_another_root_is_left_alone() {
        check_rule(
            "ldap-provider-without-application",
            r#"
#- tofu/ldap/main.tf
resource "authentik_provider_ldap" "jellyfin" {
  name = "jellyfin"
}
output "provider" { value = authentik_provider_ldap.jellyfin.id }
"#,
        );
    }

    #[test]
    fn an_application_whose_provider_is_unknown_is_left_alone() {
        check_rule(
            "ldap-provider-without-application",
            r#"
#- tofu/main.tf
variable "provider_id" { type = number }
resource "authentik_provider_ldap" "jellyfin" {
  name = "jellyfin"
}
resource "authentik_application" "jellyfin" {
  protocol_provider = var.provider_id
}
"#,
        );
    }

    #[test]
    fn an_application_in_another_root_that_names_it_by_number_is_left_alone() {
        check_rule(
            "ldap-provider-without-application",
            r#"
#- tofu/ldap/main.tf
resource "authentik_provider_ldap" "jellyfin" { name = "jellyfin" }
#- tofu/apps/main.tf
resource "authentik_application" "jellyfin" { protocol_provider = 7 }
"#,
        );
    }
}
