//! A provider that signs with the client's secret.

use crate::identity::applications::called;
use crate::identity::redirects::PROVIDER;
use crate::tofu::{is_given, is_ignored, place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// An OAuth2 provider has no `signing_key`, so its tokens are signed with the client's secret.
    ///
    /// ## Why
    /// Without a key the server signs with HS256 and publishes no key to check by. Most clients expect RS256 and refuse
    /// the token at login, or cannot check it at all
    /// ([signing and encryption](https://docs.goauthentik.io/add-secure-apps/providers/oauth2/)).
    ///
    /// ## Fix
    /// Name a key pair. Every server has `authentik Self-signed Certificate`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[oauth-without-signing-key]: `grafana` has no `signing_key`, so its tokens are signed with the client secret (HS256), which most clients refuse
    ///   name = "grafana"
    /// }
    /// ```
    ///
    /// With the key that every server has:
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_certificate_key_pair" "signing" {
    ///   name              = "authentik Self-signed Certificate"
    ///   fetch_certificate = false
    ///   fetch_key         = false
    /// }
    ///
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name        = "grafana"
    ///   signing_key = data.authentik_certificate_key_pair.signing.id
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the client checks HS256 by its secret.
    "oauth-without-signing-key", Warning, Identity, check
}

/// The argument that names it.
const KEY: &str = "signing_key";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(PROVIDER)) {
        let is_empty = !is_given(provider, KEY) || text_or(provider, KEY, "") == Some("");
        if is_empty && !is_ignored(provider, KEY) {
            let message = format!(
                "{} has no `{KEY}`, so its tokens are signed with the client secret (HS256), which most clients refuse",
                called(provider)
            );
            let help = "write `signing_key = data.authentik_certificate_key_pair.NAME.id`";
            findings.report(place(provider, KEY), message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_key_that_is_null_in_the_map_is_told_of_there() {
        check_rule(
            "oauth-without-signing-key",
            r#"
#- tofu/main.tf
locals {
  apps = { wiki = { key = null }, docs = { key = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11" } }
#                         ^^^^ warning[oauth-without-signing-key]: `wiki` has no `signing_key`, so its tokens are signed with the client secret (HS256), which most clients refuse
}
resource "authentik_provider_oauth2" "apps" {
  for_each    = local.apps
  name        = each.key
  signing_key = each.value.key
}
"#,
        );
    }

    #[test]
    fn a_key_that_is_unknown_or_set_by_hand_is_left_alone() {
        check_rule(
            "oauth-without-signing-key",
            r#"
#- tofu/main.tf
variable "key" { type = string }
resource "authentik_provider_oauth2" "wiki" {
  name        = "wiki"
  signing_key = var.key
}
resource "authentik_provider_oauth2" "by_hand" {
  name = "by-hand"
  lifecycle { ignore_changes = [signing_key] }
}
"#,
        );
    }
}
