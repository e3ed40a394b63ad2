//! The settings page without its fields.

use resolve_tofu::Instance;

use crate::identity::prompts;
use crate::tofu::{Root, is_ignored, place};
use crate::{Findings, Repo};

crate::rule! {
    /// The built-in stage of the settings page is imported without the fields or the policy that it had.
    ///
    /// ## Why
    /// `fields` and `validation_policies` are written as a whole, so an imported stage that lists only new fields drops
    /// username, name, e-mail and locale, and one without a policy lets people rename themselves
    /// ([`blueprints/default/flow-default-user-settings-flow.yaml`](https://github.com/goauthentik/authentik/blob/main/blueprints/default/flow-default-user-settings-flow.yaml)).
    ///
    /// ## Fix
    /// List fields with the keys `username`, `name`, `email` and `attributes.settings.locale`, and a policy that
    /// decides who may change what.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_stage" "settings" {
    ///   name = "default-user-settings"
    /// }
    ///
    /// import {
    ///   to = authentik_stage_prompt.settings
    ///   id = data.authentik_stage.settings.id
    /// }
    ///
    /// resource "authentik_stage_prompt_field" "avatar" {
    ///   name      = "avatar"
    ///   type      = "file"
    ///   field_key = "avatar_upload"
    /// }
    ///
    /// resource "authentik_stage_prompt" "settings" {
    ///   name   = "default-user-settings"
    ///   fields = [authentik_stage_prompt_field.avatar.id]
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[settings-stage-truncated]: the settings page loses `username`, `name`, `email`, `attributes.settings.locale` and its policy
    /// }
    /// ```
    ///
    /// With a stage of its own:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "avatar" {
    ///   name      = "avatar"
    ///   type      = "file"
    ///   field_key = "avatar_upload"
    /// }
    ///
    /// resource "authentik_stage_prompt" "avatar" {
    ///   name   = "avatar"
    ///   fields = [authentik_stage_prompt_field.avatar.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the page is meant to have less.
    "settings-stage-truncated", Error, Identity, check
}

/// The keys of the built-in fields.
const KEYS: [&str; 4] = ["username", "name", "email", "attributes.settings.locale"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for stage in root.of("authentik_stage_prompt").filter(|stage| is_built_in(repo, root, stage)) {
            let Some(fields) = prompts::fields(root, stage) else { continue };
            let keys: Option<Vec<_>> = fields.iter().map(|field| field.known_string("field_key")).collect();
            let Some(keys) = keys else { continue };
            // Whoever lists some of the built-in fields has chosen them.
            let is_chosen = keys.iter().any(|key| KEYS.contains(&key.value.as_str())) || is_ignored(stage, "fields");
            let mut lost: Vec<String> = KEYS.iter().filter(|_| !is_chosen).map(|key| format!("`{key}`")).collect();
            let policies =
                root.leads(stage, "validation_policies").filter(|_| !is_ignored(stage, "validation_policies"));
            if policies.is_some_and(|policies| policies.is_empty()) {
                lost.push("its policy".to_owned());
            }
            let Some((last, others)) = lost.split_last() else { continue };
            let lost = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
            let message = format!("the settings page loses {lost}");
            findings.report(place(stage, "fields"), message).help("list fields with these keys, and the policy");
        }
    }
}

/// Whether `stage` is the built-in one, taken over by an import.
fn is_built_in(repo: &Repo<'_>, root: &Root<'_>, stage: &Instance<'_>) -> bool {
    let is_named = stage.known_string("name").is_some_and(|name| name.value == "default-user-settings");
    let is_imported = root.resolved.module.imports.iter().any(|one| repo.sources.slice(one.to.span) == stage.address());
    is_named && is_imported
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn fields_that_are_unknown_are_left_alone() {
        check_rule(
            "settings-stage-truncated",
            r#"
#- tofu/main.tf
variable "fields" { type = list(string) }
import {
  to = authentik_stage_prompt.settings
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
resource "authentik_stage_prompt" "settings" {
  name   = "default-user-settings"
  fields = concat(["0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"], var.fields)
}
"#,
        );
    }

    #[test]
    fn a_choice_among_the_built_in_fields_is_left_alone() {
        check_rule(
            "settings-stage-truncated",
            r#"
#- tofu/main.tf
import {
  to = authentik_stage_prompt.settings
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
resource "authentik_stage_prompt_field" "name" {
  name      = "default-user-settings-field-name"
  type      = "text"
  field_key = "name"
}
resource "authentik_policy_expression" "settings" {
  name       = "default-user-settings-authorization"
  expression = "return True"
}
resource "authentik_stage_prompt" "settings" {
  name                = "default-user-settings"
  fields              = [authentik_stage_prompt_field.name.id]
  validation_policies = [authentik_policy_expression.settings.id]
}
"#,
        );
    }

    #[test]
    fn fields_that_are_left_as_the_server_has_them_are_left_alone() {
        check_rule(
            "settings-stage-truncated",
            r#"
#- tofu/main.tf
import {
  to = authentik_stage_prompt.settings
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
resource "authentik_stage_prompt" "settings" {
  name   = "default-user-settings"
  fields = []
  lifecycle { ignore_changes = [fields, validation_policies] }
}
"#,
        );
    }
}
