//! An enrollment that ends with an account nobody can use.

use expression::Key;
use resolve_tofu::Instance;

use crate::identity::enrollment::{self, USER_WRITE};
use crate::identity::prompts;
use crate::tofu::{Python, Root, flag};
use crate::{Findings, Repo};

crate::rule! {
    /// An enrollment flow creates inactive accounts, and then logs them in.
    ///
    /// ## Why
    /// The provider creates users inactive where nothing else is written, other than the admin interface
    /// ([`resource_stage_user_write.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_stage_user_write.go)),
    /// and an inactive user cannot log in: the person ends on `access denied`, with an account.
    ///
    /// ## Fix
    /// Write `create_users_as_inactive = false`, or put an e-mail stage with `activate_user_on_success` between the two.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[enrolled-user-inactive]: `authentik_stage_user_write.enrollment` creates inactive accounts, and `authentik_flow.enrollment` cannot log them in
    ///   name = "enrollment-write"
    /// }
    ///
    /// resource "authentik_stage_user_login" "enrollment" {
    ///   name = "enrollment-login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: they are to be logged in here
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_login.enrollment.id
    ///   order  = 100
    /// }
    /// ```
    ///
    /// Active at once:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    ///   name                     = "enrollment-write"
    ///   create_users_as_inactive = false
    /// }
    ///
    /// resource "authentik_stage_user_login" "enrollment" {
    ///   name = "enrollment-login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_login.enrollment.id
    ///   order  = 100
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a policy activates them in between.
    "enrolled-user-inactive", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for (flow, stages) in enrollment::flows(root, "enrollment") {
            let login = stages.iter().rev().find(|one| one.stage.managed("authentik_stage_user_login").is_some());
            let Some(login) = login.filter(|_| enrollment::are_declared(&stages)) else { continue };
            let mails = enrollment::of_kind(&stages, "authentik_stage_email");
            let activates = mails.into_iter().any(|one| flag(one, "activate_user_on_success", false) != Some(false));
            let activates = activates || may_activate(root);
            for write in enrollment::of_kind(&stages, USER_WRITE) {
                if activates || flag(write, "create_users_as_inactive", true) != Some(true) {
                    continue;
                }
                let message = format!(
                    "`{}` creates inactive accounts, and `{}` cannot log them in",
                    write.address(),
                    flow.address()
                );
                findings
                    .report(write.resource.kind.span, message)
                    .related(login.instance.resource.kind.span, "they are to be logged in here")
                    .help("write `create_users_as_inactive = false`");
            }
        }
    }
}

/// Whether an expression or a field of the root may make accounts active.
fn may_activate(root: &Root<'_>) -> bool {
    const KEY: &str = "is_active";
    let is_key = |key: &Key| matches!(key, Key::Known(key) if key == KEY);
    let writes = |python: &Python| python.facts.writes().iter().any(|write| is_key(&write.key));
    let is_field = |field: &Instance<'_>| field.known_string("field_key").is_some_and(|key| key.value == KEY);
    root.python().iter().any(writes) || root.of(prompts::FIELD).any(is_field)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_e_mail_that_activates_is_enough() {
        check_rule(
            "enrolled-user-inactive",
            r#"
#- tofu/main.tf
resource "authentik_flow" "enrollment" { designation = "enrollment" }
resource "authentik_stage_user_write" "write" {}
resource "authentik_stage_email" "mail" { activate_user_on_success = true }
resource "authentik_stage_user_login" "login" {}
resource "authentik_flow_stage_binding" "stages" {
  for_each = { 1 = authentik_stage_user_write.write.id, 2 = authentik_stage_email.mail.id, 3 = authentik_stage_user_login.login.id }
  target   = authentik_flow.enrollment.uuid
  stage    = each.value
  order    = each.key
}
"#,
        );
    }

    #[test]
    fn a_policy_that_activates_is_enough() {
        check_rule(
            "enrolled-user-inactive",
            r#"
#- tofu/main.tf
resource "authentik_flow" "enrollment" { designation = "enrollment" }
resource "authentik_stage_user_write" "write" {}
resource "authentik_stage_user_login" "login" {}
resource "authentik_flow_stage_binding" "stages" {
  for_each = { 1 = authentik_stage_user_write.write.id, 2 = authentik_stage_user_login.login.id }
  target   = authentik_flow.enrollment.uuid
  stage    = each.value
  order    = each.key
}
resource "authentik_policy_expression" "activate" {
  name       = "activate"
  expression = "context['pending_user'].is_active = True\ncontext['pending_user'].save()\nreturn True"
}
"#,
        );
    }
}
