//! A policy that fails on the name of a group.

use expression::{Kind, Object};

use crate::{Findings, Repo};

crate::rule! {
    /// A policy looks a group up by a name that comes from outside, and fails where there is none.
    ///
    /// ## Why
    /// `Group.objects.get` raises where no group has the name, or more than one. A policy that raises counts as false:
    /// at a login stage the person has an account and no session, and the groups behind it in the list are not given
    /// ([Expression policies](https://docs.goauthentik.io/customize/policies/types/expression/)).
    ///
    /// ## Fix
    /// Write `Group.objects.filter(name__in=…)`, which finds what there is.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     from authentik.core.models import Group
    ///     for name in request.context["prompt_data"].get("groups", []):
    ///         Group.objects.get(name=name).users.add(request.user)
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[group-get-in-policy]: `authentik_policy_expression.groups` fails where there is no group of a name that it was given
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// What there is:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     from authentik.core.models import Group
    ///     names = request.context["prompt_data"].get("groups", [])
    ///     for group in Group.objects.filter(name__in=names, is_superuser=False):
    ///         group.users.add(request.user)
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When failing is what you want.
    "group-get-in-policy", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()).filter(|one| one.kind == Kind::Policy) {
        let looks_first =
            python.facts.calls().iter().any(|call| call.callee.ends_with("Group.objects.filter().exists"));
        for call in
            python.facts.calls().iter().filter(|call| call.is("Group.objects.get") && !call.caught && !call.in_function)
        {
            let is_given = |object: &Object| object.is_mapping();
            if looks_first || !call.arguments.iter().any(|argument| argument.origins.iter().any(is_given)) {
                continue;
            }
            let message = format!("`{}` fails where there is no group of a name that it was given", python.address);
            findings.report(python.place(call.range.clone()), message).help("write `Group.objects.filter(name__in=…)`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn literal_names_and_what_is_caught_are_left_alone() {
        check_rule(
            "group-get-in-policy",
            r#"
#- tofu/main.tf
resource "authentik_group" "family" { name = "family" }
resource "authentik_policy_expression" "groups" {
  expression = <<-EOT
    from authentik.core.models import Group
    Group.objects.get(name="family").users.add(request.user)
    try:
        Group.objects.get(name=context["prompt_data"]["group"]).users.add(request.user)
    except Group.DoesNotExist:
        pass
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn what_is_looked_for_first_and_what_a_caller_may_catch_is_left_alone() {
        check_rule(
            "group-get-in-policy",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "looks" {
  expression = <<-EOT
    from authentik.core.models import Group
    name = context["prompt_data"]["group"]
    if Group.objects.filter(name=name).exists():
        Group.objects.get(name=name).users.add(request.user)
    return True
  EOT
}
resource "authentik_policy_expression" "catches" {
  expression = <<-EOT
    from authentik.core.models import Group
    def join():
        Group.objects.get(name=context["prompt_data"]["group"]).users.add(request.user)
    try:
        join()
    except Group.DoesNotExist:
        pass
    return True
  EOT
}
"#,
        );
    }
}
