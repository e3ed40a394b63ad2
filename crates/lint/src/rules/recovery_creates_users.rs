//! A recovery that makes accounts.

use diagnostic::Severity;

use crate::identity::enrollment::USER_WRITE;
use crate::tofu::{place_or_type, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A recovery flow may create a user.
    ///
    /// ## Why
    /// Where `user_creation_mode` is not `never_create`, a flow that has no user makes one
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)):
    /// whoever gets to that stage of the recovery without a user of their own has an account then. Where a mail to an
    /// existing user comes before it, this is a warning.
    ///
    /// ## Fix
    /// Write `user_creation_mode = "never_create"`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_user_write" "recovery" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[recovery-creates-users]: `authentik_stage_user_write.recovery` may create a user in the recovery flow `authentik_flow.recovery`
    ///   name = "recovery-write"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_user_write.recovery.id
    ///   order  = 40
    /// }
    /// ```
    ///
    /// For people that exist:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_user_write" "recovery" {
    ///   name               = "recovery-write"
    ///   user_creation_mode = "never_create"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_user_write.recovery.id
    ///   order  = 40
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "recovery-creates-users", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for flow in root.flows("recovery") {
            let bindings: Vec<_> =
                root.stage_bindings().into_iter().filter(|one| one.flow.is(flow) && one.instance.certain).collect();
            for binding in &bindings {
                let Some(write) = binding.stage.managed(USER_WRITE) else { continue };
                let mode = text_or(write, "user_creation_mode", "create_when_required");
                if mode.is_none_or(|mode| mode == "never_create") {
                    continue;
                }
                let message =
                    format!("`{}` may create a user in the recovery flow `{}`", write.address(), flow.address());
                let span = place_or_type(write, "user_creation_mode");
                // A link in a mail to somebody who exists comes first, or may.
                let may_mail = |one: &&crate::tofu::StageBinding<'_, '_>| {
                    let is_first = one.order.zip(binding.order).is_none_or(|(one, write)| one < write);
                    is_first && one.stage.instance().is_none_or(|stage| stage.kind() == "authentik_stage_email")
                };
                let severity =
                    if bindings.iter().any(|one| may_mail(&one)) { Severity::Warning } else { Severity::Error };
                let help = "write `user_creation_mode = \"never_create\"`";
                findings.report(span, message).severity(severity).help(help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn behind_a_mail_it_is_a_warning() {
        check_rule(
            "recovery-creates-users",
            r#"
#- tofu/main.tf
resource "authentik_flow" "recovery" { designation = "recovery" }
resource "authentik_stage_email" "mail" {}
resource "authentik_stage_user_write" "write" {
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[recovery-creates-users]: `authentik_stage_user_write.write` may create a user in the recovery flow `authentik_flow.recovery`
}
resource "authentik_flow_stage_binding" "stages" {
  for_each = { 10 = authentik_stage_email.mail.id, 20 = authentik_stage_user_write.write.id }
  target   = authentik_flow.recovery.uuid
  stage    = each.value
  order    = each.key
}
"#,
        );
    }

    #[test]
    fn enrollment_and_unknown_modes_are_left_alone() {
        check_rule(
            "recovery-creates-users",
            r#"
#- tofu/main.tf
variable "mode" { type = string }
resource "authentik_flow" "flows" {
  for_each    = toset(["recovery", "enrollment"])
  designation = each.key
}
resource "authentik_stage_user_write" "recovery" { user_creation_mode = var.mode }
resource "authentik_stage_user_write" "enrollment" { user_creation_mode = "always_create" }
resource "authentik_flow_stage_binding" "recovery" {
  target = authentik_flow.flows["recovery"].uuid
  stage  = authentik_stage_user_write.recovery.id
}
resource "authentik_flow_stage_binding" "enrollment" {
  target = authentik_flow.flows["enrollment"].uuid
  stage  = authentik_stage_user_write.enrollment.id
}
"#,
        );
    }
}
