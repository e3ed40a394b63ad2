//! Roles: which groups have them, and what apps are told of them.

use diagnostic::Value;

use super::{app, lab};
use crate::Lab;

const ROLES: &str = "
groups: { admins: { superuser: true }, cooks: {}, chefs: { parents: [cooks] } }
apps:
  grafana:
    url: https://grafana.example.org
    namespace: monitoring
    catalog: grafana
    allow: everyone
    oidc: { redirect_uris: [/login/generic_oauth], scopes: { a: 'return {}' } }
    roles: { editor: [cooks], admin: [admins, chefs] }
    release: { repository: https://charts.example.org, chart: grafana, version: 12.11.1 }
  jellyfin: { url: https://jellyfin.example.org, allow: everyone, ldap: {}, roles: { admin: [cooks] } }
  emby: { url: https://emby.example.org, allow: everyone, ldap: {} }
";

#[test]
fn roles_are_in_the_order_of_the_catalog_and_their_claim_is_in_the_scope_that_every_app_asks_for() {
    lab(ROLES, |lab, sources, found| {
        assert_eq!(found, []);
        let grafana = app(lab, "grafana");
        let held: Vec<_> = grafana.roles.held.iter().map(|role| (role.name.as_str(), role.value.as_str())).collect();
        assert_eq!(held, [("admin", "Admin"), ("editor", "Editor")]);
        let [admin, editor] = &grafana.roles.held[..] else { panic!("there are two") };
        let groups: Vec<_> = admin.groups.iter().map(|group| group.as_str()).collect();
        assert_eq!(groups, ["admins", "chefs"]);
        assert_eq!(
            editor.value.from.iter().map(|span| sources.slice(*span)).collect::<Vec<_>>(),
            ["editor", "grafana"]
        );
        let claim = grafana.roles.claim.as_ref().expect("it reads a claim");
        assert_eq!((claim.name.as_str(), claim.facts.list.value), ("grafana_role", false));
        assert_eq!(claim.otherwise.as_ref().map(|otherwise| otherwise.as_str()), Some("Viewer"));
        let scopes: Vec<_> = grafana.scopes().into_iter().map(|scope| scope.value).collect();
        assert_eq!(scopes, ["a", "profile"]);
    });
}

#[test]
fn what_an_app_is_told_of_roles_is_told_only_where_groups_have_some() {
    let path = |lab: &Lab<'_>| {
        let Value::Map(values) = &app(lab, "grafana").values.as_ref().expect("it has values").value else { panic!() };
        let ini = values.iter().find(|(key, _)| key.value == "grafana.ini").expect("they have it");
        let Value::Map(sections) = &ini.1.value else { panic!() };
        let oauth = sections.iter().find(|(key, _)| key.value == "auth.generic_oauth").expect("it has it");
        let Value::Map(settings) = &oauth.1.value else { panic!() };
        assert!(settings.iter().any(|(key, _)| key.value == "token_url"), "the rest is there too");
        settings.iter().find(|(key, _)| key.value == "role_attribute_path").map(|(_, value)| value.value.clone())
    };
    lab(ROLES, |lab, _, _| assert_eq!(path(lab), Some(Value::Text("grafana_role".into()))));
    lab(&ROLES.replace("    roles: { editor: [cooks], admin: [admins, chefs] }\n", ""), |lab, _, _| {
        assert_eq!(path(lab), None);
        assert!(app(lab, "grafana").roles.claim.is_none());
    });
}

#[test]
fn administrators_by_ldap_are_those_with_the_role_or_else_the_superusers() {
    lab(ROLES, |lab, _, _| {
        let admins = |slug: &str| {
            let (_, ldap) = lab.ldap_apps().find(|(app, _)| app.slug.value == slug).expect("it is there");
            ldap.admins.as_ref().expect("there are some").value.clone()
        };
        let member =
            |group: &str, app: &str| format!("(memberOf=cn={group},ou=groups,ou={app},dc=ldap,dc=example,dc=org)");
        assert_eq!(admins("jellyfin"), format!("(|{}{})", member("chefs", "jellyfin"), member("cooks", "jellyfin")));
        assert_eq!(admins("emby"), member("admins", "emby"));
    });
}

#[test]
fn a_role_that_nothing_tells_the_app_is_refused() {
    let said = |from: &str, to: &str| {
        let mut said = Vec::new();
        assert!(ROLES.contains(from), "{from}");
        lab(&ROLES.replace(from, to), |_, sources, found| {
            said.extend(
                found.iter().map(|one| format!("{} {:?} {}", one.rule, sources.slice(one.primary.span), one.message)),
            );
        });
        said
    };
    assert_eq!(
        said("editor: [cooks]", "editr: [cooks]"),
        ["unknown-role \"editr\" `grafana` of the catalog has no role `editr`, did you mean `editor`?"]
    );
    assert_eq!(
        said("roles: { admin: [cooks] }", "roles: { cook: [cooks] }"),
        ["unknown-role \"cook\" an app with LDAP has no role `cook`"]
    );
    assert_eq!(
        said("    catalog: grafana\n", ""),
        ["unknown-role \"editor\" nothing says how the app learns of roles: it has no `catalog`"]
    );
    assert_eq!(
        said("catalog: grafana", "catalog: outline"),
        ["unknown-role \"editor\" `outline` of the catalog says of no role how the app learns of it"]
    );
    assert_eq!(
        said("scopes: { a:", "scopes: { profile:"),
        ["taken-name \"profile\" `roles` need the scope `profile`, which is written here"]
    );
    assert_eq!(said("catalog: grafana", "catalog: grafanna").len(), 1, "one fault is enough");
}
