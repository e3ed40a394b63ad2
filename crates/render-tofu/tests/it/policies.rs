//! `policies/*.py`: their values, and how they are built. What they do is tried by `tests/policies.py`.

use crate::support::{EXAMPLE, example_with, render, root, text};

/// The code of a policy, without comments.
fn code(inventory: &str, name: &str) -> String {
    let tree = render(inventory);
    let lines = text(&tree, &root(&format!("policies/{name}.py"))).lines().map(str::trim_end);
    lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

// covers: tofu/tf-deploy/authentik/policies/avatar.py
#[test]
fn the_avatar_policy_holds_the_types_and_the_size_of_the_inventory() {
    let policy = code(EXAMPLE, "avatar");
    for mime in ["image/png", "image/jpeg", "image/webp", "image/gif"] {
        assert!(policy.contains(&format!("\"{mime}\": [")), "{policy}");
    }
    assert!(policy.contains("max_size = 524288"));
    assert!(policy.contains("\"Only PNG, JPEG, WebP and GIF pictures are accepted.\""));
    assert!(policy.contains("\"The picture is larger than 512 KiB.\""));
    let policy = code(
        &example_with(
            "types: [image/png, image/jpeg, image/webp, image/gif]\n    max_size: 512KiB",
            "types: [image/png]\n    max_size: 1MiB",
        ),
        "avatar",
    );
    assert!(policy.contains("signatures = {\"image/png\": [\"89504e470d0a1a0a\"]}"));
    assert!(policy.contains("\"Only PNG pictures are accepted.\""));
    assert!(policy.contains("\"The picture is larger than 1 MiB.\""));
}

// covers: tofu/tf-deploy/authentik/policies/avatar.py
#[test]
fn the_avatar_policy_writes_at_two_places_and_answers_always() {
    let policy = code(EXAMPLE, "avatar");
    assert_eq!(policy.matches("user.save(update_fields=[\"attributes\"])").count(), 2);
    assert_eq!(policy.matches("return False").count(), policy.matches("ak_message(").count());
    assert!(policy.trim_end().ends_with("return True"));
    let reset = policy.find("avatar_reset").expect("it looks at the reset");
    assert!(reset < policy.find("avatar_upload").expect("it looks at the file"), "the reset wins over a file");
}

// covers: tofu/tf-deploy/authentik/policies/enrollment_group_assignment.py
#[test]
fn an_invitation_gives_marked_groups_and_never_superusers() {
    let policy = code(EXAMPLE, "enrollment_group_assignment");
    assert!(
        policy.contains("invitable = [\"family\", \"friends\", \"jellyfin-movies\", \"jellyfin-shows\"]"),
        "{policy}"
    );
    assert!(policy.contains("is_superuser=False"));
    let none = code(
        &EXAMPLE.replace("    invite: true\n", "").replace("  family:\n  friends:\n", "  family: {}\n  friends: {}\n"),
        "enrollment_group_assignment",
    );
    assert!(none.contains("invitable = []"));
}

// covers: tofu/tf-deploy/authentik/policies/enrollment_group_assignment.py
#[test]
fn the_group_assignment_answers_true_at_every_end() {
    let policy = code(EXAMPLE, "enrollment_group_assignment");
    let body = policy.split("return False\n\n\n").nth(1).expect("its helper ends there");
    assert!(!body.contains("return False") && !body.contains("return None"));
    assert!(body.trim_end().ends_with("return True"));
    assert_eq!(body.matches("return").count(), body.matches("return True").count());
    assert!(!policy.contains("ak_groups") && !policy.contains("get_or_create") && !policy.contains("objects.get("));
}

#[test]
fn a_group_below_a_superuser_group_is_no_literal_of_the_policy() {
    let inventory =
        example_with("  friends:\n    invite: true\n", "  friends:\n    invite: true\n  ops:\n    parents: [admins]\n");
    assert!(!code(&inventory, "enrollment_group_assignment").contains("ops"));
}

// covers: tofu/tf-deploy/authentik/policies/user_settings_authorization.py
#[test]
fn what_people_may_change_follows_the_system_settings_of_the_inventory() {
    let policy = code(EXAMPLE, "user_settings_authorization");
    for written in ["\"email\": False,", "\"name\": True,", "\"username\": False,"] {
        assert!(policy.contains(written), "{policy}");
    }
    assert!(policy.contains("goauthentik.io/user/can-change-"));
    assert!(policy.contains("default_user_change_"));
    assert!(policy.trim_end().ends_with("return True"));
    let inventory =
        example_with("    event_retention: 365d\n", "    event_retention: 365d\n    default_user_change_email: true\n");
    assert!(code(&inventory, "user_settings_authorization").contains("\"email\": True,"));
}

#[test]
fn names_are_quoted_for_python() {
    let inventory = example_with(
        "  friends:\n    invite: true\n",
        "  friends:\n    invite: true\n  \"it's {x} ${y}\": { invite: true }\n",
    );
    assert!(code(&inventory, "enrollment_group_assignment").contains("\"it's {x} ${y}\""));
}
