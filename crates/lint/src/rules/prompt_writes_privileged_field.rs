//! A form that lets people write what they are.

use crate::identity::prompts;
use crate::tofu::text_or;
use crate::{Findings, Repo};

crate::rule! {
    /// A field lets a person write something about themselves that only an administrator should.
    ///
    /// ## Why
    /// A write stage sets every field of a user that a key names, `is_active`, `type` and `path` among them, and takes
    /// `attributes` and `groups` as a whole
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)).
    /// A field that people see hands them the switch.
    ///
    /// ## Fix
    /// Take the field out, or give it `type = "hidden"` with the value that you mean.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "type" {
    ///   name      = "type"
    ///   label     = "Type"
    ///   type      = "text"
    ///   field_key = "type"
    /// #             ^^^^^^ error[prompt-writes-privileged-field]: whoever fills the form in writes their own `type`
    /// }
    /// ```
    ///
    /// With a value of yours:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "type" {
    ///   name          = "type"
    ///   label         = "Type"
    ///   type          = "hidden"
    ///   field_key     = "type"
    ///   initial_value = "internal"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// In a flow that only administrators can open.
    "prompt-writes-privileged-field", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for field in repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD)) {
        let (Some(key), Some(kind)) = (field.known_string("field_key"), text_or(field, "type", "")) else { continue };
        let is_privileged = ["attributes", "groups", "is_active", "path", "type"].contains(&key.value.as_str());
        if is_privileged && prompts::is_typed(kind) {
            let message = format!("whoever fills the form in writes their own `{}`", key.value);
            findings.report(key.span, message).help("take the field out, or write `type = \"hidden\"`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn fields_that_people_cannot_write_to_and_unknown_types_are_left_alone() {
        check_rule(
            "prompt-writes-privileged-field",
            r#"
#- tofu/main.tf
variable "type" { type = string }
resource "authentik_stage_prompt_field" "all" {
  for_each  = toset(["hidden", "static", "text_read_only", var.type])
  type      = each.key
  field_key = "is_active"
}
resource "authentik_stage_prompt_field" "own" {
  type      = "text"
  field_key = "attributes.type"
}
"#,
        );
    }
}
