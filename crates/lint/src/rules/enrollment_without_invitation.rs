//! An enrollment that is open to everybody.

use crate::identity::{enrollment, policies};
use crate::tofu::{flag, place};
use crate::{Findings, Repo};

crate::rule! {
    /// Anybody who knows the address of an enrollment flow can make an account.
    ///
    /// ## Why
    /// A flow asks for an invitation only where an invitation stage does, and that stage lets people through without
    /// one where `continue_flow_without_invitation` says so
    /// ([Invitation stage](https://docs.goauthentik.io/add-secure-apps/flows-stages/stages/invitation/)).
    ///
    /// ## Fix
    /// Bind an `authentik_stage_invitation` as the first stage.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    /// #        ^^^^^^^^^^^^^^^^ warning[enrollment-without-invitation]: anybody can make an account with `authentik_flow.enrollment`: no stage asks for an invitation
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    ///   name                     = "enrollment-write"
    ///   create_users_as_inactive = false
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    /// ```
    ///
    /// By invitation:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_invitation" "enrollment" {
    ///   name = "enrollment-invitation"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    ///   name                     = "enrollment-write"
    ///   create_users_as_inactive = false
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "stages" {
    ///   for_each = {
    ///     10 = authentik_stage_invitation.enrollment.id
    ///     30 = authentik_stage_user_write.enrollment.id
    ///   }
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = each.value
    ///   order  = each.key
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the lab is meant to be open.
    "enrollment-without-invitation", Warning, Identity, check
}

/// Stages that keep strangers or machines out otherwise.
const GATES: [&str; 3] = ["authentik_stage_captcha", "authentik_stage_deny", "authentik_stage_source"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let bindings = root.policy_bindings();
        for (flow, stages) in enrollment::flows(root, "enrollment") {
            let writes: Vec<_> = enrollment::of_kind(&stages, enrollment::USER_WRITE).collect();
            // Somebody activates the accounts, or a policy decides.
            let waits = writes.iter().any(|stage| flag(stage, "create_users_as_inactive", true) != Some(false));
            let is_gated = GATES.iter().any(|gate| enrollment::of_kind(&stages, gate).next().is_some());
            let has_policy = bindings.iter().any(|one| one.target.may_be(flow));
            let is_of_source = policies::is_of_source(root, flow);
            if writes.is_empty()
                || waits
                || is_gated
                || has_policy
                || is_of_source
                || !enrollment::are_declared(&stages)
            {
                continue;
            }
            let invitations: Vec<_> = enrollment::of_kind(&stages, "authentik_stage_invitation").collect();
            let open =
                invitations.iter().find(|one| flag(one, "continue_flow_without_invitation", false) == Some(true));
            let (span, why) = match (invitations.is_empty(), open) {
                (true, _) => (flow.resource.kind.span, "no stage asks for an invitation"),
                (_, Some(open)) => (place(open, "continue_flow_without_invitation"), "the invitation may be left out"),
                _ => continue,
            };
            let message = format!("anybody can make an account with `{}`: {why}", flow.address());
            findings.report(span, message).help("bind an `authentik_stage_invitation` that asks for one");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    fn root(stages: &str, ids: &str) -> String {
        format!(
            "
#- tofu/main.tf
resource \"authentik_flow\" \"enrollment\" {{ designation = \"enrollment\" }}
{stages}
resource \"authentik_flow_stage_binding\" \"stages\" {{
  for_each = {{ {ids} }}
  target   = authentik_flow.enrollment.uuid
  stage    = each.value
}}
"
        )
    }

    #[test]
    fn captchas_and_accounts_that_wait_are_left_alone() {
        let captcha = "resource \"authentik_stage_captcha\" \"c\" {}\nresource \"authentik_stage_user_write\" \"w\" { create_users_as_inactive = false }";
        check_rule(
            "enrollment-without-invitation",
            &root(captcha, "a = authentik_stage_captcha.c.id, b = authentik_stage_user_write.w.id"),
        );
        let waits = "resource \"authentik_stage_user_write\" \"w\" {}";
        check_rule("enrollment-without-invitation", &root(waits, "a = authentik_stage_user_write.w.id"));
    }

    #[test]
    fn an_invitation_that_may_be_left_out_is_told() {
        let stages = "resource \"authentik_stage_invitation\" \"i\" {
  continue_flow_without_invitation = true
#                                    ^^^^ warning[enrollment-without-invitation]: anybody can make an account with `authentik_flow.enrollment`: the invitation may be left out
}
resource \"authentik_stage_user_write\" \"w\" { create_users_as_inactive = false }";
        check_rule(
            "enrollment-without-invitation",
            &root(stages, "a = authentik_stage_invitation.i.id, b = authentik_stage_user_write.w.id"),
        );
    }
}
