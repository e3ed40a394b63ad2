//! `meta.tf` and `backend.pg.tfbackend`: versions, addresses, the token, the state.

use diagnostic::Severity;

use crate::support::{EXAMPLE, Hcl, example_with, render, root, text, try_render};

fn meta(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("meta.tf"))
}

// covers: tofu/tf-deploy/authentik/meta.tf
#[test]
fn versions_are_pinned_as_the_inventory_says() {
    let meta = meta(EXAMPLE);
    let terraform = meta.block(&["terraform"]);
    assert_eq!(terraform.value("required_version"), ">= 1.7.0".into());
    let providers = &terraform.inner("required_providers")[0];
    assert_eq!(*providers.value("authentik").at("source"), "goauthentik/authentik".into());
    assert_eq!(*providers.value("authentik").at("version"), "~> 2026.5.0".into());
    assert_eq!(*providers.value("vault").at("version"), "~> 5.0".into());
}

// covers: tofu/tf-deploy/authentik/meta.tf
#[test]
fn authentik_is_reached_at_its_address_with_the_token_from_vault() {
    let meta = meta(EXAMPLE);
    assert_eq!(meta.local("authentik_url"), "https://auth.hdhomelab.com".into());
    assert_eq!(meta.local("vault_mount"), "infra".into());
    assert_eq!(meta.block(&["provider", "vault"]).value("address"), "https://vault.hdhomelab.com".into());
    let token = meta.block(&["data", "vault_kv_secret_v2", "token"]);
    assert_eq!(token.written("mount"), "local.vault_mount");
    assert_eq!(token.value("name"), "authentik/token".into());
    let provider = meta.block(&["provider", "authentik"]);
    assert_eq!(provider.written("url"), "local.authentik_url");
    assert_eq!(provider.written("token"), "data.vault_kv_secret_v2.token.data[\"token\"]");
    assert!(!provider.has("insecure"));
}

#[test]
fn the_token_leaves_no_trace_where_every_allowed_version_can_do_that() {
    let meta = meta(&example_with("required_version: \">= 1.7.0\"", "required_version: \">= 1.11.0\""));
    assert!(meta.find(&["data", "vault_kv_secret_v2", "token"]).is_none());
    assert_eq!(meta.block(&["ephemeral", "vault_kv_secret_v2", "token"]).value("name"), "authentik/token".into());
    assert_eq!(
        meta.block(&["provider", "authentik"]).written("token"),
        "ephemeral.vault_kv_secret_v2.token.data[\"token\"]"
    );
}

#[test]
fn a_vault_provider_that_may_be_older_reads_the_token_as_data() {
    let inventory = example_with("required_version: \">= 1.7.0\"", "required_version: \">= 1.11.0\"");
    let meta = meta(&inventory.replace("vault: \"~> 5.0\"", "vault: \">= 4.0\""));
    assert!(meta.find(&["data", "vault_kv_secret_v2", "token"]).is_some());
}

// covers: tofu/tf-deploy/authentik/backend.pg.tfbackend
#[test]
fn the_state_has_an_address_and_no_password() {
    let tree = render(EXAMPLE);
    let backend = Hcl::of(&tree, &root("backend.pg.tfbackend"));
    assert_eq!(backend.top().names(), ["conn_str", "schema_name"]);
    assert_eq!(backend.top().value("conn_str"), "postgres://192.168.68.7:5432/tofu".into());
    assert_eq!(backend.top().value("schema_name"), "authentik".into());
    assert!(!text(&tree, &root("backend.pg.tfbackend")).contains('@'));
    let terraform = Hcl::of(&tree, &root("meta.tf"));
    let terraform = terraform.block(&["terraform"]);
    assert!(terraform.inner("backend")[0].names().is_empty());
}

#[test]
fn an_address_of_version_six_stands_in_brackets_and_the_mode_is_kept() {
    let inventory = example_with(
        "    host: 192.168.68.7\n    port: 5432\n",
        "    host: \"fd00::7\"\n    port: 5433\n    sslmode: verify-full\n",
    );
    let backend = Hcl::of(&render(&inventory), &root("backend.pg.tfbackend"));
    assert_eq!(backend.top().value("conn_str"), "postgres://[fd00::7]:5433/tofu?sslmode=verify-full".into());
}

#[test]
fn a_provider_one_release_ahead_of_the_server_is_a_warning_and_two_ahead_an_error() {
    for (chart, severity) in [("2026.2.3", Severity::Warning), ("2025.12.4", Severity::Error)] {
        let rendered = try_render(&example_with("version: 2026.5.3", &format!("version: {chart}")));
        let [found] = rendered.found.as_slice() else { panic!("{:#?}", rendered.found) };
        assert_eq!((found.rule, found.severity), ("provider-newer-than-server", severity));
        assert_eq!(found.message, format!("the provider 2026.5.0 is newer than authentik {chart}"));
        assert_eq!(rendered.sources.slice(found.related[0].span), chart);
    }
}

#[test]
fn a_server_that_is_newer_than_the_provider_is_left_alone() {
    for chart in ["2026.5.3", "2026.8.0"] {
        assert!(
            try_render(&example_with("version: 2026.5.3", &format!("version: {chart}"))).found.is_empty(),
            "{chart}"
        );
    }
}
