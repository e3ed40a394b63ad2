//! A form that overwrites what the invitation brought.

use std::collections::BTreeSet;

use expression::Object;
use resolve_tofu::Instance;

use crate::identity::prompts;
use crate::tofu::{PolicyBinding, Root, StageBinding, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A field of an invitation's form replaces the groups, or all attributes, that the invitation brings.
    ///
    /// ## Why
    /// The invitation stage puts the invitation's data where the form puts its answers, and the form comes later
    /// ([`authentik/stages/prompt/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/stage.py)).
    /// A key with dots arrives nested, so that *one* field with the key `attributes.…` replaces all `attributes` of the
    /// invitation by those of the form, and a field with the key `groups` its list of groups by a text. The account is
    /// made without them, and nothing says so.
    ///
    /// ## Fix
    /// Give the field a key without the prefix, and store what it holds in a policy of the write stage's binding; or
    /// ask for it later, in the settings of the person.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_invitation" "enrollment" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the invitation is taken here
    ///   name = "enrollment-invitation"
    /// }
    ///
    /// resource "authentik_stage_prompt_field" "phone" {
    ///   name      = "enrollment-phone"
    ///   label     = "Phone"
    ///   type      = "text"
    ///   field_key = "attributes.phone"
    /// #             ^^^^^^^^^^^^^^^^^^ hint[prompt-replaces-invitation-data]: `attributes.phone` replaces all attributes that an invitation brings
    /// }
    ///
    /// resource "authentik_stage_prompt" "enrollment" {
    ///   name   = "enrollment"
    ///   fields = [authentik_stage_prompt_field.phone.id]
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "invitation" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_invitation.enrollment.id
    ///   order  = 10
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "prompt" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_prompt.enrollment.id
    ///   order  = 20
    /// }
    /// ```
    ///
    /// In the settings of the person it replaces nothing:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "phone" {
    ///   name      = "settings-phone"
    ///   label     = "Phone"
    ///   type      = "text"
    ///   field_key = "attributes.phone"
    /// }
    ///
    /// resource "authentik_stage_prompt" "settings" {
    ///   name   = "settings"
    ///   fields = [authentik_stage_prompt_field.phone.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When no invitation brings attributes.
    "prompt-replaces-invitation-data", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for root in &repo.tofu.roots {
        // Such an expression may put back what was lost.
        let reads = |python: &crate::tofu::Python| {
            python.facts.reads().iter().any(|read| matches!(read.object, Object::Invitation | Object::InvitationData))
        };
        if root.python().iter().any(reads) {
            continue;
        }
        let policies = root.policy_bindings();
        for flow in root.of("authentik_flow") {
            let stages = root.stages_of(flow).unwrap_or_default();
            let Some((invitation, taken)) = invitation(&stages) else { continue };
            for prompt in stages.iter().filter(|one| one.order > Some(taken) && !is_chosen(one, &policies)) {
                for field in fields(root, prompt) {
                    let Some(key) = field.known_string("field_key") else { continue };
                    let Some(what) = replaced(&key.value).filter(|_| arrives(field) && told.insert(key.span)) else {
                        continue;
                    };
                    findings
                        .report(key.span, format!("`{}` replaces {what} that an invitation brings", key.value))
                        .related(invitation.resource.header, "the invitation is taken here")
                        .help("take the field out of this form, or give it a key that only a policy reads");
                }
            }
        }
    }
}

/// The first invitation stage, and where in its flow it stands.
fn invitation<'r, 'a>(stages: &[StageBinding<'r, 'a>]) -> Option<(&'r Instance<'a>, i64)> {
    stages.iter().find_map(|one| Some((one.stage.managed("authentik_stage_invitation")?, one.order?)))
}

/// Whether a policy decides if the stage is shown: it may only be for those who come without an invitation.
fn is_chosen(stage: &StageBinding<'_, '_>, policies: &[PolicyBinding<'_, '_>]) -> bool {
    policies.iter().any(|policy| policy.target.may_be(stage.instance))
}

/// The fields of a prompt that are known.
fn fields<'r, 'a>(root: &'r Root<'a>, stage: &StageBinding<'r, 'a>) -> Vec<&'r Instance<'a>> {
    let Some(prompt) = stage.stage.managed("authentik_stage_prompt") else { return Vec::new() };
    let leads = root.leads(prompt, "fields").unwrap_or_default();
    leads.iter().filter_map(|(lead, _)| lead.managed(prompts::FIELD)).collect()
}

/// What of an invitation's data the answer of a field takes the place of.
fn replaced(key: &str) -> Option<&'static str> {
    match key {
        "groups" => Some("the groups"),
        "attributes" => Some("all attributes"),
        _ => key.starts_with("attributes.").then_some("all attributes"),
    }
}

/// Whether the field has an answer, for all that is known.
fn arrives(field: &Instance<'_>) -> bool {
    let kind = text_or(field, "type", "");
    kind.is_some_and(|kind| kind != "separator" && !kind.starts_with("alert_"))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    /// A flow that takes an invitation at 10, with `more` around it.
    fn flow(more: &str) -> String {
        format!(
            r#"
#- tofu/main.tf
resource "authentik_flow" "enrollment" {{ designation = "enrollment" }}
resource "authentik_stage_invitation" "this" {{
  name = "invitation"
}}
resource "authentik_flow_stage_binding" "invitation" {{
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_invitation.this.id
  order  = 10
}}
resource "authentik_stage_prompt" "this" {{
  name   = "form"
  fields = [for field in authentik_stage_prompt_field.this : field.id]
}}
{more}
"#
        )
    }

    #[test]
    fn groups_are_replaced_as_well_and_other_keys_replace_nothing() {
        let said = r#"resource "authentik_flow_stage_binding" "prompt" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_prompt.this.id
  order  = 20
}
resource "authentik_stage_prompt_field" "this" {
  for_each  = toset(["username", "email", "groups", "attributes_phone"])
#                                         ^^^^^^^^ hint[prompt-replaces-invitation-data]: `groups` replaces the groups that an invitation brings
# help: take the field out of this form, or give it a key that only a policy reads
  name      = each.key
  field_key = each.key
  type      = "text"
}"#;
        let marked = flow(said).replace(
            "resource \"authentik_stage_invitation\" \"this\" {",
            "resource \"authentik_stage_invitation\" \"this\" {\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the invitation is taken here",
        );
        check_rule("prompt-replaces-invitation-data", &marked);
    }

    #[test]
    fn forms_before_the_invitation_or_without_it_are_left_alone() {
        let field = r#"
resource "authentik_stage_prompt_field" "this" {
  for_each  = toset(["attributes.phone"])
  name      = each.key
  field_key = each.key
  type      = "text"
}"#;
        let before = r#"resource "authentik_flow_stage_binding" "prompt" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_prompt.this.id
  order  = 5
}"#;
        let settings = r#"resource "authentik_flow" "settings" { designation = "stage_configuration" }
resource "authentik_flow_stage_binding" "prompt" {
  target = authentik_flow.settings.uuid
  stage  = authentik_stage_prompt.this.id
  order  = 20
}"#;
        let unknown = r#"variable "order" { type = number }
resource "authentik_flow_stage_binding" "prompt" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_prompt.this.id
  order  = var.order
}"#;
        for binding in [before, settings, unknown] {
            check_rule("prompt-replaces-invitation-data", &flow(&format!("{binding}{field}")));
        }
    }

    #[test]
    fn what_a_policy_chooses_or_puts_back_is_left_alone() {
        let form = r#"resource "authentik_flow_stage_binding" "prompt" {
  target = authentik_flow.enrollment.uuid
  stage  = authentik_stage_prompt.this.id
  order  = 20
}
resource "authentik_stage_prompt_field" "this" {
  for_each  = toset(["attributes.phone"])
  name      = each.key
  field_key = each.key
  type      = "text"
}"#;
        let chosen = r#"
resource "authentik_policy_binding" "without" {
  target = authentik_flow_stage_binding.prompt.id
  policy = authentik_policy_expression.without.id
  order  = 0
}
resource "authentik_policy_expression" "without" {
  name       = "without"
  expression = "return not context.get('invitation_in_effect')"
}"#;
        let restored = r#"
resource "authentik_policy_expression" "restore" {
  name       = "restore"
  expression = <<-EOT
    brought = context["invitation"].fixed_data.get("attributes", {})
    context["prompt_data"]["attributes"] = {**brought, **context["prompt_data"]["attributes"]}
    return True
  EOT
}"#;
        for more in [chosen, restored] {
            check_rule("prompt-replaces-invitation-data", &flow(&format!("{form}{more}")));
        }
    }
}
