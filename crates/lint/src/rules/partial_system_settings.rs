//! Settings that are reset because nobody wrote them.

use schema::{Kind, Mode};

use crate::identity::avatars::SETTINGS;
use crate::tofu::{is_given, is_ignored};
use crate::{Findings, Repo};

crate::rule! {
    /// The server's settings are declared, and some of them are not written.
    ///
    /// ## Why
    /// The resource sends *all* settings at each apply, and what is not written is reset to the provider's default
    /// ([`resource_system_settings.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_system_settings.go)).
    /// `flags` matter most: with the provider's default every application without a binding is closed. The first apply
    /// overwrites what was set by hand, and its plan shows nothing of it.
    ///
    /// ## Fix
    /// Write every argument, also those with the value that you have.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// resource "authentik_system_settings" "settings" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[partial-system-settings]: `authentik_system_settings.settings` resets what is not written: `default_token_duration`, `default_token_length`, `default_user_change_email`, `default_user_change_name`, `default_user_change_username`, `event_retention`, `flags`, `footer_links`, `gdpr_compliance`, `impersonation`, `pagination_default_page_size`, `pagination_max_page_size`, `reputation_lower_limit`, `reputation_upper_limit`
    ///   avatars = "initials"
    /// }
    /// ```
    ///
    /// Without the resource, the server keeps its settings:
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_brand" "default" {
    ///   domain = "authentik-default"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the defaults are what you want, and nobody changes settings by hand.
    "partial-system-settings", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let Some(releases) = root.releases() else { continue };
        for settings in root.of(SETTINGS) {
            let missing: Vec<String> = releases
                .newest()
                .attributes(Kind::Resource, SETTINGS)
                .filter(|(_, attribute)| attribute.mode == Mode::Optional)
                .filter(|(name, _)| !is_given(settings, name) && !is_ignored(settings, name))
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            if !missing.is_empty() {
                let message = format!("`{}` resets what is not written: {}", settings.address(), missing.join(", "));
                findings.report(settings.resource.kind.span, message).help("write every argument");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_unknown_release_is_left_alone() {
        check_rule(
            "partial-system-settings",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2031.2.0"
    }
  }
}
resource "authentik_system_settings" "settings" { avatars = "initials" }
"#,
        );
    }

    #[test]
    fn what_is_written_unknown_or_ignored_is_not_named_and_null_is() {
        check_rule(
            "partial-system-settings",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2025.10.0"
    }
  }
}
variable "flags" { type = string }
resource "authentik_system_settings" "settings" {
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[partial-system-settings]: `authentik_system_settings.settings` resets what is not written: `default_token_duration`
  avatars                      = "initials"
  default_token_duration       = null
  default_token_length         = 60
  default_user_change_email    = false
  default_user_change_name     = true
  default_user_change_username = false
  event_retention              = "days=365"
  flags                        = var.flags
  gdpr_compliance              = true
  impersonation                = true
  reputation_lower_limit       = -5
  reputation_upper_limit       = 5
  lifecycle { ignore_changes = [footer_links] }
}
"#,
        );
    }

    #[test]
    fn the_arguments_of_the_newest_release_that_may_run_are_asked_for() {
        check_rule(
            "partial-system-settings",
            r#"
#- tofu/main.tf
resource "authentik_system_settings" "settings" {
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[partial-system-settings]: `authentik_system_settings.settings` resets what is not written: `flags`, `pagination_default_page_size`, `pagination_max_page_size`
  avatars                      = "initials"
  default_token_duration       = "minutes=30"
  default_token_length         = 60
  default_user_change_email    = false
  default_user_change_name     = true
  default_user_change_username = false
  event_retention              = "days=365"
  footer_links                 = []
  gdpr_compliance              = true
  impersonation                = true
  reputation_lower_limit       = -5
  reputation_upper_limit       = 5
}
"#,
        );
    }
}
