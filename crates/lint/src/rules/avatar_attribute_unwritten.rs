//! A picture that nothing stores.

use resolve_tofu::Instance;

use crate::identity::{avatars, policies, prompts};
use crate::tofu::{Lead, Python, Root};
use crate::{Findings, Repo};

crate::rule! {
    /// The chain of avatars reads an attribute that nothing in the root writes.
    ///
    /// ## Why
    /// `attributes.avatar` shows what stands in that attribute of the person
    /// ([`authentik/lib/avatars.py`](https://github.com/goauthentik/authentik/blob/main/authentik/lib/avatars.py)). Where
    /// no form, no policy and no source fills it, the mode never has a picture: often it is a name that was changed in
    /// one place.
    ///
    /// ## Fix
    /// Write the attribute's name that the policy stores, or declare what stores it.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.picture,initials"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[avatar-attribute-unwritten]: nothing writes the attribute `picture`
    /// }
    ///
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["avatar"] = request.context["prompt_data"]["avatar_upload"]
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// By one name:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_system_settings" "settings" {
    ///   avatars = "attributes.avatar,initials"
    /// }
    ///
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["avatar"] = request.context["prompt_data"]["avatar_upload"]
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When something outside of the root writes it.
    "avatar-attribute-unwritten", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let roots = &repo.tofu.roots;
    if !roots.iter().all(is_all_known) {
        return;
    }
    for chain in roots.iter().flat_map(avatars::chains) {
        for path in chain.modes.iter().filter_map(|mode| mode.strip_prefix("attributes.")) {
            if !roots.iter().any(|root| may_write(root, path)) {
                let message = format!("nothing writes the attribute `{path}`");
                findings.report(chain.span, message).help("write the name of the attribute that a policy stores");
            }
        }
    }
}

/// Whether everything that may write attributes is known: no source brings some of its own, every policy has its text,
/// and every form its fields.
fn is_all_known(root: &Root<'_>) -> bool {
    let brings = |prefix| root.of_family(prefix).next().is_some();
    let has_fields = |prompt| {
        let leads = root.leads(prompt, "fields");
        leads.is_some_and(|leads| leads.iter().all(|(lead, _)| matches!(lead, Lead::To(_) | Lead::Nowhere)))
    };
    root.is_whole
        && !brings("authentik_source_")
        && !brings("authentik_property_mapping_source_")
        && policies::are_all_known(root)
        && root.of("authentik_stage_prompt").all(has_fields)
}

/// Whether a field, an expression or a declared person of the root may write the attribute at `path`.
fn may_write(root: &Root<'_>, path: &str) -> bool {
    let first = path.split('.').next().unwrap_or(path);
    let is_keyed = |field: &Instance<'_>| {
        field.known_string("field_key").is_none_or(|key| {
            let key = key.value.strip_prefix("attributes").and_then(|key| key.strip_prefix(['.', '_']));
            key.is_some_and(|key| key.split('.').next() == Some(first) || key == first)
        })
    };
    let is_stored = |python: &Python| {
        prompts::writes_attribute(python, first).next().is_some()
            || python.facts.strings().iter().any(|text| text.text == format!("attributes.{path}"))
    };
    let is_declared = |user: &Instance<'_>| {
        let attributes = user.argument("attributes");
        attributes.is_some_and(|argument| argument.value.as_text().is_none_or(|text| text.contains(first)))
    };
    root.of(prompts::FIELD).any(is_keyed)
        || root.python().iter().any(is_stored)
        || root.of("authentik_user").any(is_declared)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn fields_sources_and_unknown_texts_may_write_it() {
        for writer in [
            "resource \"authentik_stage_prompt_field\" \"a\" { field_key = \"attributes.avatar\" }",
            "resource \"authentik_source_ldap\" \"a\" {}",
            "variable \"text\" { type = string }\nresource \"authentik_policy_expression\" \"a\" { expression = var.text }",
        ] {
            let text = format!(
                "\n#- tofu/main.tf\nresource \"authentik_system_settings\" \"s\" {{ avatars = \"attributes.avatar,none\" }}\n{writer}\n"
            );
            check_rule("avatar-attribute-unwritten", &text);
        }
    }

    #[test]
    fn another_root_and_fields_that_are_unknown_may_write_it() {
        check_rule(
            "avatar-attribute-unwritten",
            r#"
#- tofu/settings/main.tf
resource "authentik_system_settings" "this" { avatars = "attributes.avatar,initials" }
#- tofu/flows/main.tf
resource "authentik_policy_expression" "avatar" {
  name       = "avatar"
  expression = "request.user.attributes['avatar'] = context['prompt_data']['avatar_upload']\nrequest.user.save()\nreturn True"
}
"#,
        );
        check_rule(
            "avatar-attribute-unwritten",
            r#"
#- tofu/main.tf
variable "fields" { type = list(string) }
resource "authentik_system_settings" "this" { avatars = "attributes.avatar,initials" }
resource "authentik_stage_prompt" "settings" {
  name   = "settings"
  fields = var.fields
}
resource "authentik_stage_prompt_field" "odd" { field_key = "attributesé" }
"#,
        );
    }
}
