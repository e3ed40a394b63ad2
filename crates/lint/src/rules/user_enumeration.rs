//! A form that tells who has an account.

use crate::tofu::{Lead, flag, place};
use crate::{Findings, Repo};

crate::rule! {
    /// A form tells a stranger whether somebody has an account.
    ///
    /// ## Why
    /// With `pretend_user_exists = false` an identification stage answers *no such user*
    /// ([Identification stage](https://docs.goauthentik.io/add-secure-apps/flows-stages/stages/identification/)), so that
    /// names and addresses can be tried out.
    ///
    /// ## Fix
    /// Take `pretend_user_exists` out: it is on by default.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_identification" "recovery" {
    ///   name                = "recovery"
    ///   user_fields         = ["email"]
    ///   pretend_user_exists = false
    /// #                       ^^^^^ warning[user-enumeration]: `authentik_stage_identification.recovery` tells strangers who has an account
    /// }
    /// ```
    ///
    /// As it is by default:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_identification" "recovery" {
    ///   name        = "recovery"
    ///   user_fields = ["email"]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// On a network of friends, where a typo should be told at once.
    "user-enumeration", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for stage in root.of("authentik_stage_identification") {
            // With a password in the same form the answer is the same for both.
            let has_password = !matches!(root.lead(stage, "password_stage"), Lead::Nowhere);
            if has_password || flag(stage, "pretend_user_exists", true) != Some(false) {
                continue;
            }
            let message = format!("`{}` tells strangers who has an account", stage.address());
            findings.report(place(stage, "pretend_user_exists"), message).help("write `pretend_user_exists = true`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_form_that_asks_for_the_password_too_is_left_alone() {
        check_rule(
            "user-enumeration",
            r#"
#- tofu/main.tf
resource "authentik_stage_password" "login" {}
resource "authentik_stage_identification" "login" {
  pretend_user_exists = false
  password_stage      = authentik_stage_password.login.id
}
"#,
        );
    }
}
