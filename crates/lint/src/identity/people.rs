//! Who is in which group, and who has which role.

use resolve_tofu::Instance;

use crate::tofu::Root;

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
    let below = |name| root.leading_to(GROUP, name, group).into_iter();
    for (child, surely) in
        below("parent").chain(below("parents")).filter(|(child, _)| child.address() != group.address())
    {
        ways.push(match depth {
            0 => None,
            _ => match (surely, is_within(root, user, child, depth - 1)) {
                (_, Some(false)) => Some(false),
                (true, inside) => inside,
                _ => None,
            },
        });
    }
    if ways.contains(&Some(true)) { Some(true) } else { ways.into_iter().collect::<Option<Vec<_>>>().map(|_| false) }
}

/// Whether the list `name` of `holder` leads to `held`; `None` if that is not known.
pub(crate) fn has(root: &Root<'_>, holder: &Instance<'_>, name: &str, held: &Instance<'_>) -> Option<bool> {
    let leads = root.leads(holder, name)?;
    if leads.iter().any(|(lead, _)| lead.is(held)) {
        return Some(true);
    }
    (!leads.iter().any(|(lead, _)| lead.may_be(held))).then_some(false)
}

/// Whether `user` has `role`, by itself or through one of `groups`, those that have it or may have it, each with whether
/// it surely does; `None` if that is not known.
pub(crate) fn has_role(
    root: &Root<'_>,
    user: &Instance<'_>,
    role: &Instance<'_>,
    groups: &[(&Instance<'_>, bool)],
) -> Option<bool> {
    let mut is_known = true;
    let mut ways = vec![has(root, user, "roles", role)];
    for (group, surely) in groups {
        ways.push(match is_in(root, user, group) {
            Some(true) if !surely => None,
            inside => inside,
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
