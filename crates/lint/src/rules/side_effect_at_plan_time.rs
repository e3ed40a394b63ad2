//! A policy that changes something before anybody has done anything.

use crate::identity::policies;
use crate::{Findings, Repo};

crate::rule! {
    /// A policy that changes something is asked when a flow is planned.
    ///
    /// ## Why
    /// A plan is made for whoever opens the page, and kept for five minutes for all visitors who are not logged in
    /// ([`authentik/flows/planner.py`](https://github.com/goauthentik/authentik/blob/main/authentik/flows/planner.py)):
    /// the change is made for a visitor, or for nobody, and not for the person who goes through the flow.
    ///
    /// ## Fix
    /// Bind it to a stage with `evaluate_on_plan = false` and `re_evaluate_policies = true`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "visits" {
    ///   name       = "visits"
    ///   expression = <<-EOT
    ///     request.user.save()
    /// #   ^^^^^^^^^^^^^^^^^^^ warning[side-effect-at-plan-time]: `authentik_policy_expression.visits` changes something when the flow is planned
    ///     return True
    ///   EOT
    /// }
    ///
    /// resource "authentik_flow" "login" {
    ///   slug        = "login"
    ///   designation = "authentication"
    /// }
    ///
    /// resource "authentik_policy_binding" "visits" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^ related: here it is bound
    ///   target = authentik_flow.login.uuid
    ///   policy = authentik_policy_expression.visits.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// At a stage:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "visits" {
    ///   name       = "visits"
    ///   expression = <<-EOT
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target               = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage                = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order                = 100
    ///   evaluate_on_plan     = false
    ///   re_evaluate_policies = true
    /// }
    ///
    /// resource "authentik_policy_binding" "visits" {
    ///   target = authentik_flow_stage_binding.login.id
    ///   policy = authentik_policy_expression.visits.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the change is about the request and not about the person, such as counting.
    "side-effect-at-plan-time", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for bound in policies::bound(root).into_iter().filter(policies::Bound::is_at_plan_time) {
            for call in policies::changes(bound.python) {
                let message = format!("`{}` changes something when the flow is planned", bound.policy.address());
                findings
                    .report(bound.python.place(call.range.clone()), message)
                    .related(bound.by.resource.kind.span, "here it is bound")
                    .help("bind it to a stage with `evaluate_on_plan = false` and `re_evaluate_policies = true`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_set_of_its_own_is_left_alone() {
        check_rule(
            "side-effect-at-plan-time",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "visits" {
  expression = <<-EOT
    seen = set()
    seen.add(1)
    return True
  EOT
}
resource "authentik_flow" "login" { designation = "authentication" }
resource "authentik_policy_binding" "visits" {
  target = authentik_flow.login.uuid
  policy = authentik_policy_expression.visits.id
}
"#,
        );
    }
}
