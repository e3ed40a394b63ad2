//! The sections of the apps.

use yaml_serde::Value;

use super::page::{Page, page, page_without};

/// The filters in the code block of an app.
#[track_caller]
fn filters(page: &Page, heading: &str) -> Value {
    let section = page.section(heading);
    let (_, block) = section.split_once("```yaml\n").expect("there is a code block");
    let (block, _) = block.split_once("```").expect("it ends");
    yaml_serde::from_str(block).expect("it is YAML")
}

// covers: docs/authentik.md
#[test]
fn each_app_has_a_section_of_its_own() {
    let page = page(&[]);
    let sections: Vec<_> = page.headings().into_iter().filter(|heading| heading.ends_with("`)")).collect();
    assert_eq!(
        sections,
        [
            "### Gitea (`gitea`)",
            "### Grafana (`grafana`)",
            "### Headlamp (`headlamp`)",
            "### Jellyseerr (`jellyseerr`)",
            "### Emby (`emby`)",
            "### Jellyfin (`jellyfin`)",
        ]
    );
}

#[test]
fn an_app_with_openid_connect_has_its_addresses_groups_and_secret() {
    let page = page(&[]);
    let value = |name| page.value("### Grafana (`grafana`)", 0, name);
    assert_eq!(value("address"), "[https://grafana.hdhomelab.com](https://grafana.hdhomelab.com)");
    assert_eq!(value("open to"), "family");
    assert_eq!(value("issuer"), "`https://auth.hdhomelab.com/application/o/grafana/`");
    assert_eq!(
        value("discovery"),
        "`https://auth.hdhomelab.com/application/o/grafana/.well-known/openid-configuration`"
    );
    assert_eq!(value("redirect URIs"), "`https://grafana.hdhomelab.com/login/generic_oauth`");
    assert_eq!(value("scopes"), "`openid`, `email`, `profile`, `grafana_role`");
    assert_eq!(value("in Vault"), "`infra/apps/grafana/oidc`: `client_id`, `client_secret`, `issuer`");
    assert_eq!(value("Secret"), "`grafana-oidc` in the namespace `monitoring`");
    let endpoints = page.table("## Apps with OpenID Connect", 0);
    assert_eq!(endpoints[2], ["token", "`https://auth.hdhomelab.com/application/o/token/`"]);
}

#[test]
fn an_app_on_the_nas_says_where_in_vault_its_credentials_lie() {
    let page = page(&[]);
    assert!(page.value("### Jellyseerr (`jellyseerr`)", 0, "Secret").starts_with("none, since it runs outside"));
    assert!(page.value("### Jellyseerr (`jellyseerr`)", 0, "in Vault").starts_with("`infra/apps/jellyseerr/oidc`"));
    assert_eq!(page.value("### Emby (`emby`)", 0, "bind password"), "`infra/apps/emby/ldap`, key `bind_password`");
}

#[test]
fn each_app_with_ldap_has_a_row_and_its_settings() {
    let page = page(&[]);
    let table = page.table("## Apps with LDAP", 0);
    assert_eq!(table.len(), 3);
    assert_eq!(table[2][0], "Jellyfin");
    assert_eq!(table[2][1], "`ou=jellyfin,dc=ldap,dc=hdhomelab,dc=com`");
    assert_eq!(table[2][2], "`cn=ldap-jellyfin,ou=users,ou=jellyfin,dc=ldap,dc=hdhomelab,dc=com`");
    assert!(table[2][3].starts_with("`infra/apps/jellyfin/ldap`"));
    assert_eq!(page.value("### Jellyfin (`jellyfin`)", 0, "LDAP server"), "`ldap.hdhomelab.com`");
    assert!(page.value("## Apps with LDAP", 1, "port").starts_with("636 with TLS"));
}

#[test]
fn a_filter_names_the_groups_below_the_app_s_own_base_dn() {
    let page = page(&[]);
    let emby = filters(&page, "### Emby (`emby`)");
    let of = |group: &str, app: &str| format!("(memberOf=cn={group},ou=groups,ou={app},dc=ldap,dc=hdhomelab,dc=com)");
    assert_eq!(emby["Jellyfin, user filter"], of("family", "emby"));
    assert_eq!(emby["Jellyfin, admin filter"], of("admins", "emby"));
    let login = format!("(&(objectClass=user){}(cn={{0}}))", of("family", "emby"));
    assert_eq!(emby["Emby, user search filter"], login);
    let jellyfin = filters(&page, "### Jellyfin (`jellyfin`)");
    let either = format!("(|{}{})", of("family", "jellyfin"), of("friends", "jellyfin"));
    assert_eq!(jellyfin["Jellyfin, user filter"], either);
}

#[test]
fn a_filter_finds_the_members_of_the_groups_below_too() {
    let page = page(&[("  friends:\n    invite: true\n", "  friends:\n    invite: true\n    parents: [family]\n")]);
    let filter = filters(&page, "### Emby (`emby`)")["Jellyfin, user filter"].clone();
    let filter = filter.as_str().expect("it is text");
    assert!(filter.contains("cn=family,") && filter.contains("cn=friends,"), "{filter}");
}

#[test]
fn a_filter_for_everyone_names_no_group() {
    let page = page(&[
        ("    allow: [family]\n    ldap: {}", "    allow: everyone\n    ldap: {}"),
        ("    superuser: true\n", "    superuser: false\n"),
    ]);
    let emby = filters(&page, "### Emby (`emby`)");
    assert_eq!(emby["Jellyfin, user filter"], "(objectClass=user)");
    assert_eq!(emby["Emby, user search filter"], "(&(objectClass=user)(cn={0}))");
    assert!(emby.get("Jellyfin, admin filter").is_none(), "no group makes superusers");
}

#[test]
fn an_ldap_app_in_the_cluster_uses_the_outpost_s_service_and_has_a_secret() {
    let page = page(&[("  emby:\n", "  emby:\n    namespace: media\n")]);
    assert_eq!(page.value("### Emby (`emby`)", 0, "LDAP server"), "`ak-outpost-ldap.infra.svc.cluster.local`");
    assert_eq!(page.value("### Emby (`emby`)", 0, "Secret"), "`emby-ldap` in the namespace `media`");
}

#[test]
fn an_outpost_out_of_reach_is_said_to_be_so() {
    let page = page(&[("      service_type: LoadBalancer\n", "")]);
    assert!(
        page.section("## Apps with LDAP").contains("of type `ClusterIP`: apps outside the cluster cannot reach it")
    );
    assert!(page.section("## Apps with LDAP").contains("in `inventory.yaml` to `LoadBalancer` or `NodePort`"));
}

#[test]
fn without_a_host_the_page_says_where_to_write_it() {
    let page = page(&[("    host: ldap.hdhomelab.com\n", "")]);
    let server = page.value("### Jellyfin (`jellyfin`)", 0, "LDAP server");
    assert_eq!(server, "not known: write `identity.ldap.host` in `inventory.yaml`");
}

#[test]
fn an_outpost_run_by_hand_answers_on_the_ports_of_its_container() {
    let page = page(&[("      service: kubernetes\n      service_type: LoadBalancer\n", "      service: manual\n")]);
    assert!(page.value("## Apps with LDAP", 1, "port").contains("LDAPS on 6636"));
    assert!(page.value("## How it is deployed", 0, "LDAP outpost").starts_with("run by hand"));
}

#[test]
fn a_lab_without_ldap_apps_has_no_section_for_them() {
    let page = page_without("  jellyfin:\n    url", None);
    assert!(!page.headings().contains(&"## Apps with LDAP"));
    assert!(!page.0.contains("outpost") && !page.0.contains("Apps with LDAP ask"), "{}", page.0);
    assert!(page.headings().contains(&"## Apps with OpenID Connect"));
}

#[test]
fn a_pattern_and_a_public_client_are_called_so() {
    let page = page(&[(
        "      redirect_uris: [/login]\n",
        "      redirect_uris:\n        - { url: 'https://requests\\.hdhomelab\\.com/a|b', matching: regex }\n      client_type: public\n",
    )]);
    assert!(page.value("### Jellyseerr (`jellyseerr`)", 0, "redirect URIs").ends_with("</code> (a pattern)"));
    assert_eq!(page.value("### Jellyseerr (`jellyseerr`)", 0, "client"), "public: it needs no secret");
}

#[test]
fn names_with_markup_in_them_stay_names() {
    let page = page(&[(
        "    description: Dashboards for metrics and logs\n",
        "    name: 'A|B <b>`x`</b> {{ y }} ${z}'\n    description: \"a\\u202Eb | _c_ {% d %}\"\n",
    )]);
    let table = page.table("## Who may open what", 0);
    assert_eq!(table.len(), 7, "the cells are where they were");
    let heading = page.headings().into_iter().find(|heading| heading.ends_with("(`grafana`)")).expect("it is there");
    for markup in ["<b>", "{{", "|", "${", " `x"] {
        assert!(!heading.contains(markup), "{markup} in {heading}");
    }
    assert!(!page.0.contains('\u{202E}') && !page.0.contains("{% d"));
}

const GRAFANA: &str = "### Grafana (`grafana`)";

/// The values of a chart in the section of an app.
#[track_caller]
fn values(page: &Page, heading: &str) -> Value {
    let (_, block) = page.section(heading).split_once("```yaml\n").expect("there is a code block");
    yaml_serde::from_str(block.split_once("\n```").expect("it ends").0).expect("it is YAML")
}

#[test]
fn an_app_that_somebody_else_installs_is_shown_the_values_for_its_chart_and_what_to_do_without_it() {
    let page = page_without("    release:\n      repository: https://grafana-community", Some("\n  headlamp:"));
    assert!(page.section(GRAFANA).contains("As values of the chart `grafana`, read at its version `12.11.1`:"));
    let values = values(&page, GRAFANA);
    let client_secret = &values["envValueFrom"]["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"]["secretKeyRef"];
    assert_eq!((&client_secret["name"], &client_secret["key"]), (&"grafana-oidc".into(), &"client_secret".into()));
    assert_eq!(values["grafana.ini"]["server"]["root_url"], "https://grafana.hdhomelab.com");
    assert!(page.section(GRAFANA).contains("\n\nWithout that chart:\n\n| variable |"));
    let variable = |name: &str| page.value(GRAFANA, 1, &format!("`{name}`"));
    assert_eq!(variable("GF_SERVER_ROOT_URL"), "`https://grafana.hdhomelab.com`");
    assert_eq!(variable("GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"), "the key `client_secret` of the Secret");
    assert!(page.section(GRAFANA).contains("\n\nWhat it is told.\n\nAs values"), "{}", page.section(GRAFANA));
}

#[test]
fn an_app_outside_the_clusters_is_shown_no_chart_and_where_in_vault_a_secret_lies() {
    let outside = "    catalog: grafana\n    url: https://grafana.hdhomelab.com\n    allow: [family]\n";
    let text = format!("  outside:\n{outside}    oidc: {{ redirect_uris: [/login/generic_oauth] }}\n\n  headlamp:\n");
    let page = page(&[("  headlamp:\n", &text)]);
    let section = "### Outside (`outside`)";
    assert!(!page.section(section).contains("```") && !page.section(section).contains("Without that chart"));
    let secret = page.value(section, 1, "`GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET`");
    assert_eq!(secret, "`<client_secret>`");
    let told = "What it is told. A word in angle brackets is a key of its path in Vault.\n\n";
    assert!(page.section(section).contains(told));
}

#[test]
fn an_app_whose_release_holds_all_of_it_is_shown_no_settings() {
    let page = page(&[]);
    assert!(!page.section(GRAFANA).contains("What it is told") && !page.section(GRAFANA).contains("GF_SERVER"));
    assert!(page.section(GRAFANA).contains("What goes wrong easily"));
}

#[test]
fn the_roles_in_an_app_are_told_with_their_groups() {
    let page = page(&[
        (
            "    allow: [family]\n    ldap: {}",
            "    allow: [family]\n    ldap: {}\n    roles: { admin: [family, friends] }",
        ),
        ("    catalog: grafana\n", "    catalog: grafana\n    roles: { editor: [family], admin: [] }\n"),
    ]);
    assert_eq!(page.value("### Gitea (`gitea`)", 0, "roles"), "`admin`: admins");
    assert_eq!(page.value(GRAFANA, 0, "roles"), "`admin`: nobody; `editor`: family");
    assert_eq!(page.value("### Emby (`emby`)", 0, "roles"), "`admin`: family, friends");
    let admins = filters(&page, "### Emby (`emby`)")["Jellyfin, admin filter"].clone();
    let admins = admins.as_str().expect("it is text");
    assert!(admins.contains("cn=family,") && admins.contains("cn=friends,") && !admins.contains("cn=admins,"));
}

#[test]
fn what_an_app_is_told_of_roles_stands_among_the_rest() {
    let with = page(&[]);
    let claim = "Claim name providing group names for this source";
    assert_eq!(with.value("### Gitea (`gitea`)", 1, claim), "`gitea_roles`");
    assert_eq!(values(&with, "### Gitea (`gitea`)")["gitea"]["oauth"][0]["adminGroup"], "admin");
    let without = page(&[("    roles:\n      admin: [admins]\n", "")]);
    assert!(!without.section("### Gitea (`gitea`)").contains("gitea_roles"));
    assert_eq!(values(&without, "### Gitea (`gitea`)")["gitea"]["oauth"][0]["name"], "authentik");
}

#[test]
fn where_a_logout_is_told_stands_on_the_page() {
    let redirects = "redirect_uris: [/login/generic_oauth]";
    let with = page(&[(redirects, &format!("{redirects}\n      logout: /out"))]);
    let told = with.value(GRAFANA, 0, "logout is told at");
    assert_eq!(told, "`https://grafana.hdhomelab.com/out`, by authentik, which must reach it");
    let with = page(&[(redirects, &format!("{redirects}\n      logout: {{ uri: /out, method: frontchannel }}"))]);
    assert!(with.value(GRAFANA, 0, "logout is told at").ends_with(", by the browser"));
}
