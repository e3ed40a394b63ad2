//! `main.tf`: what all apps share.

use crate::support::{
    EXAMPLE, Hcl, Literal, example_at, example_with, example_without_ldap_apps, render, root, try_render,
};

fn main_tf(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("main.tf"))
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn each_module_is_called_once_for_all_apps_of_its_protocol() {
    let main = main_tf(EXAMPLE);
    for protocol in ["oidc", "ldap"] {
        let module = main.block(&["module", protocol]);
        assert_eq!(module.value("source"), format!("../../modules/authentik-{protocol}").as_str().into());
        assert_eq!(
            module.written("for_each"),
            format!("{{ for key, app in local.applications : key => app if app.protocol == \"{protocol}\" }}")
        );
        assert_eq!(module.written("slug"), "each.key");
        assert_eq!(module.written("groups"), "{ for group in each.value.groups : group => local.group_ids[group] }");
        assert_eq!(module.written("vault_mount"), "local.vault_mount");
    }
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn each_call_gives_every_variable_of_its_module_and_nothing_else() {
    let tree = render(EXAMPLE);
    let main = Hcl::of(&tree, &root("main.tf"));
    for protocol in ["oidc", "ldap"] {
        let variables = Hcl::of(&tree, &format!("tofu/modules/authentik-{protocol}/variables.tf"));
        let mut wanted: Vec<&str> = variables.blocks().map(|block| block.labels[0].as_str()).collect();
        let module = main.block(&["module", protocol]);
        let mut given = module.names();
        given.retain(|name| !["source", "for_each"].contains(name));
        wanted.sort_unstable();
        given.sort_unstable();
        assert_eq!(given, wanted);
    }
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn the_python_of_a_scope_comes_from_the_folder_of_its_app() {
    let main = main_tf(EXAMPLE);
    assert_eq!(
        main.block(&["module", "oidc"]).written("scopes"),
        "{ for scope in try(each.value.scopes, []) : scope => file(\"${path.module}/apps/${each.key}/${scope}.py\") }"
    );
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn the_private_key_stays_out_of_the_state() {
    let main = main_tf(EXAMPLE);
    let pair = main.block(&["data", "authentik_certificate_key_pair", "signing"]);
    assert_eq!(pair.value("fetch_key"), false.into());
    assert_eq!(pair.value("fetch_certificate"), false.into());
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn a_person_keeps_attributes_of_their_own_and_null_groups_stay_null() {
    let main = main_tf(EXAMPLE);
    let users = main.block(&["resource", "authentik_user", "users"]);
    assert_eq!(users.inner("lifecycle")[0].written("ignore_changes"), "[attributes]");
    assert_eq!(
        users.written("groups"),
        "each.value.groups == null ? null : [for group in each.value.groups : local.group_ids[group]]"
    );
    assert!(!users.has("password"));
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn one_outpost_answers_for_all_ldap_apps() {
    let main = main_tf(EXAMPLE);
    let outpost = main.block(&["resource", "authentik_outpost", "ldap"]);
    assert_eq!(outpost.value("type"), "ldap".into());
    assert_eq!(outpost.written("protocol_providers"), "[for app in module.ldap : app.provider_id]");
    assert_eq!(outpost.written("service_connection"), "data.authentik_service_connection_kubernetes.local.id");
    let config = outpost.written("config");
    assert!(config.contains("authentik_host = \"${local.authentik_url}/\""), "{config}");
    assert!(config.contains("kubernetes_service_type = \"LoadBalancer\""), "{config}");
    assert!(!main.resources().iter().any(|name| name.contains("attachment")));
}

#[test]
fn an_outpost_that_a_person_runs_has_no_service_connection() {
    let main = main_tf(&example_with("service: kubernetes\n      service_type: LoadBalancer", "service: manual"));
    let outpost = main.block(&["resource", "authentik_outpost", "ldap"]);
    assert!(!outpost.has("service_connection"));
    assert!(!outpost.written("config").contains("kubernetes"));
    assert!(main.find(&["data", "authentik_service_connection_kubernetes", "local"]).is_none());
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn binds_go_through_a_flow_of_their_own() {
    let main = main_tf(EXAMPLE);
    assert_eq!(main.block(&["module", "ldap"]).written("bind_flow"), "authentik_flow.ldap_bind.uuid");
    let flow = main.block(&["resource", "authentik_flow", "ldap_bind"]);
    assert_eq!(flow.value("designation"), "authentication".into());
    let identification = main.block(&["resource", "authentik_stage_identification", "ldap_bind"]);
    assert_eq!(identification.written("password_stage"), "authentik_stage_password.ldap_bind.id");
    assert_eq!(identification.value("case_insensitive_matching"), true.into());
    let Literal::List(backends) = main.block(&["resource", "authentik_stage_password", "ldap_bind"]).value("backends")
    else {
        panic!("it is a list")
    };
    assert!(backends.contains(&"authentik.core.auth.TokenBackend".into()), "{backends:?}");
    let stages: Vec<String> = main
        .blocks()
        .filter(|block| block.labels.first().is_some_and(|label| label.as_str() == "authentik_flow_stage_binding"))
        .map(|block| block.labels[1].as_str().to_owned())
        .collect();
    assert_eq!(stages, ["ldap_bind_identification", "ldap_bind_login"]);
}

#[test]
fn without_an_ldap_app_there_is_no_outpost_and_no_bind_flow() {
    let main = main_tf(&example_without_ldap_apps());
    assert!(main.find(&["module", "ldap"]).is_none());
    assert!(!main.resources().iter().any(|name| name.contains("ldap") || name.contains("outpost")));
    assert!(!main.resources().iter().any(|name| name.contains("flow") || name.contains("stage")));
}

// covers: tofu/tf-deploy/authentik/main.tf
#[test]
fn each_group_is_a_resource_that_owns_no_members() {
    let main = main_tf(EXAMPLE);
    let group = main.block(&["resource", "authentik_group", "jellyfin-movies"]);
    assert_eq!(group.value("name"), "jellyfin-movies".into());
    assert_eq!(group.written("is_superuser"), "local.groups[\"jellyfin-movies\"].superuser");
    assert!(!group.has("users") && !group.has("parents"));
    let groups =
        main.blocks().filter(|block| block.labels.first().is_some_and(|label| label.as_str() == "authentik_group"));
    assert_eq!(groups.count(), 5);
}

const NESTED: &str = "  friends:\n    parents: [family]\n  close:\n    parents: [friends, family]\n";

#[test]
fn a_group_refers_to_those_above_it_and_keeps_its_address() {
    let main = main_tf(&example_with("  friends:\n    invite: true\n", NESTED));
    let parents = |group: &str| main.block(&["resource", "authentik_group", group]).written("parents");
    assert_eq!(parents("friends"), "[authentik_group.family.id]");
    assert_eq!(parents("close"), "[authentik_group.family.id, authentik_group.friends.id]");
}

#[test]
fn a_group_whose_name_is_no_identifier_has_an_address_all_the_same() {
    let main = main_tf(
        &example_with("  friends:\n    invite: true\n", "  4k noir:\n    invite: true\n").replace(", friends", ""),
    );
    assert_eq!(main.block(&["resource", "authentik_group", "_u34_k_u20_noir"]).value("name"), "4k noir".into());
}

#[test]
fn an_older_provider_gets_its_one_parent() {
    let inventory =
        example_at("~> 2025.10.0").replace("  friends:\n    invite: true\n", "  friends:\n    parents: [family]\n");
    let main = main_tf(&inventory);
    let group = main.block(&["resource", "authentik_group", "friends"]);
    assert_eq!(group.written("parent"), "authentik_group.family.id");
    assert!(!group.has("parents"));
}

#[test]
fn several_parents_for_an_older_provider_are_refused() {
    let rendered = try_render(&example_at("~> 2025.10.0").replace("  friends:\n    invite: true\n", NESTED));
    let [found] = rendered.found.as_slice() else { panic!("{:#?}", rendered.found) };
    assert_eq!(found.rule, "several-parents");
    assert_eq!(found.message, "`close` has several parents, and provider 2025.10.1 takes one");
    assert_eq!(found.help.as_deref(), Some("keep one parent, or pin the provider to `~> 2025.12.0` or newer"));
    assert_eq!(rendered.sources.slice(found.primary.span), "family");
    assert_eq!(rendered.sources.slice(found.related[0].span), "\"~> 2025.10.0\"");
}

#[test]
fn only_groups_and_the_first_ldap_app_change_it() {
    let of = |inventory: &str| crate::support::text(&render(inventory), &root("main.tf")).to_owned();
    let example = of(EXAMPLE);
    assert_ne!(of(&example_with("  admins:\n", "  guests: {}\n  admins:\n")), example);
    assert_eq!(
        of(&example_with(
            "  robin:\n    name: Robin\n    email: robin@example.org\n    groups: [family, jellyfin-movies]\n",
            ""
        )),
        example
    );
    let emby = &EXAMPLE[EXAMPLE.find("\n  emby:").expect("the example has Emby")..];
    assert_eq!(of(&example_with(emby, "\n")), example);
    let headlamp = EXAMPLE.find("\n  headlamp:").expect("the example has Headlamp");
    let gitea = EXAMPLE.find("\n  gitea:").expect("the example has Gitea");
    assert_eq!(of(&format!("{}{}", &EXAMPLE[..headlamp], &EXAMPLE[gitea..])), example);
}

#[test]
fn a_lab_without_apps_groups_and_people_has_empty_maps() {
    let tree = render(&EXAMPLE[..EXAMPLE.find("\ngroups:").expect("the example has groups")]);
    let locals = Hcl::of(&tree, &root("locals.tf"));
    for name in ["applications", "groups", "users"] {
        assert_eq!(locals.local(name), Literal::Map(Default::default()));
    }
    assert!(Hcl::of(&tree, &root("main.tf")).find(&["module", "oidc"]).is_some());
}
