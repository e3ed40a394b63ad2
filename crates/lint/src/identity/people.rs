//! Who is in which group, and who has which role.

use resolve_tofu::Instance;

use crate::tofu::{Lead, Root, is_given};

/// The resource type of a person or service account.
pub(crate) const USER: &str = "authentik_user";
/// The resource type of a group.
pub(crate) const GROUP: &str = "authentik_group";

/// How far groups below groups are followed.
const DEEPEST: usize = 8;

/// Whether `user` is in `group`, written on either side, or in a group below it; `None` if that is not known.
pub(crate) fn is_in(root: &Root<'_>, user: &Instance<'_>, group: &Instance<'_>) -> Option<bool> {
    is_within(root, user, group, DEEPEST)
}

fn is_within(root: &Root<'_>, user: &Instance<'_>, group: &Instance<'_>, depth: usize) -> Option<bool> {
    let mut ways = vec![has(root, group, "users", user), has(root, user, "groups", group)];
    let has_parent = |child: &&Instance<'_>| ["parent", "parents"].iter().any(|name| is_given(child, name));
    for child in root.of(GROUP).filter(has_parent).filter(|child| child.address() != group.address()) {
        ways.push(match is_below(root, child, group) {
            Some(false) => continue,
            _ if depth == 0 => None,
            below => match (below, is_within(root, user, child, depth - 1)) {
                (_, Some(false)) => Some(false),
                (Some(true), inside) => inside,
                _ => None,
            },
        });
    }
    if ways.contains(&Some(true)) { Some(true) } else { ways.into_iter().collect::<Option<Vec<_>>>().map(|_| false) }
}

/// Whether `group` is a parent of `child`; `None` if that is not known.
fn is_below(root: &Root<'_>, child: &Instance<'_>, group: &Instance<'_>) -> Option<bool> {
    let only = match root.lead(child, "parent") {
        Lead::Nowhere => Some(false),
        lead if lead.is(group) => Some(true),
        lead => (!lead.may_be(group)).then_some(false),
    };
    match (only, has(root, child, "parents", group)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether the list `name` of `holder` leads to `held`; `None` if that is not known.
pub(crate) fn has(root: &Root<'_>, holder: &Instance<'_>, name: &str, held: &Instance<'_>) -> Option<bool> {
    let leads = root.leads(holder, name)?;
    if leads.iter().any(|(lead, _)| lead.is(held)) {
        return Some(true);
    }
    (!leads.iter().any(|(lead, _)| lead.may_be(held))).then_some(false)
}

/// Whether `user` has `role`, by itself or through a group; `None` if that is not known.
pub(crate) fn has_role(root: &Root<'_>, user: &Instance<'_>, role: &Instance<'_>) -> Option<bool> {
    let mut is_known = true;
    let mut ways = vec![has(root, user, "roles", role)];
    for group in root.of(GROUP) {
        ways.push(match (has(root, group, "roles", role), is_in(root, user, group)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        });
    }
    for way in ways {
        match way {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}
