//! A code by mail that is in no mail.

use crate::tofu::{is_misspelt, place_or_type, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// Codes are to be sent by mail, in a mail that shows none.
    ///
    /// ## Why
    /// Where no template is written, the provider sends the mail for a password reset, which holds neither the code nor
    /// a link that works
    /// ([`resource_stage_authenticator_email.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_stage_authenticator_email.go)):
    /// nobody can set the authenticator up.
    ///
    /// ## Fix
    /// Write `template = "email/email_otp.html"`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_authenticator_email" "otp" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[email-otp-template-default]: `authentik_stage_authenticator_email.otp` sends the mail of a password reset, which shows no code
    ///   name = "email-otp"
    /// }
    /// ```
    ///
    /// With the code:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_authenticator_email" "otp" {
    ///   name     = "email-otp"
    ///   template = "email/email_otp.html"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you replaced the template by one of your own under the same name.
    "email-otp-template-default", Error, Identity, check
}

const RESET: &str = "email/password_reset.html";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for stage in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_stage_authenticator_email")) {
        if text_or(stage, "template", RESET) != Some(RESET) || is_misspelt(stage, "template") {
            continue;
        }
        let message = format!("`{}` sends the mail of a password reset, which shows no code", stage.address());
        let span = place_or_type(stage, "template");
        findings.report(span, message).help("write `template = \"email/email_otp.html\"`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn another_template_is_left_alone_and_the_wrong_one_is_shown() {
        check_rule(
            "email-otp-template-default",
            r#"
#- tofu/main.tf
resource "authentik_stage_authenticator_email" "own" { template = "our_code.html" }
resource "authentik_stage_authenticator_email" "reset" {
  template = "email/password_reset.html"
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[email-otp-template-default]: `authentik_stage_authenticator_email.reset` sends the mail of a password reset, which shows no code
}
"#,
        );
    }

    #[test]
    fn a_template_that_is_misspelt_is_told_by_another_rule() {
        check_rule(
            "email-otp-template-default",
            r#"
#- tofu/main.tf
resource "authentik_stage_authenticator_email" "codes" {
  name     = "codes"
  templade = "email/email_otp.html"
}
"#,
        );
    }
}
