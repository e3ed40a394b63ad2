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
/// What a permission is about.
const OBJECT: &str = "object_id";

/// The applications that have the LDAP provider `provider`.
pub(crate) fn applications<'r, 'a>(root: &'r Root<'a>, provider: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    let by = |name| root.leading_to("authentik_application", name, provider);
    let leading = by("protocol_provider").into_iter().chain(by("backchannel_providers"));
    let mut applications: Vec<&Instance<'a>> = Vec::new();
    for (application, _) in leading.filter(|(_, surely)| *surely) {
        if !applications.iter().any(|one| one.address() == application.address()) {
            applications.push(application);
        }
    }
    applications
}

/// The bindings of `application` that count; `None` where some may not be known.
pub(crate) fn bindings_of<'r, 'a>(
    root: &'r Root<'a>,
    application: &Instance<'_>,
) -> Option<Vec<PolicyBinding<'r, 'a>>> {
    let bindings = root.policy_bindings_of(application);
    let is_open = |binding: &PolicyBinding<'_, '_>| !binding.target.is(application);
    if !root.is_whole || root.was_there_before(application) || bindings.iter().any(is_open) {
        return None;
    }
    Some(bindings.into_iter().filter(|binding| binding.enabled != Some(false)).collect())
}

/// The service accounts that `application` lets in by name.
pub(crate) fn let_in<'r, 'a>(root: &'r Root<'a>, application: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    named_by(&bindings_of(root, application).unwrap_or_default())
}

/// The service accounts that `bindings` name.
pub(crate) fn named_by<'r, 'a>(bindings: &[PolicyBinding<'r, 'a>]) -> Vec<&'r Instance<'a>> {
    let users = bindings.iter().flat_map(|binding| &binding.subjects).filter(|(subject, _)| *subject == Subject::User);
    users.filter_map(|(_, lead)| lead.managed(USER)).filter(|user| is_service_account(user)).collect()
}

/// The service accounts that may search `provider`: they have a role, by themselves or through a group, to which that
/// is permitted.
pub(crate) fn searchers<'r, 'a>(root: &'r Root<'a>, provider: &Instance<'_>) -> Vec<&'r Instance<'a>> {
    let permissions = permissions(root, provider);
    let users = root.of(USER).filter(|user| is_service_account(user));
    users.filter(|user| permissions.iter().any(|one| lets_search(root, one, user) == Some(true))).collect()
}

/// Whether `user` is known to be one of the [`searchers`] of `provider`.
pub(crate) fn is_searcher(root: &Root<'_>, provider: &Instance<'_>, user: &Instance<'_>) -> bool {
    is_service_account(user) && permissions(root, provider).iter().any(|one| lets_search(root, one, user) == Some(true))
}

/// Whether some role may search `provider` by name, and not only every provider.
pub(crate) fn is_to_search(root: &Root<'_>, provider: &Instance<'_>) -> bool {
    let of_provider = root.leading_to(PERMISSION, OBJECT, provider);
    of_provider.into_iter().any(|(permission, surely)| surely && is_search(permission) == Some(true))
}

/// Whether `user` may search `provider`; `None` if that is not known.
pub(crate) fn may_search(root: &Root<'_>, user: &Instance<'_>, provider: &Instance<'_>) -> Option<bool> {
    let mut is_known = true;
    for permission in permissions(root, provider) {
        match lets_search(root, &permission, user) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    let is_all = || {
        root.is_whole && root.of("authentik_rbac_permission_user").next().is_none() && !may_have_more_roles(root, user)
    };
    (is_known && is_all()).then_some(false)
}

/// A permission that is about a provider, or may be.
struct Permission<'r, 'a> {
    /// Whether it is to search; `None` if that is not known.
    is_search: Option<bool>,
    /// Whether it surely is about the provider.
    surely: bool,
    /// Who has it, if that is known.
    role: Option<&'r Instance<'a>>,
    /// The groups that have the role or may have it, each with whether it surely does.
    groups: Vec<(&'r Instance<'a>, bool)>,
}

/// The permissions that are about `provider`, or may be: one without an object is about every provider.
fn permissions<'r, 'a>(root: &'r Root<'a>, provider: &Instance<'_>) -> Vec<Permission<'r, 'a>> {
    let of_all = root.of(PERMISSION).filter(|permission| !is_given(permission, OBJECT));
    let of_all = of_all.map(|permission| (permission, true));
    let permission = |(permission, surely): (&'r Instance<'a>, bool)| {
        let role = root.lead(permission, "role").instance();
        let groups = role.map(|role| root.leading_to(GROUP, "roles", role)).unwrap_or_default();
        Permission { is_search: is_search(permission), surely, role, groups }
    };
    of_all.chain(root.leading_to(PERMISSION, OBJECT, provider)).map(permission).collect()
}

/// Whether `permission` lets `user` search; `None` if that is not known.
fn lets_search(root: &Root<'_>, permission: &Permission<'_, '_>, user: &Instance<'_>) -> Option<bool> {
    if permission.is_search == Some(false) {
        return Some(false);
    }
    match permission.role.and_then(|role| has_role(root, user, role, &permission.groups)) {
        Some(true) => (permission.is_search == Some(true) && permission.surely).then_some(true),
        has => has,
    }
}

/// Whether what is permitted is to search; `None` if that is not known.
fn is_search(permission: &Instance<'_>) -> Option<bool> {
    permission.known_string("permission").map(|text| text.value.ends_with(SEARCH))
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
