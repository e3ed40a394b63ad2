//! A login that tells `Alex` from `alex`.

use crate::tofu::{flag, place_or_type};
use crate::{Findings, Repo};

crate::rule! {
    /// People must type their name in the very case of letters that it is stored in.
    ///
    /// ## Why
    /// The provider turns `case_insensitive_matching` off where nothing is written, and the server has it on
    /// ([`resource_stage_identification.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_stage_identification.go)).
    /// A phone that begins a word with a capital letter keeps its owner out, and an imported stage changes without a
    /// word.
    ///
    /// ## Fix
    /// Write `case_insensitive_matching = true`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_identification" "login" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[case-sensitive-login]: `authentik_stage_identification.login` tells `Alex` from `alex`
    ///   name        = "login"
    ///   user_fields = ["username"]
    /// }
    /// ```
    ///
    /// As the server has it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_identification" "login" {
    ///   name                      = "login"
    ///   user_fields               = ["username"]
    ///   case_insensitive_matching = true
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When two people have names that differ in case only.
    "case-sensitive-login", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for stage in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_stage_identification")) {
        // A stage without fields leads to sources only.
        let has_fields = stage.argument("user_fields").is_some_and(|fields| {
            !fields.value.is_null() && fields.value.as_elements().is_none_or(|fields| !fields.is_empty())
        });
        if !has_fields || flag(stage, "case_insensitive_matching", false) != Some(false) {
            continue;
        }
        let message = format!("`{}` tells `Alex` from `alex`", stage.address());
        let span = place_or_type(stage, "case_insensitive_matching");
        findings.report(span, message).help("write `case_insensitive_matching = true`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_stage_without_fields_is_left_alone_and_a_switch_is_shown() {
        check_rule(
            "case-sensitive-login",
            r#"
#- tofu/main.tf
resource "authentik_stage_identification" "sources" { user_fields = [] }
resource "authentik_stage_identification" "login" {
  user_fields               = ["email"]
  case_insensitive_matching = false
#                             ^^^^^ warning[case-sensitive-login]: `authentik_stage_identification.login` tells `Alex` from `alex`
}
"#,
        );
    }

    #[test]
    fn a_switch_that_is_left_as_the_server_has_it_is_left_alone() {
        check_rule(
            "case-sensitive-login",
            r#"
#- tofu/main.tf
resource "authentik_stage_identification" "one" {
  user_fields = ["email"]
  lifecycle { ignore_changes = [case_insensitive_matching] }
}
resource "authentik_stage_identification" "all" {
  user_fields = ["email"]
  lifecycle { ignore_changes = all }
}
"#,
        );
    }
}
