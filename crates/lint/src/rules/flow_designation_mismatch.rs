//! A flow that is used for what it is not.

use diagnostic::Severity;

use crate::tofu::place;
use crate::{Findings, Repo};

crate::rule! {
    /// A flow is named where a flow of another designation belongs.
    ///
    /// ## Why
    /// authentik looks flows up by their designation, and behaves by it
    /// ([Flows](https://docs.goauthentik.io/add-secure-apps/flows-stages/flow/)): a recovery flow that is no `recovery`,
    /// for instance, mails whatever address was typed, whether or not somebody has it. Neither `tofu plan` nor the
    /// server says so. LDAP binds run whatever flow they are given, so there it is a warning.
    ///
    /// ## Fix
    /// Name a flow of the designation that the message says, or write that designation in the flow.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "authentication"
    /// #               ^^^^^^^^^^^^^^^^ related: the flow is for this
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name          = "login"
    ///   user_fields   = ["email"]
    ///   recovery_flow = authentik_flow.recovery.uuid
    /// #                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[flow-designation-mismatch]: `recovery_flow` is a flow for `recovery`, and `authentik_flow.recovery` is for `authentication`
    /// }
    /// ```
    ///
    /// For what it is used for:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "recovery" {
    ///   slug        = "recovery"
    ///   designation = "recovery"
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name          = "login"
    ///   user_fields   = ["email"]
    ///   recovery_flow = authentik_flow.recovery.uuid
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When you know why it works.
    "flow-designation-mismatch", Error, Identity, check
}

/// Which flow each argument is for, wherever it stands.
const FOR: [(&str, &str); 15] = [
    ("authentication_flow", "authentication"),
    ("authorization_flow", "authorization"),
    ("bind_flow", "authentication"),
    ("configure_flow", "stage_configuration"),
    ("enrollment_flow", "enrollment"),
    ("flow_authentication", "authentication"),
    ("flow_device_code", "stage_configuration"),
    ("flow_invalidation", "invalidation"),
    ("flow_recovery", "recovery"),
    ("flow_unenrollment", "unenrollment"),
    ("flow_user_settings", "stage_configuration"),
    ("invalidation_flow", "invalidation"),
    ("passwordless_flow", "authentication"),
    ("recovery_flow", "recovery"),
    ("unbind_flow", "invalidation"),
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for instance in root.of_family("authentik_") {
            for (name, wanted) in FOR {
                let lead = root.lead(instance, name);
                let Some(flow) = lead.managed("authentik_flow") else { continue };
                let Some(is) = flow.known_string("designation").filter(|is| is.value != wanted) else { continue };
                let message =
                    format!("`{name}` is a flow for `{wanted}`, and `{}` is for `{}`", flow.address(), is.value);
                let is_ldap = ["bind_flow", "unbind_flow"].contains(&name);
                findings
                    .report(place(instance, name), message)
                    .severity(if is_ldap { Severity::Warning } else { Severity::Error })
                    .related(is.span, "the flow is for this")
                    .help(format!("name a flow with `designation = \"{wanted}\"`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_flow_for_binds_is_a_warning_and_one_by_data_source_is_left_alone() {
        check_rule(
            "flow-designation-mismatch",
            r#"
#- tofu/main.tf
data "authentik_flow" "authorization" { designation = "authentication" }
resource "authentik_flow" "bind" {
  designation = "authorization"
#               ^^^^^^^^^^^^^^^ related: the flow is for this
}
resource "authentik_provider_ldap" "jellyfin" {
  bind_flow   = authentik_flow.bind.uuid
#               ^^^^^^^^^^^^^^^^^^^^^^^^ warning[flow-designation-mismatch]: `bind_flow` is a flow for `authentication`, and `authentik_flow.bind` is for `authorization`
}
resource "authentik_provider_oauth2" "grafana" { authorization_flow = data.authentik_flow.authorization.id }
"#,
        );
    }
}
