//! A tick that cannot be left out, or is there already.

use diagnostic::Severity;

use crate::identity::prompts;
use crate::tofu::{flag, place, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A checkbox is required, or ticked from the start by a value that reads like *no*.
    ///
    /// ## Why
    /// A box that is not ticked sends nothing, so a required one must be ticked; and any initial value that is not empty
    /// shows it ticked, `false` too
    /// ([`authentik/stages/prompt/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/models.py)).
    ///
    /// ## Fix
    /// Write `required = false`, and leave `initial_value` out.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "reset" {
    ///   name          = "avatar-reset"
    ///   label         = "Remove my picture"
    ///   type          = "checkbox"
    ///   field_key     = "avatar_reset"
    ///   initial_value = "false"
    /// #                 ^^^^^^^ warning[required-checkbox]: the checkbox `avatar_reset` is ticked from the start: any value ticks it
    /// }
    /// ```
    ///
    /// Empty at first:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "reset" {
    ///   name      = "avatar-reset"
    ///   label     = "Remove my picture"
    ///   type      = "checkbox"
    ///   field_key = "avatar_reset"
    ///   required  = false
    /// }
    /// ```
    ///
    /// ## When to allow
    /// For a box that people must tick, such as a consent.
    "required-checkbox", Warning, Identity, check
}

/// Words of boxes that must be ticked on purpose.
const CONSENT: [&str; 6] = ["accept", "agree", "consent", "privacy", "terms", "tos"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for field in repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD)) {
        if text_or(field, "type", "") != Some("checkbox") {
            continue;
        }
        let key = field.known_string("field_key").map(|key| key.value).unwrap_or_default();
        let is_consent = CONSENT.iter().any(|word| key.to_lowercase().contains(word));
        if flag(field, "required", false) == Some(true) {
            let severity = if is_consent { Severity::Hint } else { Severity::Warning };
            let message = format!("the checkbox `{key}` must be ticked: an empty one sends nothing");
            findings.report(place(field, "required"), message).severity(severity).help("write `required = false`");
        }
        let is_text = flag(field, "initial_value_expression", false) == Some(false);
        let initial = field.known_string("initial_value").filter(|value| is_text && reads_like_no(&value.value));
        if let Some(initial) = initial {
            let message = format!("the checkbox `{key}` is ticked from the start: any value ticks it");
            findings.report(initial.span, message).help("leave `initial_value` out");
        }
    }
}

/// Whether whoever writes that wants an empty box.
fn reads_like_no(value: &str) -> bool {
    ["0", "f", "false", "n", "no", "none", "null", "off"].contains(&value.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_consent_is_a_hint_and_other_fields_are_left_alone() {
        check_rule(
            "required-checkbox",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "terms" {
  type      = "checkbox"
  field_key = "terms_accepted"
  required  = true
#             ^^^^ hint[required-checkbox]: the checkbox `terms_accepted` must be ticked: an empty one sends nothing
}
resource "authentik_stage_prompt_field" "name" {
  type          = "text"
  required      = true
  initial_value = "false"
}
resource "authentik_stage_prompt_field" "mails" {
  type          = "checkbox"
  field_key     = "attributes.mails"
  initial_value = "true"
}
"#,
        );
    }
}
