//! A recovery that makes accounts.

use crate::identity::enrollment::USER_WRITE;
use crate::tofu::{place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A recovery flow may create a user.
    ///
    /// ## Why
    /// Where `user_creation_mode` is not `never_create`, a flow that has no user makes one
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)):
    /// whoever gets to that stage of the recovery without a user of their own has an account then.
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
            let leads_here = |one: &crate::tofu::StageBinding<'_, '_>| {
                one.flow.instance().is_some_and(|to| to.address() == flow.address())
            };
            for binding in root.stage_bindings().into_iter().filter(leads_here) {
                let Some(write) = binding.stage.managed(USER_WRITE) else { continue };
                let mode = text_or(write, "user_creation_mode", "create_when_required");
                if mode.is_none_or(|mode| mode == "never_create") {
                    continue;
                }
                let message =
                    format!("`{}` may create a user in the recovery flow `{}`", write.address(), flow.address());
                let is_written = write.argument("user_creation_mode").is_some();
                let span = if is_written { place(write, "user_creation_mode") } else { write.resource.kind.span };
                findings.report(span, message).help("write `user_creation_mode = \"never_create\"`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

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
