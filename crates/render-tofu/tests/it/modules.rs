//! The two modules.

use crate::support::{EXAMPLE, Hcl, Literal, example_at, list, read, render, text};

fn module(protocol: &str, file: &str) -> Hcl {
    Hcl::of(&render(EXAMPLE), &format!("tofu/modules/authentik-{protocol}/{file}"))
}

// covers: tofu/modules/authentik-oidc/main.tf
#[test]
fn provider_application_and_client_are_named_by_the_key() {
    let main = module("oidc", "main.tf");
    let provider = main.block(&["resource", "authentik_provider_oauth2", "this"]);
    assert_eq!(provider.written("name"), "var.slug");
    assert_eq!(provider.written("client_id"), "var.slug");
    assert_eq!(main.block(&["resource", "authentik_application", "this"]).written("slug"), "var.slug");
}

// covers: tofu/modules/authentik-oidc/main.tf
#[test]
fn tokens_are_signed_and_scopes_and_redirects_are_given() {
    let main = module("oidc", "main.tf");
    let provider = main.block(&["resource", "authentik_provider_oauth2", "this"]);
    assert_eq!(provider.written("signing_key"), "var.signing_key");
    assert_eq!(provider.written("allowed_redirect_uris"), "var.redirect_uris");
    assert!(provider.written("property_mappings").contains("var.scope_mappings"));
    assert!(provider.written("property_mappings").contains("authentik_property_mapping_provider_scope.own[scope].id"));
    assert_eq!(provider.value("grant_types"), list(&["authorization_code", "refresh_token"]));
    assert!(!provider.has("client_secret"));
}

#[test]
fn grant_types_are_left_out_before_the_release_that_knows_them() {
    let main = Hcl::of(&render(&example_at("2026.2.1")), "tofu/modules/authentik-oidc/main.tf");
    assert!(!main.block(&["resource", "authentik_provider_oauth2", "this"]).has("grant_types"));
}

#[test]
fn two_scopes_of_two_apps_never_share_a_name() {
    let main = module("oidc", "main.tf");
    let scope = main.block(&["resource", "authentik_property_mapping_provider_scope", "own"]);
    assert_eq!(scope.written("name"), "\"${var.slug}/${each.key}\"");
    assert_eq!(scope.written("scope_name"), "each.key");
}

// covers: tofu/modules/authentik-oidc/main.tf
// covers: tofu/modules/authentik-ldap/main.tf
#[test]
fn no_app_is_without_a_binding() {
    for protocol in ["oidc", "ldap"] {
        let main = module(protocol, "main.tf");
        let group = main.block(&["resource", "authentik_policy_binding", "group"]);
        assert_eq!(group.written("for_each"), "var.groups");
        assert_eq!(group.written("target"), "authentik_application.this.uuid");
        assert_eq!(group.written("group"), "each.value");
        let everyone = main.block(&["resource", "authentik_policy_binding", "everyone"]);
        assert_eq!(everyone.written("count"), "var.everyone ? 1 : 0");
        assert_eq!(everyone.written("policy"), "authentik_policy_expression.everyone[0].id");
        let application = main.block(&["resource", "authentik_application", "this"]);
        assert_eq!(application.value("policy_engine_mode"), "any".into());
        let lifecycle = &application.inner("lifecycle")[0];
        assert_eq!(lifecycle.inner("precondition")[0].written("condition"), "var.everyone || length(var.groups) > 0");
    }
}

// covers: tofu/modules/authentik-oidc/main.tf
#[test]
fn the_credentials_of_a_client_go_to_vault() {
    let main = module("oidc", "main.tf");
    let secret = main.block(&["resource", "vault_kv_secret_v2", "credentials"]);
    assert_eq!(secret.written("mount"), "var.vault_mount");
    assert_eq!(secret.written("name"), "var.vault_path");
    let data = secret.written("data_json");
    for part in [
        "client_id = authentik_provider_oauth2.this.client_id",
        "authentik_provider_oauth2.this.client_secret",
        "= var.issuer",
    ] {
        assert!(data.contains(part), "{data}");
    }
}

// covers: tofu/modules/authentik-ldap/main.tf
#[test]
fn a_service_account_of_its_own_may_search_and_is_let_in() {
    let main = module("ldap", "main.tf");
    assert_eq!(main.block(&["resource", "authentik_user", "bind"]).value("type"), "service_account".into());
    let token = main.block(&["resource", "authentik_token", "bind"]);
    assert_eq!(token.value("intent"), "app_password".into());
    assert_eq!(token.value("expiring"), false.into());
    assert_eq!(token.value("retrieve_key"), true.into());
    let permission = main.block(&["resource", "authentik_rbac_permission_role", "search"]);
    assert_eq!(permission.value("permission"), "authentik_providers_ldap.search_full_directory".into());
    assert_eq!(permission.value("model"), "authentik_providers_ldap.ldapprovider".into());
    assert_eq!(permission.written("object_id"), "authentik_provider_ldap.this.id");
    let group = main.block(&["resource", "authentik_group", "search"]);
    assert_eq!(group.written("users"), "[authentik_user.bind.id]");
    assert_eq!(group.written("roles"), "[authentik_rbac_role.search.id]");
    let binding = main.block(&["resource", "authentik_policy_binding", "bind"]);
    assert_eq!(binding.written("user"), "authentik_user.bind.id");
    assert_eq!(binding.written("target"), "authentik_application.this.uuid");
    assert!(!main.resources().iter().any(|name| name.contains("permission_user")));
}

// covers: tofu/modules/authentik-ldap/main.tf
#[test]
fn the_provider_has_its_base_dn_and_splits_no_password() {
    let main = module("ldap", "main.tf");
    let provider = main.block(&["resource", "authentik_provider_ldap", "this"]);
    assert_eq!(provider.written("name"), "var.slug");
    assert_eq!(provider.written("base_dn"), "var.base_dn");
    assert_eq!(provider.value("mfa_support"), false.into());
    let data = main.block(&["resource", "vault_kv_secret_v2", "credentials"]).written("data_json");
    for part in ["bind_dn", "bind_password = authentik_token.bind.key", "base_dn"] {
        assert!(data.contains(part), "{data}");
    }
}

// covers: tofu/modules/authentik-oidc/variables.tf
// covers: tofu/modules/authentik-ldap/variables.tf
#[test]
fn every_variable_has_a_type_and_a_description_and_takes_no_null() {
    for protocol in ["oidc", "ldap"] {
        let variables = module(protocol, "variables.tf");
        for block in variables.blocks() {
            assert!(block.has_ident("variable"));
            let name = block.labels[0].as_str();
            let variable = variables.block(&["variable", name]);
            assert!(variable.has("type"), "{name}");
            assert_eq!(variable.value("nullable"), false.into(), "{name}");
            let Literal::Text(description) = variable.value("description") else { panic!("{name}") };
            assert!(description.ends_with('.'), "{description}");
            for validation in variable.inner("validation") {
                // A condition that looks at other variables needs an OpenTofu that the lab may not have.
                let condition = validation.written("condition");
                let others = condition.matches("var.").count() - condition.matches(&format!("var.{name}")).count();
                assert_eq!(others, 0, "{condition}");
                assert!(validation.has("error_message"));
            }
        }
    }
}

// covers: tofu/modules/authentik-oidc/variables.tf
// covers: tofu/modules/authentik-ldap/variables.tf
#[test]
fn the_defaults_of_the_modules_are_those_of_the_inventory() {
    // What has the default is left out of locals.tf, so the two must agree.
    let inventory = read(EXAMPLE);
    let oidc = inventory.app("grafana").and_then(|app| app.value.oidc.as_ref()).expect("Grafana has it");
    let ldap = inventory.app("emby").and_then(|app| app.value.ldap.as_ref()).expect("Emby has it");
    let default =
        |protocol: &str, name: &str| module(protocol, "variables.tf").block(&["variable", name]).value("default");
    assert_eq!(default("oidc", "client_type"), oidc.client_type.as_str().into());
    assert_eq!(default("oidc", "sub_mode"), oidc.sub_mode.as_str().into());
    assert_eq!(default("oidc", "access_token_validity"), oidc.access_token_valid_for.authentik().into());
    assert_eq!(default("oidc", "refresh_token_validity"), oidc.refresh_token_valid_for.authentik().into());
    assert_eq!(default("ldap", "bind_mode"), ldap.bind_mode.as_str().into());
    assert_eq!(default("ldap", "search_mode"), ldap.search_mode.as_str().into());
    for protocol in ["oidc", "ldap"] {
        assert_eq!(default(protocol, "everyone"), false.into());
    }
}

// covers: tofu/modules/authentik-oidc/variables.tf
#[test]
fn what_would_go_wrong_at_apply_is_refused_at_plan() {
    let variables = module("oidc", "variables.tf");
    for name in
        ["slug", "url", "redirect_uris", "client_type", "sub_mode", "access_token_validity", "issuer", "vault_path"]
    {
        assert!(!variables.block(&["variable", name]).inner("validation").is_empty(), "{name}");
    }
    let keys =
        |variables: &Hcl| variables.block(&["variable", "redirect_uris"]).inner("validation")[2].written("condition");
    assert!(keys(&variables).contains("redirect_uri_type"));
    let before = Hcl::of(&render(&example_at("2026.2.1")), "tofu/modules/authentik-oidc/variables.tf");
    assert!(!keys(&before).contains("redirect_uri_type"));
    for validation in before.block(&["variable", "redirect_uris"]).inner("validation") {
        assert!(!validation.written("error_message").is_empty(), "OpenTofu refuses one without");
    }
}

// covers: tofu/modules/authentik-ldap/variables.tf
#[test]
fn a_base_dn_is_checked() {
    let variables = module("ldap", "variables.tf");
    for name in ["base_dn", "bind_dn", "bind_mode", "search_mode", "vault_path"] {
        assert!(!variables.block(&["variable", name]).inner("validation").is_empty(), "{name}");
    }
}

// covers: tofu/modules/authentik-oidc/outputs.tf
// covers: tofu/modules/authentik-ldap/outputs.tf
#[test]
fn outputs_hold_what_the_root_needs_and_no_secret() {
    for (protocol, provider) in [("oidc", "authentik_provider_oauth2"), ("ldap", "authentik_provider_ldap")] {
        let outputs = module(protocol, "outputs.tf");
        assert_eq!(outputs.block(&["output", "provider_id"]).written("value"), format!("{provider}.this.id"));
        assert_eq!(outputs.block(&["output", "application"]).written("value"), "authentik_application.this.uuid");
        for block in outputs.blocks() {
            let output = outputs.block(&["output", block.labels[0].as_str()]);
            assert!(output.has("description"));
            let value = output.written("value");
            assert!(
                !value.contains("secret.") && !value.contains("client_secret") && !value.contains(".key"),
                "{value}"
            );
        }
    }
}

// covers: tofu/modules/authentik-oidc/versions.tf
// covers: tofu/modules/authentik-ldap/versions.tf
#[test]
fn modules_ask_for_the_versions_of_the_inventory() {
    for protocol in ["oidc", "ldap"] {
        let versions = module(protocol, "versions.tf");
        let terraform = versions.block(&["terraform"]);
        assert_eq!(terraform.value("required_version"), ">= 1.7.0".into());
        let providers = &terraform.inner("required_providers")[0];
        assert_eq!(*providers.value("authentik").at("source"), "goauthentik/authentik".into());
        assert_eq!(*providers.value("authentik").at("version"), "~> 2026.5.0".into());
        assert_eq!(*providers.value("vault").at("source"), "hashicorp/vault".into());
        assert_eq!(*providers.value("vault").at("version"), "~> 5.0".into());
    }
}

// covers: tofu/modules/authentik-oidc/policies/everyone.py
// covers: tofu/modules/authentik-ldap/policies/everyone.py
#[test]
fn everyone_is_whoever_is_logged_in() {
    let tree = render(EXAMPLE);
    for protocol in ["oidc", "ldap"] {
        let policy = text(&tree, &format!("tofu/modules/authentik-{protocol}/policies/everyone.py"));
        let code: Vec<&str> = policy.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(code, ["return bool(request.user and request.user.is_authenticated)"]);
        let main = module(protocol, "main.tf");
        assert_eq!(
            main.block(&["resource", "authentik_policy_expression", "everyone"]).written("expression"),
            "file(\"${path.module}/policies/everyone.py\")"
        );
    }
}

// covers: tofu/modules/authentik-ldap/tests/module.tftest.hcl
// covers: tofu/modules/authentik-oidc/tests/module.tftest.hcl
#[test]
fn the_tests_of_a_module_look_at_every_argument_it_writes_and_refuse_what_every_validation_refuses() {
    let tree = render(EXAMPLE);
    for protocol in ["ldap", "oidc"] {
        let tests = text(&tree, &format!("tofu/modules/authentik-{protocol}/tests/module.tftest.hcl"));
        let main = module(protocol, "main.tf");
        for address in main.resources() {
            let path: Vec<&str> = ["resource"].into_iter().chain(address.split('.')).collect();
            assert!(tests.contains(&address), "{protocol}: {address}");
            for name in main.block(&path).names() {
                let looked_at = tests.contains(&format!(".{name}")) || ["for_each", "count"].contains(&name);
                assert!(looked_at, "{protocol}: {address}.{name}");
            }
        }
        let variables = module(protocol, "variables.tf");
        for variable in variables.blocks() {
            let name = variable.labels[0].as_str();
            let validations = variables.block(&["variable", name]).inner("validation").len();
            let refused = tests.matches(&format!("expect_failures = [var.{name}]")).count();
            assert!(refused >= validations, "{protocol}: {refused} tests for {validations} validations of {name}");
        }
    }
}
