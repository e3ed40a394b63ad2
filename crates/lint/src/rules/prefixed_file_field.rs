//! An upload that overwrites what was uploaded before.

use expression::Object;

use crate::identity::{policies, prompts};
use crate::tofu::{Python, Root, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A file is written straight to an attribute, also when nobody chose one.
    ///
    /// ## Why
    /// A browser sends an empty file where none was chosen, `data:application/octet-stream;base64,`, and the write stage
    /// stores it
    /// ([`authentik/stages/user_write/stage.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/user_write/stage.py)):
    /// whoever saves the form for another reason loses their picture.
    ///
    /// ## Fix
    /// Give the field a key of its own, `avatar_upload`, and let a validation policy store what is worth storing.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "avatar" {
    ///   name      = "avatar"
    ///   label     = "Picture"
    ///   type      = "file"
    ///   field_key = "attributes.avatar"
    /// #             ^^^^^^^^^^^^^^^^^^^ error[prefixed-file-field]: saving the form without a new file overwrites `attributes.avatar` with an empty one
    /// # help: write `avatar_upload`, and let a validation policy store the file
    /// }
    /// ```
    ///
    /// By a policy:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "avatar" {
    ///   name      = "avatar"
    ///   label     = "Picture"
    ///   type      = "file"
    ///   field_key = "avatar_upload"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// In a form that is filled in once, where the file is required.
    "prefixed-file-field", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let fields = repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD).map(move |field| (root, field)));
    for (root, field) in fields {
        let Some(key) = field.known_string("field_key") else { continue };
        let Some(attribute) = key.value.strip_prefix("attributes.") else { continue };
        if text_or(field, "type", "") != Some("file") || may_be_mended(root, attribute) {
            continue;
        }
        let message = format!("saving the form without a new file overwrites `{}` with an empty one", key.value);
        let help = format!("write `{attribute}_upload`, and let a validation policy store the file");
        findings.report(key.span, message).help(help);
    }
}

/// Whether a policy may take the empty file out of what was typed, or put the old one back.
fn may_be_mended(root: &Root<'_>, attribute: &str) -> bool {
    let is_all_known = root.is_whole && policies::are_all_known(root);
    let mends = |python: &Python| {
        let facts = &python.facts;
        let writes =
            facts.writes().iter().any(|write| matches!(write.object, Object::PromptData | Object::PromptAttributes));
        let names = facts.strings().iter().any(|text| text.text.contains(attribute));
        writes && names
    };
    !is_all_known || root.python().iter().any(mends)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn other_types_and_keys_are_left_alone() {
        check_rule(
            "prefixed-file-field",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "text" {
  type      = "text"
  field_key = "attributes.avatar"
}
resource "authentik_stage_prompt_field" "file" {
  type      = "file"
  field_key = "avatar_upload"
}
"#,
        );
    }

    #[test]
    fn a_policy_that_takes_the_empty_file_out_is_enough() {
        check_rule(
            "prefixed-file-field",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "avatar" {
  type      = "file"
  field_key = "attributes.avatar"
}
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    data = context["prompt_data"]
    if data["attributes"]["avatar"].endswith("base64,"):
        del data["attributes"]["avatar"]
    return True
  EOT
}
"#,
        );
    }
}
