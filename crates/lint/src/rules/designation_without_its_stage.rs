//! A flow that lacks the stage it is there for.

use crate::identity::sight;
use crate::{Findings, Repo};

crate::rule! {
    /// A flow has no stage that does what its designation says.
    ///
    /// ## Why
    /// The designation says where a flow is offered, and its stages what it does
    /// ([Flows](https://docs.goauthentik.io/add-secure-apps/flows-stages/flow/)): a recovery without an e-mail, an
    /// enrollment that writes no user or a login without a session ends, and nothing has happened.
    ///
    /// ## Fix
    /// Bind a stage of the kind that the message names.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    /// #        ^^^^^^^^^^^^^^^^ warning[designation-without-its-stage]: the recovery flow `authentik_flow.recovery` has no `authentik_stage_email`
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_user_login" "recovery" {
    ///   name = "recovery-login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target = authentik_flow.recovery.uuid
    ///   stage  = authentik_stage_user_login.recovery.id
    ///   order  = 100
    /// }
    /// ```
    ///
    /// With its stage:
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
    /// When the stage is bound by hand, or by a blueprint.
    "designation-without-its-stage", Warning, Identity, check
}

/// The stage that each kind of flow is there for.
const NEEDED: [(&str, &str); 4] = [
    ("authentication", "authentik_stage_user_login"),
    ("enrollment", "authentik_stage_user_write"),
    ("recovery", "authentik_stage_email"),
    ("unenrollment", "authentik_stage_user_delete"),
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for (designation, needed) in NEEDED {
            for flow in root.flows(designation) {
                if sight::is_out_of_sight(repo, root, flow) {
                    continue;
                }
                // Of a flow that nothing is bound to here, the stages are bound elsewhere.
                let Some(stages) = root.stages_of(flow).filter(|stages| !stages.is_empty()) else { continue };
                // A stage that is not declared here may be of any kind.
                let may_be = stages.iter().any(|one| match one.stage.instance() {
                    Some(stage) => stage.kind() == needed || !stage.kind().starts_with("authentik_stage_"),
                    None => true,
                });
                if !may_be {
                    let message = format!("the {designation} flow `{}` has no `{needed}`", flow.address());
                    let help = format!("bind an `{needed}` to it with an `authentik_flow_stage_binding`");
                    findings.report(flow.resource.kind.span, message).help(help);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn stages_by_data_source_and_bindings_that_are_unknown_are_left_alone() {
        check_rule(
            "designation-without-its-stage",
            r#"
#- tofu/known/main.tf
data "authentik_stage" "mail" { name = "mail" }
resource "authentik_flow" "recovery" { designation = "recovery" }
resource "authentik_flow_stage_binding" "mail" {
  target = authentik_flow.recovery.uuid
  stage  = data.authentik_stage.mail.id
}
resource "authentik_flow" "consent" { designation = "authorization" }
#- tofu/unknown/main.tf
variable "flow" { type = string }
resource "authentik_flow" "login" { designation = "authentication" }
resource "authentik_stage_password" "any" {}
resource "authentik_flow_stage_binding" "any" {
  target = var.flow
  stage  = authentik_stage_password.any.id
}
"#,
        );
    }

    #[test]
    fn a_flow_that_was_there_before_may_have_any_stage() {
        check_rule(
            "designation-without-its-stage",
            r#"
#- tofu/main.tf
import {
  to = authentik_flow.enrollment
  id = "enrollment"
}
resource "authentik_flow" "enrollment" {
  slug        = "enrollment"
  designation = "enrollment"
}
resource "authentik_flow" "login" {
  slug        = "default-authentication-flow"
  designation = "authentication"
}
resource "authentik_stage_password" "any" {}
resource "authentik_flow_stage_binding" "any" {
  for_each = toset([authentik_flow.login.uuid, authentik_flow.enrollment.uuid])
  target   = each.value
  stage    = authentik_stage_password.any.id
}
"#,
        );
    }
}
