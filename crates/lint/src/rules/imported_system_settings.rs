//! Settings that are imported, and cannot be.

use crate::identity::avatars::SETTINGS;
use crate::{Findings, Repo};

crate::rule! {
    /// The server's settings are imported.
    ///
    /// ## Why
    /// The provider wants every one of its flags in the answer, and a server answers with those that were stored, so the
    /// import fails with `no value given for required property`
    /// ([issue 920](https://github.com/goauthentik/terraform-provider-authentik/issues/920)). Creating the resource
    /// writes all of them, and nothing is lost: there is just one.
    ///
    /// ## Fix
    /// Take the `import` block out.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
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

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for import in &root.resolved.module.imports {
            let to = repo.sources.slice(import.to.span);
            if to.split(['.', '[']).any(|part| part == SETTINGS) {
                let message = format!("importing `{to}` fails where the server has not stored every flag");
                findings.report(import.header, message).help("take the `import` block out: creating it loses nothing");
            }
        }
    }
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
}
