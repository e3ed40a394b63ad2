//! A field whose value goes nowhere.

use crate::identity::{policies, prompts, sight};
use crate::tofu::{flag, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// What is typed in a prompt's field is written nowhere, and nobody reads it.
    ///
    /// ## Why
    /// A write stage writes the keys that are fields of a user, and those below `attributes.`; it drops any other
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)).
    ///
    /// ## Fix
    /// Write `attributes.` before the key.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "phone" {
    ///   name      = "phone"
    ///   label     = "Phone"
    ///   type      = "text"
    ///   field_key = "phone"
    /// #             ^^^^^^^ warning[unprefixed-attribute-key]: `phone` is no field of a user, so what is typed there is dropped
    /// # help: write `attributes.phone`
    /// }
    /// ```
    ///
    /// Among the person's attributes:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "phone" {
    ///   name      = "phone"
    ///   label     = "Phone"
    ///   type      = "text"
    ///   field_key = "attributes.phone"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When something outside of the root reads the key.
    "unprefixed-attribute-key", Warning, Identity, check
}

/// Keys that authentik itself reads, or drops on purpose.
const OURS: [&str; 6] = ["component", "email_address", "groups", "locale", "password_repeat", "token"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        // A policy whose text is not known may read any key.
        let is_all_known = root.is_whole && policies::are_all_known(root);
        for field in root.of(prompts::FIELD).filter(|_| is_all_known) {
            let (Some(key), Some(kind)) = (field.known_string("field_key"), text_or(field, "type", "")) else {
                continue;
            };
            let name = key.value.as_str();
            let is_written = prompts::WRITTEN.contains(&name) || name.starts_with("attributes");
            let is_known =
                is_written || OURS.contains(&name) || name.starts_with("password") || name.starts_with("set_");
            if is_known || !prompts::is_typed(kind) || repo.tofu.roots.iter().any(|root| prompts::is_read(root, name)) {
                continue;
            }
            // A box that must be ticked has done its work by then.
            if kind == "checkbox" && flag(field, "required", false) != Some(false) {
                continue;
            }
            if sight::is_out_of_sight(repo, root, field) {
                continue;
            }
            let message = format!("`{name}` is no field of a user, so what is typed there is dropped");
            findings.report(key.span, message).help(format!("write `attributes.{name}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn keys_that_are_written_read_or_only_shown_are_left_alone() {
        check_rule(
            "unprefixed-attribute-key",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "all" {
  for_each  = toset(["username", "password_repeat", "attributes.phone", "avatar_upload", "token"])
  type      = "text"
  field_key = each.key
}
resource "authentik_stage_prompt_field" "note" {
  type      = "static"
  field_key = "note"
}
resource "authentik_policy_expression" "avatar" {
  expression = "return bool(context['prompt_data'].get('avatar_upload'))"
}
"#,
        );
    }

    #[test]
    fn what_another_root_reads_and_a_box_that_must_be_ticked_are_left_alone() {
        check_rule(
            "unprefixed-attribute-key",
            r#"
#- tofu/forms/main.tf
resource "authentik_stage_prompt_field" "upload" {
  type      = "file"
  field_key = "avatar_upload"
}
resource "authentik_stage_prompt_field" "terms" {
  type      = "checkbox"
  field_key = "house_rules"
  required  = true
}
#- tofu/policies/main.tf
resource "authentik_policy_expression" "avatar" {
  expression = "return bool(context['prompt_data'].get('avatar_upload'))"
}
"#,
        );
    }
}
