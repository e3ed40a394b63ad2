//! A policy that is asked before what it reads exists.

use diagnostic::Severity;
use expression::{Access, BROUGHT, How, Key, Object};

use crate::identity::{policies, sight};
use crate::tofu::Python;
use crate::{Findings, Repo};

crate::rule! {
    /// A policy is asked when the flow is planned, and reads what only the flow brings.
    ///
    /// ## Why
    /// When a flow is planned nobody has typed anything: there is no `prompt_data`, no `pending_user` and no
    /// `invitation` in the context
    /// ([`authentik/flows/planner.py`](https://github.com/goauthentik/authentik/blob/main/authentik/flows/planner.py)).
    /// A policy that needs one of them raises, which counts as false and takes the stage out of the flow without a
    /// word. A binding that does not say otherwise is asked at plan time: the provider's defaults are the opposite of
    /// what the admin interface writes. Flows of sources are another thing: a source hands over `prompt_data` at once.
    ///
    /// ## Fix
    /// Ask it when the stage is reached: `evaluate_on_plan = false` and `re_evaluate_policies = true` in the stage's
    /// binding.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "enrollment-groups"
    ///   expression = <<-EOT
    ///     return "groups" in request.context["prompt_data"]
    /// #                                      ^^^^^^^^^^^^^ error[policy-bound-before-its-context]: `authentik_policy_expression.groups` reads `prompt_data`, which does not exist when the flow is planned
    ///   EOT
    /// }
    ///
    /// resource "authentik_flow" "enrollment" {
    ///   name        = "Enrollment"
    ///   title       = "Welcome"
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: here it is asked when the flow is planned, and only then
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 100
    /// }
    ///
    /// resource "authentik_policy_binding" "groups" {
    ///   target = authentik_flow_stage_binding.login.id
    ///   policy = authentik_policy_expression.groups.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// When the stage is reached:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "enrollment-groups"
    ///   expression = <<-EOT
    ///     return "groups" in request.context["prompt_data"]
    ///   EOT
    /// }
    ///
    /// resource "authentik_flow" "enrollment" {
    ///   name        = "Enrollment"
    ///   title       = "Welcome"
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target               = authentik_flow.enrollment.uuid
    ///   stage                = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
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
    /// When the flow is planned by something that brings the data, such as a link that an administrator makes.
    "policy-bound-before-its-context", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for bound in policies::bound(root) {
            let Some(flow) = bound.flow().filter(|_| bound.is_at_plan_time()) else { continue };
            if policies::is_of_source(root, flow) || sight::is_out_of_sight(repo, root, flow) {
                continue;
            }
            let Some(designation) = flow.known_string("designation") else { continue };
            // Whoever sets something up, or follows an administrator's link, is known from the start.
            let has_user = ["stage_configuration", "recovery"].contains(&designation.value.as_str());
            let brought: Vec<&str> = BROUGHT.into_iter().filter(|key| !has_user || *key != "pending_user").collect();
            for (access, key, fails) in too_early(bound.python, &brought) {
                // Asked again at the stage, a policy that can do without is right.
                if !bound.is_at_plan_time_only() && !fails {
                    continue;
                }
                let message =
                    format!("`{}` reads {key}, which does not exist when the flow is planned", bound.policy.address());
                let (place, when) = match &bound.asked {
                    policies::Asked::Stage(stage) => (stage.instance, "here it is asked when the flow is planned"),
                    _ => (bound.by, "here it is bound to the flow itself, which is asked when the flow is planned"),
                };
                let only = if bound.is_at_plan_time_only() { ", and only then" } else { "" };
                findings
                    .report(bound.python.place(access.range.clone()), message)
                    .severity(if fails { Severity::Error } else { Severity::Warning })
                    .related(place.resource.kind.span, format!("{when}{only}"))
                    .help("bind it to the stage, with `evaluate_on_plan = false` and `re_evaluate_policies = true`");
            }
        }
    }
}

/// The reads of what is not there when a flow is planned: each with what is read, and whether the policy raises there.
fn too_early<'p>(python: &'p Python, brought: &[&str]) -> Vec<(&'p Access, String, bool)> {
    // Where one of them is asked for first, nothing of this is run when the flow is planned.
    let is_run = |access: &Access| !access.given.iter().any(|key| brought.contains(key));
    let of_context = policies::reads_of_context(python).filter(|(key, _)| brought.contains(key));
    let mut found: Vec<_> =
        of_context.map(|(key, access)| (access, format!("`{key}`"), fails(access) && is_run(access))).collect();
    if found.iter().all(|(_, _, fails)| !fails) {
        // In place of what was typed there is something empty.
        let empty = python.facts.reads().iter().filter(|access| access.object == Object::PromptData);
        found.extend(empty.filter_map(|access| {
            let Key::Known(key) = &access.key else { return None };
            let raises = access.fails_without_key() && is_run(access);
            raises.then(|| (access, format!("`{key}` of `prompt_data`"), true))
        }));
    }
    found
}

/// Whether the policy raises where the key is missing.
fn fails(access: &Access) -> bool {
    let falls_back = matches!(access.how, How::Get { fallback: true });
    !access.guarded && (access.fails_without_key() || access.chained && !falls_back)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    fn root(expression: &str, switches: &str, rest: &str) -> String {
        format!(
            "
#- tofu/main.tf
resource \"authentik_policy_expression\" \"groups\" {{
  name       = \"groups\"
  expression = <<-EOT
{expression}
  EOT
}}
resource \"authentik_flow\" \"flow\" {{ designation = \"enrollment\" }}
resource \"authentik_flow_stage_binding\" \"login\" {{
  target = authentik_flow.flow.uuid
{switches}
}}
resource \"authentik_policy_binding\" \"groups\" {{
  target = authentik_flow_stage_binding.login.id
  policy = authentik_policy_expression.groups.id
}}
{rest}
"
        )
    }

    #[test]
    fn a_fallback_makes_it_a_warning() {
        let expression = "    return context.get(\"prompt_data\", {}).get(\"groups\")
#                      ^^^^^^^^^^^^^ warning[policy-bound-before-its-context]: `authentik_policy_expression.groups` reads `prompt_data`, which does not exist when the flow is planned";
        let text = root(expression, "", "");
        let text = text.replace(
            "resource \"authentik_flow_stage_binding\" \"login\" {",
            "resource \"authentik_flow_stage_binding\" \"login\" {\n#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: here it is asked when the flow is planned, and only then",
        );
        check_rule("policy-bound-before-its-context", &text);
    }

    #[test]
    fn asked_again_at_the_stage_with_a_fallback_is_left_alone() {
        let both = "  re_evaluate_policies = true";
        let expression = "    return bool(context.get(\"prompt_data\", {}).get(\"groups\"))";
        check_rule("policy-bound-before-its-context", &root(expression, both, ""));
    }

    #[test]
    fn flows_of_sources_are_left_alone() {
        let source = "resource \"authentik_source_oauth\" \"github\" { enrollment_flow = authentik_flow.flow.uuid }";
        check_rule("policy-bound-before-its-context", &root("    return context[\"prompt_data\"]", "", source));
    }

    #[test]
    fn other_keys_and_unknown_switches_are_left_alone() {
        check_rule("policy-bound-before-its-context", &root("    return context[\"flow_plan\"]", "", ""));
        let unknown = "  evaluate_on_plan = var.on_plan";
        let variable = "variable \"on_plan\" { type = bool }";
        check_rule("policy-bound-before-its-context", &root("    return context[\"prompt_data\"]", unknown, variable));
    }

    #[test]
    fn what_is_run_only_once_the_flow_has_brought_something_is_left_alone() {
        let both = "  re_evaluate_policies = true";
        for asked in [
            "    user = context.get(\"pending_user\")
    if not user:
        return True
    return bool(context[\"prompt_data\"][\"groups\"])",
            "    if \"invitation\" in context and context[\"prompt_data\"][\"groups\"]:
        return False
    return True",
        ] {
            check_rule("policy-bound-before-its-context", &root(asked, both, ""));
        }
    }

    #[test]
    fn a_key_of_what_is_empty_then_raises_too() {
        let expression = "    data = context.get(\"prompt_data\", {})
    names = data[\"groups\"]
#                ^^^^^^^^ error[policy-bound-before-its-context]: `authentik_policy_expression.groups` reads `groups` of `prompt_data`, which does not exist when the flow is planned
    return bool(names)";
        let text = root(expression, "  re_evaluate_policies = true", "");
        let text = text.replace(
            "resource \"authentik_flow_stage_binding\" \"login\" {",
            "resource \"authentik_flow_stage_binding\" \"login\" {\n#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: here it is asked when the flow is planned",
        );
        check_rule("policy-bound-before-its-context", &text);
    }
}
