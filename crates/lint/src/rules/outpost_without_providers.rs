//! An outpost with an empty list of providers.

use crate::identity::ldap;
use crate::tofu::{Lead, place};
use crate::{Findings, Repo};

crate::rule! {
    /// An outpost has no providers.
    ///
    /// ## Why
    /// The server refuses an outpost without providers with `This list may not be empty`, unless it is the embedded one
    /// ([`authentik/outposts/api/outposts.py`](https://github.com/goauthentik/authentik/blob/main/authentik/outposts/api/outposts.py)).
    /// `tofu plan` does not know that, so the apply fails half-way: typically on the day the last LDAP app is removed.
    ///
    /// ## Fix
    /// Declare the outpost only while there is a provider: `count = length(local.ldap_apps) > 0 ? 1 : 0`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// locals {
    ///   ldap_apps = {}
    /// }
    ///
    /// resource "authentik_provider_ldap" "apps" {
    ///   for_each = local.ldap_apps
    ///   name     = each.key
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [for provider in authentik_provider_ldap.apps : provider.id]
    /// #                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[outpost-without-providers]: the outpost `authentik_outpost.ldap` has no providers, and the server refuses that
    /// }
    /// ```
    ///
    /// Only while there is a provider:
    /// ```text
    /// #- tofu/main.tf
    /// locals {
    ///   ldap_apps = {}
    /// }
    ///
    /// resource "authentik_provider_ldap" "apps" {
    ///   for_each = local.ldap_apps
    ///   name     = each.key
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   count              = length(local.ldap_apps) > 0 ? 1 : 0
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [for provider in authentik_provider_ldap.apps : provider.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the apply fails.
    "outpost-without-providers", Error, Identity, check
}

/// The outpost inside of the server, which may serve nothing.
const EMBEDDED: &str = "authentik Embedded Outpost";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for outpost in root.of(ldap::OUTPOST).filter(|outpost| outpost.certain) {
            let Some(argument) = outpost.argument("protocol_providers") else { continue };
            let is_empty = argument.value.as_elements().is_some_and(<[_]>::is_empty);
            let is_embedded = outpost.known_string("name").is_none_or(|name| name.value == EMBEDDED);
            // Whoever attaches providers to it writes the list once it exists.
            let is_attached = root.of(ldap::ATTACHMENT).any(|one| match root.lead(one, "outpost") {
                Lead::Nowhere => false,
                lead => lead.may_be(outpost),
            });
            if is_empty && !is_embedded && !is_attached {
                let message =
                    format!("the outpost `{}` has no providers, and the server refuses that", outpost.address());
                let help = "declare it only while there is a provider: `count = … ? 1 : 0`";
                findings.report(place(outpost, "protocol_providers"), message).help(help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_embedded_outpost_and_one_with_attachments_are_left_alone() {
        check_rule(
            "outpost-without-providers",
            r#"
#- tofu/main.tf
resource "authentik_outpost" "embedded" {
  name               = "authentik Embedded Outpost"
  protocol_providers = []
}
resource "authentik_outpost" "ldap" {
  name               = "ldap"
  type               = "ldap"
  protocol_providers = []
  lifecycle { ignore_changes = [protocol_providers] }
}
resource "authentik_outpost_provider_attachment" "jellyfin" {
  outpost           = authentik_outpost.ldap.id
  protocol_provider = 3
}
"#,
        );
    }

    #[test]
    fn an_empty_list_that_is_written_out_is_told() {
        check_rule(
            "outpost-without-providers",
            r#"
#- tofu/main.tf
resource "authentik_outpost" "ldap" {
  name               = "ldap"
  protocol_providers = []
#                      ^^ error[outpost-without-providers]: the outpost `authentik_outpost.ldap` has no providers, and the server refuses that
}
"#,
        );
    }
}
