//! Settings that are imported, and cannot be.

use expression::ServerVersion;
use schema::Kind;

use crate::identity::avatars::SETTINGS;
use crate::tofu::Root;
use crate::{Findings, Repo};

crate::rule! {
    /// The server's settings are imported.
    ///
    /// ## Why
    /// The provider wants every one of its flags in the answer, and a server up to 2026.8.0 answers with those that were
    /// stored, so the import fails with `no value given for required property`
    /// ([issue 920](https://github.com/goauthentik/terraform-provider-authentik/issues/920)). Creating the resource
    /// writes all of them, and nothing is lost: there is just one.
    ///
    /// ## Fix
    /// Take the `import` block out.
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
    /// import {
    /// ^^^^^^ warning[imported-system-settings]: importing `authentik_system_settings.settings` fails where the server has not stored every flag
    ///   to = authentik_system_settings.settings
    ///   id = "system_settings"
    /// }
    ///
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "initials"
    /// }
    /// ```
    ///
    /// Created:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "initials"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the server has the fix, or the import is done already.
    "imported-system-settings", Warning, Identity, check
}

/// The first release that answers with every flag.
const MENDED: ServerVersion = ServerVersion { year: 2026, month: 9 };

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in repo.tofu.roots.iter().filter(|root| may_fail(repo, root)) {
        for import in &root.resolved.module.imports {
            let to = repo.sources.slice(import.to.span);
            if to.split(['.', '[']).any(|part| part == SETTINGS) {
                let message = format!("importing `{to}` fails where the server has not stored every flag");
                findings.report(import.header, message).help("take the `import` block out: creating it loses nothing");
            }
        }
    }
}

/// Whether the provider may want flags that the server does not answer with. Where neither is known, nothing is.
fn may_fail(repo: &Repo<'_>, root: &Root<'_>) -> bool {
    let Some(server) = repo.tofu.server.at_least(&root.provider) else { return false };
    let newest = root.releases().map(|releases| releases.newest());
    let has_flags = newest.is_none_or(|newest| newest.attribute(Kind::Resource, SETTINGS, "flags").is_some());
    has_flags && server < MENDED
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn other_imports_are_left_alone() {
        check_rule(
            "imported-system-settings",
            r#"
#- tofu/main.tf
data "authentik_stage" "login" { name = "default-authentication-identification" }
import {
  to = authentik_stage_identification.login
  id = data.authentik_stage.login.id
}
resource "authentik_stage_identification" "login" {}
"#,
        );
    }

    #[test]
    fn a_server_with_the_fix_is_left_alone() {
        check_rule(
            "imported-system-settings",
            r#"
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: 2026.11.0 } } }
#- tofu/main.tf
import {
  to = authentik_system_settings.settings
  id = "system_settings"
}
resource "authentik_system_settings" "settings" { avatars = "initials" }
"#,
        );
    }

    #[test]
    fn a_provider_without_flags_is_left_alone() {
        check_rule(
            "imported-system-settings",
            r#"
#- tofu/versions.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "2025.4.0"
    }
  }
}
#- tofu/main.tf
import {
  to = authentik_system_settings.settings
  id = "system_settings"
}
resource "authentik_system_settings" "settings" { avatars = "initials" }
"#,
        );
    }

    #[test]
    fn where_neither_server_nor_provider_is_known_nothing_is_said() {
        check_rule(
            "imported-system-settings",
            r#"
#- tofu/main.tf
import {
  to = authentik_system_settings.settings
  id = "system_settings"
}
resource "authentik_system_settings" "settings" { avatars = "initials" }
"#,
        );
    }
}
