//! An attribute's key that older servers write elsewhere.

use crate::identity::prompts;
use crate::{Findings, Repo};

crate::rule! {
    /// The key of an attribute is written with an underscore where a dot belongs.
    ///
    /// ## Why
    /// Up to 2025.8 the write stage took every `_` of a flat key for a dot, so that `attributes_home_phone` was written
    /// to `phone` below `home`; later ones read it otherwise
    /// ([release notes](https://docs.goauthentik.io/releases/2025.10/)). A key with a dot is read alike by all of them,
    /// underscores behind the dot as well.
    ///
    /// ## Fix
    /// Write `attributes.` with a dot.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_prompt_field" "phone" {
    ///   name      = "phone"
    ///   label     = "Phone"
    ///   type      = "text"
    ///   field_key = "attributes_phone"
    /// #             ^^^^^^^^^^^^^^^^^^ warning[underscore-attribute-key]: `attributes_phone` is read differently by different releases
    /// # help: write `attributes.phone`
    /// }
    /// ```
    ///
    /// With a dot:
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
    /// While everything that reads the attribute expects it there.
    "underscore-attribute-key", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for field in repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD)) {
        let Some(key) = field.known_string("field_key") else { continue };
        let Some(rest) = key.value.strip_prefix("attributes_") else { continue };
        let message = format!("`{}` is read differently by different releases", key.value);
        findings.report(key.span, message).help(format!("write `attributes.{rest}`"));
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_dotted_key_with_an_underscore_is_left_alone_on_older_servers_too() {
        check_rule(
            "underscore-attribute-key",
            r#"
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: 2025.8.1 } } }
#- tofu/main.tf
resource "authentik_stage_prompt_field" "flag" { field_key = "attributes.a_b" }
"#,
        );
    }
}
