//! An attribute's key that older servers write elsewhere.

use expression::ServerVersion;

use crate::identity::prompts;
use crate::{Findings, Repo};

crate::rule! {
    /// The key of an attribute is written with underscores where dots belong, or is read so by the server.
    ///
    /// ## Why
    /// Up to 2025.8 the write stage took every `_` of a key for a dot, so that `attributes.jellyfin_libraries` was
    /// written to `libraries` below `jellyfin`; and `attributes_phone`, which it takes too, is read differently by
    /// different releases ([release notes](https://docs.goauthentik.io/releases/2025.10/)).
    ///
    /// ## Fix
    /// Write `attributes.` with a dot, and on such a server a key without underscores behind it.
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

/// The release that reads a key as it is written.
const MENDED: ServerVersion = ServerVersion { year: 2025, month: 10 };

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let is_old = repo.tofu.server.chart.as_ref().is_some_and(|chart| chart.value < MENDED);
    for field in repo.tofu.roots.iter().flat_map(|root| root.of(prompts::FIELD)) {
        let Some(key) = field.known_string("field_key") else { continue };
        if let Some(rest) = key.value.strip_prefix("attributes_") {
            let message = format!("`{}` is read differently by different releases", key.value);
            findings.report(key.span, message).help(format!("write `attributes.{rest}`"));
        } else if is_old && key.value.starts_with("attributes.") && key.value.contains('_') {
            let message =
                format!("`{}` is written to `{}` before authentik 2025.10", key.value, key.value.replace('_', "."));
            findings.report(key.span, message).help("write a key without underscores");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_dotted_key_with_an_underscore_is_told_for_older_servers_only() {
        for (version, mark) in [
            (
                "2025.8.1",
                "\n#             ^^^^^^^^^^^^^^^^ warning[underscore-attribute-key]: `attributes.a_b` is written to `attributes.a.b` before authentik 2025.10",
            ),
            ("2025.10.0", ""),
        ] {
            check_rule(
                "underscore-attribute-key",
                &format!(
                    "
#- flux/authentik.yaml
kind: HelmRelease
spec: {{ chart: {{ spec: {{ chart: authentik, version: {version} }} }} }}
#- tofu/main.tf
resource \"authentik_stage_prompt_field\" \"flag\" {{
  field_key = \"attributes.a_b\"{mark}
}}
"
                ),
            );
        }
    }
}
