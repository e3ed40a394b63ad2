//! What a fresh authentik has: flows, stages, scope mappings and a few more.

use serde_json::{Value as Json, json};

use crate::text;
use crate::value::Object;

/// The built-in flows: slug, designation, who may go through.
const FLOWS: &[(&str, &str, &str)] = &[
    ("default-authentication-flow", "authentication", "none"),
    ("default-authenticator-static-setup", "stage_configuration", "require_authenticated"),
    ("default-authenticator-totp-setup", "stage_configuration", "require_authenticated"),
    ("default-authenticator-webauthn-setup", "stage_configuration", "require_authenticated"),
    ("default-invalidation-flow", "invalidation", "none"),
    ("default-password-change", "stage_configuration", "require_authenticated"),
    ("default-provider-authorization-explicit-consent", "authorization", "require_authenticated"),
    ("default-provider-authorization-implicit-consent", "authorization", "require_authenticated"),
    ("default-provider-invalidation-flow", "invalidation", "none"),
    ("default-source-authentication", "authentication", "require_unauthenticated"),
    ("default-source-enrollment", "enrollment", "require_unauthenticated"),
    ("default-source-pre-authentication", "stage_configuration", "none"),
    ("default-user-settings-flow", "stage_configuration", "require_authenticated"),
    ("initial-setup", "stage_configuration", "require_unauthenticated"),
];

/// The built-in scope mappings: the end of what they are managed as, scope, expression.
const SCOPES: &[(&str, &str, &str)] = &[
    ("authentik_api", "goauthentik.io/api", "return {}"),
    ("email", "email", "return {\"email\": request.user.email, \"email_verified\": False}"),
    ("entitlements", "entitlements", "return {\"entitlements\": []}"),
    ("offline_access", "offline_access", "return {}"),
    ("openid", "openid", "return {}"),
    ("profile", "profile", "return {\"name\": request.user.name}"),
];

/// The fields of the built-in settings page: key, label, type.
const FIELDS: &[(&str, &str, &str)] = &[
    ("username", "Username", "username"),
    ("name", "Name", "text"),
    ("email", "Email", "email"),
    ("attributes.settings.locale", "Locale", "ak-locale"),
];

/// Type, id and attributes of each.
pub(super) fn objects() -> Vec<(String, String, Object)> {
    let mut all = Vec::new();
    let mut add = |name: &str, id: String, object: Json| -> String {
        let mut object = object.as_object().cloned().unwrap_or_default();
        object.insert("id".to_owned(), id.as_str().into());
        all.push((name.to_owned(), id.clone(), object));
        id
    };
    for (slug, designation, authentication) in FLOWS {
        let flow = json!({ "slug": slug, "name": slug, "title": slug, "uuid": text::uuid(), "layout": "stacked",
            "designation": designation, "authentication": authentication, "policy_engine_mode": "any",
            "denied_action": "message_continue", "compatibility_mode": false });
        add("authentik_flow", (*slug).to_owned(), flow);
    }
    for (end, scope, expression) in SCOPES {
        let managed = format!("goauthentik.io/providers/oauth2/scope-{end}");
        let mapping = json!({ "name": format!("authentik default OAuth Mapping: OpenID '{scope}'"),
            "managed": managed, "scope_name": scope, "expression": expression });
        add("authentik_property_mapping_provider_scope", text::uuid(), mapping);
    }
    let field = |(at, (key, label, kind)): (usize, &(&str, &str, &str))| {
        let last = key.rsplit('.').next().unwrap_or(key);
        json!({ "name": format!("default-user-settings-field-{last}"), "field_key": key, "label": label, "type": kind,
            "required": true, "placeholder": label, "initial_value_expression": true, "order": 200 + at })
    };
    let name = "authentik_stage_prompt_field";
    let mut fields: Vec<String> =
        FIELDS.iter().enumerate().map(field).map(|field| add(name, text::uuid(), field)).collect();
    fields.sort();
    let policy = json!({ "name": "default-user-settings-authorization", "expression": "return True",
        "execution_logging": false });
    let policy = add("authentik_policy_expression", text::uuid(), policy);
    for (name, stage) in [
        ("prompt", json!({ "name": "default-user-settings", "fields": fields, "validation_policies": [policy] })),
        ("user_write", json!({ "name": "default-user-settings-write", "user_creation_mode": "never_create" })),
        ("user_login", json!({ "name": "default-authentication-login", "session_duration": "seconds=0" })),
        ("user_logout", json!({ "name": "default-invalidation-logout" })),
        ("consent", json!({ "name": "default-provider-authorization-consent", "mode": "expiring" })),
        ("authenticator_static", json!({ "name": "default-authenticator-static-setup" })),
        ("authenticator_totp", json!({ "name": "default-authenticator-totp-setup" })),
        ("authenticator_webauthn", json!({ "name": "default-authenticator-webauthn-setup" })),
        (
            "authenticator_validate",
            json!({ "name": "default-authentication-mfa-validation", "not_configured_action": "skip",
                "device_classes": ["static", "totp", "webauthn", "duo", "sms", "email"] }),
        ),
        (
            "password",
            json!({ "name": "default-authentication-password", "failed_attempts_before_cancel": 5,
                "backends": ["authentik.core.auth.InbuiltBackend", "authentik.sources.ldap.auth.LDAPBackend",
                    "authentik.core.auth.TokenBackend"] }),
        ),
        (
            "identification",
            json!({ "name": "default-authentication-identification", "user_fields": ["email", "username"],
                "case_insensitive_matching": true, "show_matched_user": true, "pretend_user_exists": true,
                "show_source_labels": false, "enable_remember_me": false, "sources": [] }),
        ),
    ] {
        add(&format!("authentik_stage_{name}"), text::uuid(), stage);
    }
    let certificate = json!({ "name": "authentik Self-signed Certificate", "certificate_data": "-----BEGIN CERTIFICATE-----",
        "key_data": "-----BEGIN PRIVATE KEY-----" });
    add("authentik_certificate_key_pair", text::uuid(), certificate);
    let brand = json!({ "domain": "authentik-default", "default": true, "branding_title": "authentik",
        "branding_logo": "/static/dist/assets/icons/icon_left_brand.svg",
        "branding_favicon": "/static/dist/assets/icons/icon.png", "attributes": "{}" });
    add("authentik_brand", text::uuid(), brand);
    let connection =
        json!({ "name": "Local Kubernetes Cluster", "local": true, "kubeconfig": "{}", "verify_ssl": true });
    add("authentik_service_connection_kubernetes", text::uuid(), connection);
    let outpost = json!({ "name": "authentik Embedded Outpost", "type": "proxy", "protocol_providers": [],
        "config": "{}" });
    add("authentik_outpost", text::uuid(), outpost);
    let admin = json!({ "username": "akadmin", "name": "authentik Default Admin", "email": "admin@example.org",
        "type": "internal", "path": "users", "is_active": true, "attributes": "{}", "roles": [] });
    add("authentik_user", "1".to_owned(), admin);
    let admins = json!({ "name": "authentik Admins", "is_superuser": true, "users": [1], "parents": [], "roles": [],
        "attributes": "{}" });
    add("authentik_group", text::uuid(), admins);
    all
}
