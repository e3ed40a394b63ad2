//! What an inventory promises about the settings of the server, and about the page where people change their own.

use inventory::{Avatars, ImageType};
use serde_json::{Map, Value as Json, json};

use super::promised::{Promised, sorted};
use crate::Failure;

/// Promises the system settings and the settings page of people.
pub(super) fn promise(promised: &mut Promised<'_>) -> Result<(), Failure> {
    system(promised);
    page(promised)
}

fn system(promised: &mut Promised<'_>) {
    let identity = &promised.inventory.identity;
    let (settings, avatars) = (&identity.settings, &identity.avatars);
    let modes = ["attributes.avatar"].into_iter().chain(avatars.then.iter().map(|mode| mode.as_str()));
    let links = settings.footer_links.iter();
    let links = links.map(|link| json!({ "name": link.name.as_str(), "href": link.href.as_str() }));
    let mut all = json!({
        "avatars": modes.collect::<Vec<_>>().join(","),
        "default_user_change_name": *settings.default_user_change_name,
        "default_user_change_email": *settings.default_user_change_email,
        "default_user_change_username": *settings.default_user_change_username,
        "event_retention": settings.event_retention.authentik(),
        "footer_links": links.collect::<Vec<_>>(),
        "gdpr_compliance": *settings.gdpr_compliance,
        "impersonation": *settings.impersonation,
        "default_token_duration": settings.default_token_duration.authentik(),
        "default_token_length": *settings.default_token_length,
        "reputation_lower_limit": *settings.reputation_lower_limit,
        "reputation_upper_limit": *settings.reputation_upper_limit,
        "flags": flags(promised),
    });
    if promised.release.has("authentik_system_settings", "pagination_default_page_size") {
        all["pagination_default_page_size"] = (*settings.pagination_default_page_size).into();
        all["pagination_max_page_size"] = (*settings.pagination_max_page_size).into();
    }
    promised.put_as("system_settings", "", all);
}

/// Every switch that the release knows; one that the inventory does not know is off.
fn flags(promised: &Promised<'_>) -> Json {
    let flags = &promised.inventory.identity.settings.flags;
    let written = [
        ("core_default_app_access", &flags.core_default_app_access),
        ("enterprise_audit_include_expanded_diff", &flags.enterprise_audit_include_expanded_diff),
        ("flows_continuous_login", &flags.flows_continuous_login),
        ("flows_refresh_others", &flags.flows_refresh_others),
        ("policies_buffered_access_view", &flags.policies_buffered_access_view),
    ];
    let is_on = |name: &str| written.iter().any(|(written, is)| *written == name && is.value);
    let known = promised.release.system_flags().into_iter();
    known.map(|name| (name.clone(), is_on(&name).into())).collect::<Map<_, _>>().into()
}

/// The built-in form with the fields that it had, and with two for the picture; and who says no to what is sent.
fn page(promised: &mut Promised<'_>) -> Result<(), Failure> {
    let hint = hint(&promised.inventory.identity.avatars);
    let mut fields = Vec::new();
    for (order, key, label, kind, initial) in [
        (200, "username", "Username", "username", "return user.username"),
        (201, "name", "Name", "text", "return user.name"),
        (202, "email", "Email", "email", "return user.email"),
        (
            203,
            "attributes.settings.locale",
            "Locale",
            "ak-locale",
            "return user.attributes.get('settings', {}).get('locale', '')",
        ),
    ] {
        let name = key.rsplit('.').next().unwrap_or(key);
        let field = json!({ "field_key": key, "label": label, "type": kind, "required": true, "placeholder": label,
            "initial_value": initial, "initial_value_expression": true, "order": order });
        fields.push(promised.put("stage_prompt_field", &format!("user-settings-{name}"), field));
    }
    for (order, key, label, kind, hint) in [
        (210, "avatar_upload", "Picture", "file", hint.as_str()),
        (211, "avatar_reset", "Remove my picture", "checkbox", ""),
    ] {
        let field = json!({ "field_key": key, "label": label, "type": kind, "required": false, "sub_text": hint,
            "order": order });
        fields.push(promised.put("stage_prompt_field", &format!("user-settings-{}", key.replace('_', "-")), field));
    }
    let authorization = promised.policy("user-settings-authorization", "policies/user_settings_authorization.py")?;
    let avatar = promised.policy("avatar", "policies/avatar.py")?;
    let form = json!({ "fields": sorted(fields), "validation_policies": sorted([authorization, avatar]) });
    promised.put("stage_prompt", "default-user-settings", form);
    Ok(())
}

/// What people read beside the field for the picture.
fn hint(avatars: &Avatars) -> String {
    let name = |image: &ImageType| match image {
        ImageType::Png => "PNG",
        ImageType::Jpeg => "JPEG",
        ImageType::Webp => "WebP",
        ImageType::Gif => "GIF",
    };
    let names: Vec<_> = avatars.types.iter().map(|image| name(image)).collect();
    let types = match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    };
    // Every lab writes its size in one of these.
    let bytes = avatars.max_size.bytes();
    let (unit, name) = if bytes.is_multiple_of(1024) { (1024, "KiB") } else { (1000, "kB") };
    format!("{types}, up to {} {name}", bytes / unit)
}
