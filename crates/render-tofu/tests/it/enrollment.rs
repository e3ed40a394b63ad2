//! `enrollment.tf`: enrolment by an invitation.

use crate::support::{EXAMPLE, Hcl, Literal, example_with, render, root};

fn enrollment(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("enrollment.tf"))
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn the_flow_is_for_people_who_are_not_logged_in_and_hold_an_invitation() {
    let enrollment = enrollment(EXAMPLE);
    let flow = enrollment.block(&["resource", "authentik_flow", "enrollment"]);
    assert_eq!(flow.value("slug"), "invitation-enrollment".into());
    assert_eq!(flow.value("designation"), "enrollment".into());
    assert_eq!(flow.value("authentication"), "require_unauthenticated".into());
    let invitation = enrollment.block(&["resource", "authentik_stage_invitation", "enrollment"]);
    assert_eq!(invitation.value("continue_flow_without_invitation"), false.into());
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn the_account_is_new_active_and_internal() {
    let enrollment = enrollment(EXAMPLE);
    let write = enrollment.block(&["resource", "authentik_stage_user_write", "enrollment"]);
    assert_eq!(write.value("user_creation_mode"), "always_create".into());
    assert_eq!(write.value("create_users_as_inactive"), false.into());
    assert_eq!(write.value("user_type"), "internal".into());
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn no_field_of_the_form_shadows_what_the_invitation_carries() {
    let enrollment = enrollment(EXAMPLE);
    let mut keys = Vec::new();
    for block in enrollment
        .blocks()
        .filter(|block| block.labels.first().is_some_and(|label| label.as_str() == "authentik_stage_prompt_field"))
    {
        let field = enrollment.block(&["resource", "authentik_stage_prompt_field", block.labels[1].as_str()]);
        assert_eq!(field.value("required"), true.into());
        let Literal::Text(key) = field.value("field_key") else { panic!("a key is text") };
        keys.push(key);
    }
    assert_eq!(keys, ["username", "name", "email", "password", "password_repeat"]);
    let fields = enrollment.block(&["resource", "authentik_stage_prompt", "enrollment"]).written("fields");
    assert_eq!(fields.matches("authentik_stage_prompt_field.enrollment_").count(), 5);
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn the_stages_come_in_their_order() {
    let enrollment = enrollment(EXAMPLE);
    for (name, order) in [("invitation", 10), ("prompt", 20), ("user_write", 30), ("user_login", 100)] {
        let binding = enrollment.block(&["resource", "authentik_flow_stage_binding", &format!("enrollment_{name}")]);
        assert_eq!(binding.written("target"), "authentik_flow.enrollment.uuid");
        assert_eq!(binding.written("stage"), format!("authentik_stage_{name}.enrollment.id"));
        assert_eq!(binding.value("order"), order.into());
    }
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn groups_are_given_when_the_login_stage_is_reached() {
    let enrollment = enrollment(EXAMPLE);
    let stage = enrollment.block(&["resource", "authentik_flow_stage_binding", "enrollment_user_login"]);
    assert_eq!(stage.value("evaluate_on_plan"), false.into());
    assert_eq!(stage.value("re_evaluate_policies"), true.into());
    let policy = enrollment.block(&["resource", "authentik_policy_expression", "enrollment_group_assignment"]);
    assert_eq!(policy.written("expression"), "file(\"${path.module}/policies/enrollment_group_assignment.py\")");
    let binding = enrollment.block(&["resource", "authentik_policy_binding", "enrollment_group_assignment"]);
    assert_eq!(binding.written("target"), "authentik_flow_stage_binding.enrollment_user_login.id");
    assert_eq!(binding.written("policy"), "authentik_policy_expression.enrollment_group_assignment.id");
    assert!(!binding.has("group") && !binding.has("user"));
}

// covers: tofu/tf-deploy/authentik/enrollment.tf
#[test]
fn the_attributes_of_an_invitation_are_put_out_by_group() {
    let enrollment = enrollment(EXAMPLE);
    assert_eq!(
        enrollment.block(&["output", "invitations"]).written("value"),
        "{ for name, group in local.groups : name => { groups = [name], attributes = group.library } if group.invite }"
    );
}

#[test]
fn the_slug_comes_from_the_inventory() {
    let enrollment = enrollment(&example_with("slug: invitation-enrollment", "slug: welcome"));
    assert_eq!(enrollment.block(&["resource", "authentik_flow", "enrollment"]).value("slug"), "welcome".into());
}

#[test]
fn the_fields_of_the_form_come_in_their_order_and_say_what_is_wanted() {
    let enrollment = enrollment(EXAMPLE);
    for (field, label, order) in [
        ("enrollment_username", "Username", "10"),
        ("enrollment_name", "Name", "20"),
        ("enrollment_email", "Email", "30"),
    ] {
        let field = enrollment.block(&["resource", "authentik_stage_prompt_field", field]);
        assert_eq!((field.written("placeholder"), field.written("order")), (format!("{label:?}"), order.to_owned()));
    }
}
