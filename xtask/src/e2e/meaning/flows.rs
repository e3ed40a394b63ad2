//! What an inventory promises about flows: their stages, in which order, and what each stage asks and does.

use serde_json::json;

use super::held::{self, reference};
use super::promised::{Promised, sorted};
use crate::Failure;

/// The flow that binds of LDAP go through.
pub(super) const BIND_FLOW: &str = "ldap-bind";

/// Promises the flows that labtree adds, and what it changes about the built-in login.
pub(super) fn promise(promised: &mut Promised<'_>) -> Result<(), Failure> {
    enrollment(promised)?;
    recovery(promised);
    email_otp(promised);
    if promised.inventory.apps.iter().any(|app| app.value.ldap.is_some()) {
        ldap_bind(promised);
    }
    Ok(())
}

/// By an invitation alone, always a new account, and its groups once it is there.
fn enrollment(promised: &mut Promised<'_>) -> Result<(), Failure> {
    let slug = promised.inventory.identity.enrollment.slug.as_str();
    let titles = ("Enrolment by invitation", "Create your account");
    let flow = flow(promised, slug, titles, "enrollment", "require_unauthenticated");
    let name = "enrollment-invitation";
    let invitation = promised.put("stage_invitation", name, json!({ "continue_flow_without_invitation": false }));
    let fields = [
        ("username", "Username", "username"),
        ("name", "Name", "text"),
        ("email", "Email", "email"),
        ("password", "Password", "password"),
        ("password_repeat", "Password, once more", "password"),
    ];
    let prompt = form(promised, "enrollment", &fields);
    let write = json!({ "user_creation_mode": "always_create", "create_users_as_inactive": false,
        "user_type": "internal", "user_path_template": "users" });
    let write = promised.put("stage_user_write", "enrollment-user-write", write);
    let login = promised.put("stage_user_login", "enrollment-login", json!({}));
    stages(promised, &flow, &[(10, &invitation), (20, &prompt), (30, &write), (100, &login)]);
    let policy = promised.policy("enrollment-group-assignment", "policies/enrollment_group_assignment.py")?;
    let login = reference("flow_stage_binding", &held::binding(&flow, &login));
    promised.bind(&login, "policy", &policy, 0);
    Ok(())
}

/// By a link in a mail; and the login page leads there.
fn recovery(promised: &mut Promised<'_>) {
    let recovery = &promised.inventory.identity.recovery;
    let titles = ("Password recovery", "Set a new password");
    let flow = flow(promised, recovery.slug.as_str(), titles, "recovery", "require_unauthenticated");
    let by =
        json!({ "user_fields": ["email", "username"], "case_insensitive_matching": true, "pretend_user_exists": true });
    let identification = promised.put("stage_identification", "recovery-identification", by);
    let mail = json!({ "use_global_settings": true, "subject": "Set a new password",
        "template": "email/password_reset.html", "token_expiry": recovery.link_valid_for.authentik(),
        "activate_user_on_success": false });
    let mail = promised.put("stage_email", "recovery-email", mail);
    let fields = [("password", "New password", "password"), ("password_repeat", "New password, once more", "password")];
    let prompt = form(promised, "recovery", &fields);
    let write =
        promised.put("stage_user_write", "recovery-user-write", json!({ "user_creation_mode": "never_create" }));
    let login = promised.put("stage_user_login", "recovery-login", json!({}));
    stages(promised, &flow, &[(10, &identification), (20, &mail), (30, &prompt), (40, &write), (100, &login)]);
    let by = json!({ "user_fields": ["email", "username"], "case_insensitive_matching": true, "recovery_flow": flow });
    promised.put("stage_identification", "default-authentication-identification", by);
}

/// Whoever is logged in sets it up.
fn email_otp(promised: &mut Promised<'_>) {
    let otp = &promised.inventory.identity.email_otp;
    let title = "Set up codes by mail";
    let flow = flow(promised, "email-otp-setup", (title, title), "stage_configuration", "require_authenticated");
    let stage = json!({ "friendly_name": otp.name.as_str(), "configure_flow": flow, "use_global_settings": true,
        "subject": "Your sign-in code", "template": "email/email_otp.html",
        "token_expiry": otp.code_valid_for.authentik() });
    let stage = promised.put("stage_authenticator_email", "email-otp", stage);
    stages(promised, &flow, &[(10, &stage)]);
}

/// A username and a password, and nothing that an LDAP client could not answer.
fn ldap_bind(promised: &mut Promised<'_>) {
    let flow = flow(promised, BIND_FLOW, ("LDAP bind", "LDAP bind"), "authentication", "none");
    let backends = ["authentik.core.auth.InbuiltBackend", "authentik.core.auth.TokenBackend"];
    let password = promised.put("stage_password", "ldap-bind-password", json!({ "backends": backends }));
    let by = json!({ "user_fields": ["username"], "case_insensitive_matching": true, "password_stage": password });
    let identification = promised.put("stage_identification", "ldap-bind-identification", by);
    let login = promised.put("stage_user_login", "ldap-bind-login", json!({}));
    stages(promised, &flow, &[(10, &identification), (100, &login)]);
}

fn flow(
    promised: &mut Promised<'_>,
    slug: &str,
    (name, title): (&str, &str),
    designation: &str,
    authentication: &str,
) -> String {
    let about = json!({ "name": name, "title": title, "designation": designation, "authentication": authentication });
    promised.put("flow", slug, about)
}

/// Stages of a flow, each by its order: what decides about a stage is asked when it is reached.
fn stages(promised: &mut Promised<'_>, flow: &str, stages: &[(u32, &String)]) {
    for (order, stage) in stages {
        let binding = json!({ "target": flow, "stage": stage, "order": order, "evaluate_on_plan": false,
            "re_evaluate_policies": true });
        promised.put_as("flow_stage_binding", &held::binding(flow, stage), binding);
    }
}

/// A form with those fields, each by its key, label and type, in that order, none of which may be left empty.
fn form(promised: &mut Promised<'_>, of: &str, fields: &[(&str, &str, &str)]) -> String {
    let put = |(index, (key, label, kind)): (usize, &(&str, &str, &str))| {
        let field = json!({ "field_key": key, "label": label, "type": kind, "required": true, "placeholder": label,
            "order": (index + 1) * 10 });
        promised.put("stage_prompt_field", &format!("{of}-{}", key.replace('_', "-")), field)
    };
    let fields: Vec<String> = fields.iter().enumerate().map(put).collect();
    promised.put("stage_prompt", &format!("{of}-prompt"), json!({ "fields": sorted(fields) }))
}
