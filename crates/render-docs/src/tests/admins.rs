//! The half of the page for whoever runs the lab.

use yaml_serde::Value;

use super::page::{Page, page, page_without};

/// The custom attributes of the invitation to `group`.
#[track_caller]
fn invitation(page: &Page, group: &str) -> Value {
    let section = page.section(&format!("### Invitation to `{group}`"));
    let (_, block) = section.split_once("```json\n").expect("there is a code block");
    let (block, _) = block.split_once("\n```").expect("it ends");
    yaml_serde::from_str(block).expect("JSON is YAML too")
}

#[track_caller]
fn json(text: &str) -> Value {
    yaml_serde::from_str(text).expect("JSON is YAML too")
}

// covers: docs/authentik.md
#[test]
fn the_deployment_is_drawn_and_each_part_has_a_row() {
    let page = page(&[]);
    let section = page.section("## How it is deployed");
    assert!(section.contains("```mermaid\nflowchart TB\n"));
    assert!(section.contains(r#"authentik["authentik 2026.5.3"]"#), "{section}");
    assert!(section.contains(r#"outpost["LDAP outpost"]"#));
    let value = |name| page.value("## How it is deployed", 0, name);
    assert!(value("authentik").contains("`infra`") && value("authentik").contains("`home`"));
    assert_eq!(value("certificate"), "in the Secret `auth-tls`, which exists already");
    assert!(value("database").contains("`192.168.68.7`, port 5432"));
    assert!(value("secrets").starts_with("External Secrets, by the ClusterSecretStore `vault`"));
    let clusters = page.table("## How it is deployed", 1);
    assert_eq!(clusters[1], ["`home`", "`namespaces`, `secret-store`, `authentik`, then 3 apps"]);
}

#[test]
fn an_issuer_makes_the_certificate() {
    let page = page(&[("secret: auth-tls", "issuer: letsencrypt")]);
    let certificate = page.value("## How it is deployed", 0, "certificate");
    assert_eq!(certificate, "cert-manager's ClusterIssuer `letsencrypt` makes it, in the Secret `authentik-tls`");
}

// covers: docs/authentik.md
#[test]
fn a_new_app_starts_in_the_inventory_and_not_in_locals() {
    let page = page(&[]);
    let section = page.section("## Add an app");
    assert!(section.contains("Everything starts in `inventory.yaml`. `locals.tf` looks like the place, but"));
    assert!(section.contains("url: https://paperless.hdhomelab.com\n") && section.contains("- family\n"));
    assert!(section.contains("`infra/apps/paperless/oidc`"));
}

#[test]
fn the_example_of_a_new_app_is_an_inventory_entry() {
    let page = page(&[]);
    let (_, block) = page.section("## Add an app").split_once("```yaml\n    apps:\n").expect("there is an example");
    let (block, _) = block.split_once("    ```").expect("it ends");
    let entry: String = block.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    let with_it = super::page::page_of(&sample::INVENTORY.replacen("apps:\n", &format!("apps:\n{entry}"), 1));
    assert!(with_it.headings().contains(&"### Paperless (`paperless`)"));
}

// covers: docs/authentik.md
#[test]
fn enrolment_has_a_row_for_each_stage() {
    let page = page(&[]);
    let table = page.table("## Invite somebody", 0);
    let rows: Vec<_> = table[1..].iter().map(|row| (row[0], row[1])).collect();
    assert_eq!(rows, [("10", "invitation"), ("20", "prompt"), ("30", "user write"), ("100", "user login")]);
    let section = page.section("## Invite somebody");
    assert!(section.contains("```mermaid\nflowchart"));
    assert!(section.contains("`https://auth.hdhomelab.com/if/flow/invitation-enrollment/?itoken=`"));
    assert!(section.contains("`type` and `path`"), "who may create invitations may set them");
    assert_eq!(page.value("## Invite somebody", 1, "single use"), "on");
    assert!(page.value("## Invite somebody", 1, "expires").starts_with("soon"));
}

// covers: docs/authentik.md
#[test]
fn each_group_that_may_be_given_has_an_invitation_to_paste() {
    let page = page(&[]);
    let groups: Vec<_> =
        page.headings().iter().filter_map(|heading| heading.strip_prefix("### Invitation to ")).collect();
    assert_eq!(groups, ["`family`", "`friends`", "`jellyfin-movies`", "`jellyfin-shows`"]);
    assert_eq!(invitation(&page, "family"), json(r#"{"groups": ["family"]}"#));
    let movies = r#"{"groups": ["jellyfin-movies"], "attributes": {"jellyfin_libraries": ["Movies"]}}"#;
    assert_eq!(invitation(&page, "jellyfin-movies"), json(movies));
}

#[test]
fn an_invitation_carries_the_flags_of_the_groups_above() {
    let page = page(&[("  jellyfin-shows:\n", "  jellyfin-shows:\n    parents: [jellyfin-movies]\n")]);
    let both = r#"{"groups": ["jellyfin-shows"], "attributes": {"jellyfin_libraries": ["Movies", "Shows"]}}"#;
    assert_eq!(invitation(&page, "jellyfin-shows"), json(both));
}

#[test]
fn a_lab_without_groups_to_give_says_that_an_invitation_gives_none() {
    let mut text = sample::INVENTORY.to_owned();
    text = text.replace("    invite: true\n", "    invite: false\n");
    let page = super::page::page_of(&text);
    assert!(page.section("## Invite somebody").contains("an invitation gives an account and no group"));
    assert!(!page.0.contains("### Invitation to"));
}

// covers: docs/authentik.md
#[test]
fn each_library_flag_has_a_row() {
    let page = page(&[]);
    let table = page.table("## Library flags", 0);
    assert_eq!(table[1], ["jellyfin-movies", "`jellyfin_libraries`", "`Movies`"]);
    assert_eq!(table[2], ["jellyfin-shows", "`jellyfin_libraries`", "`Shows`"]);
    assert!(page.section("## Library flags").contains("not pushed to anybody"));
}

#[test]
fn a_lab_without_library_flags_has_no_section_for_them() {
    let page = page(&[
        ("    library:\n      jellyfin_libraries: [Movies]\n", ""),
        ("    library:\n      jellyfin_libraries: [Shows]\n", ""),
    ]);
    assert!(!page.headings().contains(&"## Library flags"));
}

// covers: docs/authentik.md
#[test]
fn each_group_and_each_person_has_a_row() {
    let page = page(&[]);
    let groups = page.first_cells("## Groups and people", 0);
    assert_eq!(groups, ["admins", "family", "friends", "jellyfin-movies", "jellyfin-shows"]);
    let table = page.table("## Groups and people", 0);
    assert_eq!(table[1], ["admins", "", "yes", "no"]);
    assert_eq!(table[2], ["family", "", "no", "yes"]);
    let people = page.table("## Groups and people", 1);
    assert_eq!(people[1], ["`alex`", "Alex", "admins, family, jellyfin-movies, jellyfin-shows"]);
    assert_eq!(people[2], ["`robin`", "Robin", "family, jellyfin-movies"]);
    assert!(!page.0.contains("alex@example.org"), "an address is nobody else's business");
}

#[test]
fn people_without_groups_and_people_left_alone_are_told_apart() {
    let page = page(&[
        ("    groups: [admins, family, jellyfin-movies, jellyfin-shows]\n", "    groups: []\n"),
        ("    groups: [family, jellyfin-movies]\n", ""),
    ]);
    let people = page.table("## Groups and people", 1);
    assert_eq!((people[1][2], people[2][2]), ("none", "as set in authentik"));
}

#[test]
fn a_lab_without_people_says_that_everybody_enrols() {
    let page = page_without("users:\n", Some("apps:\n"));
    assert!(page.section("## Groups and people").contains("everybody enrols by an invitation"));
}

// covers: docs/authentik.md
#[test]
fn gmail_takes_an_app_password() {
    let page = page(&[]);
    assert_eq!(page.value("## Mail", 0, "encryption"), "STARTTLS (`use_tls`)");
    assert_eq!(
        page.value("## Mail", 0, "username and password"),
        "`infra/authentik/smtp`, keys `username` and `password`"
    );
    let section = page.section("## Mail");
    assert!(section.contains("<https://myaccount.google.com/apppasswords>") && section.contains("without the spaces"));
    assert!(section.contains("vault kv put -mount=infra authentik/smtp username="));
}

#[test]
fn a_mail_server_without_encryption_is_for_the_same_network() {
    let page = page(&[("encryption: starttls", "encryption: none")]);
    assert_eq!(page.value("## Mail", 0, "encryption"), "none: for a server in the same network only");
}

#[test]
fn another_mail_server_has_nothing_to_do_with_google() {
    let page = page(&[("host: smtp.gmail.com", "host: mail.example.org")]);
    let section = page.section("## Mail");
    assert!(!section.contains("oogle") && !section.contains("Gmail"), "{section}");
    assert!(section.contains("vault kv put -mount=infra authentik/smtp username="));
}

// covers: docs/authentik.md
#[test]
fn each_path_in_vault_says_who_writes_and_who_reads_it() {
    let page = page(&[]);
    let table = page.table("## Secrets in Vault", 0);
    assert_eq!(table.len(), 1 + 4 + 6);
    let row = |path: &str| {
        let found = table.iter().find(|row| row[0] == path);
        found.unwrap_or_else(|| panic!("no {path} in {table:#?}"))[1..].to_vec()
    };
    let person = "a person, before the first apply";
    assert_eq!(row("`authentik/config`"), ["`secret_key`", person, "`infra/authentik-config`"]);
    assert_eq!(row("`authentik/token`"), ["`token`", person, "OpenTofu, `infra/authentik-token`"]);
    let smtp = "`infra/authentik-smtp-credentials`, `gitea/gitea-smtp`";
    assert_eq!(row("`authentik/smtp`"), ["`username`, `password`", person, smtp]);
    let keys = "`client_id`, `client_secret`, `issuer`";
    assert_eq!(row("`apps/grafana/oidc`"), [keys, "OpenTofu, at apply", "`monitoring/grafana-oidc`"]);
    assert_eq!(row("`apps/emby/ldap`")[2], "whoever sets up the app");
}

// covers: docs/authentik.md
#[test]
fn the_settings_that_the_inventory_writes_have_a_row_and_no_others() {
    let page = page(&[(
        "    event_retention: 365d\n",
        "    event_retention: 30d\n    impersonation: false\n    flags: { flows_refresh_others: true }\n",
    )]);
    let table = page.table("## System settings", 0);
    let rows: Vec<_> = table[1..].iter().map(|row| (row[0], row[1])).collect();
    let flag = ("`flags.flows_refresh_others`", "`true`");
    assert_eq!(rows, [("`event_retention`", "`days=30`"), ("`impersonation`", "`false`"), flag]);
}

#[test]
fn a_lab_that_writes_no_setting_has_no_section_for_them() {
    let page = page(&[("  settings:\n    event_retention: 365d\n", "")]);
    assert!(!page.headings().contains(&"## System settings"));
}
