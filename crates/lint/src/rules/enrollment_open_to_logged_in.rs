//! An enrollment that overwrites whoever is logged in.

use crate::identity::enrollment::{self, USER_WRITE};
use crate::tofu::text_or;
use crate::{Findings, Repo};

crate::rule! {
    /// Somebody who is logged in may open an enrollment flow, which then writes to their own account.
    ///
    /// ## Why
    /// A stage that creates users *when required* takes the person who is logged in for the one to write
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)):
    /// their name, e-mail and password become what was typed.
    ///
    /// ## Fix
    /// Write `authentication = "require_unauthenticated"` in the flow, `user_creation_mode = "always_create"` in the
    /// stage, or both.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    /// #        ^^^^^^^^^^^^^^^^ warning[enrollment-open-to-logged-in]: whoever is logged in and opens `authentik_flow.enrollment` overwrites their own account
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: this stage writes to the person who is logged in
    ///   name = "enrollment-write"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    /// ```
    ///
    /// For new people only:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug           = "enrollment"
    ///   designation    = "enrollment"
    ///   authentication = "require_unauthenticated"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    ///   name               = "enrollment-write"
    ///   user_creation_mode = "always_create"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a policy on the flow keeps them out.
    "enrollment-open-to-logged-in", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let policies = root.policy_bindings();
        for (flow, stages) in enrollment::flows(root, "enrollment") {
            let is_closed = text_or(flow, "authentication", "none") != Some("none");
            if is_closed || policies.iter().any(|policy| policy.target.may_be(flow)) {
                continue;
            }
            let overwrites = |stage: &&resolve_tofu::Instance<'_>| {
                text_or(stage, "user_creation_mode", "create_when_required").is_some_and(|mode| mode != "always_create")
            };
            let Some(stage) = enrollment::of_kind(&stages, USER_WRITE).find(overwrites) else { continue };
            let message = format!("whoever is logged in and opens `{}` overwrites their own account", flow.address());
            findings
                .report(flow.resource.kind.span, message)
                .related(stage.resource.kind.span, "this stage writes to the person who is logged in")
                .help("write `authentication = \"require_unauthenticated\"`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn either_of_both_is_enough() {
        check_rule(
            "enrollment-open-to-logged-in",
            r#"
#- tofu/closed/main.tf
resource "authentik_flow" "enrollment" {
  designation    = "enrollment"
  authentication = "require_unauthenticated"
}
resource "authentik_stage_user_write" "enrollment" {}
resource "authentik_flow_stage_binding" "write" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_user_write.enrollment.id
}
#- tofu/creates/main.tf
resource "authentik_flow" "enrollment" { designation = "enrollment" }
resource "authentik_stage_user_write" "enrollment" { user_creation_mode = "always_create" }
resource "authentik_flow_stage_binding" "write" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_user_write.enrollment.id
}
"#,
        );
    }
}
