//! An argument that the authentik provider is about to drop.

use schema::{Kind, successor_of_argument};

use crate::tofu::{report, written};
use crate::{Findings, Repo};

crate::rule! {
    /// An argument is deprecated in the newest release of the authentik provider that may run.
    ///
    /// ## Why
    /// It is still read, or no longer sent at all, and a later release refuses it. Which ones those are is read from the
    /// sources of each release
    /// ([`pkg/provider`](https://github.com/goauthentik/terraform-provider-authentik/tree/main/pkg/provider)).
    ///
    /// Of another provider, what `labtree schema import` read is asked where the lock file names that version.
    ///
    /// ## Fix
    /// Write what the help names.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name               = "grafana"
    ///   client_id          = "grafana"
    ///   authorization_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   invalidation_flow  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   jwks_sources       = ["0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a13"]
    /// # ^^^^^^^^^^^^ warning[deprecated-provider-argument]: `jwks_sources` of `authentik_provider_oauth2` is deprecated, since the provider 2024.12.0
    /// # help: write `jwt_federation_sources = […]`
    /// }
    /// ```
    ///
    /// Under its name of today:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name                   = "grafana"
    ///   client_id              = "grafana"
    ///   authorization_flow     = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   invalidation_flow      = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   jwt_federation_sources = ["0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a13"]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// While a release without the new argument still has to read the same file.
    "deprecated-provider-argument", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report(repo, "deprecated-provider-argument", findings);
    for written in written(repo) {
        for (name, _) in written.arguments() {
            let newest = written.releases.newest().attribute(written.kind, written.name(), &name.value);
            let Some(attribute) = newest.filter(|attribute| attribute.deprecated) else { continue };
            let since = attribute.from.as_ref().map(|since| format!(", since the provider {since}"));
            let message =
                format!("`{}` of `{}` is deprecated{}", name.value, written.name(), since.unwrap_or_default());
            let successor =
                successor_of_argument(written.name(), &name.value).filter(|_| written.kind == Kind::Resource);
            let help = successor.map_or("the documentation of the provider says what to write instead", |one| one.help);
            findings.report(name.span, message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_release_that_does_not_call_it_deprecated_is_left_alone() {
        check_rule(
            "deprecated-provider-argument",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2024.10.2"
    }
  }
}
resource "authentik_provider_oauth2" "grafana" {
  jwks_sources = []
}
"#,
        );
    }
}
