//! A membership that is written by the user and by the group.

use std::collections::BTreeSet;

use diagnostic::Span;
use resolve_tofu::Instance;

use crate::tofu::{Root, is_ignored, place};
use crate::{Findings, Repo};

/// The two ends of a membership: the resource type, and the argument that lists the other end.
const USER: (&str, &str) = ("authentik_user", "groups");
const GROUP: (&str, &str) = ("authentik_group", "users");

crate::rule! {
    /// The user and the group both own the list of who is in the group.
    ///
    /// ## Why
    /// `groups` of a user and `users` of a group are the two ends of one relation, and each that is written, also as
    /// `[]`, is the full list: what is not in it is removed. So each apply undoes the other end, and the next plan is
    /// never empty
    /// ([`docs/resources/group.md`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/docs/resources/group.md)).
    ///
    /// ## Fix
    /// Write one of the two, and remove the other argument, or ignore its changes.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name  = "family"
    ///   users = []
    /// #         ^^ related: the group writes its members itself
    /// }
    ///
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///   groups   = [authentik_group.family.id]
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^ error[group-owned-both-sides]: `authentik_user.alex` and `authentik_group.family` both write who is in the group, and undo each other
    /// }
    /// ```
    ///
    /// Owned by the user:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_group" "family" {
    ///   name = "family"
    /// }
    ///
    /// resource "authentik_user" "alex" {
    ///   username = "alex"
    ///   groups   = [authentik_group.family.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: remove one of the two.
    "group-owned-both-sides", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let mut told = BTreeSet::new();
        for (here, there) in [(USER, GROUP), (GROUP, USER)] {
            for (owner, other, element) in owned_twice(root, here, there) {
                let pair = BTreeSet::from([owner.address(), other.address()]);
                if !told.insert(pair) {
                    continue;
                }
                let (user, group) = if here == USER { (owner, other) } else { (other, owner) };
                let message = format!(
                    "`{}` and `{}` both write who is in the group, and undo each other",
                    user.address(),
                    group.address()
                );
                let it = if here == USER {
                    "the group writes its members itself"
                } else {
                    "the user writes its groups itself"
                };
                let finding = findings.report(element, message).related(place(other, there.1), it);
                finding.help(format!("remove `{}` from `{}`", there.1, other.resource.resource_name()));
            }
        }
    }
}

/// What lists the other end, the other end which writes a list of its own, and the place where it is listed.
fn owned_twice<'r, 'a>(
    root: &'r Root<'a>,
    here: (&'static str, &'static str),
    there: (&'static str, &'static str),
) -> Vec<(&'r Instance<'a>, &'r Instance<'a>, Span)> {
    let mut found = Vec::new();
    for owner in root.of(here.0).filter(|owner| owns(owner, here.1)) {
        for (lead, element) in root.leads(owner, here.1).unwrap_or_default() {
            if let Some(other) = lead.managed(there.0).filter(|other| owns(other, there.1)) {
                found.push((owner, other, element));
            }
        }
    }
    found
}

/// Whether there is such an instance, and it writes the list `name`.
fn owns(instance: &Instance<'_>, name: &str) -> bool {
    let is_list = instance.argument(name).is_some_and(|argument| argument.value.as_elements().is_some());
    instance.certain && is_list && !is_ignored(instance, name)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_group_that_lists_a_user_who_has_groups_of_its_own_is_reported() {
        check_rule(
            "group-owned-both-sides",
            r#"
#- tofu/main.tf
locals { people = { alex = [], robin = null } }
#                          ^^ related: the user writes its groups itself
resource "authentik_user" "people" {
  for_each = local.people
  username = each.key
  groups   = each.value
}
resource "authentik_group" "family" {
  name  = "family"
  users = [authentik_user.people["alex"].id, authentik_user.people["robin"].id]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[group-owned-both-sides]: `authentik_user.people["alex"]` and `authentik_group.family` both write who is in the group, and undo each other
# help: remove `groups` from `authentik_user.people`
}
"#,
        );
    }

    #[test]
    fn one_side_an_ignored_side_and_an_unknown_side_are_left_alone() {
        check_rule(
            "group-owned-both-sides",
            r#"
#- tofu/main.tf
variable "members" { type = list(number) }
resource "authentik_group" "plain" { name = "plain" }
resource "authentik_group" "null" {
  name  = "null"
  users = null
}
resource "authentik_group" "unknown" {
  name  = "unknown"
  users = var.members
}
resource "authentik_group" "ignored" {
  name  = "ignored"
  users = []
  lifecycle { ignore_changes = [users] }
}
resource "authentik_group" "others" {
  name  = "others"
  users = [authentik_user.robin.id]
}
resource "authentik_user" "alex" {
  username = "alex"
  groups = [
    authentik_group.plain.id, authentik_group.null.id, authentik_group.unknown.id, authentik_group.ignored.id
  ]
}
resource "authentik_user" "robin" { username = "robin" }
"#,
        );
    }
}
