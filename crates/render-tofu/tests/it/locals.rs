//! `locals.tf`: apps, groups and people.

use diagnostic::Severity;

use crate::support::{Hcl, Literal, example_at, example_with, list, render, root, try_render};

fn locals(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("locals.tf"))
}

// covers: tofu/tf-deploy/authentik/locals.tf
#[test]
fn every_app_stands_in_one_sorted_map_with_its_protocol() {
    let applications = locals(crate::support::EXAMPLE).local("applications");
    let protocols: Vec<_> =
        applications.keys().into_iter().map(|key| (key, applications.at(key).at("protocol").clone())).collect();
    assert_eq!(
        protocols,
        [
            ("emby", "ldap".into()),
            ("gitea", "oidc".into()),
            ("grafana", "oidc".into()),
            ("headlamp", "oidc".into()),
            ("jellyfin", "ldap".into()),
            ("jellyseerr", "oidc".into()),
        ]
    );
}

// covers: tofu/tf-deploy/authentik/locals.tf
#[test]
fn an_oidc_app_has_what_its_module_needs() {
    let applications = locals(crate::support::EXAMPLE).local("applications");
    let grafana = applications.at("grafana");
    assert_eq!(*grafana.at("name"), "Grafana".into());
    assert_eq!(*grafana.at("url"), "https://grafana.hdhomelab.com".into());
    assert_eq!(*grafana.at("category"), "Monitoring".into());
    assert_eq!(*grafana.at("groups"), list(&["family"]));
    assert_eq!(*grafana.at("default_scopes"), list(&["openid", "email", "profile"]));
    assert_eq!(*grafana.at("scopes"), list(&["grafana_role"]));
    assert_eq!(*grafana.at("issuer"), "https://auth.hdhomelab.com/application/o/grafana/".into());
    assert_eq!(*grafana.at("vault_path"), "apps/grafana/oidc".into());
    let Literal::List(redirects) = grafana.at("redirect_uris") else { panic!("it is a list") };
    assert_eq!(redirects.len(), 1);
    assert_eq!(*redirects[0].at("matching_mode"), "strict".into());
    assert_eq!(*redirects[0].at("url"), "https://grafana.hdhomelab.com/login/generic_oauth".into());
    assert_eq!(*redirects[0].at("redirect_uri_type"), "authorization".into());
}

// covers: tofu/tf-deploy/authentik/locals.tf
#[test]
fn an_ldap_app_has_a_base_dn_and_an_account_of_its_own() {
    let applications = locals(crate::support::EXAMPLE).local("applications");
    for app in ["emby", "jellyfin"] {
        let entry = applications.at(app);
        let base_dn = format!("ou={app},dc=ldap,dc=hdhomelab,dc=com");
        assert_eq!(*entry.at("base_dn"), base_dn.as_str().into());
        assert_eq!(*entry.at("bind_dn"), format!("cn=ldap-{app},ou=users,{base_dn}").as_str().into());
        assert_eq!(*entry.at("bind_account"), format!("ldap-{app}").as_str().into());
        assert_eq!(*entry.at("search_group"), format!("ldap-search-{app}").as_str().into());
        assert_eq!(*entry.at("vault_path"), format!("apps/{app}/ldap").as_str().into());
        assert!(!entry.has("redirect_uris"));
    }
}

#[test]
fn what_the_inventory_leaves_out_is_left_out() {
    let applications = locals(crate::support::EXAMPLE).local("applications");
    assert!(!applications.at("gitea").has("description"));
    assert!(!applications.at("grafana").has("icon"));
    assert!(!applications.at("grafana").has("everyone"));
    assert!(!applications.at("headlamp").has("scopes"));
}

#[test]
fn a_setting_that_differs_from_the_default_of_the_module_is_written() {
    let settings = [
        ("client_type", "public", "client_type: public"),
        ("sub_mode", "user_email", "sub_mode: user_email"),
        ("access_token_validity", "hours=1", "access_token_valid_for: 1h"),
        ("refresh_token_validity", "days=7", "refresh_token_valid_for: 7d"),
    ];
    for (key, value, written) in settings {
        let inventory = example_with("[/oidc-callback]\n", &format!("[/oidc-callback]\n      {written}\n"));
        let applications = locals(&inventory).local("applications");
        assert_eq!(*applications.at("headlamp").at(key), value.into());
        assert!(!applications.at("grafana").has(key));
    }
    let inventory =
        crate::support::EXAMPLE.replace("    ldap: {}\n", "    ldap: { bind_mode: cached, search_mode: cached }\n");
    let applications = locals(&inventory).local("applications");
    assert_eq!(*applications.at("emby").at("bind_mode"), "cached".into());
    assert_eq!(*applications.at("emby").at("search_mode"), "cached".into());
}

#[test]
fn an_app_for_everyone_names_no_group() {
    let applications =
        locals(&example_with("allow: [admins]\n    oidc", "allow: everyone\n    oidc")).local("applications");
    assert_eq!(*applications.at("headlamp").at("everyone"), true.into());
    assert_eq!(*applications.at("headlamp").at("groups"), list(&[]));
}

// covers: tofu/tf-deploy/authentik/locals.tf
#[test]
fn people_have_their_groups_and_the_flags_of_these_merged() {
    let users = locals(crate::support::EXAMPLE).local("users");
    assert_eq!(users.keys(), ["alex", "robin"]);
    let alex = users.at("alex");
    assert_eq!(*alex.at("groups"), list(&["admins", "family", "jellyfin-movies", "jellyfin-shows"]));
    assert_eq!(*alex.at("attributes").at("jellyfin_libraries"), list(&["Movies", "Shows"]));
    assert_eq!(*alex.at("email"), "alex@example.org".into());
    assert_eq!(*users.at("robin").at("attributes").at("jellyfin_libraries"), list(&["Movies"]));
}

#[test]
fn groups_that_are_not_written_are_left_to_others_and_none_means_none() {
    let unwritten = locals(&example_with("    groups: [family, jellyfin-movies]\n", ""));
    assert_eq!(*unwritten.local("users").at("robin").at("groups"), Literal::Null);
    let none = locals(&example_with("groups: [family, jellyfin-movies]", "groups: []"));
    assert_eq!(*none.local("users").at("robin").at("groups"), list(&[]));
}

// covers: tofu/tf-deploy/authentik/locals.tf
#[test]
fn groups_tell_who_is_a_superuser_and_what_an_invitation_may_give() {
    let groups = locals(crate::support::EXAMPLE).local("groups");
    assert_eq!(groups.keys(), ["admins", "family", "friends", "jellyfin-movies", "jellyfin-shows"]);
    assert_eq!(*groups.at("admins").at("superuser"), true.into());
    assert_eq!(*groups.at("admins").at("invite"), false.into());
    assert_eq!(*groups.at("family").at("invite"), true.into());
    assert_eq!(*groups.at("jellyfin-shows").at("library").at("jellyfin_libraries"), list(&["Shows"]));
}

#[test]
fn text_comes_back_as_it_was_written() {
    let name = r#"G ${x} %{if} \"q\" {{ y }} \\ עברית #{ z }#"#;
    let inventory = example_with("  grafana:\n    url", &format!("  grafana:\n    name: \"{name}\"\n    url"));
    let applications = locals(&inventory).local("applications");
    assert_eq!(*applications.at("grafana").at("name"), r#"G ${x} %{if} "q" {{ y }} \ עברית #{ z }#"#.into());
}

const LOGOUT: &str = "redirect_uris: [/login/generic_oauth, { url: /logged-out, kind: logout }]";

#[test]
fn a_redirect_for_logouts_is_one_from_the_release_on_that_knows_them() {
    let inventory = example_with("redirect_uris: [/login/generic_oauth]", LOGOUT);
    let Literal::List(redirects) = locals(&inventory).local("applications").at("grafana").at("redirect_uris").clone()
    else {
        panic!("it is a list")
    };
    assert_eq!(*redirects[1].at("redirect_uri_type"), "logout".into());
    assert_eq!(*redirects[1].at("url"), "https://grafana.hdhomelab.com/logged-out".into());
}

#[test]
fn a_redirect_for_logouts_is_left_out_before_that_and_the_person_is_told() {
    let inventory = example_at("2026.2.1").replace("redirect_uris: [/login/generic_oauth]", LOGOUT);
    let rendered = try_render(&inventory);
    let Literal::List(redirects) =
        Hcl::of(&rendered.tree, &root("locals.tf")).local("applications").at("grafana").at("redirect_uris").clone()
    else {
        panic!("it is a list")
    };
    assert_eq!(redirects.len(), 1);
    assert!(!redirects[0].has("redirect_uri_type"));
    let [found] = rendered.found.as_slice() else { panic!("{:#?}", rendered.found) };
    assert_eq!((found.rule, found.severity), ("logout-redirect-left-out", Severity::Warning));
    assert_eq!(found.message, "provider 2026.2.1 knows no redirect URIs for logouts");
    assert_eq!(rendered.sources.slice(found.primary.span), "logout");
}

#[test]
fn a_logout_is_told_where_and_by_whom_the_inventory_says() {
    let logout = |logout: &str| {
        let inventory = example_with(
            "redirect_uris: [/login/generic_oauth]",
            &format!("redirect_uris: [/login/generic_oauth]\n      logout: {logout}"),
        );
        locals(&inventory).local("applications").at("grafana").clone()
    };
    let back = logout("/out");
    assert_eq!(*back.at("logout_uri"), "https://grafana.hdhomelab.com/out".into());
    assert!(!back.has("logout_method"), "it is the module's default");
    let front = logout("{ uri: /out, method: frontchannel }");
    assert_eq!(*front.at("logout_method"), "frontchannel".into());
    let none = locals(crate::support::EXAMPLE).local("applications").at("grafana").clone();
    assert!(!none.has("logout_uri"));
}

#[test]
fn the_scope_with_the_claim_about_roles_is_among_the_app_s_own() {
    let applications = locals(crate::support::EXAMPLE).local("applications");
    assert_eq!(*applications.at("gitea").at("scopes"), list(&["profile"]));
}
