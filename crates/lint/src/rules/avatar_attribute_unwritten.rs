//! A picture that nothing stores.

use crate::identity::{avatars, policies, prompts};
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
    for root in repo.tofu.roots.iter().filter(|root| root.is_whole) {
        // A source brings attributes of its own, and a text that is not known may write any.
        let is_source = root.of_family("authentik_source_").next().is_some()
            || root.of_family("authentik_property_mapping_source_").next().is_some();
        let is_all_known = policies::are_all_known(root);
        for chain in avatars::chains(root).filter(|_| !is_source && is_all_known) {
            for path in chain.modes.iter().filter_map(|mode| mode.strip_prefix("attributes.")) {
                let first = path.split('.').next().unwrap_or(path);
                let is_keyed = root.of(prompts::FIELD).any(|field| {
                    field.known_string("field_key").is_none_or(|key| {
                        let key = key.value.strip_prefix("attributes").unwrap_or_default();
                        !key.is_empty() && key[1..].split('.').next() == Some(first)
                    })
                });
                let is_stored = root.python().iter().any(|python| {
                    prompts::writes_attribute(python, first).next().is_some()
                        || python.facts.strings().iter().any(|text| text.text == format!("attributes.{path}"))
                });
                let is_declared = root.of("authentik_user").any(|user| {
                    user.argument("attributes")
                        .is_some_and(|argument| argument.value.as_text().is_none_or(|text| text.contains(first)))
                });
                if !is_keyed && !is_stored && !is_declared {
                    let message = format!("nothing writes the attribute `{path}`");
                    findings.report(chain.span, message).help("write the name of the attribute that a policy stores");
                }
            }
        }
    }
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
}
