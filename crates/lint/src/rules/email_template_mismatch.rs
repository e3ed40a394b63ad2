//! A mail with the wrong text.

use crate::{Findings, Repo};

crate::rule! {
    /// An e-mail stage sends a text that is made for another occasion.
    ///
    /// ## Why
    /// `email/email_otp.html` shows a code, and `email/event_notification.html` an event; an e-mail stage has a link to
    /// give ([Email stage](https://docs.goauthentik.io/add-secure-apps/flows-stages/stages/email/)), which neither shows.
    ///
    /// ## Fix
    /// Write `email/password_reset.html` or `email/account_confirmation.html`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_email" "recovery" {
    ///   name     = "recovery"
    ///   template = "email/email_otp.html"
    /// #            ^^^^^^^^^^^^^^^^^^^^^^ warning[email-template-mismatch]: `email/email_otp.html` shows no link, and `authentik_stage_email.recovery` has one to give
    /// }
    /// ```
    ///
    /// With a link:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_email" "recovery" {
    ///   name     = "recovery"
    ///   template = "email/password_reset.html"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you replaced the template by one of your own under the same name.
    "email-template-mismatch", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for stage in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_stage_email")) {
        let Some(template) = stage.known_string("template") else { continue };
        if !["email/email_otp.html", "email/event_notification.html"].contains(&template.value.as_str()) {
            continue;
        }
        let message = format!("`{}` shows no link, and `{}` has one to give", template.value, stage.address());
        let help = "write `email/password_reset.html` or `email/account_confirmation.html`";
        findings.report(template.span, message).help(help);
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn templates_of_ones_own_are_left_alone() {
        check_rule(
            "email-template-mismatch",
            "\n#- tofu/main.tf\nresource \"authentik_stage_email\" \"recovery\" { template = \"event_notification.html\" }\n",
        );
    }
}
