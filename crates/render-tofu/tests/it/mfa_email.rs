//! `mfa_email.tf`: codes by mail.

use crate::support::{EXAMPLE, Hcl, example_with, render, root};

// covers: tofu/tf-deploy/authentik/mfa_email.tf
#[test]
fn the_mail_holds_a_code_and_people_can_set_it_up() {
    let mfa = Hcl::of(&render(EXAMPLE), &root("mfa_email.tf"));
    let stage = mfa.block(&["resource", "authentik_stage_authenticator_email", "email_otp"]);
    assert_eq!(stage.value("template"), "email/email_otp.html".into());
    assert_eq!(stage.value("friendly_name"), "Email codes".into());
    assert_eq!(stage.written("configure_flow"), "authentik_flow.email_otp_setup.uuid");
    assert_eq!(stage.value("use_global_settings"), true.into());
    assert_eq!(stage.value("token_expiry"), "minutes=30".into());
    let flow = mfa.block(&["resource", "authentik_flow", "email_otp_setup"]);
    assert_eq!(flow.value("designation"), "stage_configuration".into());
    assert_eq!(flow.value("authentication"), "require_authenticated".into());
    let binding = mfa.block(&["resource", "authentik_flow_stage_binding", "email_otp_setup"]);
    assert_eq!(binding.written("target"), "authentik_flow.email_otp_setup.uuid");
    assert_eq!(binding.written("stage"), "authentik_stage_authenticator_email.email_otp.id");
}

// covers: tofu/tf-deploy/authentik/mfa_email.tf
#[test]
fn the_login_flow_is_left_alone() {
    let mfa = Hcl::of(&render(EXAMPLE), &root("mfa_email.tf"));
    assert!(!mfa.resources().iter().any(|name| name.contains("authenticator_validate")));
    assert!(!mfa.blocks().any(|block| block.has_ident("import")));
}

#[test]
fn the_inventory_names_it_and_says_how_long_a_code_is_valid() {
    let inventory = example_with("email_otp: {}", "email_otp: { name: Codes, code_valid_for: 5m }");
    let mfa = Hcl::of(&render(&inventory), &root("mfa_email.tf"));
    let stage = mfa.block(&["resource", "authentik_stage_authenticator_email", "email_otp"]);
    assert_eq!(stage.value("friendly_name"), "Codes".into());
    assert_eq!(stage.value("token_expiry"), "minutes=5".into());
}
