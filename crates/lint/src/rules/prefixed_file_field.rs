//! An upload that overwrites what was uploaded before.

use crate::identity::prompts;
use crate::tofu::text_or;
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
    for field in repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD)) {
        let Some(key) = field.known_string("field_key") else { continue };
        let Some(attribute) = key.value.strip_prefix("attributes.") else { continue };
        if text_or(field, "type", "") != Some("file") {
            continue;
        }
        let message = format!("saving the form without a new file overwrites `{}` with an empty one", key.value);
        let help = format!("write `{attribute}_upload`, and let a validation policy store the file");
        findings.report(key.span, message).help(help);
    }
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
}
