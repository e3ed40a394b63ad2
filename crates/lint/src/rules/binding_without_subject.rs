//! A binding that asks nobody, or two at once.

use diagnostic::Span;
use resolve_tofu::Instance;

use crate::tofu::{Lead, Root, Subject, is_misspelt, place};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy binding has no subject, or more than one: of `policy`, `group` and `user` it needs exactly one.
    ///
    /// ## Why
    /// The provider's schema makes all three optional, so `tofu plan` is clean, but the server refuses the binding at
    /// apply: `One of 'group', 'policy', 'user' must be set.`
    /// ([`authentik/policies/api/bindings.py`](https://github.com/goauthentik/authentik/blob/main/authentik/policies/api/bindings.py)).
    /// Until it is there, the application is open.
    ///
    /// ## Fix
    /// Write one of the three; for two groups write two bindings.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_binding" "grafana" {
    ///   target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   group  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   user   = 7
    /// #          ^ error[binding-without-subject]: the binding has `group` and `user`; authentik takes just one of them
    ///   order  = 0
    /// }
    /// ```
    ///
    /// A binding for each:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_binding" "group" {
    ///   target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   group  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 0
    /// }
    ///
    /// resource "authentik_policy_binding" "user" {
    ///   target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   user   = 7
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the server refuses it.
    "binding-without-subject", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for binding in root.policy_bindings() {
            let is_given = |lead: &Lead<'_, '_>| match lead {
                Lead::To(_) => true,
                // The provider takes an empty text and a zero for nothing.
                Lead::Literal(text) => !text.is_empty() && text != "0",
                Lead::Nowhere | Lead::Unknown => false,
            };
            let given: Vec<_> =
                binding.subjects.iter().filter(|(_, lead)| is_given(lead)).map(|(subject, _)| name(*subject)).collect();
            let may_have_more = binding.subjects.iter().any(|(_, lead)| matches!(lead, Lead::Unknown));
            match given.as_slice() {
                [others @ .., last] if !others.is_empty() => {
                    let names: Vec<_> = others.iter().map(|name| format!("`{name}`")).collect();
                    let message =
                        format!("the binding has {} and `{last}`; authentik takes just one of them", names.join(", "));
                    let help = "write a binding for each";
                    findings.report(place(binding.instance, last), message).help(help);
                }
                [] if !may_have_more && !is_left_open(root, binding.instance) && !is_any_misspelt(binding.instance) => {
                    let message = "the binding has neither `policy` nor `group` nor `user`, so authentik refuses it";
                    let help = "write one of them: `group = authentik_group.NAME.id`";
                    findings.report(binding.instance.resource.header, message).help(help);
                }
                _ => {}
            }
        }
    }
}

/// How the argument is called.
fn name(subject: Subject) -> &'static str {
    match subject {
        Subject::Policy => "policy",
        Subject::Group => "group",
        Subject::User => "user",
    }
}

/// Whether one of the three is a default of the root's variables, which a person may set.
fn is_left_open(root: &Root<'_>, binding: &Instance<'_>) -> bool {
    let lies_in =
        |inner: Span, outer: Span| inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end;
    let defaults = || root.resolved.module.variables.values().filter_map(|variable| variable.default.as_ref());
    let arguments = ["policy", "group", "user"].into_iter().filter_map(|name| binding.argument(name));
    arguments
        .filter_map(|argument| argument.value.made_by())
        .any(|place| defaults().any(|default| lies_in(place, default.span)))
}

fn is_any_misspelt(binding: &Instance<'_>) -> bool {
    ["policy", "group", "user"].iter().any(|name| is_misspelt(binding, name))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_subject_that_is_written_with_a_slip_is_left_to_the_rule_on_that() {
        check_rule(
            "binding-without-subject",
            "#- tofu/main.tf\nresource \"authentik_policy_binding\" \"it\" {\n  target = \"a\"\n  grop   = \"b\"\n  order  = 0\n}\n",
        );
    }

    #[test]
    fn a_binding_that_asks_nobody_is_told_of_also_where_a_module_hands_on_null() {
        check_rule(
            "binding-without-subject",
            r#"
#- tofu/home/main.tf
  resource "authentik_policy_binding" "empty" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binding-without-subject]: the binding has neither `policy` nor `group` nor `user`, so authentik refuses it
  target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  order  = 0
}
module "gate" { source = "../modules/gate" }
#- tofu/modules/gate/main.tf
variable "group" {
  type    = string
  default = null
}
  resource "authentik_policy_binding" "this" {
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binding-without-subject]: the binding has neither `policy` nor `group` nor `user`, so authentik refuses it
  target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  group  = var.group
  user   = 0
  order  = 0
}
"#,
        );
    }

    #[test]
    fn a_subject_that_is_unknown_or_left_to_a_variable_of_the_root_is_left_alone() {
        check_rule(
            "binding-without-subject",
            r#"
#- tofu/main.tf
variable "policy" { type = string }
variable "group" {
  type    = string
  default = null
}
resource "authentik_group" "admins" { name = "admins" }
resource "authentik_policy_binding" "unknown" {
  target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  policy = var.policy
  order  = 0
}
resource "authentik_policy_binding" "open" {
  target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  group  = var.group
  order  = 0
}
resource "authentik_policy_binding" "chosen" {
  for_each = { admins = authentik_group.admins.id, everyone = null }
  target   = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  group    = each.value
  policy   = each.key == "everyone" ? var.policy : null
  order    = 0
}
"#,
        );
    }
}
