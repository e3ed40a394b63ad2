//! A password that OpenTofu writes only once.

use std::collections::BTreeSet;

use crate::tofu::{is_given, is_ignored, place};
use crate::{Findings, Repo};

crate::rule! {
    /// A user has a password in OpenTofu, where a later change of it does nothing.
    ///
    /// ## Why
    /// The provider sends `password` only when it creates the user. A new value shows as a change in the plan, the
    /// apply succeeds, and the old password still works
    /// ([`pkg/provider/resource_user.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_user.go)).
    ///
    /// ## Fix
    /// Say that it is a password for the beginning: `lifecycle { ignore_changes = [password] }`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// variable "password" {
    ///   type = string
    /// }
    ///
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///   password = var.password
    /// #            ^^^^^^^^^^^^ hint[immutable-password]: the password of `authentik_user.alex` is only written when the user is created
    /// }
    /// ```
    ///
    /// A password for the beginning:
    /// ```text
    /// #- tofu/main.tf
    /// variable "password" {
    ///   type = string
    /// }
    ///
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///   password = var.password
    ///
    ///   lifecycle {
    ///     ignore_changes = [password]
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the user is replaced whenever the password changes, in a way that is not seen: `replace_triggered_by` is.
    "immutable-password", Hint, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for user in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_user")) {
        let place = place(user, "password");
        let is_replaced = user.resource.lifecycle.iter().any(|one| one.name.value == "replace_triggered_by");
        if is_replaced || !is_given(user, "password") || is_ignored(user, "password") || !told.insert(place) {
            continue;
        }
        let name = user.resource.resource_name();
        let message = format!("the password of `{name}` is only written when the user is created");
        findings.report(place, message).help("add `lifecycle { ignore_changes = [password] }`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_password_that_is_made_is_reported_once() {
        check_rule(
            "immutable-password",
            r#"
#- tofu/main.tf
resource "random_password" "bind" { length = 32 }
resource "authentik_user" "bind" {
  for_each = toset(["jellyfin", "kavita"])
  username = each.key
  type     = "service_account"
  password = random_password.bind.result
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[immutable-password]: the password of `authentik_user.bind` is only written when the user is created
# help: add `lifecycle { ignore_changes = [password] }`
  lifecycle { ignore_changes = [attributes] }
}
"#,
        );
    }

    #[test]
    fn no_password_or_one_that_is_ignored_is_left_alone() {
        check_rule(
            "immutable-password",
            r#"
#- tofu/main.tf
resource "authentik_user" "plain" {
  username = "plain"
}
resource "authentik_user" "null" {
  username = "null"
  password = null
}
resource "authentik_user" "all" {
  username = "all"
  password = "for the beginning"
  lifecycle { ignore_changes = all }
}
"#,
        );
    }

    #[test]
    fn a_user_who_is_made_anew_is_left_alone() {
        check_rule(
            "immutable-password",
            r#"
#- tofu/main.tf
resource "random_password" "bind" { length = 32 }
resource "authentik_user" "bind" {
  username = "bind"
  password = random_password.bind.result
  lifecycle { replace_triggered_by = [random_password.bind] }
}
"#,
        );
    }
}
