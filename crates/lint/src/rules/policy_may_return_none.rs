//! A policy that may answer nothing.

use expression::{Ending, Kind};

use crate::{Findings, Repo};

crate::rule! {
    /// A path through a policy ends without an answer.
    ///
    /// ## Why
    /// A policy that returns nothing returns `None`, which counts as false
    /// ([`authentik/policies/expression/evaluator.py`](https://github.com/goauthentik/authentik/blob/main/authentik/policies/expression/evaluator.py)):
    /// a stage is left out, or access refused, on a path that nobody thought of, and nothing says why.
    ///
    /// ## Fix
    /// End every path with `return True` or `return False`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = <<-EOT
    ///     if ak_is_group_member(request.user, name="family"):
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[policy-may-return-none]: a path through `authentik_policy_expression.family` ends here without an answer, which counts as false
    ///         return True
    ///   EOT
    /// }
    /// ```
    ///
    /// With an answer on each path:
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
    /// When nothing is what you mean: `return False` says it better.
    "policy-may-return-none", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()).filter(|one| one.kind == Kind::Policy) {
        let ends = python.facts.may_return_none().iter().filter(|end| end.ending != Ending::ReturnNone);
        for end in ends {
            let place = match end.ending {
                Ending::NoReturn => "ends here without an answer",
                Ending::BareReturn | Ending::ReturnNone => "returns nothing here",
            };
            let message = format!("a path through `{}` {place}, which counts as false", python.address);
            findings.report(python.place(end.range.clone()), message).help("write `return True` or `return False`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_raises_or_never_ends_is_left_alone_and_so_are_mappings() {
        check_rule(
            "policy-may-return-none",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "raises" {
  expression = <<-EOT
    if request.user:
        return True
    raise ValueError("nobody")
  EOT
}
resource "authentik_policy_expression" "waits" {
  expression = <<-EOT
    while True:
        if request.user:
            return True
  EOT
}
resource "authentik_property_mapping_provider_scope" "nothing" {
  expression = "pass"
}
"#,
        );
    }

    #[test]
    fn a_bare_return_in_a_file_is_told_there() {
        check_rule(
            "policy-may-return-none",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "file" {
  expression = file("${path.module}/policies/family.py")
}
#- tofu/policies/family.py
if not request.user:
    return
#   ^^^^^^ warning[policy-may-return-none]: a path through `authentik_policy_expression.file` returns nothing here, which counts as false
return True
"#,
        );
    }
}
