//! A policy binding on something that nothing can be bound to.

use resolve_tofu::Instance;

use crate::tofu::{Root, place};
use crate::{Findings, Repo};

crate::rule! {
    /// A policy binding has a stage or a provider as its target.
    ///
    /// ## Why
    /// Policies, groups and users are bound to applications, flows, sources and to the *bindings* of stages; a stage
    /// itself may stand in several flows, and a provider is guarded by its application. The provider takes any text, so
    /// `tofu plan` is clean, and the server refuses it at apply: `Invalid pk … object does not exist.`
    /// ([`authentik/policies/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/policies/models.py)).
    ///
    /// ## Fix
    /// Write the `id` of the `authentik_flow_stage_binding`, or the `uuid` of the `authentik_application`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_captcha" "login" {
    ///   name        = "login-captcha"
    ///   public_key  = "public"
    ///   private_key = "private"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "captcha" {
    ///   target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage  = authentik_stage_captcha.login.id
    ///   order  = 10
    /// }
    ///
    /// resource "authentik_policy_binding" "captcha" {
    ///   target = authentik_stage_captcha.login.id
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unbindable-policy-target]: nothing can be bound to the stage `authentik_stage_captcha.login`
    /// # help: write `authentik_flow_stage_binding.captcha.id`
    ///   policy = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 0
    /// }
    /// ```
    ///
    /// To the binding of the stage:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_stage_captcha" "login" {
    ///   name        = "login-captcha"
    ///   public_key  = "public"
    ///   private_key = "private"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "captcha" {
    ///   target = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   stage  = authentik_stage_captcha.login.id
    ///   order  = 10
    /// }
    ///
    /// resource "authentik_policy_binding" "captcha" {
    ///   target = authentik_flow_stage_binding.captcha.id
    ///   policy = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the server refuses it.
    "unbindable-policy-target", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for binding in root.policy_bindings() {
            let Some(target) = binding.target.instance() else { continue };
            let (word, better) = match target.kind() {
                kind if kind.starts_with("authentik_stage") => ("stage", binding_of(root, target)),
                kind if kind.starts_with("authentik_provider_") => ("provider", application_of(root, target)),
                _ => continue,
            };
            let message = format!("nothing can be bound to the {word} `{}`", target.address());
            let help = match (better, word) {
                (Some(better), _) => format!("write `{better}`"),
                (None, "stage") => "write the `id` of an `authentik_flow_stage_binding` of the stage".to_owned(),
                (None, _) => "write the `uuid` of the application that has the provider".to_owned(),
            };
            findings.report(place(binding.instance, "target"), message).help(help);
        }
    }
}

/// The only binding of `stage`, where it has one.
fn binding_of(root: &Root<'_>, stage: &Instance<'_>) -> Option<String> {
    let bindings: Vec<_> = root.stage_bindings().into_iter().filter(|one| one.stage.is(stage)).collect();
    let [binding] = bindings.as_slice() else { return None };
    Some(format!("{}.id", binding.instance.address()))
}

/// The application of `provider`.
fn application_of(root: &Root<'_>, provider: &Instance<'_>) -> Option<String> {
    let mut applications = root.of("authentik_application");
    let application = applications.find(|one| root.lead(one, "protocol_provider").is(provider))?;
    Some(format!("{}.uuid", application.address()))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_provider_and_a_stage_by_data_source_cannot_be_bound_to_either() {
        check_rule(
            "unbindable-policy-target",
            r#"
#- tofu/main.tf
data "authentik_stage" "login" { name = "default-authentication-login" }
resource "authentik_provider_oauth2" "wiki" { name = "wiki" }
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = authentik_provider_oauth2.wiki.id
}
resource "authentik_policy_binding" "wiki" {
  target = authentik_provider_oauth2.wiki.id
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unbindable-policy-target]: nothing can be bound to the provider `authentik_provider_oauth2.wiki`
# help: write `authentik_application.wiki.uuid`
  user   = 7
  order  = 0
}
resource "authentik_policy_binding" "login" {
  target = data.authentik_stage.login.id
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unbindable-policy-target]: nothing can be bound to the stage `data.authentik_stage.login`
# help: write the `id` of an `authentik_flow_stage_binding` of the stage
  user   = 7
  order  = 0
}
"#,
        );
    }

    #[test]
    fn what_policies_are_made_for_and_what_is_unknown_is_left_alone() {
        check_rule(
            "unbindable-policy-target",
            r#"
#- tofu/main.tf
variable "target" { type = string }
data "authentik_flow" "login" { slug = "default-authentication-flow" }
resource "authentik_application" "wiki" {
  name = "wiki"
  slug = "wiki"
}
resource "authentik_source_oauth" "github" { name = "github" }
resource "authentik_event_rule" "mail" { name = "mail" }
resource "authentik_application_entitlement" "editors" {
  name        = "editors"
  application = authentik_application.wiki.uuid
}
resource "authentik_policy_binding" "all" {
  for_each = {
    flow        = data.authentik_flow.login.id
    application = authentik_application.wiki.uuid
    source      = authentik_source_oauth.github.uuid
    rule        = authentik_event_rule.mail.id
    entitlement = authentik_application_entitlement.editors.id
    unknown     = var.target
    literal     = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  }
  target = each.value
  user   = 7
  order  = 0
}
"#,
        );
    }
}
