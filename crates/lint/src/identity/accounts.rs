//! The service accounts that apps bind with.

use resolve_tofu::Instance;

use super::people::{GROUP, USER, has_role, is_in};
use crate::tofu::{Lead, PolicyBinding, Root, Subject, flag, is_given, text_or};

/// The permission to search the whole directory: `authentik/providers/ldap/models.py`.
const SEARCH: &str = "search_full_directory";
/// The resource type of a role.
const ROLE: &str = "authentik_rbac_role";
/// What gives a permission to a role.
const PERMISSION: &str = "authentik_rbac_permission_role";

/// The applications that have the LDAP provider `provider`.
pub(crate) fn applications<'r, 'a>(root: &'r Root<'a>, provider: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    root.of("authentik_application")
        .filter(|application| {
            let backchannel = root.leads(application, "backchannel_providers").unwrap_or_default();
            root.lead(application, "protocol_provider").is(provider)
                || backchannel.iter().any(|(lead, _)| lead.is(provider))
        })
        .collect()
}

/// The bindings of `application` that count; `None` where some may not be known.
pub(crate) fn bindings_of<'r, 'a>(
    root: &'r Root<'a>,
    application: &Instance<'_>,
) -> Option<Vec<PolicyBinding<'r, 'a>>> {
    let all = root.policy_bindings();
    let leads_there = |binding: &PolicyBinding<'_, '_>| binding.target.is(application);
    let is_open = |binding: &PolicyBinding<'_, '_>| binding.target.may_be(application) && !leads_there(binding);
    if !root.is_whole || root.was_there_before(application) || all.iter().any(is_open) {
        return None;
    }
    let counts = |binding: &PolicyBinding<'_, '_>| binding.enabled != Some(false);
    Some(all.into_iter().filter(leads_there).filter(counts).collect())
}

/// The service accounts that `application` lets in by name.
pub(crate) fn let_in<'r, 'a>(root: &'r Root<'a>, application: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    let bindings = bindings_of(root, application).unwrap_or_default();
    let users = bindings.iter().flat_map(|binding| &binding.subjects).filter(|(subject, _)| *subject == Subject::User);
    users.filter_map(|(_, lead)| lead.managed(USER)).filter(|user| is_service_account(user)).collect()
}

/// The service accounts that may search `provider`: they have a role, by themselves or through a group, to which that
/// is permitted.
pub(crate) fn searchers<'r, 'a>(root: &'r Root<'a>, provider: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    let users = root.of(USER).filter(|user| is_service_account(user));
    users.filter(|user| may_search(root, user, provider) == Some(true)).collect()
}

/// Whether some role may search `provider` by name, and not only every provider.
pub(crate) fn is_to_search(root: &Root<'_>, provider: &Instance<'_>) -> bool {
    root.of(PERMISSION).any(|permission| {
        let is_search = permission.known_string("permission").is_some_and(|text| text.value.ends_with(SEARCH));
        is_search && root.lead(permission, "object_id").is(provider)
    })
}

/// Whether `user` may search `provider`; `None` if that is not known.
pub(crate) fn may_search(root: &Root<'_>, user: &Instance<'_>, provider: &Instance<'_>) -> Option<bool> {
    let mut is_known =
        root.is_whole && root.of("authentik_rbac_permission_user").next().is_none() && !may_have_more_roles(root, user);
    for permission in root.of(PERMISSION) {
        match permission.known_string("permission") {
            Some(text) if !text.value.ends_with(SEARCH) => continue,
            Some(_) => {}
            None => {
                is_known = false;
                continue;
            }
        }
        let object = root.lead(permission, "object_id");
        let is_meant = match &object {
            Lead::Nowhere => Some(true), // on all providers
            lead if lead.is(provider) => Some(true),
            lead => (!lead.may_be(provider)).then_some(false),
        };
        let role = root.lead(permission, "role");
        let has = match &role {
            Lead::To(led) => has_role(root, user, led.instance),
            _ => None,
        };
        match (is_meant, has) {
            (Some(true), Some(true)) => return Some(true),
            (Some(false), _) | (_, Some(false)) => {}
            _ => is_known = false,
        }
    }
    is_known.then_some(false)
}

/// Whether `user` may have roles that are made elsewhere, or may do everything: by what it lists itself, or by a group
/// that it may be in.
fn may_have_more_roles(root: &Root<'_>, user: &Instance<'_>) -> bool {
    let is_made_elsewhere = |holder: &Instance<'_>, name: &str, kind: &str| {
        let leads = root.leads(holder, name);
        leads.is_none_or(|leads| leads.iter().any(|(lead, _)| lead.managed(kind).is_none()))
    };
    let gives_more = |group: &Instance<'_>| {
        let has_parent = ["parent", "parents"].iter().any(|name| is_given(group, name));
        has_parent || flag(group, "is_superuser", false) != Some(false) || is_made_elsewhere(group, "roles", ROLE)
    };
    let mut groups = root.of(GROUP).filter(|group| is_in(root, user, group) != Some(false));
    root.was_there_before(user)
        || is_made_elsewhere(user, "groups", GROUP)
        || is_made_elsewhere(user, "roles", ROLE)
        || groups.any(gives_more)
}

/// Whether one of `bindings` lets `user` in; `None` if that is not known.
pub(crate) fn is_let_in(root: &Root<'_>, bindings: &[PolicyBinding<'_, '_>], user: &Instance<'_>) -> Option<bool> {
    let mut is_known = true;
    for (binding, (subject, lead)) in
        bindings.iter().flat_map(|one| one.subjects.iter().map(move |subject| (one, subject)))
    {
        let is_plain = binding.enabled == Some(true) && flag(binding.instance, "negate", false) == Some(false);
        let here = match (subject, lead) {
            _ if !is_plain => None,
            (Subject::User, Lead::To(led)) => Some(led.instance.address() == user.address()),
            (Subject::Group, Lead::To(led)) if led.instance.kind() == GROUP => is_in(root, user, led.instance),
            _ => None,
        };
        match here {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

fn is_service_account(user: &Instance<'_>) -> bool {
    text_or(user, "type", "internal") == Some("service_account")
}
