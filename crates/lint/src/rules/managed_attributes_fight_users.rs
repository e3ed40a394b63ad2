//! People whose avatars each apply deletes.

use std::collections::BTreeSet;

use resolve_tofu::Instance;

use crate::identity::applications::{are_of_one_server, everywhere};
use crate::identity::avatars::SETTINGS;
use crate::tofu::{is_given, is_ignored, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// OpenTofu empties the attributes of people who keep their avatar there.
    ///
    /// ## Why
    /// `attributes` that is not written means `{}`, and it is replaced as a whole. Each apply deletes the avatar that
    /// a person has uploaded, the language that they chose and what enrollment wrote
    /// ([`pkg/provider/resource_user.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_user.go)).
    ///
    /// ## Fix
    /// Leave the attributes to the people: `lifecycle { ignore_changes = [attributes] }`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "this" {
    ///   avatars = "attributes.avatar,initials"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: people have avatars in their attributes
    /// }
    ///
    /// resource "authentik_user" "alex" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[managed-attributes-fight-users]: each apply empties the attributes of `authentik_user.alex`, the avatar among them
    ///   username = "alex"
    /// }
    /// ```
    ///
    /// Left to the people:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "this" {
    ///   avatars = "attributes.avatar,initials"
    /// }
    ///
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///
    ///   lifecycle {
    ///     ignore_changes = [attributes]
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When nobody logs in as that user.
    "managed-attributes-fight-users", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let settings =
        everywhere(&repo.tofu.roots, SETTINGS).filter_map(|(_, one)| Some((one, one.known_string("avatars")?)));
    let chains: Vec<_> = settings.filter(|(_, avatars)| paths(&avatars.value).next().is_some()).collect();
    let mut told = BTreeSet::new();
    for (_, user) in everywhere(&repo.tofu.roots, "authentik_user") {
        let is_meant = |(settings, _): &&(&Instance<'_>, _)| are_of_one_server(settings, user, repo.tofu.modules);
        let Some((_, avatars)) = chains.iter().find(is_meant) else { continue };
        let loses = |path: &str| !may_hold(user, path);
        let is_emptied = paths(&avatars.value).any(loses) && !is_ignored(user, "attributes");
        if !is_emptied || !is_person(user) || !told.insert(user.resource.header) {
            continue;
        }
        let name = user.resource.resource_name();
        let verb = if is_given(user, "attributes") { "replaces" } else { "empties" };
        let message = format!("each apply {verb} the attributes of `{name}`, the avatar among them");
        let finding = findings.report(user.resource.header, message);
        let finding = finding.related(avatars.span, "people have avatars in their attributes");
        finding.help("add `lifecycle { ignore_changes = [attributes] }`");
    }
}

/// The attributes that the chain of avatars reads.
fn paths(chain: &str) -> impl Iterator<Item = &str> {
    chain.split(',').filter_map(|mode| mode.trim().strip_prefix("attributes."))
}

/// Whether what is written of the attributes of `user` may hold the one at `path`.
fn may_hold(user: &Instance<'_>, path: &str) -> bool {
    let first = path.split('.').next().unwrap_or(path);
    let attributes = user.argument("attributes").filter(|attributes| !attributes.value.is_null());
    attributes.is_some_and(|attributes| attributes.value.as_text().is_none_or(|text| text.contains(first)))
}

/// Whether it is known to be a person.
fn is_person(user: &Instance<'_>) -> bool {
    matches!(text_or(user, "type", "internal"), Some("internal" | "external"))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn people_in_a_map_are_reported_once() {
        check_rule(
            "managed-attributes-fight-users",
            r#"
#- tofu/main.tf
resource "authentik_system_settings" "this" { avatars = "gravatar, attributes.avatar" }
#                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: people have avatars in their attributes
resource "authentik_user" "people" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[managed-attributes-fight-users]: each apply empties the attributes of `authentik_user.people`, the avatar among them
# help: add `lifecycle { ignore_changes = [attributes] }`
  for_each = toset(["alex", "robin"])
  username = each.key
  type     = "external"
  lifecycle { ignore_changes = [password] }
}
"#,
        );
    }

    #[test]
    fn service_accounts_and_written_or_ignored_attributes_are_left_alone() {
        check_rule(
            "managed-attributes-fight-users",
            r#"
#- tofu/main.tf
variable "type" { type = string }
resource "authentik_system_settings" "this" { avatars = "attributes.avatar" }
resource "authentik_user" "bind" {
  username = "bind"
  type     = "service_account"
}
resource "authentik_user" "unknown" {
  username = "unknown"
  type     = var.type
}
resource "authentik_user" "written" {
  username   = "written"
  attributes = jsonencode({ avatar = "https://example.org/a.png" })
}
resource "authentik_user" "ignored" {
  username = "ignored"
  lifecycle { ignore_changes = all }
}
"#,
        );
    }

    #[test]
    fn without_avatars_in_attributes_nothing_is_lost() {
        check_rule(
            "managed-attributes-fight-users",
            r#"
#- tofu/main.tf
resource "authentik_system_settings" "this" { avatars = "gravatar,initials" }
resource "authentik_user" "alex" { username = "alex" }
"#,
        );
    }

    #[test]
    fn attributes_that_are_written_without_the_avatar_replace_it() {
        check_rule(
            "managed-attributes-fight-users",
            r#"
#- tofu/main.tf
resource "authentik_system_settings" "this" { avatars = "attributes.avatar" }
#                                                       ^^^^^^^^^^^^^^^^^^^ related: people have avatars in their attributes
resource "authentik_user" "alex" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[managed-attributes-fight-users]: each apply replaces the attributes of `authentik_user.alex`, the avatar among them
  username   = "alex"
  attributes = jsonencode({ libraries = ["films"] })
}
variable "attributes" { type = string }
resource "authentik_user" "unknown" {
  username   = "unknown"
  attributes = var.attributes
}
"#,
        );
    }

    #[test]
    fn people_of_another_server_keep_theirs() {
        check_rule(
            "managed-attributes-fight-users",
            r#"
#- tofu/main.tf
provider "authentik" { url = "https://auth.example.org" }
provider "authentik" {
  alias = "guests"
  url   = "https://auth.guests.example.org"
}
resource "authentik_system_settings" "this" { avatars = "attributes.avatar" }
resource "authentik_user" "guest" {
  provider = authentik.guests
  username = "guest"
}
"#,
        );
    }
}
