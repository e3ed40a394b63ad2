//! Names that something else in the root has.

use crate::support::{EXAMPLE, example_with, render, try_render};

/// Message, label and help of each finding, with what is written at its place.
#[track_caller]
fn findings(inventory: &str) -> Vec<(String, String, String, String)> {
    let rendered = try_render(inventory);
    let show = |found: &diagnostic::Diagnostic| {
        assert_eq!(found.rule, "taken-name");
        let written = rendered.sources.slice(found.primary.span).to_owned();
        (found.message.clone(), found.primary.text.clone(), found.help.clone().unwrap_or_default(), written)
    };
    rendered.found.iter().map(show).collect()
}

#[track_caller]
fn finding(inventory: &str, message: &str, label: &str, help: &str, written: &str) {
    let expected = (message.to_owned(), label.to_owned(), help.to_owned(), written.to_owned());
    assert_eq!(findings(inventory), [expected]);
}

#[test]
fn the_slug_of_another_flow_of_the_root_is_refused() {
    finding(
        &example_with("slug: invitation-enrollment", "slug: ldap-bind"),
        "the flow `ldap-bind` exists already",
        "labtree renders another flow of that slug",
        "give the flow another slug",
        "ldap-bind",
    );
}

#[test]
fn what_belongs_to_a_service_account_is_refused() {
    finding(
        &EXAMPLE.replace("  robin:\n", "  ldap-emby:\n"),
        "the user `ldap-emby` exists already",
        "it belongs to the service account of `emby`",
        "give the user another name",
        "ldap-emby",
    );
    finding(
        &example_with(
            "  admins:\n    superuser: true\n",
            "  admins:\n    superuser: true\n  ldap-search-jellyfin: {}\n",
        ),
        "the group `ldap-search-jellyfin` exists already",
        "it belongs to the service account of `jellyfin`",
        "give the group another name",
        "ldap-search-jellyfin",
    );
}

#[test]
fn names_that_only_look_alike_are_left_alone() {
    render(&EXAMPLE.replace("  robin:\n", "  ldap-grafana:\n"));
    render(&example_with("  admins:\n    superuser: true\n", "  admins:\n    superuser: true\n  ldap-search: {}\n"));
    render(&example_with("slug: invitation-enrollment", "slug: ldap"));
}
