//! Two applications on one provider.

use std::collections::HashMap;

use resolve_tofu::{Instance, Mode};

use crate::identity::applications::{APPLICATION, called};
use crate::tofu::{Lead, place};
use crate::{Findings, Repo};

crate::rule! {
    /// Two applications have the same provider as their `protocol_provider`.
    ///
    /// ## Why
    /// A provider belongs to one application: the server answers the second with `Application with this provider
    /// already exists.`
    /// ([`authentik/core/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/core/models.py)).
    /// `tofu plan` is clean; the apply fails.
    ///
    /// ## Fix
    /// Give each application a provider of its own.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_proxy" "media" {
    ///   name = "media"
    /// }
    ///
    /// resource "authentik_application" "radarr" {
    ///   name              = "Radarr"
    ///   slug              = "radarr"
    ///   protocol_provider = authentik_provider_proxy.media.id
    /// #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the other application has it too
    /// }
    ///
    /// resource "authentik_application" "sonarr" {
    ///   name              = "Sonarr"
    ///   slug              = "sonarr"
    ///   protocol_provider = authentik_provider_proxy.media.id
    /// #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[provider-with-two-applications]: the applications `Radarr` and `Sonarr` share the provider `media`; authentik refuses one of them
    /// }
    /// ```
    ///
    /// A provider for each:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_proxy" "apps" {
    ///   for_each = toset(["radarr", "sonarr"])
    ///   name     = each.key
    /// }
    ///
    /// resource "authentik_application" "apps" {
    ///   for_each          = authentik_provider_proxy.apps
    ///   name              = each.key
    ///   slug              = each.key
    ///   protocol_provider = each.value.id
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the server refuses it.
    "provider-with-two-applications", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    const ARGUMENT: &str = "protocol_provider";
    for root in &repo.tofu.roots {
        let mut taken: HashMap<&str, &Instance<'_>> = HashMap::new();
        for application in root.of(APPLICATION).filter(|application| application.certain) {
            let Lead::To(led) = root.lead(application, ARGUMENT) else { continue };
            let provider = led.instance;
            if !provider.certain || provider.resource.mode != Mode::Managed || led.attribute != "id" {
                continue;
            }
            let Some(first) = taken.get(provider.address()) else {
                taken.insert(provider.address(), application);
                continue;
            };
            let message = format!(
                "the applications {} and {} share the provider {}; authentik refuses one of them",
                called(first),
                called(application),
                called(provider)
            );
            let (of_first, here) = (place(first, ARGUMENT), place(application, ARGUMENT));
            let finding = findings.report(here, message).help("give each application a provider of its own");
            if of_first != here {
                finding.related(of_first, "the other application has it too");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_block_that_is_repeated_over_one_provider_is_told_of() {
        check_rule(
            "provider-with-two-applications",
            r#"
#- tofu/main.tf
resource "authentik_provider_proxy" "media" { name = "media" }
resource "authentik_application" "apps" {
  for_each          = toset(["radarr", "sonarr"])
  name              = each.key
  slug              = each.key
  protocol_provider = authentik_provider_proxy.media.id
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[provider-with-two-applications]: the applications `radarr` and `sonarr` share the provider `media`; authentik refuses one of them
}
"#,
        );
    }

    #[test]
    fn a_backchannel_and_an_application_that_may_not_be_there_are_left_alone() {
        check_rule(
            "provider-with-two-applications",
            r#"
#- tofu/main.tf
variable "with_sonarr" { type = bool }
resource "authentik_provider_proxy" "media" { name = "media" }
resource "authentik_provider_oauth2" "other" { name = "other" }
resource "authentik_application" "radarr" {
  name              = "Radarr"
  slug              = "radarr"
  protocol_provider = authentik_provider_proxy.media.id
}
resource "authentik_application" "maybe" {
  count             = var.with_sonarr ? 1 : 0
  name              = "Sonarr"
  slug              = "sonarr"
  protocol_provider = authentik_provider_proxy.media.id
}
resource "authentik_application" "beside" {
  name                  = "Beside"
  slug                  = "beside"
  protocol_provider     = authentik_provider_oauth2.other.id
  backchannel_providers = [authentik_provider_proxy.media.id]
}
"#,
        );
    }
}
