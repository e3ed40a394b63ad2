//! The apps that log people in by LDAP.

use diagnostic::Derived;
use inventory::OutpostService;
use lab::{Lab, LdapApp};
use template::{Placed, Value, context};

use crate::apps;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let apps: Vec<_> =
        lab.ldap_apps().map(|(app, ldap)| context! { ..section(ldap), ..apps::context_of(lab, app) }).collect();
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

fn section(ldap: &LdapApp<'_>) -> Value {
    let login = match &ldap.members {
        Some(filter) => Derived::new(format!("(&(objectClass=user){}(cn={{0}}))", filter.value), filter.from.clone()),
        None => Derived::fixed("(&(objectClass=user)(cn={0}))".to_owned()),
    };
    context! {
        base_dn => Placed::text(&ldap.base_dn),
        bind_dn => Placed::text(&ldap.bind_dn),
        has_host => ldap.host.is_some(),
        host => ldap.host.as_ref().map(|host| Value::from(Placed::text(host))),
        user_filter => Placed::text(&ldap.user_filter()),
        has_admin_filter => ldap.admins.is_some(),
        admin_filter => ldap.admins.as_ref().map(|filter| Value::from(Placed::text(filter))),
        login_filter => Placed::text(&login),
    }
}
