//! The apps that log people in by LDAP.

use diagnostic::{Derived, Span};
use inventory::OutpostService;
use lab::{App, Lab, LdapApp};
use template::{Placed, Value, context};

use crate::apps;
use crate::hierarchy::Hierarchy;

pub(crate) fn context_of(lab: &Lab<'_>, hierarchy: &Hierarchy<'_>) -> Value {
    let superusers: Vec<_> =
        lab.groups.iter().filter(|group| group.superuser).map(|group| group.name.clone()).collect();
    let apps: Vec<_> = lab
        .ldap_apps()
        .map(|(app, ldap)| context! { ..section(app, ldap, &superusers, hierarchy), ..apps::context_of(lab, app) })
        .collect();
    let service = lab.identity.ldap.as_ref();
    let outpost = service.map(|service| &service.settings.outpost);
    let some_are_outside = lab.ldap_apps().any(|(app, _)| app.flux.is_none());
    context! {
        has_apps => !apps.is_empty(),
        apps,
        is_managed => outpost.is_some_and(|outpost| outpost.service.value == OutpostService::Kubernetes),
        is_out_of_reach => some_are_outside && service.is_some_and(|service| !service.reachable_from_outside()),
        service_type => outpost.map(|outpost| Value::from(Placed::text(&outpost.service_type.derive(|kind| kind.as_str())))),
    }
}

fn section(app: &App<'_>, ldap: &LdapApp<'_>, superusers: &[Derived<String>], hierarchy: &Hierarchy<'_>) -> Value {
    let base_dn = &ldap.base_dn;
    let members = app.allow.as_ref().and_then(|groups| member_of(groups, base_dn, hierarchy));
    let admins = member_of(superusers, base_dn, hierarchy);
    let everyone = || Derived::fixed("(objectClass=user)".to_owned());
    let login = match &members {
        Some(filter) => Derived::new(format!("(&(objectClass=user){}(cn={{0}}))", filter.value), filter.from.clone()),
        None => Derived::fixed("(&(objectClass=user)(cn={0}))".to_owned()),
    };
    context! {
        base_dn => Placed::text(base_dn),
        bind_dn => Placed::text(&ldap.bind_dn),
        has_host => ldap.host.is_some(),
        host => ldap.host.as_ref().map(|host| Value::from(Placed::text(host))),
        user_filter => Placed::text(&members.unwrap_or_else(everyone)),
        has_admin_filter => admins.is_some(),
        admin_filter => admins.map(|filter| Value::from(Placed::text(&filter))),
        login_filter => Placed::text(&login),
    }
}

/// The filter that finds the members of `groups` and of the groups below them; `None` for no group.
fn member_of(
    groups: &[Derived<String>],
    base_dn: &Derived<String>,
    hierarchy: &Hierarchy<'_>,
) -> Option<Derived<String>> {
    let mut names: Vec<&str> = groups.iter().flat_map(|group| hierarchy.below(&group.value)).collect();
    names.sort_unstable();
    names.dedup();
    let part = |name: &&str| format!("(memberOf=cn={},ou=groups,{})", escaped(name), escaped(&base_dn.value));
    let parts: Vec<_> = names.iter().map(part).collect();
    let filter = match &parts[..] {
        [] => return None,
        [one] => one.clone(),
        several => format!("(|{})", several.concat()),
    };
    let from: Vec<Span> = groups.iter().flat_map(|group| &group.from).chain(&base_dn.from).copied().collect();
    Some(Derived::new(filter, from))
}

/// `text` as the value of a filter (RFC 4515, section 3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '*' | '(' | ')' => out.push_str(&format!("\\{:02x}", u32::from(character))),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_filter_would_take_for_its_own_is_escaped() {
        assert_eq!(escaped(r"a (b) *\"), r"a \28b\29 \2a\5c");
    }
}
