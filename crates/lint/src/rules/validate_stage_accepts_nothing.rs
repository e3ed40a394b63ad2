//! A second factor that nothing can be.

use crate::tofu::{is_ignored, is_misspelt, place_or_type};
use crate::{Findings, Repo};

crate::rule! {
    /// A validation stage accepts no kind of authenticator.
    ///
    /// ## Why
    /// The provider sends an empty list where `device_classes` is not written, and the server then accepts nothing
    /// ([`resource_stage_authenticator_validate.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_stage_authenticator_validate.go)):
    /// the stage is skipped, or nobody gets past it, by `not_configured_action`.
    ///
    /// ## Fix
    /// List the kinds: `static`, `totp`, `webauthn`, `duo`, `sms`, `email`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_authenticator_validate" "mfa" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[validate-stage-accepts-nothing]: `authentik_stage_authenticator_validate.mfa` accepts no kind of authenticator
    ///   name                  = "mfa"
    ///   not_configured_action = "skip"
    /// }
    /// ```
    ///
    /// With kinds:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_authenticator_validate" "mfa" {
    ///   name                  = "mfa"
    ///   not_configured_action = "skip"
    ///   device_classes        = ["totp", "webauthn", "email"]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: take the stage out instead.
    "validate-stage-accepts-nothing", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for stage in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_stage_authenticator_validate")) {
        let is_empty = stage
            .argument("device_classes")
            .is_none_or(|classes| classes.value.is_null() || classes.value.as_elements().is_some_and(<[_]>::is_empty));
        if is_empty && !is_misspelt(stage, "device_classes") && !is_ignored(stage, "device_classes") {
            let message = format!("`{}` accepts no kind of authenticator", stage.address());
            let span = place_or_type(stage, "device_classes");
            findings.report(span, message).help("write `device_classes = [\"totp\", \"webauthn\", …]`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn kinds_that_are_unknown_are_left_alone() {
        check_rule(
            "validate-stage-accepts-nothing",
            r#"
#- tofu/main.tf
variable "classes" { type = list(string) }
resource "authentik_stage_authenticator_validate" "mfa" { device_classes = var.classes }
resource "authentik_stage_authenticator_validate" "none" {
  device_classes = []
#                  ^^ error[validate-stage-accepts-nothing]: `authentik_stage_authenticator_validate.none` accepts no kind of authenticator
}
"#,
        );
    }
}
