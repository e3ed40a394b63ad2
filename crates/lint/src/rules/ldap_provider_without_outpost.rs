//! An LDAP provider that no outpost serves.

use resolve_tofu::Mode;

use crate::identity::{ldap, sight};
use crate::{Findings, Repo};

crate::rule! {
    /// No outpost of the repository lists an LDAP provider.
    ///
    /// ## Why
    /// authentik itself speaks no LDAP: an outpost of type `ldap` does, for the providers that it lists
    /// ([Outposts](https://docs.goauthentik.io/add-secure-apps/outposts/)). Without one, nothing listens.
    ///
    /// ## Fix
    /// Add the provider to `protocol_providers` of an `authentik_outpost` with `type = "ldap"`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^ warning[ldap-provider-without-outpost]: no outpost lists the LDAP provider `authentik_provider_ldap.jellyfin`
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    /// ```
    ///
    /// On an outpost:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [authentik_provider_ldap.jellyfin.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a person adds it to an outpost in the admin interface.
    "ldap-provider-without-outpost", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let is_outpost_elsewhere =
            root.resolved.instances.iter().any(|one| one.resource.mode == Mode::Data && one.kind() == ldap::OUTPOST);
        let memberships = ldap::memberships(root);
        for provider in root.of(ldap::PROVIDER) {
            let may_be_served =
                memberships.iter().any(|one| one.as_ref().is_none_or(|one| one.provider.may_be(provider)));
            if is_outpost_elsewhere || may_be_served || sight::is_out_of_sight(repo, root, provider) {
                continue;
            }
            let message = format!("no outpost lists the LDAP provider `{}`", provider.address());
            let help =
                format!("add `{}.id` to `protocol_providers` of an outpost with `type = \"ldap\"`", provider.address());
            findings.report(provider.resource.kind.span, message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_attachment_is_as_good_as_a_list_and_outposts_elsewhere_are_left_alone() {
        check_rule(
            "ldap-provider-without-outpost",
            r#"
#- tofu/attached/main.tf
resource "authentik_provider_ldap" "jellyfin" {}
resource "authentik_outpost_provider_attachment" "jellyfin" {
  outpost           = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  protocol_provider = authentik_provider_ldap.jellyfin.id
}
#- tofu/elsewhere/main.tf
data "authentik_outpost" "ldap" { name = "ldap" }
resource "authentik_provider_ldap" "jellyfin" {}
"#,
        );
    }

    #[test]
    fn a_provider_whose_id_may_be_in_an_output_is_left_alone_and_other_parts_of_it_say_nothing() {
        check_rule(
            "ldap-provider-without-outpost",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "jellyfin" {}
output "ldap" { value = jsonencode({ jellyfin = authentik_provider_ldap.jellyfin.id }) }
#- tofu/other/main.tf
resource "authentik_provider_ldap" "jellyfin" {}
#        ^^^^^^^^^^^^^^^^^^^^^^^^^ warning[ldap-provider-without-outpost]: no outpost lists the LDAP provider `authentik_provider_ldap.jellyfin`
output "flow" { value = authentik_provider_ldap.jellyfin.unbind_flow }
"#,
        );
    }
}
