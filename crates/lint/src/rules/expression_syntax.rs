//! An expression that is no Python.

use crate::{Findings, Repo};

crate::rule! {
    /// An expression is not Python as authentik compiles it.
    ///
    /// ## Why
    /// The text becomes the body of a function, so `return` may stand at its top
    /// ([`authentik/lib/expression/evaluator.py`](https://github.com/goauthentik/authentik/blob/main/authentik/lib/expression/evaluator.py)),
    /// and the server refuses what Python does not compile. `tofu plan` does not know Python.
    ///
    /// ## Fix
    /// Mend the text where the message points.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = <<-EOT
    ///     if ak_is_group_member(request.user, name="family")
    /// #                                                     ^ error[expression-syntax]: `expression` of `authentik_policy_expression.family` is no Python: expected `:`, found newline
    ///         return True
    ///     return False
    ///   EOT
    /// }
    /// ```
    ///
    /// With its colon:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = <<-EOT
    ///     if ak_is_group_member(request.user, name="family"):
    ///         return True
    ///     return False
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the apply fails.
    "expression-syntax", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()) {
        for fault in python.facts.faults() {
            let message = format!("`{}` of `{}` is no Python: {}", python.argument, python.address, fault.message);
            findings.report(python.place(fault.range.clone()), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_text_that_is_not_known_as_a_whole_is_left_alone() {
        check_rule(
            "expression-syntax",
            r#"
#- tofu/main.tf
variable "group" { type = string }
resource "authentik_policy_expression" "family" {
  expression = "if (${var.group} return"
}
resource "authentik_stage_prompt_field" "name" {
  placeholder = "Your name (first, last"
}
"#,
        );
    }

    #[test]
    fn a_fault_in_a_prompt_is_told_with_its_argument() {
        check_rule(
            "expression-syntax",
            r#"
#- tofu/main.tf
resource "authentik_stage_prompt_field" "name" {
  placeholder            = "return 'a"
#                                  ^^ error[expression-syntax]: `placeholder` of `authentik_stage_prompt_field.name` is no Python: missing closing quote in string literal
  placeholder_expression = true
}
"#,
        );
    }
}
