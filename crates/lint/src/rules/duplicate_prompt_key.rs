//! Two fields of one form with one key.

use crate::identity::prompts;
use crate::tofu::place;
use crate::{Findings, Repo};

crate::rule! {
    /// Two fields of one prompt have the same key.
    ///
    /// ## Why
    /// What is typed is kept by key, so of two fields with one key the last one counts, and the other is dropped
    /// ([`authentik/stages/prompt/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/stage.py)).
    ///
    /// ## Fix
    /// Give each field a key of its own: `password` and `password_repeat`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "password" {
    ///   name      = "password"
    ///   type      = "password"
    ///   field_key = "password"
    /// #             ^^^^^^^^^^ related: the other field has it too
    /// }
    ///
    /// resource "authentik_stage_prompt_field" "again" {
    ///   name      = "password-again"
    ///   type      = "password"
    ///   field_key = "password"
    /// #             ^^^^^^^^^^ error[duplicate-prompt-key]: two fields of `authentik_stage_prompt.password` have the key `password`, and one of them is dropped
    /// }
    ///
    /// resource "authentik_stage_prompt" "password" {
    ///   name   = "password"
    ///   fields = [authentik_stage_prompt_field.password.id, authentik_stage_prompt_field.again.id]
    /// }
    /// ```
    ///
    /// Each with its own:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "passwords" {
    ///   for_each  = toset(["password", "password_repeat"])
    ///   name      = each.key
    ///   type      = "password"
    ///   field_key = each.key
    /// }
    ///
    /// resource "authentik_stage_prompt" "password" {
    ///   name   = "password"
    ///   fields = [for field in authentik_stage_prompt_field.passwords : field.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never.
    "duplicate-prompt-key", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for stage in root.of("authentik_stage_prompt") {
            let leads = root.leads(stage, "fields").unwrap_or_default();
            let fields: Vec<_> = leads.iter().filter_map(|(lead, _)| lead.managed(prompts::FIELD)).collect();
            for (at, later) in fields.iter().enumerate() {
                let Some(key) = later.known_string("field_key").filter(|_| later.certain) else { continue };
                let is_same = |earlier: &&&resolve_tofu::Instance<'_>| {
                    earlier.address() != later.address()
                        && earlier.certain
                        && earlier.known_string("field_key").is_some_and(|other| other.value == key.value)
                };
                let Some(earlier) = fields[..at].iter().find(is_same) else { continue };
                let message = format!(
                    "two fields of `{}` have the key `{}`, and one of them is dropped",
                    stage.address(),
                    key.value
                );
                findings
                    .report(key.span, message)
                    .related(place(earlier, "field_key"), "the other field has it too")
                    .help("give each field a key of its own");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn one_key_in_two_forms_is_left_alone() {
        check_rule(
            "duplicate-prompt-key",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "fields" {
  count     = 2
  field_key = "email"
}
resource "authentik_stage_prompt" "forms" {
  count  = 2
  fields = [authentik_stage_prompt_field.fields[count.index].id]
}
"#,
        );
    }

    #[test]
    fn fields_that_there_may_not_be_are_left_alone() {
        check_rule(
            "duplicate-prompt-key",
            r#"
#- tofu/main.tf
variable "with_mail" { type = bool }
resource "authentik_stage_prompt_field" "optional" {
  count     = var.with_mail ? 1 : 0
  field_key = "email"
}
resource "authentik_stage_prompt_field" "email" { field_key = "email" }
resource "authentik_stage_prompt" "form" {
  fields = concat(authentik_stage_prompt_field.optional[*].id, [authentik_stage_prompt_field.email.id])
}
"#,
        );
    }
}
