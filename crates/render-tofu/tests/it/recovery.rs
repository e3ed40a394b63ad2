//! `recovery.tf`: a new password by mail.

use crate::support::{EXAMPLE, Hcl, example_at, example_with, list, render, root};

fn recovery(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("recovery.tf"))
}

// covers: tofu/tf-deploy/authentik/recovery.tf
#[test]
fn the_stages_come_in_their_order() {
    let recovery = recovery(EXAMPLE);
    for (binding, stage, order) in [
        ("recovery_identification", "authentik_stage_identification", 10),
        ("recovery_email", "authentik_stage_email", 20),
        ("recovery_prompt", "authentik_stage_prompt", 30),
        ("recovery_user_write", "authentik_stage_user_write", 40),
        ("recovery_login", "authentik_stage_user_login", 100),
    ] {
        let binding = recovery.block(&["resource", "authentik_flow_stage_binding", binding]);
        assert_eq!(binding.written("target"), "authentik_flow.recovery.uuid");
        assert_eq!(binding.written("stage"), format!("{stage}.recovery.id"));
        assert_eq!(binding.value("order"), order.into());
        assert_eq!(binding.value("evaluate_on_plan"), false.into());
        assert_eq!(binding.value("re_evaluate_policies"), true.into());
    }
}

// covers: tofu/tf-deploy/authentik/recovery.tf
#[test]
fn it_tells_nobody_who_has_an_account_and_creates_none() {
    let recovery = recovery(EXAMPLE);
    let flow = recovery.block(&["resource", "authentik_flow", "recovery"]);
    assert_eq!(flow.value("designation"), "recovery".into());
    assert_eq!(flow.value("authentication"), "require_unauthenticated".into());
    assert_eq!(flow.value("slug"), "password-recovery".into());
    let identification = recovery.block(&["resource", "authentik_stage_identification", "recovery"]);
    assert_eq!(identification.value("pretend_user_exists"), true.into());
    assert_eq!(identification.value("case_insensitive_matching"), true.into());
    assert!(!identification.has("password_stage"));
    let write = recovery.block(&["resource", "authentik_stage_user_write", "recovery"]);
    assert_eq!(write.value("user_creation_mode"), "never_create".into());
}

// covers: tofu/tf-deploy/authentik/recovery.tf
#[test]
fn the_mail_is_that_of_a_password_reset_and_its_link_ends() {
    let mail = |inventory: &str| {
        let recovery = recovery(inventory);
        let stage = recovery.block(&["resource", "authentik_stage_email", "recovery"]);
        (stage.value("template"), stage.value("token_expiry"), stage.value("activate_user_on_success"))
    };
    assert_eq!(mail(EXAMPLE), ("email/password_reset.html".into(), "minutes=30".into(), false.into()));
    let longer = mail(&example_with("link_valid_for: 30m", "link_valid_for: 2h"));
    assert_eq!(longer.1, "hours=2".into());
}

// covers: tofu/tf-deploy/authentik/recovery.tf
#[test]
fn the_login_page_is_imported_and_gets_nothing_but_the_link() {
    let recovery = recovery(EXAMPLE);
    assert_eq!(recovery.block(&["import"]).written("to"), "authentik_stage_identification.login");
    assert_eq!(recovery.block(&["import"]).written("id"), "data.authentik_stage.login.id");
    let login = recovery.block(&["resource", "authentik_stage_identification", "login"]);
    assert_eq!(login.value("name"), "default-authentication-identification".into());
    assert_eq!(login.value("user_fields"), list(&["email", "username"]));
    assert_eq!(login.value("case_insensitive_matching"), true.into());
    assert_eq!(login.written("recovery_flow"), "authentik_flow.recovery.uuid");
    assert_eq!(login.names(), ["name", "user_fields", "case_insensitive_matching", "recovery_flow"]);
    let lifecycle = &login.inner("lifecycle")[0];
    assert_eq!(lifecycle.value("prevent_destroy"), true.into());
    assert!(!recovery.resources().iter().any(|name| name.contains("brand")));
}

#[test]
fn everything_else_that_the_release_knows_of_the_login_page_is_kept() {
    for release in ["2025.10.1", "2025.12.1", "2026.5.0"] {
        let recovery = recovery(&example_at(release));
        let login = recovery.block(&["resource", "authentik_stage_identification", "login"]);
        let kept = login.inner("lifecycle")[0].written("ignore_changes");
        let version = release.parse().expect("a version");
        let known = schema::Provider::authentik().release(&version).expect("a release");
        for (name, _) in known.attributes(schema::Kind::Resource, "authentik_stage_identification") {
            assert_eq!(kept.contains(name), !login.has(name), "{release}: {name}");
        }
        assert_eq!(kept.contains("webauthn_stage"), release != "2025.10.1");
    }
}
