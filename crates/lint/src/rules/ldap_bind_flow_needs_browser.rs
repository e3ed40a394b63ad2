//! A bind flow with a stage that no LDAP client can answer.

use diagnostic::Severity;
use resolve_tofu::Instance;

use crate::identity::ldap;
use crate::{Findings, Repo};

crate::rule! {
    /// The bind flow of an LDAP provider has a stage that only a browser can answer.
    ///
    /// ## Why
    /// The outpost runs the flow for each bind, and answers with what a bind has: a name and a password, and a code
    /// behind it. It knows stages for identification, password, authenticator validation and login
    /// ([`internal/outpost/flow/executor.go`](https://github.com/goauthentik/authentik/blob/main/internal/outpost/flow/executor.go));
    /// a prompt, a captcha, a consent or an e-mail ends every bind with `Invalid Credentials (49)`.
    ///
    /// ## Fix
    /// Give LDAP a flow of its own: identification with `password_stage`, and a login.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "bind" {
    ///   name        = "LDAP bind"
    ///   title       = "LDAP bind"
    ///   slug        = "ldap-bind"
    ///   designation = "authentication"
    /// }
    ///
    /// resource "authentik_stage_captcha" "bind" {
    ///   name = "ldap-captcha"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "captcha" {
    ///   target = authentik_flow.bind.uuid
    ///   stage  = authentik_stage_captcha.bind.id
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the stage is in the flow by this binding
    ///   order  = 20
    /// }
    ///
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name      = "jellyfin"
    ///   bind_flow = authentik_flow.bind.uuid
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^ error[ldap-bind-flow-needs-browser]: the bind flow `authentik_flow.bind` has the stage `authentik_stage_captcha.bind`, which no LDAP client can answer
    /// }
    /// ```
    ///
    /// With what a bind can answer:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "bind" {
    ///   name        = "LDAP bind"
    ///   title       = "LDAP bind"
    ///   slug        = "ldap-bind"
    ///   designation = "authentication"
    /// }
    ///
    /// resource "authentik_stage_user_login" "bind" {
    ///   name = "ldap-login"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "login" {
    ///   target = authentik_flow.bind.uuid
    ///   stage  = authentik_stage_user_login.bind.id
    ///   order  = 20
    /// }
    ///
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name      = "jellyfin"
    ///   bind_flow = authentik_flow.bind.uuid
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: every bind fails.
    "ldap-bind-flow-needs-browser", Error, Identity, check
}

/// Stages that wait for a person: those with a challenge of their own in `authentik/stages/`, but the ones that the
/// outpost solves.
const BROWSER: [&str; 14] = [
    "authentik_stage_authenticator_duo",
    "authentik_stage_authenticator_email",
    "authentik_stage_authenticator_endpoint_gdtc",
    "authentik_stage_authenticator_sms",
    "authentik_stage_authenticator_static",
    "authentik_stage_authenticator_totp",
    "authentik_stage_authenticator_webauthn",
    "authentik_stage_captcha",
    "authentik_stage_consent",
    "authentik_stage_dummy",
    "authentik_stage_email",
    "authentik_stage_invitation",
    "authentik_stage_prompt",
    "authentik_stage_source",
];

/// The classes of devices that only a browser answers for, each with the stage that sets one up.
const CODES: [(&str, &str); 3] = [
    ("email", "authentik_stage_authenticator_email"),
    ("sms", "authentik_stage_authenticator_sms"),
    ("webauthn", "authentik_stage_authenticator_webauthn"),
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let bindings = root.stage_bindings();
        for provider in root.of(ldap::PROVIDER) {
            let lead = root.lead(provider, "bind_flow");
            let Some(flow) = lead.managed("authentik_flow") else { continue };
            for binding in bindings.iter().filter(|one| one.flow.is(flow) && one.instance.certain) {
                let Some(stage) = binding.stage.instance() else { continue };
                let (message, severity) = if BROWSER.contains(&stage.kind()) {
                    let (flow, stage) = (flow.address(), stage.address());
                    let message =
                        format!("the bind flow `{flow}` has the stage `{stage}`, which no LDAP client can answer");
                    (message, Severity::Error)
                } else if let Some(class) = code_of_browser(repo, stage) {
                    let message = format!(
                        "whoever has a device of the class `{class}` cannot bind: `{}` in the bind flow asks for it",
                        stage.address()
                    );
                    (message, Severity::Warning)
                } else {
                    continue;
                };
                // A policy may leave the stage out where nobody sits at a browser.
                if !root.policy_bindings_of(binding.instance).is_empty() {
                    continue;
                }
                findings
                    .report(crate::tofu::place(provider, "bind_flow"), message)
                    .severity(severity)
                    .related(crate::tofu::place(binding.instance, "stage"), "the stage is in the flow by this binding")
                    .help("give LDAP a flow of its own: identification with `password_stage`, and a login");
            }
        }
    }
}

/// The first class of devices that `stage` asks for, that no LDAP client can answer, and that people may set up: as
/// soon as one has such a device, the stage wants it, also where it is skipped by those without.
fn code_of_browser(repo: &Repo<'_>, stage: &Instance<'_>) -> Option<&'static str> {
    let classes =
        (stage.kind() == "authentik_stage_authenticator_validate").then(|| stage.argument("device_classes"))??;
    let asks =
        |class: &str| classes.value.as_elements().is_some_and(|all| all.iter().any(|one| one.as_text() == Some(class)));
    let is_declared = |kind: &str| repo.tofu.roots.iter().any(|root| root.of(kind).any(|one| one.certain));
    CODES.into_iter().find(|(class, kind)| asks(class) && is_declared(kind)).map(|(class, _)| class)
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_flow_by_data_source_and_a_stage_with_a_policy_are_left_alone() {
        check_rule(
            "ldap-bind-flow-needs-browser",
            r#"
#- tofu/main.tf
data "authentik_flow" "login" { slug = "default-authentication-flow" }
resource "authentik_provider_ldap" "kavita" { bind_flow = data.authentik_flow.login.id }
resource "authentik_flow" "bind" { slug = "bind" }
resource "authentik_stage_captcha" "bind" { name = "captcha" }
resource "authentik_flow_stage_binding" "captcha" {
  target = authentik_flow.bind.uuid
  stage  = authentik_stage_captcha.bind.id
  order  = 20
}
resource "authentik_policy_expression" "browser" {
  name       = "browser"
  expression = "return http_request.META['HTTP_USER_AGENT'] != 'goauthentik.io/outpost'"
}
resource "authentik_policy_binding" "browser" {
  target = authentik_flow_stage_binding.captcha.id
  policy = authentik_policy_expression.browser.id
  order  = 0
}
resource "authentik_provider_ldap" "jellyfin" { bind_flow = authentik_flow.bind.uuid }
"#,
        );
    }

    #[test]
    fn a_code_that_people_may_set_up_and_no_client_can_type_is_a_warning() {
        check_rule(
            "ldap-bind-flow-needs-browser",
            r#"
#- tofu/main.tf
resource "authentik_flow" "bind" { slug = "bind" }
resource "authentik_stage_authenticator_email" "codes" { name = "codes" }
resource "authentik_stage_authenticator_validate" "all" {
  device_classes        = ["totp", "email"]
  not_configured_action = "skip"
}
resource "authentik_flow_stage_binding" "all" {
  target = authentik_flow.bind.uuid
  stage  = authentik_stage_authenticator_validate.all.id
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: the stage is in the flow by this binding
  order  = 20
}
resource "authentik_provider_ldap" "jellyfin" {
  bind_flow = authentik_flow.bind.uuid
#             ^^^^^^^^^^^^^^^^^^^^^^^^ warning[ldap-bind-flow-needs-browser]: whoever has a device of the class `email` cannot bind: `authentik_stage_authenticator_validate.all` in the bind flow asks for it
}
#- tofu/other/main.tf
resource "authentik_flow" "bind" { slug = "bind" }
resource "authentik_stage_authenticator_validate" "typed" { device_classes = ["totp", "static", "webauthn"] }
resource "authentik_flow_stage_binding" "typed" {
  target = authentik_flow.bind.uuid
  stage  = authentik_stage_authenticator_validate.typed.id
  order  = 20
}
resource "authentik_provider_ldap" "kavita" { bind_flow = authentik_flow.bind.uuid }
"#,
        );
    }
}
