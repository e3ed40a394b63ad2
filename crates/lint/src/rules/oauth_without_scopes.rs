//! A provider that gives no scope.

use crate::identity::applications::called;
use crate::identity::redirects::{ARGUMENT, PROVIDER, is_for_browsers};
use crate::tofu::{is_given, is_ignored, place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// An OAuth2 provider has no `property_mappings`, so its client gets no scopes.
    ///
    /// ## Why
    /// The mappings of a provider are the scopes that its client may get. The provider of OpenTofu fills in none, so
    /// without them even `openid`, `email` and `profile` are refused, and the app sees nobody's name
    /// ([`resource_provider_oauth2.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_provider_oauth2.go)).
    ///
    /// ## Fix
    /// Look the default mappings up and name them.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[oauth-without-scopes]: `grafana` has no `property_mappings`, so its client gets no scopes, not even `openid`
    ///   name = "grafana"
    /// }
    /// ```
    ///
    /// With the default ones:
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_property_mapping_provider_scope" "defaults" {
    ///   managed_list = [for scope in ["openid", "email", "profile"] : "goauthentik.io/providers/oauth2/scope-${scope}"]
    /// }
    ///
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name              = "grafana"
    ///   property_mappings = data.authentik_property_mapping_provider_scope.defaults.ids
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the client wants a bare token and asks for nothing about a person.
    "oauth-without-scopes", Warning, Identity, check
}

/// The argument that lists them.
const MAPPINGS: &str = "property_mappings";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        let is_empty = provider.argument(MAPPINGS).is_none_or(|argument| {
            argument.value.is_null() || argument.value.as_elements().is_some_and(<[_]>::is_empty)
        });
        if !is_empty || is_ignored(provider, MAPPINGS) || is_for_browsers(provider) != Some(true) {
            continue;
        }
        // A public client without a redirect URI calls an API, and logs nobody in.
        let is_confidential = text_or(provider, "client_type", "confidential") == Some("confidential");
        if is_confidential || is_given(provider, ARGUMENT) {
            let message =
                format!("{} has no `{MAPPINGS}`, so its client gets no scopes, not even `openid`", called(provider));
            let help = "write `property_mappings = data.authentik_property_mapping_provider_scope.NAME.ids`";
            findings.report(place(provider, MAPPINGS), message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_empty_list_is_told_of_where_it_is_written() {
        check_rule(
            "oauth-without-scopes",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "wiki" {
  name                  = "wiki"
  client_type           = "public"
  allowed_redirect_uris = [{ matching_mode = "strict", url = "https://wiki.example.org/cb" }]
  property_mappings     = []
#                         ^^ warning[oauth-without-scopes]: `wiki` has no `property_mappings`, so its client gets no scopes, not even `openid`
}
"#,
        );
    }

    #[test]
    fn clients_that_log_nobody_in_and_mappings_that_are_unknown_are_left_alone() {
        check_rule(
            "oauth-without-scopes",
            r#"
#- tofu/main.tf
variable "mappings" { type = list(string) }
variable "type" { type = string }
resource "authentik_provider_oauth2" "api" {
  name        = "api"
  client_type = "public"
}
resource "authentik_provider_oauth2" "maybe_api" {
  name        = "maybe-api"
  client_type = var.type
}
resource "authentik_provider_oauth2" "job" {
  name        = "job"
  grant_types = ["client_credentials"]
}
resource "authentik_provider_oauth2" "wiki" {
  name              = "wiki"
  property_mappings = var.mappings
}
resource "authentik_provider_oauth2" "by_hand" {
  name = "by-hand"
  lifecycle { ignore_changes = all }
}
"#,
        );
    }
}
