//! A map that is no redirect URI.

use crate::identity::applications::called;
use crate::identity::redirects::{PROVIDER, maps};
use crate::{Findings, Repo};

crate::rule! {
    /// An entry of `allowed_redirect_uris` lacks `url` or `matching_mode`, or has a key that nothing reads.
    ///
    /// ## Why
    /// The list holds maps of text, of which OpenTofu checks no key. The provider reads `url` and `matching_mode`
    /// without asking whether they are there, and crashes in the middle of the apply if not; any key but these and
    /// `redirect_uri_type` is dropped in silence
    /// ([`resource_provider_oauth2.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_provider_oauth2.go)).
    ///
    /// ## Fix
    /// Write both keys, and no others.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", uri = "https://grafana.example.org/login/generic_oauth" },
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-uri-missing-key]: a redirect URI of `grafana` has no `url`; the provider crashes without it
    ///   ]
    /// }
    /// ```
    ///
    /// With the keys that are read:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where a newer release of the provider reads the key; never for one that is missing.
    "redirect-uri-missing-key", Error, Identity, check
}

/// The keys that must be there.
const REQUIRED: [&str; 2] = ["matching_mode", "url"];
/// What it is for; read since 2026.5, and harmless before.
const OPTIONAL: &str = "redirect_uri_type";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        for (map, place) in maps(provider) {
            let called = called(provider);
            let is_there = |key: &&&str| map.get(**key).is_some_and(|value| !value.is_null());
            let missing: Vec<_> = REQUIRED.iter().filter(|key| !is_there(key)).map(|key| format!("`{key}`")).collect();
            let is_read = |key: &str| REQUIRED.contains(&key) || key == OPTIONAL;
            let unread: Vec<_> = map.iter().filter(|(key, value)| !is_read(key) && !value.is_null()).collect();
            let help = "write `{ matching_mode = \"strict\", url = \"https://…\" }`";
            if !missing.is_empty() {
                let message = format!(
                    "a redirect URI of {called} has no {}; the provider crashes without it",
                    missing.join(" and no ")
                );
                findings.report(place, message).help(help);
            } else if let Some((key, value)) = unread.first() {
                let message = format!("a redirect URI of {called} has a key `{key}`, which the provider drops");
                let help = format!("delete `{key}`; the keys are `matching_mode`, `url` and `{OPTIONAL}`");
                findings.report(value.made_by().unwrap_or(place), message).help(help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_mode_that_is_null_and_a_key_that_nothing_reads_are_told_of() {
        check_rule(
            "redirect-uri-missing-key",
            r#"
#- tofu/main.tf
locals {
  url = { url = "https://wiki.example.org/cb", matching_mode = null }
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-uri-missing-key]: a redirect URI of `apps` has no `matching_mode`; the provider crashes without it
}
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    local.url,
    {},
#   ^^ error[redirect-uri-missing-key]: a redirect URI of `apps` has no `matching_mode` and no `url`; the provider crashes without it
    { matching_mode = "strict", url = "https://wiki.example.org/cb", mode = "none" },
#                                                                           ^^^^^^ error[redirect-uri-missing-key]: a redirect URI of `apps` has a key `mode`, which the provider drops
  ]
}
"#,
        );
    }

    #[test]
    fn values_that_are_unknown_and_optional_keys_that_are_null_are_left_alone() {
        check_rule(
            "redirect-uri-missing-key",
            r#"
#- tofu/main.tf
variable "url" { type = string }
variable "more" { type = map(string) }
variable "urls" {
  type = list(object({
    url               = string
    matching_mode     = optional(string, "strict")
    redirect_uri_type = optional(string)
    note              = optional(string)
  }))
  default = [{ url = "https://docs.example.org/cb" }]
}
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "strict", url = var.url, redirect_uri_type = "logout" },
    var.more,
  ]
}
resource "authentik_provider_oauth2" "docs" {
  name                  = "docs"
  allowed_redirect_uris = var.urls
}
"#,
        );
    }
}
