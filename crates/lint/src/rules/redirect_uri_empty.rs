//! A provider that takes the first redirect URI for granted.

use crate::identity::applications::called;
use crate::identity::redirects::{ARGUMENT, PROVIDER, is_for_browsers};
use crate::tofu::{is_ignored, place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A confidential OAuth2 provider has no redirect URI.
    ///
    /// ## Why
    /// Without one the server takes the redirect URI of the first login for granted and saves it as the only one, so
    /// whoever is first, with an address of their own, gets the codes
    /// ([`views/authorize.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/oauth2/views/authorize.py)).
    /// OpenTofu then plans to remove it, for ever.
    ///
    /// ## Fix
    /// Write the redirect URIs of the app. Where no browser logs in, say so:
    /// `grant_types = ["client_credentials"]`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name                  = "grafana"
    ///   client_id             = "grafana"
    ///   allowed_redirect_uris = []
    /// #                         ^^ error[redirect-uri-empty]: `grafana` has no redirect URI, so authentik trusts the first that anybody asks for
    /// }
    /// ```
    ///
    /// With the one of the app:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name                  = "grafana"
    ///   client_id             = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Before release 2026.5 of the provider, which has no `grant_types`, for a client that no person logs in by.
    "redirect-uri-empty", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        let is_empty = provider.argument(ARGUMENT).is_none_or(|argument| {
            argument.value.is_null() || argument.value.as_elements().is_some_and(<[_]>::is_empty)
        });
        let is_confidential = text_or(provider, "client_type", "confidential") == Some("confidential");
        // What releases before 2024.10.2 call it.
        let has_old = provider.argument("redirect_uris").is_some();
        if !is_empty || !is_confidential || has_old || is_ignored(provider, ARGUMENT) {
            continue;
        }
        if is_for_browsers(provider) == Some(true) {
            let message = format!(
                "{} has no redirect URI, so authentik trusts the first that anybody asks for",
                called(provider)
            );
            let help = format!("write `{ARGUMENT} = [{{ matching_mode = \"strict\", url = \"https://…\" }}]`");
            findings.report(place(provider, ARGUMENT), message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_list_that_is_not_written_or_empty_in_the_map_is_told_of() {
        check_rule(
            "redirect-uri-empty",
            r#"
#- tofu/main.tf
locals {
  apps = { wiki = [], docs = [{ matching_mode = "strict", url = "https://docs.example.org/cb" }] }
#                 ^^ error[redirect-uri-empty]: `wiki` has no redirect URI, so authentik trusts the first that anybody asks for
}
resource "authentik_provider_oauth2" "apps" {
  for_each              = local.apps
  name                  = each.key
  allowed_redirect_uris = each.value
}
  resource "authentik_provider_oauth2" "feed" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-uri-empty]: `feed` has no redirect URI, so authentik trusts the first that anybody asks for
  name        = "feed"
  grant_types = ["client_credentials", "authorization_code"]
}
"#,
        );
    }

    #[test]
    fn clients_without_a_browser_public_ones_and_lists_that_are_unknown_are_left_alone() {
        check_rule(
            "redirect-uri-empty",
            r#"
#- tofu/main.tf
variable "urls" { type = list(map(string)) }
variable "grants" { type = list(string) }
resource "authentik_provider_oauth2" "job" {
  name        = "job"
  grant_types = ["client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]
}
resource "authentik_provider_oauth2" "maybe_job" {
  name        = "maybe-job"
  grant_types = var.grants
}
resource "authentik_provider_oauth2" "public" {
  name        = "public"
  client_type = "public"
}
resource "authentik_provider_oauth2" "unknown" {
  name                  = "unknown"
  allowed_redirect_uris = var.urls
}
resource "authentik_provider_oauth2" "by_hand" {
  name = "by-hand"
  lifecycle { ignore_changes = [allowed_redirect_uris] }
}
"#,
        );
    }
}
