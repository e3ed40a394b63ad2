//! A resource type or data source that the authentik provider does not have.

use diagnostic::{Severity, did_you_mean};
use schema::{Kind, Provider, Share, successor_of_type};

use crate::tofu::{Written, report, written};
use crate::{Findings, Repo};

crate::rule! {
    /// A resource type or data source is none of the authentik provider's, in the releases that may run.
    ///
    /// ## Why
    /// `tofu plan` refuses it, but only once the provider is installed. Types come and go with releases: which ones a
    /// release has is read from its sources
    /// ([`pkg/provider/provider.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/provider.go)).
    /// The lock file says which release runs; without one, every release that the constraints allow is asked, and
    /// where only the newest of them lacks the type, this is a warning.
    ///
    /// Of another provider, what `labtree schema import` read is asked where the lock file names that version.
    ///
    /// ## Fix
    /// Write the name that is suggested, or pin a release that has the type.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// resource "authentik_scope_mapping" "groups" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^ error[unknown-provider-type]: the authentik provider 2026.5.0 has no resource type `authentik_scope_mapping`
    /// # help: write `authentik_property_mapping_provider_scope`
    ///   name       = "groups"
    ///   scope_name = "groups"
    ///   expression = "return {}"
    /// }
    /// ```
    ///
    /// Under its name of today:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_property_mapping_provider_scope" "groups" {
    ///   name       = "groups"
    ///   scope_name = "groups"
    ///   expression = "return {}"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you run a provider that you build yourself.
    "unknown-provider-type", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    report(repo, "unknown-provider-type", findings);
    for written in written(repo) {
        let (releases, name) = (written.releases, written.name());
        let newest = releases.newest();
        let (severity, lacking) = match releases.has_type(written.kind, name) {
            Share::All => continue,
            Share::Some(_) if newest.has_type(written.kind, name) => continue,
            Share::Some(_) => (Severity::Warning, newest.version().to_string()),
            Share::None => (Severity::Error, written.releases_in_words()),
        };
        let word = if written.kind == Kind::Resource { "resource type" } else { "data source" };
        let (message, help) = told(written, word, &lacking);
        findings.report(written.resource.kind.span, message).severity(severity).help(help);
    }
}

fn told(written: Written<'_>, word: &str, lacking: &str) -> (String, String) {
    let (provider, name) = (Provider::authentik(), written.name());
    let message = format!("the authentik provider {lacking} has no {word} `{name}`");
    if let Some(new) = successor_of_type(written.kind, name) {
        return (message, format!("write `{new}`"));
    }
    if let Some(known) = provider.type_named(written.kind, name) {
        let help = match (&known.from, &known.to) {
            (_, Some(last)) if written.releases.newest().version() > last => {
                format!("{last} was the last release with it")
            }
            (Some(first), _) => format!("it came with {first}"),
            (None, _) => "pin a release that has it".to_owned(),
        };
        return (message, help);
    }
    let near = did_you_mean(name, provider.types(written.kind));
    let elsewhere = if written.kind == Kind::Resource { Kind::DataSource } else { Kind::Resource };
    let help = match provider.type_named(elsewhere, name) {
        Some(_) if elsewhere == Kind::Resource => "there is a resource type of that name, and no data source",
        Some(_) => "there is a data source of that name, and no resource type",
        None => "the documentation of the provider lists its types",
    };
    (message + &near, help.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_type_that_only_some_allowed_releases_have_is_told_by_the_newest() {
        check_rule(
            "unknown-provider-type",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = ">= 2024.2"
    }
  }
}
resource "authentik_tenant" "home" {
#        ^^^^^^^^^^^^^^^^^^ error[unknown-provider-type]: the authentik provider 2024.2.0 to 2026.5.0 has no resource type `authentik_tenant`
# help: write `authentik_brand`
  domain = "example.org"
}
data "authentik_scope_mapping" "email" {
#    ^^^^^^^^^^^^^^^^^^^^^^^^^ warning[unknown-provider-type]: the authentik provider 2026.5.0 has no data source `authentik_scope_mapping`
# help: write `authentik_property_mapping_provider_scope`
  managed = "goauthentik.io/providers/oauth2/scope-email"
}
"#,
        );
    }

    #[test]
    fn a_misspelled_type_is_told_with_the_one_that_is_meant() {
        check_rule(
            "unknown-provider-type",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth" "grafana" {}
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unknown-provider-type]: the authentik provider 2026.5.0 has no resource type `authentik_provider_oauth`, did you mean `authentik_provider_oauth2`?
data "authentik_application" "grafana" {}
#    ^^^^^^^^^^^^^^^^^^^^^^^ error[unknown-provider-type]: the authentik provider 2026.5.0 has no data source `authentik_application`
# help: there is a resource type of that name, and no data source
"#,
        );
    }

    #[test]
    fn the_release_in_the_lock_file_decides() {
        check_rule(
            "unknown-provider-type",
            r#"
#- tofu/.terraform.lock.hcl
provider "registry.opentofu.org/goauthentik/authentik" {
  version     = "2025.10.0"
  constraints = ">= 2024.2.0"
}
#- tofu/main.tf
data "authentik_outpost" "embedded" {
#    ^^^^^^^^^^^^^^^^^^^ error[unknown-provider-type]: the authentik provider 2025.10.0 has no data source `authentik_outpost`
# help: it came with 2025.10.1
  name = "authentik Embedded Outpost"
}
"#,
        );
    }

    #[test]
    fn a_provider_of_somebody_else_and_a_release_that_is_not_known_are_left_alone() {
        check_rule(
            "unknown-provider-type",
            r#"
#- fork/main.tf
terraform {
  required_providers {
    authentik = { source = "example/authentik" }
  }
}
resource "authentik_colour" "red" {}
#- future/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2031.2.0"
    }
  }
}
resource "authentik_colour" "red" {}
"#,
        );
    }
}
