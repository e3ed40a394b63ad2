//! A policy that does something, and may take the login away.

use expression::Answer;

use crate::identity::policies::{self, Asked};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy on the login stage does something for the person, and may answer false.
    ///
    /// ## Why
    /// A policy that answers false, or nothing, when a stage is reached takes that stage out of the flow without a word
    /// ([`authentik/flows/markers.py`](https://github.com/goauthentik/authentik/blob/main/authentik/flows/markers.py)).
    /// On the login stage that leaves a person with an account and without a session.
    ///
    /// ## Fix
    /// Let it return `True` on every path.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     user = request.context.get("pending_user")
    ///     if not user:
    ///         return False
    /// #              ^^^^^ warning[policy-skips-login-stage]: `authentik_policy_expression.groups` may answer false here, and the person is not logged in
    ///     user.save()
    ///     return True
    ///   EOT
    /// }
    ///
    /// resource "authentik_stage_user_login" "login" {
    ///   name = "login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: it decides over this login
    ///   target               = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage                = authentik_stage_user_login.login.id
    ///   order                = 100
    ///   evaluate_on_plan     = false
    ///   re_evaluate_policies = true
    /// }
    ///
    /// resource "authentik_policy_binding" "groups" {
    ///   target = authentik_flow_stage_binding.login.id
    ///   policy = authentik_policy_expression.groups.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// With the same answer on every path:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     user = request.context.get("pending_user")
    ///     if user:
    ///         user.save()
    ///     return True
    ///   EOT
    /// }
    ///
    /// resource "authentik_stage_user_login" "login" {
    ///   name = "login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target               = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage                = authentik_stage_user_login.login.id
    ///   order                = 100
    ///   evaluate_on_plan     = false
    ///   re_evaluate_policies = true
    /// }
    ///
    /// resource "authentik_policy_binding" "groups" {
    ///   target = authentik_flow_stage_binding.login.id
    ///   policy = authentik_policy_expression.groups.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When it is a gate: one that tells the person why, with `ak_message`, is left alone.
    "policy-skips-login-stage", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for bound in policies::bound(root) {
            let Asked::Stage(stage) = &bound.asked else { continue };
            let is_login = stage.stage.managed("authentik_stage_user_login").is_some();
            let facts = &bound.python.facts;
            let is_gate = facts.calls().iter().any(|call| call.callee == "ak_message");
            let does_something = policies::changes(bound.python).next().is_some();
            if !is_login || stage.at_stage != Some(true) || is_gate || !does_something {
                continue;
            }
            let falses = facts.returns().iter().filter(|one| one.answer == Answer::False).map(|one| one.range.clone());
            let nones = facts.may_return_none().iter().map(|one| one.range.clone());
            let mut places: Vec<_> = falses.chain(nones).collect();
            places.sort_by_key(|range| range.start);
            places.dedup();
            for range in places {
                let message =
                    format!("`{}` may answer false here, and the person is not logged in", bound.policy.address());
                findings
                    .report(bound.python.place(range), message)
                    .related(stage.instance.resource.kind.span, "it decides over this login")
                    .help("write `return True`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_gate_and_another_stage_are_left_alone() {
        check_rule(
            "policy-skips-login-stage",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "gate" {
  expression = <<-EOT
    if not request.user.email:
        ak_message("You need an address.")
        return False
    request.user.save()
    return True
  EOT
}
resource "authentik_policy_expression" "decides" {
  expression = "return False"
}
resource "authentik_stage_user_login" "login" {}
resource "authentik_flow_stage_binding" "login" {
  stage                = authentik_stage_user_login.login.id
  re_evaluate_policies = true
}
resource "authentik_policy_binding" "gate" {
  for_each = { gate = authentik_policy_expression.gate.id, decides = authentik_policy_expression.decides.id }
  target   = authentik_flow_stage_binding.login.id
  policy   = each.value
}
"#,
        );
    }
}
