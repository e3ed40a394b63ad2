//! `labtree new app` and the catalog: what it knows, under which name, and what is told of it.

use crate::lab::Lab;
use crate::new_app::refused;

#[test]
fn an_entry_of_the_catalog_under_another_name_is_pointed_at() {
    let lab = Lab::example();
    let said: String = ["paperless", "imich", "vikunja-work"]
        .into_iter()
        .map(|name| refused(&lab, 2, &["new", "app", name, "--allow", "family"]).stderr)
        .collect();
    insta::assert_snapshot!(said, @"
    note: the catalog has no `paperless`; `--catalog paperless-ngx` takes what it knows of that app
    error: `--redirect-uri` or `--ldap` and `--url` are missing, and there is no terminal to ask on
     help: for example `--redirect-uri /oauth/callback --url https://paperless.hdhomelab.com`
    note: the catalog has no `imich`; `--catalog immich` takes what it knows of that app
    error: `--redirect-uri` or `--ldap` and `--url` are missing, and there is no terminal to ask on
     help: for example `--redirect-uri /oauth/callback --url https://imich.hdhomelab.com`
    note: the catalog has no `vikunja-work`; `--catalog vikunja` takes what it knows of that app
    error: `--redirect-uri` or `--ldap` and `--url` are missing, and there is no terminal to ask on
     help: for example `--redirect-uri /oauth/callback --url https://vikunja-work.hdhomelab.com`
    ");
    let ran = refused(&lab, 2, &["new", "app", "paperless", "--no-catalog"]);
    assert!(!ran.stderr.contains("note:"), "{ran}");
}

#[test]
fn a_second_app_of_one_kind_has_another_name_to_people() {
    let lab = Lab::example();
    let flags = ["--catalog", "jellyfin", "--outside", "--allow", "family", "--url", "https://kids.example.org"];
    lab.run(&[&["new", "app", "jellyfin-kids"], &flags[..]].concat()).ended(0);
    assert!(lab.read("tofu/tf-deploy/authentik/locals.tf").contains("\"Jellyfin Kids\""));
}

#[test]
fn a_fault_of_the_catalog_is_told_before_anything_is_asked() {
    let lab = Lab::example();
    lab.write("catalog/wiki.yaml", "name: Wiki\n");
    let ran = refused(&lab, 1, &["new", "app", "wiki"]);
    assert_eq!(ran.rules(), ["missing-key", "missing-key", "missing-key"], "{ran}");
}

#[test]
fn the_catalog_is_listed_and_the_lab_can_have_more_of_it() {
    let lab = Lab::example();
    let ran = lab.run(&["new", "app", "--list"]).ended(0);
    let heads = ran.stdout.lines().next().unwrap();
    assert_eq!(heads.split_whitespace().collect::<Vec<_>>().join(" "), "name logs in by category what it is");
    assert!(ran.stdout.lines().any(|line| line.starts_with("immich ") && line.ends_with("Photos and videos")), "{ran}");
    let own = "name: Wiki\ndescription: Notes\ncategory: Office\noidc:\n  identity:\n    redirect_uris:\n      # why\n      - /cb\n  client: {}\nsources:\n  - what: its page\n    url: https://wiki.example.org\n    version: 2026-01-01\n    covers: [oidc]\n";
    lab.write("catalog/wiki.yaml", own);
    assert!(lab.run(&["new", "app", "--list"]).ended(0).stdout.contains("\nwiki "));
    lab.run(&["new", "app", "wiki", "--allow", "family", "--url", "https://wiki.hdhomelab.com"]).ended(0);
    assert!(
        lab.read("inventory.yaml").contains("    oidc:\n      redirect_uris:\n        # why\n        - /cb\n"),
        "{}",
        lab.read("inventory.yaml")
    );
}

#[test]
fn the_catalog_is_listed_without_a_lab_too() {
    let elsewhere = Lab::empty();
    elsewhere.write("catalog/other.yaml", "kind: of something else\n");
    let listed = elsewhere.run(&["new", "app", "--list"]).ended(0);
    assert_eq!(listed.stdout, Lab::example().run(&["new", "app", "--list"]).ended(0).stdout);
}

#[test]
fn the_roles_that_an_app_knows_are_told() {
    let lab = Lab::example();
    let url = ["--url", "https://recipes.hdhomelab.com", "--allow", "family", "--namespace", "recipes"];
    let ran = lab.run(&[&["new", "app", "open-webui", "--oidc"], &url[..]].concat()).ended(0);
    let notes = ran.stdout.split_once("\nmind:\n").expect("there is something to mind").1;
    assert!(
        notes.ends_with(
            "  - Groups can have roles in it, `admin` and `user`: write `roles: { admin: [GROUP] }` in its entry.\n"
        ),
        "{ran}"
    );
}

#[test]
fn an_app_that_keeps_no_secret_is_given_none() {
    let lab = Lab::example();
    let url = ["--url", "https://start.hdhomelab.com", "--allow", "family", "--namespace", "start"];
    let ran = lab.run(&[&["new", "app", "dashy"], &url[..]].concat()).ended(0);
    assert!(ran.stdout.contains("4. tell `dashy` its client ID, which is `dashy`; it needs no secret\n"), "{ran}");
    assert!(!ran.stdout.contains("credentials"), "{ran}");
}

#[test]
fn a_role_is_given_to_groups_at_once() {
    let lab = Lab::example();
    let app = ["new", "app", "open-webui", "--url", "https://ai.hdhomelab.com", "--allow", "family", "--outside"];
    let roles = ["--role", "admin=admins", "--role", "user=family,friends"];
    let ran = lab.run(&[&app[..], &roles].concat()).ended(0);
    assert!(!ran.stdout.contains("Groups can have roles"), "{ran}");
    let added = lab.read("inventory.yaml").split_once("  open-webui:\n").expect("it is added").1.to_owned();
    assert!(added.contains("    roles:\n      admin: [admins]\n      user: [family, friends]\n    oidc:\n"), "{added}");
    assert!(lab.exists("tofu/tf-deploy/authentik/apps/open-webui/profile.py"));
    for wrong in ["admin", "admin=", "=admins", "admin=admins,"] {
        let ran = refused(&lab, 2, &["new", "app", "grafana-two", "--role", wrong]);
        assert!(ran.stderr.contains("it takes the form `admin=GROUP`"), "{ran}");
    }
    let two = ["new", "app", "two", "--catalog", "grafana", "--url", "https://two.hdhomelab.com", "--allow", "family"];
    let ran = refused(&lab, 1, &[&two[..], &["--outside", "--role", "admins=admins"]].concat());
    assert!(ran.stderr.contains("`grafana` of the catalog has no role `admins`, did you mean `admin`?"), "{ran}");
}
