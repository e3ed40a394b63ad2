//! An outpost's settings without the host of authentik.

use crate::identity::ldap;
use crate::tofu::{is_ignored, place};
use crate::{Findings, Repo};

crate::rule! {
    /// The `config` of an outpost does not name authentik's host.
    ///
    /// ## Why
    /// A `config` that is written replaces the outpost's settings as a whole, and `authentik_host` is empty in what is
    /// left out
    /// ([`OutpostConfig`](https://github.com/goauthentik/authentik/blob/main/authentik/outposts/models.py)): the
    /// outpost does not know where to log people in.
    ///
    /// ## Fix
    /// Add `authentik_host = "https://auth.example.org/"` to it.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [3]
    ///   config             = jsonencode({ log_level = "info" })
    /// #                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[outpost-config-without-host]: `config` of `authentik_outpost.ldap` leaves `authentik_host` empty
    /// }
    /// ```
    ///
    /// With the host:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [3]
    ///   config = jsonencode({
    ///     authentik_host = "https://auth.example.org/"
    ///     log_level      = "info"
    ///   })
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the outpost is deployed by hand, with `AUTHENTIK_HOST` in its environment.
    "outpost-config-without-host", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for outpost in repo.tofu.roots.iter().flat_map(|root| root.of(ldap::OUTPOST)) {
        let Some(config) = outpost.known_string("config").filter(|_| !is_ignored(outpost, "config")) else { continue };
        let Ok(serde_json::Value::Object(config)) = serde_json::from_str(&config.value) else { continue };
        let host = config.get("authentik_host").and_then(serde_json::Value::as_str).unwrap_or_default();
        if host.is_empty() {
            let message = format!("`config` of `{}` leaves `authentik_host` empty", outpost.address());
            let help = "add `authentik_host = \"https://…/\"`, the address of authentik";
            findings.report(place(outpost, "config"), message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn settings_that_are_unset_or_unknown_are_left_alone() {
        check_rule(
            "outpost-config-without-host",
            r#"
#- tofu/main.tf
variable "host" { type = string }
resource "authentik_outpost" "one" {
  type = "ldap"
}
resource "authentik_outpost" "two" {
  type   = "ldap"
  config = jsonencode({ authentik_host = var.host })
}
"#,
        );
    }

    #[test]
    fn settings_as_plain_text_are_read_too() {
        check_rule(
            "outpost-config-without-host",
            r#"
#- tofu/main.tf
resource "authentik_outpost" "ldap" {
  type   = "ldap"
  config = "{\"authentik_host\": \"\"}"
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[outpost-config-without-host]: `config` of `authentik_outpost.ldap` leaves `authentik_host` empty
}
"#,
        );
    }
}
