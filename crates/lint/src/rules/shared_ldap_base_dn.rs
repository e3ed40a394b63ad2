//! Two LDAP providers on one base DN.

use std::collections::BTreeMap;

use crate::identity::ldap;
use crate::{Findings, Repo};

crate::rule! {
    /// Two LDAP providers of one outpost have the same base DN.
    ///
    /// ## Why
    /// An outpost hands a bind to the first provider, in order of the providers' *names*, whose base DN the bind DN ends
    /// with, in any case of letters. So one of the two apps gets every bind of both, and the service account of the
    /// other is refused with `Insufficient Access (50)`
    /// ([`internal/outpost/ldap/bind.go`](https://github.com/goauthentik/authentik/blob/main/internal/outpost/ldap/bind.go)).
    /// `tofu apply` accepts it.
    ///
    /// ## Fix
    /// Give each app an organizational unit of its own: `ou=jellyfin,dc=ldap,dc=example,dc=org`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name        = "jellyfin"
    ///   base_dn     = "dc=ldap,dc=example,dc=org"
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other provider has it too
    ///   bind_flow   = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   unbind_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    /// }
    ///
    /// resource "authentik_provider_ldap" "kavita" {
    ///   name        = "kavita"
    ///   base_dn     = "DC=ldap,DC=example,DC=org"
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shared-ldap-base-dn]: the LDAP providers `jellyfin` and `kavita` share a base DN on one outpost; all binds go to `jellyfin`
    ///   bind_flow   = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   unbind_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [authentik_provider_ldap.jellyfin.id, authentik_provider_ldap.kavita.id]
    /// }
    /// ```
    ///
    /// Each on a base of its own:
    /// ```text
    /// #- tofu/main.tf
    /// locals {
    ///   apps = toset(["jellyfin", "kavita"])
    /// }
    ///
    /// resource "authentik_provider_ldap" "apps" {
    ///   for_each    = local.apps
    ///   name        = each.key
    ///   base_dn     = "ou=${each.key},dc=ldap,dc=example,dc=org"
    ///   bind_flow   = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   unbind_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [for provider in authentik_provider_ldap.apps : provider.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: one of the two apps cannot bind.
    "shared-ldap-base-dn", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for group in ldap::served_together(root) {
            let mut by_base: BTreeMap<String, Vec<&ldap::Served<'_, '_>>> = BTreeMap::new();
            for served in &group {
                by_base.entry(served.base_dn.value.to_lowercase()).or_default().push(served);
            }
            for mut sharing in by_base.into_values().filter(|sharing| sharing.len() > 1) {
                sharing.sort_by(|one, other| one.name.cmp(&other.name));
                let [first, others @ ..] = sharing.as_slice() else { continue };
                for other in others {
                    let message = format!(
                        "the LDAP providers {} and {} share a base DN on one outpost; all binds go to {}",
                        first.called(),
                        other.called(),
                        first.called()
                    );
                    let finding = findings.report(other.base_dn.span, message);
                    let finding = finding.help("put each app on an organizational unit of its own");
                    if first.base_dn.span != other.base_dn.span {
                        finding.related(first.base_dn.span, "the other provider has it too");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn providers_of_different_outposts_are_left_alone() {
        check_rule(
            "shared-ldap-base-dn",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "apps" {
  for_each = toset(["jellyfin", "kavita"])
  name     = each.key
  base_dn  = "dc=ldap,dc=example,dc=org"
}
resource "authentik_outpost" "apps" {
  for_each           = authentik_provider_ldap.apps
  name               = "ldap-${each.key}"
  type               = "ldap"
  protocol_providers = [each.value.id]
}
"#,
        );
    }

    #[test]
    fn a_base_dn_or_a_membership_that_is_unknown_is_left_alone() {
        check_rule(
            "shared-ldap-base-dn",
            r#"
#- tofu/main.tf
variable "suffix" { type = string }
variable "providers" { type = list(number) }
resource "authentik_provider_ldap" "jellyfin" {
  name    = "jellyfin"
  base_dn = "dc=ldap,${var.suffix}"
}
resource "authentik_provider_ldap" "kavita" {
  name    = "kavita"
  base_dn = "dc=ldap,dc=example,dc=org"
}
resource "authentik_provider_ldap" "emby" {
  name    = "emby"
  base_dn = "dc=ldap,dc=example,dc=org"
}
resource "authentik_outpost" "one" {
  name               = "one"
  type               = "ldap"
  protocol_providers = [authentik_provider_ldap.jellyfin.id, authentik_provider_ldap.kavita.id]
}
resource "authentik_outpost" "other" {
  name               = "other"
  type               = "ldap"
  protocol_providers = var.providers
}
"#,
        );
    }

    #[test]
    fn the_entry_of_the_map_is_shown_and_not_the_module_that_reads_it() {
        check_rule(
            "shared-ldap-base-dn",
            r#"
#- tofu/home/main.tf
locals {
  apps = {
    jellyfin = { base_dn = "dc=ldap,dc=example,dc=org" }
#                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other provider has it too
    kavita   = { base_dn = "dc=ldap,dc=example,dc=org" }
#                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[shared-ldap-base-dn]: the LDAP providers `jellyfin` and `kavita` share a base DN on one outpost; all binds go to `jellyfin`
  }
}
module "ldap" {
  source   = "../modules/ldap"
  for_each = local.apps
  name     = each.key
  base_dn  = each.value.base_dn
}
resource "authentik_outpost" "ldap" {
  name               = "ldap"
  type               = "ldap"
  protocol_providers = [for app in module.ldap : app.provider_id]
}
#- tofu/modules/ldap/main.tf
variable "name" { type = string }
variable "base_dn" { type = string }
resource "authentik_provider_ldap" "this" {
  name    = var.name
  base_dn = var.base_dn
}
output "provider_id" { value = tonumber(authentik_provider_ldap.this.id) }
"#,
        );
    }
}
