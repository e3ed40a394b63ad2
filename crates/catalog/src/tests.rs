//! Every built-in entry, and what is said of faulty ones.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Sources};

use super::*;

fn load(own: &[(&str, &str)]) -> (Sources, Catalog, Vec<Diagnostic>) {
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let own = own.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let catalog = Catalog::load(&mut sources, builtin(), own, &mut found);
    (sources, catalog, found)
}

/// What is found in an entry, each with the text it points at.
#[track_caller]
fn faults(text: &str) -> Vec<String> {
    let (sources, catalog, found) = load(&[("own.yaml", text)]);
    assert!(found.is_empty() || catalog.get("own").is_none());
    found.iter().map(|fault| format!("{:?} {}", sources.slice(fault.primary.span), fault.message)).collect()
}

const SMALL: &str = "\
name: Own
description: An app of my own
category: Tools
oidc:
  identity:
    redirect_uris: [/callback]
  client:
    environment:
      OIDC_ISSUER: '%{issuer}'
sources:
  - what: its page
    url: https://own.example.org/docs
    version: '1.0'
    covers: [oidc]
";

#[test]
fn the_embedded_entries_are_those_of_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog");
    let names = std::fs::read_dir(folder).expect("the folder is there");
    let names = names.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned());
    let embedded: BTreeSet<_> = builtin().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), embedded);
}

#[test]
fn every_built_in_entry_has_no_fault() {
    let mut sources = Sources::default();
    for (name, text) in builtin() {
        let mut found = Vec::new();
        let own = [(name.to_owned(), text.to_owned())];
        let catalog = Catalog::load(&mut sources, [], own, &mut found);
        let shown: Vec<_> = found.iter().map(|fault| format!("{} {:?}", fault.message, fault.help)).collect();
        assert_eq!(shown, Vec::<String>::new(), "{name}");
        assert_eq!(catalog.iter().count(), 1, "{name}");
    }
}

#[test]
fn the_lists_of_keys_and_categories_stay_short() {
    let (_, catalog, _) = load(&[]);
    let categories: BTreeSet<_> = catalog.iter().map(|entry| entry.facts.category.as_str()).collect();
    let known = [
        "AI",
        "Books",
        "Communication",
        "Development",
        "Documents",
        "Files",
        "Finance",
        "Home",
        "Infrastructure",
        "Media",
        "Monitoring",
        "Productivity",
        "Security",
    ];
    assert_eq!(categories.difference(&known.into()).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn what_is_copied_into_the_inventory_is_the_text_of_the_entry() {
    let (sources, catalog, _) = load(&[]);
    let text = |key: &str| catalog.get(key).and_then(|entry| entry.oidc_text(&sources)).expect("it has OpenID Connect");
    assert_eq!(text("grafana"), "redirect_uris: [/login/generic_oauth]");
    let immich = "redirect_uris:\n  - /auth/login\n  - /user-settings\n  # The apps for phones.\n  - app.immich:///oauth-callback\nlogout: /api/oauth/backchannel-logout";
    assert_eq!(text("immich"), immich);
    let jellyfin = catalog.get("jellyfin").expect("it is known");
    assert_eq!((jellyfin.oidc_text(&sources), jellyfin.ldap_text(&sources)), (None, Some("{}".to_owned())));
}

#[test]
fn an_entry_of_ones_own_wins_and_its_faults_are_told() {
    let grafana = SMALL.replace("name: Own", "name: My Grafana");
    let (_, catalog, found) = load(&[("grafana.yaml", &grafana)]);
    assert_eq!(found, []);
    assert_eq!(catalog.get("grafana").map(|entry| entry.facts.name.as_str()), Some("My Grafana"));
    assert_eq!(["grafana", "immich"].map(|key| catalog.get(key).map(|entry| entry.own)), [Some(true), Some(false)]);
    let (_, catalog, found) = load(&[("grafana.yaml", "name: My Grafana\n")]);
    assert!(!found.is_empty());
    assert!(catalog.get("grafana").is_none() && catalog.knows("grafana"), "the built-in one does not step in");
}

#[test]
fn what_is_missing_is_shown_as_a_built_in_entry_has_it() {
    let (_, _, found) = load(&[("own.yaml", "name: Own\n")]);
    let help: Vec<_> = found.iter().filter_map(|fault| fault.help.as_deref()).collect();
    assert_eq!(
        help,
        [
            "add it, for example `description: Dashboards for metrics and logs`",
            "add it, for example `category: Monitoring`",
            "add it, for example `sources: [{ what: authentik's page on Grafana, url: https://grafana.example.org, version: commit 089a3e8, covers: [oidc.identity, oidc.client.values, oidc.client.environment, oidc.client.traps] }]`"
        ]
    );
}

#[test]
fn a_placeholder_must_be_known_and_in_its_place() {
    assert_eq!(faults(SMALL), Vec::<String>::new());
    let with = |text: &str| faults(&SMALL.replace("'%{issuer}'", text));
    assert_eq!(
        with("'%{isuer}'"),
        ["\"'%{isuer}'\" unknown placeholder `%{isuer}` for `oidc`, did you mean `issuer`?"]
    );
    assert_eq!(with("'%{base_dn}'"), ["\"'%{base_dn}'\" unknown placeholder `%{base_dn}` for `oidc`"]);
    assert_eq!(with("'%{secret}'"), ["\"'%{secret}'\" `%{secret}` cannot stand in an environment variable"]);
    assert_eq!(with("'%{client_secret} %%{x} ${y} {{ .z }}'"), Vec::<String>::new());
    let values = "    values: { a: [{ b: '%{client_secret}' }] }\n    environment:\n";
    let release = "release: { repository: 'https://example.org', chart: own, version: 1.0.0 }\noidc:\n";
    let text = SMALL.replace("    environment:\n", values);
    assert_eq!(
        faults(&text.replace("oidc:\n", release).replace("[oidc]", "[oidc, release]")),
        ["\"'%{client_secret}'\" `%{client_secret}` cannot stand in the values of a chart"]
    );
    assert!(faults(&text).contains(
        &"\"{ a: [{ b: '%{client_secret}' }] }\" `oidc.client.values` are written, but not the chart that takes them".to_owned()
    ));
}

#[test]
fn every_part_needs_a_source_and_every_source_a_part() {
    let covers = |covers: &str| faults(&SMALL.replace("[oidc]", covers));
    assert_eq!(covers("[oidc.identity]"), ["\"OIDC_ISSUER\" no source covers `oidc.client.environment`"]);
    assert_eq!(
        covers("[oidc, oidc.client.environmnt]"),
        [
            "\"oidc.client.environmnt\" the entry has no `oidc.client.environmnt`, did you mean `oidc.client.environment`?"
        ]
    );
    let smtp = SMALL.replace("category:", "smtp: true\ncategory:");
    assert_eq!(faults(&smtp), ["\"true\" no source covers `smtp`"]);
}

#[test]
fn an_entry_has_a_protocol_and_its_file_a_good_name() {
    let none = "name: Own\ndescription: x\ncategory: x\nsources: [{ what: x, url: 'https://example.org', version: 1, covers: [oidc] }]\n";
    assert!(faults(none).contains(&"\"\" the entry has neither `oidc` nor `ldap`".to_owned()));
    let (_, _, found) = load(&[("My App.yaml", SMALL)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(faults("name: [\n").len(), 1);
}

#[test]
fn the_identity_side_is_read_as_the_inventory_reads_it() {
    let typo = SMALL.replace("redirect_uris", "redirect_uri");
    assert_eq!(
        faults(&typo),
        ["\"redirect_uri\" unknown key `redirect_uri` in `oidc.identity`, did you mean `redirect_uris`?"]
    );
}

#[test]
fn roles_need_a_source_and_what_an_app_is_told_of_them_is_read_as_the_rest() {
    let roles = "  roles:\n    claim: own_role\n    names: { admin: Boss }\n    client:\n      environment:\n        ROLE: '%{clam}'\n";
    let with = SMALL.replace("sources:\n", &format!("{roles}sources:\n"));
    assert_eq!(faults(&with), ["\"'%{clam}'\" unknown placeholder `%{clam}` for `oidc`"]);
    let sound = with.replace("%{clam}", "own_role");
    assert_eq!(faults(&sound), Vec::<String>::new());
    assert_eq!(
        faults(&sound.replace("[oidc]", "[oidc.identity, oidc.client]")),
        ["\"roles\" no source covers `oidc.roles`"]
    );
    let blank = sound.replace("own_role\n    names", "own role\n    names");
    assert_eq!(faults(&blank), ["\"own role\" `own role` is no name of a claim"]);
}

#[test]
fn an_app_with_roles_asks_for_the_scope_that_holds_their_claim() {
    let (_, catalog, _) = load(&[]);
    for entry in catalog.iter().filter(|entry| entry.facts.roles().is_some()) {
        let oidc = entry.facts.oidc.as_ref().expect("roles are below `oidc`");
        let scopes = &oidc.identity.value.default_scopes;
        assert!(scopes.iter().any(|scope| scope.as_str() == "profile"), "{}", entry.key);
    }
}
