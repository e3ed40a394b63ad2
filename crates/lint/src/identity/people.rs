//! Who is in which group, and who has which role.

use resolve_tofu::Instance;

use crate::tofu::Root;

/// The resource type of a person or service account.
pub(crate) const USER: &str = "authentik_user";
/// The resource type of a group.
pub(crate) const GROUP: &str = "authentik_group";

/// Whether `user` is in `group`, written on either side; `None` if that is not known.
pub(crate) fn is_in(root: &Root<'_>, user: &Instance<'_>, group: &Instance<'_>) -> Option<bool> {
    let sides = [has(root, group, "users", user), has(root, user, "groups", group)];
    if sides.contains(&Some(true)) { Some(true) } else { sides.into_iter().collect::<Option<Vec<_>>>().map(|_| false) }
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
