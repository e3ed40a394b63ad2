//! The tree as a whole: what an edit touches, and where its parts come from.

use ::tree::{Origin, Tree};

use crate::support::{EXAMPLE, example_with, render, root, try_render};

/// The paths whose text differs, or that only one tree has.
fn changed(before: &Tree, after: &Tree) -> Vec<String> {
    let text = |tree: &Tree, path: &camino::Utf8Path| tree.get(path).map(|file| file.text.clone());
    let mut paths: Vec<_> = before.iter().chain(after.iter()).map(|(path, _)| path.to_owned()).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().filter(|path| text(before, path) != text(after, path)).map(|path| path.to_string()).collect()
}

#[test]
fn a_new_app_touches_its_folder_and_the_locals() {
    let before = render(EXAMPLE);
    let app = "\napps:\n  argo-cd:\n    url: https://argo.hdhomelab.com\n    allow: everyone\n    oidc:\n      redirect_uris: [/auth/callback]\n      scopes: { groups: \"return {}\" }\n";
    let after = render(&example_with("\napps:\n", app));
    assert_eq!(changed(&before, &after), [root("apps/argo-cd/groups.py"), root("locals.tf")]);
    let app = "\napps:\n  audiobookshelf:\n    url: https://books.hdhomelab.com\n    allow: [family]\n    ldap: {}\n";
    assert_eq!(changed(&before, &render(&example_with("\napps:\n", app))), [root("locals.tf")]);
}

#[test]
fn a_new_group_touches_the_locals_its_resource_and_what_invitations_may_give() {
    let before = render(EXAMPLE);
    let after = render(&example_with("  admins:\n", "  guests: { invite: true }\n  admins:\n"));
    assert_eq!(
        changed(&before, &after),
        [root("locals.tf"), root("main.tf"), root("policies/enrollment_group_assignment.py")]
    );
}

#[test]
fn the_order_of_the_inventory_does_not_matter() {
    let headlamp = EXAMPLE.find("\n  headlamp:").expect("the example has Headlamp");
    let gitea = EXAMPLE.find("\n  gitea:").expect("the example has Gitea");
    let jellyseerr = EXAMPLE.find("\n  # No namespace:").expect("the example says why");
    let other =
        [&EXAMPLE[..headlamp], &EXAMPLE[gitea..jellyseerr], &EXAMPLE[headlamp..gitea], &EXAMPLE[jellyseerr..]].concat();
    assert_eq!(changed(&render(EXAMPLE), &render(&other)), [""; 0]);
}

#[test]
fn every_file_names_its_template_in_its_first_line_and_ends_with_one_line_break() {
    for (path, file) in render(EXAMPLE).iter() {
        let Origin::Rendered { template, .. } = &file.origin else { panic!("{path} is rendered") };
        let first = file.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.contains(&format!("templates/{template}")), "{path}: {first}");
        assert!(first.contains("labtree generate"), "{path}: {first}");
        assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{path}");
        assert!(!file.text.contains('\t') && !file.text.contains(" \n"), "{path}");
    }
}

#[test]
fn a_rendered_value_is_traced_to_the_place_that_a_person_edits() {
    let rendered = try_render(EXAMPLE);
    for (file, value, written) in [
        ("locals.tf", "\"https://grafana.hdhomelab.com/login/generic_oauth\"", "/login/generic_oauth"),
        ("locals.tf", "\"ou=jellyfin,dc=ldap,dc=hdhomelab,dc=com\"", "jellyfin"),
        ("locals.tf", "\"robin@example.org\"", "robin@example.org"),
        ("main.tf", "\"LoadBalancer\"", "LoadBalancer"),
        ("avatars.tf", "\"attributes.avatar,gravatar,initials\"", "gravatar"),
        ("recovery.tf", "\"minutes=30\"", "30m"),
        ("enrollment.tf", "\"invitation-enrollment\"", "invitation-enrollment"),
        ("meta.tf", "\"~> 2026.5.0\"", "\"~> 2026.5.0\""),
        ("backend.pg.tfbackend", "\"authentik\"", "authentik"),
        ("policies/avatar.py", "524288", "512KiB"),
        ("policies/enrollment_group_assignment.py", "\"jellyfin-movies\"", "jellyfin-movies"),
    ] {
        let rendered_file = rendered.tree.get(root(file)).expect(file);
        let Origin::Rendered { map, .. } = &rendered_file.origin else { panic!("{file} is rendered") };
        let found = map.values.iter().find(|(range, span)| {
            &rendered_file.text[range.start as usize..range.end as usize] == value
                && rendered.sources.slice(*span) == written
        });
        assert!(found.is_some(), "{file}: {value} follows from {written}");
    }
}
