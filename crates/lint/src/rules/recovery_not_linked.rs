//! A recovery flow that nobody finds.

use diagnostic::Severity;

use crate::identity::applications::may_be_named_by;
use crate::identity::sight;
use crate::{Findings, Repo};

crate::rule! {
    /// No login page and no brand leads to a recovery flow.
    ///
    /// ## Why
    /// The link *Forgot password?* is shown where an identification stage has `recovery_flow`, and links that an
    /// administrator sends need the brand's `flow_recovery`
    /// ([Recovery](https://docs.goauthentik.io/users-sources/user/user_basic_operations/)). Without either, only those
    /// who know its address find it.
    ///
    /// ## Fix
    /// Write `recovery_flow` in the identification stage of the login.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    /// #        ^^^^^^^^^^^^^^^^ warning[recovery-not-linked]: no login page and no brand leads to the recovery flow `authentik_flow.recovery`
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name        = "login"
    ///   user_fields = ["email"]
    /// }
    /// ```
    ///
    /// From the login page:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name          = "login"
    ///   user_fields   = ["email"]
    ///   recovery_flow = authentik_flow.recovery.uuid
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the brand is set in the admin interface.
    "recovery-not-linked", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let is_alone = repo.tofu.roots.len() == 1;
    for root in &repo.tofu.roots {
        for flow in root.flows("recovery") {
            let links = [("authentik_stage_identification", "recovery_flow"), ("authentik_brand", "flow_recovery")];
            let is_linked = links.into_iter().any(|link| may_be_named_by(&repo.tofu.roots, link, root, flow));
            if is_linked || sight::is_out_of_sight(repo, root, flow) {
                continue;
            }
            let message = format!("no login page and no brand leads to the recovery flow `{}`", flow.address());
            let help = format!(
                "write `recovery_flow = {}.uuid` in the `authentik_stage_identification` of the login",
                flow.address()
            );
            findings
                .report(flow.resource.kind.span, message)
                .severity(if is_alone { Severity::Warning } else { Severity::Hint })
                .help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_brand_is_enough_and_so_is_another_root_that_looks_it_up() {
        check_rule(
            "recovery-not-linked",
            r#"
#- tofu/brand/main.tf
resource "authentik_flow" "recovery" { designation = "recovery" }
resource "authentik_brand" "home" { flow_recovery = authentik_flow.recovery.uuid }
#- tofu/flows/main.tf
resource "authentik_flow" "recovery" {
  slug        = "our-recovery"
  designation = "recovery"
}
#- tofu/login/main.tf
data "authentik_flow" "recovery" { slug = "our-recovery" }
"#,
        );
    }

    #[test]
    fn a_login_page_of_another_root_may_name_it() {
        check_rule(
            "recovery-not-linked",
            r#"
#- tofu/flows/main.tf
resource "authentik_flow" "recovery" { designation = "recovery" }
#- tofu/login/main.tf
variable "recovery_flow" { type = string }
resource "authentik_stage_identification" "login" { recovery_flow = var.recovery_flow }
"#,
        );
    }
}
