//! A stage whose policies are never asked.

use crate::tofu::place_or_type;
use crate::{Findings, Repo};

crate::rule! {
    /// The policies on a stage in a flow are asked neither when the flow is planned nor when the stage is reached.
    ///
    /// ## Why
    /// The server refuses a binding with both switches off
    /// ([`authentik/flows/api/bindings.py`](https://github.com/goauthentik/authentik/blob/main/authentik/flows/api/bindings.py)),
    /// and `tofu plan` does not know that.
    ///
    /// ## Fix
    /// Turn one of them on: `re_evaluate_policies = true`, unless the policy looks at nothing that the flow brings.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow_stage_binding" "login" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binding-evaluates-never]: `authentik_flow_stage_binding.login` has `evaluate_on_plan` and `re_evaluate_policies` off, and the server refuses that
    ///   target           = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage            = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order            = 10
    ///   evaluate_on_plan = false
    /// }
    /// ```
    ///
    /// When the stage is reached:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target               = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage                = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order                = 10
    ///   evaluate_on_plan     = false
    ///   re_evaluate_policies = true
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the apply fails.
    "binding-evaluates-never", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for binding in repo.tofu.roots.iter().flat_map(|root| root.stage_bindings()) {
        if (binding.on_plan, binding.at_stage) != (Some(false), Some(false)) {
            continue;
        }
        let message = format!(
            "`{}` has `evaluate_on_plan` and `re_evaluate_policies` off, and the server refuses that",
            binding.instance.address()
        );
        let span = place_or_type(binding.instance, "re_evaluate_policies");
        findings.report(span, message).help("write `re_evaluate_policies = true`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn defaults_and_what_is_unknown_are_left_alone() {
        check_rule(
            "binding-evaluates-never",
            r#"
#- tofu/main.tf
variable "on_plan" { type = bool }
resource "authentik_flow_stage_binding" "defaults" {}
resource "authentik_flow_stage_binding" "unknown" { evaluate_on_plan = var.on_plan }
"#,
        );
    }
}
