//! A provider that no application opens.

use crate::identity::applications::{APPLICATION, called, may_be_named_by};
use crate::identity::ldap;
use crate::identity::sight::may_be_known_elsewhere;
use crate::tofu::place;
use crate::{Findings, Repo};

crate::rule! {
    /// No application refers to a provider.
    ///
    /// ## Why
    /// The application carries the slug in the provider's URLs and the bindings that decide who may log in. Without one
    /// the issuer has no address, and a login ends on an error page
    /// ([applications and providers](https://docs.goauthentik.io/add-secure-apps/applications/)). For an LDAP provider
    /// this is `ldap-provider-without-application`.
    ///
    /// ## Fix
    /// Write an `authentik_application` whose `protocol_provider` is the provider, or whose `backchannel_providers`
    /// list it; or delete the provider.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    /// #        ^^^^^^^^^ warning[provider-without-application]: no application refers to the provider `grafana`, so nobody can log in by it
    /// }
    /// ```
    ///
    /// An application opens it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    /// }
    ///
    /// resource "authentik_application" "grafana" {
    ///   name              = "Grafana"
    ///   slug              = "grafana"
    ///   protocol_provider = authentik_provider_oauth2.grafana.id
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where a person makes the application by hand, or a blueprint does.
    "provider-without-application", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let roots = &repo.tofu.roots;
    for root in roots.iter().filter(|root| root.is_whole) {
        let providers = root.of_family("authentik_provider_").filter(|provider| provider.certain);
        for provider in providers.filter(|provider| provider.kind() != ldap::PROVIDER) {
            let is_named = ["protocol_provider", "backchannel_providers"]
                .into_iter()
                .any(|argument| may_be_named_by(roots, (APPLICATION, argument), root, provider));
            if is_named || may_be_known_elsewhere(repo, root, provider) {
                continue;
            }
            let message =
                format!("no application refers to the provider {}, so nobody can log in by it", called(provider));
            let resource = &provider.resource;
            let help = format!(
                "write `protocol_provider = {}.{}.id` in an `authentik_application`",
                resource.kind.value, resource.name.value
            );
            findings.report(place(provider, "name"), message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_provider_of_any_type_but_ldap_wants_an_application() {
        check_rule(
            "provider-without-application",
            r#"
#- tofu/main.tf
resource "authentik_provider_proxy" "apps" {
  for_each = toset(["sonarr", "radarr"])
#                             ^^^^^^^^ warning[provider-without-application]: no application refers to the provider `radarr`, so nobody can log in by it
  name     = each.key
}
resource "authentik_provider_ldap" "jellyfin" { name = "jellyfin" }
resource "authentik_provider_scim" "mirror" { name = "mirror" }
resource "authentik_application" "sonarr" {
  name                  = "Sonarr"
  slug                  = "sonarr"
  protocol_provider     = authentik_provider_proxy.apps["sonarr"].id
  backchannel_providers = [authentik_provider_scim.mirror.id]
}
output "client" { value = authentik_provider_proxy.apps["radarr"].client_id }
"#,
        );
    }

    #[test]
    fn a_provider_that_leaves_through_an_output_is_left_alone() {
        check_rule(
            "provider-without-application",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "wiki" { name = "wiki" }
resource "authentik_provider_oauth2" "docs" { name = "docs" }
output "providers" { value = { wiki = authentik_provider_oauth2.wiki.id, docs = authentik_provider_oauth2.docs } }
"#,
        );
    }

    #[test]
    fn while_an_application_may_refer_to_anything_nothing_is_said() {
        check_rule(
            "provider-without-application",
            r#"
#- tofu/one/main.tf
resource "authentik_provider_oauth2" "wiki" { name = "wiki" }
#- tofu/two/main.tf
variable "provider" { type = number }
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = var.provider
}
"#,
        );
        check_rule(
            "provider-without-application",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "wiki" { name = "wiki" }
module "applications" { source = "git::https://git.example.org/applications.git" }
"#,
        );
    }

    #[test]
    fn a_provider_that_is_imported_may_have_an_application() {
        check_rule(
            "provider-without-application",
            r#"
#- tofu/main.tf
import {
  to = authentik_provider_oauth2.wiki
  id = "7"
}
resource "authentik_provider_oauth2" "wiki" { name = "wiki" }
"#,
        );
    }
}
