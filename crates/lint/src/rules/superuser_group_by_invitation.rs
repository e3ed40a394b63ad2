//! A policy that gives whatever group it is told.

use expression::{Kind, Object};

use crate::identity::policies;
use crate::{Findings, Repo};

crate::rule! {
    /// A policy gives groups that the form or the invitation names, those of superusers too.
    ///
    /// ## Why
    /// Whoever may make invitations writes their data, and a prompt field with the same key lets the visitor write it
    /// ([Invitations](https://docs.goauthentik.io/users-sources/user/invitations/)). A policy that looks groups up by
    /// such names makes superusers of them all the same.
    ///
    /// ## Fix
    /// Add `is_superuser=False` to the filter.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     from authentik.core.models import Group
    ///     for group in Group.objects.filter(name__in=context["prompt_data"].get("groups", [])):
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[superuser-group-by-invitation]: `authentik_policy_expression.groups` gives any group that it is told, one of superusers too
    ///         group.users.add(request.user)
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// Only others:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "groups" {
    ///   name       = "groups"
    ///   expression = <<-EOT
    ///     from authentik.core.models import Group
    ///     for group in Group.objects.filter(name__in=context["prompt_data"].get("groups", []), is_superuser=False):
    ///         group.users.add(request.user)
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When only administrators can make invitations, and mean it.
    "superuser-group-by-invitation", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()).filter(|one| one.kind == Kind::Policy) {
        let is_told = |object: &Object| {
            matches!(
                object,
                Object::PromptData | Object::PromptAttributes | Object::Invitation | Object::InvitationData
            )
        };
        let is_name = |argument: &expression::Argument| {
            argument.keyword.as_deref().is_none_or(|keyword| {
                ["name", "pk", "group_uuid"].contains(&keyword.split("__").next().unwrap_or_default())
            })
        };
        let looks_up = |call: &&expression::Call| {
            ["get", "filter", "get_or_create"].iter().any(|method| call.is(&format!("Group.objects.{method}")))
                && call.arguments.iter().any(|argument| argument.origins.iter().any(is_told))
                && call.arguments.iter().all(is_name)
        };
        let names_superusers = python.facts.uses("is_superuser").next().is_some();
        let gives = policies::changes(python).any(|call| ["add", "save"].contains(&call.method()));
        // Only names of a list, or with a beginning, are taken.
        let begins =
            |call: &expression::Call| call.method() == "startswith" && call.receiver_origins.iter().any(is_told);
        let is_chosen = python.facts.chosen().any(|object| is_told(&object)) || python.facts.calls().iter().any(begins);
        if names_superusers || is_chosen || !gives {
            continue;
        }
        for call in python.facts.calls().iter().filter(looks_up) {
            let message = format!("`{}` gives any group that it is told, one of superusers too", python.address);
            findings.report(python.place(call.range.clone()), message).help("add `is_superuser=False` to the filter");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_policy_that_looks_at_superusers_itself_is_left_alone() {
        check_rule(
            "superuser-group-by-invitation",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "groups" {
  expression = <<-EOT
    from authentik.core.models import Group
    for group in Group.objects.filter(name__in=context["prompt_data"].get("groups", [])):
        if not group.is_superuser:
            group.users.add(request.user)
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn names_that_are_chosen_from_a_list_or_by_another_mark_are_left_alone() {
        check_rule(
            "superuser-group-by-invitation",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "list" {
  expression = <<-EOT
    from authentik.core.models import Group
    OPEN = ("movies", "music")
    wanted = [name for name in context["prompt_data"].get("groups", []) if name in OPEN]
    for group in Group.objects.filter(name__in=wanted):
        group.users.add(request.user)
    return True
  EOT
}
resource "authentik_policy_expression" "beginning" {
  expression = <<-EOT
    from authentik.core.models import Group
    for name in context["prompt_data"].get("groups", []):
        if name.startswith("lib-"):
            Group.objects.get(name=name).users.add(request.user)
    return True
  EOT
}
resource "authentik_policy_expression" "mark" {
  expression = <<-EOT
    from authentik.core.models import Group
    wanted = context["prompt_data"].get("groups", [])
    for group in Group.objects.filter(name__in=wanted, attributes__invite=True):
        group.users.add(request.user)
    return True
  EOT
}
"#,
        );
    }
}
