//! Codes by mail that nobody can set up.

use crate::identity::sight;
use crate::tofu::{is_given, is_ignored};
use crate::{Findings, Repo};

crate::rule! {
    /// Nobody can set up codes by mail.
    ///
    /// ## Why
    /// People set an authenticator up from their settings, where its stage has a `configure_flow`, or at a login, where
    /// the validation stage names it in `configuration_stages`
    /// ([Email authenticator stage](https://docs.goauthentik.io/add-secure-apps/flows-stages/stages/authenticator_email/)).
    ///
    /// ## Fix
    /// Write `configure_flow`: a flow for `stage_configuration` that this stage is bound to.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_authenticator_email" "otp" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[email-otp-not-enrollable]: nobody can set up `authentik_stage_authenticator_email.otp`
    ///   name     = "email-otp"
    ///   template = "email/email_otp.html"
    /// }
    /// ```
    ///
    /// From the settings:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "otp" {
    ///   slug        = "email-otp"
    ///   designation = "stage_configuration"
    /// }
    ///
    /// resource "authentik_stage_authenticator_email" "otp" {
    ///   name           = "email-otp"
    ///   template       = "email/email_otp.html"
    ///   configure_flow = authentik_flow.otp.uuid
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a validation stage outside of the root names it.
    "email-otp-not-enrollable", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for stage in root.of("authentik_stage_authenticator_email") {
            let validates = root.of("authentik_stage_authenticator_validate").any(|one| {
                root.leads(one, "configuration_stages").is_none_or(|all| all.iter().any(|(lead, _)| lead.may_be(stage)))
            });
            let is_in_flow = root.stage_bindings().iter().any(|one| one.stage.may_be(stage));
            if is_given(stage, "configure_flow")
                || is_ignored(stage, "configure_flow")
                || validates
                || is_in_flow
                || sight::is_out_of_sight(repo, root, stage)
            {
                continue;
            }
            let message = format!("nobody can set up `{}`", stage.address());
            findings.report(stage.resource.kind.span, message).help("write `configure_flow = authentik_flow.….uuid`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_validation_stage_that_names_it_is_enough() {
        check_rule(
            "email-otp-not-enrollable",
            r#"
#- tofu/main.tf
resource "authentik_stage_authenticator_email" "otp" {}
resource "authentik_stage_authenticator_validate" "mfa" {
  configuration_stages = [authentik_stage_authenticator_email.otp.id]
}
"#,
        );
    }

    #[test]
    fn a_stage_that_another_root_looks_up_is_left_alone() {
        check_rule(
            "email-otp-not-enrollable",
            r#"
#- tofu/stages/main.tf
resource "authentik_stage_authenticator_email" "otp" { name = "email-codes" }
#- tofu/flows/main.tf
data "authentik_stage" "otp" { name = "email-codes" }
resource "authentik_stage_authenticator_validate" "mfa" {
  configuration_stages = [data.authentik_stage.otp.id]
}
"#,
        );
    }
}
