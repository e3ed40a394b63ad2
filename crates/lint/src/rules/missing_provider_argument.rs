//! A required argument that is not written.

use diagnostic::{Severity, nearest};
use schema::{Mode, Release, Share};

use crate::tofu::{Written, report, written};
use crate::{Findings, Repo};

crate::rule! {
    /// An argument is not written that the authentik provider requires.
    ///
    /// ## Why
    /// `tofu plan` refuses the block, but only once the provider is installed. Which arguments a release requires is
    /// read from its sources
    /// ([`pkg/provider`](https://github.com/goauthentik/terraform-provider-authentik/tree/main/pkg/provider)); providers
    /// of OAuth2, for instance, require `invalidation_flow` since 2024.10.0, which their documentation's own example
    /// leaves out. Where only the newest of the allowed releases requires it, this is a warning.
    ///
    /// Of another provider, what `labtree schema import` read is asked where the lock file names that version.
    ///
    /// ## Fix
    /// Write the argument.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-provider-argument]: `authentik_provider_oauth2` requires `invalidation_flow`, since the provider 2024.10.0
    ///   name               = "grafana"
    ///   client_id          = "grafana"
    ///   authorization_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    /// }
    /// ```
    ///
    /// With all that is required:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name               = "grafana"
    ///   client_id          = "grafana"
    ///   authorization_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   invalidation_flow  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you run a provider that you build yourself.
    "missing-provider-argument", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report(repo, "missing-provider-argument", findings);
    for written in written(repo).into_iter().filter(|written| written.is_known()) {
        let there: Vec<_> = written.arguments().into_iter().map(|(name, _)| name.value.as_str()).collect();
        let newest = written.releases.newest();
        for (name, attribute) in newest.attributes(written.kind, written.name()) {
            // What is misspelt is told where it stands.
            let is_unknown = |other: &&&str| newest.attribute(written.kind, written.name(), other).is_none();
            let unknown = there.iter().filter(is_unknown).copied();
            let is_misspelt = || unknown.into_iter().any(|other| nearest(other, [name]).is_some());
            if attribute.mode != Mode::Required || there.contains(&name) || is_misspelt() {
                continue;
            }
            let severity = match written.releases.share(|release| requires(written, release, name)) {
                Share::All => Severity::Error,
                Share::Some(_) | Share::None => Severity::Warning,
            };
            let since = attribute.from.as_ref().map(|since| format!(", since the provider {since}"));
            let message = format!("`{}` requires `{name}`{}", written.name(), since.unwrap_or_default());
            findings.report(written.resource.kind.span, message).severity(severity).help(format!("write `{name} = …`"));
        }
    }
}

fn requires(written: Written<'_>, release: Release<'_>, name: &str) -> bool {
    release.attribute(written.kind, written.name(), name).is_some_and(|found| found.mode == Mode::Required)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_is_written_with_a_slip_is_left_to_the_rule_on_that() {
        check_rule(
            "missing-provider-argument",
            "#- tofu/main.tf\nresource \"authentik_group\" \"family\" {\n  nmae = \"family\"\n}\n",
        );
    }

    #[test]
    fn what_only_some_allowed_releases_require_is_a_warning() {
        check_rule(
            "missing-provider-argument",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2024.8"
    }
  }
}
resource "authentik_provider_oauth2" "grafana" {
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[missing-provider-argument]: `authentik_provider_oauth2` requires `invalidation_flow`, since the provider 2024.10.0
  name               = "grafana"
  client_id          = "grafana"
  authorization_flow = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
"#,
        );
    }

    #[test]
    fn an_argument_with_an_unknown_value_is_written() {
        check_rule(
            "missing-provider-argument",
            r#"
#- tofu/main.tf
variable "flow" { type = string }
resource "authentik_provider_oauth2" "grafana" {
  name               = "grafana"
  client_id          = "grafana"
  authorization_flow = var.flow
  invalidation_flow  = var.flow
}
#- tofu/main_override.tf
resource "authentik_provider_oauth2" "grafana" {
  client_type = "public"
}
"#,
        );
    }
}
