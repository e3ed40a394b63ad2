//! `avatars.tf`: system settings and the settings page.

use schema::{Kind, Mode, Provider};

use crate::support::{EXAMPLE, Hcl, example_at, example_with, render, root};

fn avatars(inventory: &str) -> Hcl {
    Hcl::of(&render(inventory), &root("avatars.tf"))
}

// covers: tofu/tf-deploy/authentik/avatars.tf
#[test]
fn every_system_setting_of_the_release_is_written() {
    for release in ["2025.10.0", "2025.10.1", "2025.12.0", "2025.12.1", "2026.2.0", "2026.2.1", "2026.5.0"] {
        let avatars = avatars(&example_at(release));
        let settings = avatars.block(&["resource", "authentik_system_settings", "settings"]);
        let version = release.parse().expect("a version");
        let known = Provider::authentik().release(&version).expect("a release");
        let mut wanted: Vec<&str> = known
            .attributes(Kind::Resource, "authentik_system_settings")
            .filter(|(_, attribute)| attribute.mode != Mode::Computed)
            .map(|(name, _)| name)
            .collect();
        let mut written = settings.names();
        wanted.sort_unstable();
        written.sort_unstable();
        assert_eq!(written, wanted, "{release}");
        let flags = settings.written("flags");
        assert_eq!(flags.matches('=').count(), known.system_flags().len(), "{flags}");
        assert!(known.system_flags().iter().all(|flag| flags.contains(flag)), "{flags}");
    }
}

// covers: tofu/tf-deploy/authentik/avatars.tf
#[test]
fn settings_come_from_the_inventory() {
    let inventory = example_with(
        "    event_retention: 365d\n",
        "    event_retention: 30d\n    gdpr_compliance: false\n    reputation_lower_limit: -10\n    footer_links: [{ name: Help, href: https://help.hdhomelab.com }]\n    flags: { core_default_app_access: true }\n",
    );
    let avatars = avatars(&inventory);
    let settings = avatars.block(&["resource", "authentik_system_settings", "settings"]);
    assert_eq!(settings.value("avatars"), "attributes.avatar,gravatar,initials".into());
    assert_eq!(settings.value("event_retention"), "days=30".into());
    assert_eq!(settings.value("gdpr_compliance"), false.into());
    assert_eq!(settings.value("reputation_lower_limit"), (-10).into());
    assert_eq!(settings.value("default_token_length"), 60.into());
    assert!(settings.written("footer_links").contains("href = \"https://help.hdhomelab.com\""));
    assert!(settings.written("flags").contains("core_default_app_access = true"));
}

#[test]
fn system_settings_are_created_and_never_imported() {
    let avatars = avatars(EXAMPLE);
    let imports: Vec<String> = avatars
        .blocks()
        .filter(|block| block.has_ident("import"))
        .map(|block| {
            block.body.get_attribute("to").expect("an import has a target").value.to_string().trim().to_owned()
        })
        .collect();
    assert_eq!(imports, ["authentik_stage_prompt.user_settings"]);
}

// covers: tofu/tf-deploy/authentik/avatars.tf
#[test]
fn the_settings_stage_keeps_the_built_in_keys_in_their_order_and_adds_the_avatar() {
    let avatars = avatars(EXAMPLE);
    let stage = avatars.block(&["resource", "authentik_stage_prompt", "user_settings"]);
    assert_eq!(stage.value("name"), "default-user-settings".into());
    let fields = stage.written("fields");
    let mut last = 0;
    for (name, key, kind, order) in [
        ("user_settings_username", "username", "username", 200),
        ("user_settings_name", "name", "text", 201),
        ("user_settings_email", "email", "email", 202),
        ("user_settings_locale", "attributes.settings.locale", "ak-locale", 203),
        ("avatar_upload", "avatar_upload", "file", 210),
        ("avatar_reset", "avatar_reset", "checkbox", 211),
    ] {
        let field = avatars.block(&["resource", "authentik_stage_prompt_field", name]);
        assert_eq!(field.value("field_key"), key.into());
        assert_eq!(field.value("type"), kind.into());
        assert_eq!(field.value("order"), order.into());
        assert_eq!(field.value("required"), (order < 210).into());
        let at = fields.find(&format!("authentik_stage_prompt_field.{name}.id")).expect(name);
        assert!(at > last, "{name} stands in its order");
        last = at;
    }
    assert_eq!(fields.matches(".id").count(), 6);
}

// covers: tofu/tf-deploy/authentik/avatars.tf
#[test]
fn the_avatar_policy_is_the_last_of_the_settings_stage() {
    let avatars = avatars(EXAMPLE);
    let stage = avatars.block(&["resource", "authentik_stage_prompt", "user_settings"]);
    assert_eq!(
        stage.written("validation_policies"),
        "[ authentik_policy_expression.user_settings_authorization.id, authentik_policy_expression.avatar.id, ]"
    );
    assert_eq!(stage.inner("lifecycle")[0].value("prevent_destroy"), true.into());
    for (name, file) in [("avatar", "avatar"), ("user_settings_authorization", "user_settings_authorization")] {
        assert_eq!(
            avatars.block(&["resource", "authentik_policy_expression", name]).written("expression"),
            format!("file(\"${{path.module}}/policies/{file}.py\")")
        );
    }
}

// covers: tofu/tf-deploy/authentik/avatars.tf
#[test]
fn the_built_in_stage_is_looked_up_for_its_import() {
    let avatars = avatars(EXAMPLE);
    assert_eq!(avatars.block(&["import"]).written("id"), "data.authentik_stage.user_settings.id");
    assert_eq!(
        avatars.block(&["data", "authentik_stage", "user_settings"]).value("name"),
        "default-user-settings".into()
    );
}

#[test]
fn the_hint_beside_the_file_tells_what_is_accepted() {
    let inventory = example_with(
        "types: [image/png, image/jpeg, image/webp, image/gif]\n    max_size: 512KiB\n    then: [gravatar, initials]",
        "types: [image/webp]\n    max_size: 200kB\n    then: [none]",
    );
    let avatars = avatars(&inventory);
    let upload = avatars.block(&["resource", "authentik_stage_prompt_field", "avatar_upload"]);
    assert_eq!(upload.value("sub_text"), "WebP, up to 200 kB".into());
    let settings = avatars.block(&["resource", "authentik_system_settings", "settings"]);
    assert_eq!(settings.value("avatars"), "attributes.avatar,none".into());
}

#[test]
fn the_fields_of_the_settings_form_start_with_what_the_account_has() {
    let avatars = avatars(EXAMPLE);
    for (field, label, initial) in [
        ("user_settings_username", "Username", "return user.username"),
        ("user_settings_name", "Name", "return user.name"),
        ("user_settings_email", "Email", "return user.email"),
        ("user_settings_locale", "Locale", "return user.attributes.get('settings', {}).get('locale', '')"),
    ] {
        let field = avatars.block(&["resource", "authentik_stage_prompt_field", field]);
        assert_eq!(field.written("placeholder"), format!("{label:?}"));
        assert_eq!(field.written("initial_value"), format!("{initial:?}"));
        assert_eq!(field.written("initial_value_expression"), "true");
    }
}
