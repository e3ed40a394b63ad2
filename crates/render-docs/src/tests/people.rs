//! The half of the page for everybody: who may open what, recovery, codes, pictures.

use super::page::{page, page_without};

const ACCESS: &str = "## Who may open what";

// covers: docs/authentik.md
#[test]
fn the_page_has_one_title_and_every_section_in_order() {
    let page = page(&[]);
    let first: Vec<_> = page.0.lines().take(4).collect();
    assert!(first[0].starts_with("<!-- rendered by labtree from templates/docs/authentik.md.j2"), "{}", first[0]);
    assert_eq!(first[3], "# Logging in to hdhomelab");
    let top: Vec<_> = page.headings().into_iter().filter(|heading| !heading.starts_with("###")).collect();
    assert_eq!(
        top,
        [
            "# Logging in to hdhomelab",
            "## Where to go",
            ACCESS,
            "## Forgotten password",
            "## Codes by e-mail",
            "## Your picture",
            "## How it is deployed",
            "## Apps with OpenID Connect",
            "## Apps with LDAP",
            "## Add an app",
            "## Invite somebody",
            "## Library flags",
            "## Groups and people",
            "## Mail",
            "## Secrets in Vault",
            "## System settings",
        ]
    );
}

// covers: docs/authentik.md
#[test]
fn each_app_has_a_row_that_says_which_groups_may_open_it() {
    let page = page(&[]);
    let table = page.table(ACCESS, 0);
    assert_eq!(table[0], ["app", "logs in by", "admins", "family", "friends", "everyone"]);
    let rows: Vec<_> = table[1..].iter().map(|row| (row[0], row[1], &row[2..])).collect();
    let (oidc, ldap) = ("OpenID Connect", "LDAP");
    assert_eq!(
        rows,
        [
            ("[Emby](https://emby.hdhomelab.com)", ldap, &["", "yes", "", ""][..]),
            ("[Gitea](https://git.hdhomelab.com)", oidc, &["", "yes", "yes", ""]),
            ("[Grafana](https://grafana.hdhomelab.com)", oidc, &["", "yes", "", ""]),
            ("[Headlamp](https://headlamp.hdhomelab.com)", oidc, &["yes", "", "", ""]),
            ("[Jellyfin](https://jellyfin.hdhomelab.com)", ldap, &["", "yes", "yes", ""]),
            ("[Jellyseerr](https://requests.hdhomelab.com)", oidc, &["", "yes", "yes", ""]),
        ]
    );
    assert!(page.section(ACCESS).contains("open no app by themselves: jellyfin-movies, jellyfin-shows."));
}

#[test]
fn an_app_for_everyone_and_a_group_below_another_are_told_apart() {
    let page = page(&[
        ("    allow: [admins]\n", "    allow: everyone\n"),
        ("  friends:\n    invite: true\n", "  friends:\n    invite: true\n    parents: [family]\n"),
    ]);
    let table = page.table(ACCESS, 0);
    assert_eq!(table[0][2..], ["family", "friends", "everyone"]);
    assert_eq!(table[1][2..], ["yes", "by family", ""], "emby");
    assert_eq!(table[4][2..], ["", "", "yes"], "headlamp");
}

#[test]
fn many_groups_stand_in_a_list_and_not_side_by_side() {
    let groups: String = (0..9).map(|number| format!("  team-{number}: {{}}\n")).collect();
    let names: Vec<_> = (0..9).map(|number| format!("team-{number}")).collect();
    let page = page(&[
        ("  admins:\n    superuser: true\n", &format!("  admins:\n    superuser: true\n{groups}")),
        ("    allow: [admins]\n", &format!("    allow: [{}]\n", names.join(", "))),
    ]);
    let table = page.table(ACCESS, 0);
    assert_eq!(table[0], ["app", "logs in by", "open to"]);
    assert_eq!(table[4][2], names.join(", "));
    assert_eq!(table.len(), 7);
    assert!(page.section(ACCESS).contains("\n| app | logs in by | open to |\n| --- | --- | --- |\n"), "it is a table");
}

#[test]
fn a_lab_without_apps_says_so() {
    let page = page_without("apps:\n", None);
    assert!(page.section(ACCESS).contains("no app yet"));
    assert!(!page.0.contains("## Apps with"));
}

// covers: docs/authentik.md
#[test]
fn recovery_has_a_row_for_each_stage_and_for_the_click_between() {
    let page = page(&[]);
    let table = page.table("## Forgotten password", 0);
    let rows: Vec<_> = table[1..].iter().map(|row| (row[0], row[1])).collect();
    assert_eq!(
        rows,
        [
            ("10", "identification"),
            ("20", "e-mail"),
            ("–", "confirmation"),
            ("30", "prompt"),
            ("40", "user write"),
            ("100", "user login")
        ]
    );
    assert!(table[2][2].contains("30 minutes"));
    let section = page.section("## Forgotten password");
    assert!(section.contains("```mermaid\nflowchart"));
    assert!(section.contains("Brands, `authentik-default`"), "an admin's link needs the brand's flow");
}

#[test]
fn times_are_in_words() {
    let page = page(&[("link_valid_for: 30m", "link_valid_for: hours=1;minutes=45")]);
    assert!(page.section("## Forgotten password").contains("works for 1 hour and 45 minutes and"));
}

#[test]
fn the_second_factor_has_the_name_that_people_see() {
    let page = page(&[("email_otp: {}", "email_otp: { name: Codes from the post, code_valid_for: 10m }")]);
    let section = page.section("## Codes by e-mail");
    assert!(section.contains("\"Codes from the post\"") && section.contains("works for 10 minutes"), "{section}");
    assert!(section.contains("Apps with LDAP ask for username and password only"));
}

// covers: docs/authentik.md
#[test]
fn a_picture_is_kept_replaced_refused_or_removed() {
    let page = page(&[]);
    let what: Vec<_> = page.table("## Your picture", 0)[1..].iter().map(|row| row[1].to_owned()).collect();
    assert_eq!(
        what,
        ["it is removed", "it stays as it is", "it stays as it is, and a message says why", "it is replaced"]
    );
    let section = page.section("## Your picture");
    assert!(section.contains("PNG, JPEG, WebP and GIF, up to 512 KiB"));
    assert!(section.contains("Gravatar is a server outside the lab"));
}

#[test]
fn a_lab_that_does_not_ask_gravatar_says_nothing_about_it() {
    let page = page(&[("then: [gravatar, initials]", "then: [initials]")]);
    let section = page.section("## Your picture");
    assert!(!section.contains("Gravatar") && section.contains("1. your initials"));
}

#[test]
fn no_node_of_a_diagram_is_called_by_a_word_of_mermaid() {
    let page = page(&[]);
    let diagrams: Vec<_> = page.0.split("```mermaid\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(diagrams.len(), 3);
    let words = ["call", "class", "classDef", "click", "default", "end", "href", "linkStyle", "style", "subgraph"];
    for part in diagrams.iter().flat_map(|diagram| diagram.lines().flat_map(|line| line.split("-->"))) {
        let node = part.rsplit('|').next().unwrap_or_default().split('[').next().unwrap_or_default().trim();
        assert!(!words.contains(&node), "{part}");
    }
}
