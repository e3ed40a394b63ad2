//! A recovery that lets disabled people in again.

use crate::tofu::{flag, place};
use crate::{Findings, Repo};

crate::rule! {
    /// A recovery flow activates the user.
    ///
    /// ## Why
    /// `activate_user_on_success` is for enrollment. In a recovery, a person whose account was disabled enables it again
    /// by asking for a new password
    /// ([`authentik/stages/email/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/email/stage.py)).
    ///
    /// ## Fix
    /// Take `activate_user_on_success` out.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_email" "recovery" {
    ///   name                     = "recovery-mail"
    ///   activate_user_on_success = true
    /// #                            ^^^^ warning[recovery-activates-users]: whoever was disabled enables their account again with the recovery flow `authentik_flow.recovery`
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "mail" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_email.recovery.id
    ///   order  = 20
    /// }
    /// ```
    ///
    /// Without it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_email" "recovery" {
    ///   name = "recovery-mail"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "mail" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_email.recovery.id
    ///   order  = 20
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When accounts are disabled only because their address is not proved yet.
    "recovery-activates-users", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for flow in root.flows("recovery") {
            let bindings = root.stage_bindings().into_iter().filter(|one| one.flow.is(flow) && one.instance.certain);
            let mails = bindings.filter_map(|one| one.stage.managed("authentik_stage_email"));
            for mail in mails.filter(|mail| flag(mail, "activate_user_on_success", false) == Some(true)) {
                let message = format!(
                    "whoever was disabled enables their account again with the recovery flow `{}`",
                    flow.address()
                );
                let help = "take `activate_user_on_success` out";
                findings.report(place(mail, "activate_user_on_success"), message).help(help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_enrollment_that_activates_is_left_alone() {
        check_rule(
            "recovery-activates-users",
            r#"
#- tofu/main.tf
resource "authentik_flow" "enrollment" { designation = "enrollment" }
resource "authentik_stage_email" "mail" { activate_user_on_success = true }
resource "authentik_flow_stage_binding" "mail" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_email.mail.id
}
"#,
        );
    }

    #[test]
    fn a_flow_that_was_there_before_is_told_too() {
        check_rule(
            "recovery-activates-users",
            r#"
#- tofu/main.tf
resource "authentik_flow" "recovery" {
  slug        = "default-recovery-flow"
  designation = "recovery"
}
resource "authentik_stage_email" "mail" {
  activate_user_on_success = true
#                            ^^^^ warning[recovery-activates-users]: whoever was disabled enables their account again with the recovery flow `authentik_flow.recovery`
}
resource "authentik_flow_stage_binding" "mail" {
  target = authentik_flow.recovery.uuid
  stage  = authentik_stage_email.mail.id
}
"#,
        );
    }
}
