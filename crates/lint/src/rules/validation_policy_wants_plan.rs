//! A validation policy that reads what it is not given.

use crate::identity::policies::{self, Asked};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy that validates a prompt reads the flow's plan.
    ///
    /// ## Why
    /// A validation policy is asked with what was typed and nothing else: its context holds `prompt_data`, and neither
    /// `flow_plan` nor `pending_user` nor `invitation`
    /// ([`authentik/stages/prompt/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/stage.py)).
    /// What it raises is shown to the person at the form.
    ///
    /// ## Fix
    /// Read `request.user` for the person, and `request.context["prompt_data"]` for what was typed. What needs the plan
    /// belongs in a policy on a stage's binding.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.context["flow_plan"].context["seen"] = True
    /// #                   ^^^^^^^^^^^ error[validation-policy-wants-plan]: `authentik_policy_expression.avatar` reads `flow_plan`, which a validation policy is not given
    ///     return True
    ///   EOT
    /// }
    ///
    /// resource "authentik_stage_prompt" "settings" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^ related: it validates this prompt
    ///   name                = "settings"
    ///   fields              = []
    ///   validation_policies = [authentik_policy_expression.avatar.id]
    /// }
    /// ```
    ///
    /// With what was typed:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     return bool(request.context["prompt_data"].get("avatar"))
    ///   EOT
    /// }
    ///
    /// resource "authentik_stage_prompt" "settings" {
    ///   name                = "settings"
    ///   fields              = []
    ///   validation_policies = [authentik_policy_expression.avatar.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "validation-policy-wants-plan", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for bound in policies::bound(root) {
            let Asked::Prompt(prompt) = bound.asked else { continue };
            for (key, access) in policies::reads_of_context(bound.python) {
                let is_missing = ["flow_plan", "invitation", "pending_user"].contains(&key);
                if !is_missing || access.guarded || !access.fails_without_key() {
                    continue;
                }
                let message =
                    format!("`{}` reads `{key}`, which a validation policy is not given", bound.policy.address());
                findings
                    .report(bound.python.place(access.range.clone()), message)
                    .related(prompt.resource.kind.span, "it validates this prompt")
                    .help("read `request.user` and `request.context[\"prompt_data\"]`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_is_asked_for_with_care_is_left_alone() {
        check_rule(
            "validation-policy-wants-plan",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    if "pending_user" in context:
        return bool(context["pending_user"])
    return context.get("flow_plan") is None
  EOT
}
resource "authentik_stage_prompt" "settings" {
  validation_policies = [authentik_policy_expression.avatar.id]
}
"#,
        );
    }
}
