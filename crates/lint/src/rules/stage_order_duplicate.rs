//! Two stages in the same place of a flow.

use crate::tofu::place;
use crate::{Findings, Repo};

crate::rule! {
    /// Two stages of one flow have the same order.
    ///
    /// ## Why
    /// The stages of a flow run in the order of their bindings, and of two with the same number either may come first
    /// ([`authentik/flows/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/flows/models.py)).
    ///
    /// ## Fix
    /// Give each a number of its own, ten apart so that others fit between them.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "login" {
    ///   slug        = "login"
    ///   designation = "authentication"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "identification" {
    ///   target = authentik_flow.login.uuid
    ///   stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   order  = 10
    /// #          ^^ related: the other stage has it too
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "password" {
    ///   target = authentik_flow.login.uuid
    ///   stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 10
    /// #          ^^ warning[stage-order-duplicate]: two stages of `authentik_flow.login` have the order 10, and either may come first
    /// }
    /// ```
    ///
    /// One behind the other:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "login" {
    ///   slug        = "login"
    ///   designation = "authentication"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "identification" {
    ///   target = authentik_flow.login.uuid
    ///   stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   order  = 10
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "password" {
    ///   target = authentik_flow.login.uuid
    ///   stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a12"
    ///   order  = 20
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the order of the two does not matter.
    "stage-order-duplicate", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let policies = root.policy_bindings();
        // Of stages with policies only one may be left in the flow.
        let has_policy =
            |one: &crate::tofu::StageBinding<'_, '_>| policies.iter().any(|policy| policy.target.may_be(one.instance));
        let bindings: Vec<_> = root.stage_bindings().into_iter().filter(|one| one.instance.certain).collect();
        for (at, later) in bindings.iter().enumerate() {
            let (Some(flow), Some(order)) = (later.flow.instance(), later.order) else { continue };
            let is_same = |earlier: &&crate::tofu::StageBinding<'_, '_>| {
                earlier.order == Some(order)
                    && earlier.flow.is(flow)
                    && !std::ptr::eq(earlier.instance.resource, later.instance.resource)
            };
            let Some(earlier) = bindings[..at].iter().find(is_same) else { continue };
            if has_policy(earlier) || has_policy(later) {
                continue;
            }
            let message =
                format!("two stages of `{}` have the order {order}, and either may come first", flow.address());
            findings
                .report(place(later.instance, "order"), message)
                .related(place(earlier.instance, "order"), "the other stage has it too")
                .help("give each a number of its own");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn variants_and_stages_with_policies_are_left_alone() {
        check_rule(
            "stage-order-duplicate",
            r#"
#- tofu/main.tf
resource "authentik_flow" "login" {}
resource "authentik_flow_stage_binding" "variants" {
  for_each = toset(["one", "other"])
  target   = authentik_flow.login.uuid
  stage    = each.key
  order    = 10
}
resource "authentik_flow_stage_binding" "captcha" {
  target = authentik_flow.login.uuid
  stage  = "captcha"
  order  = 20
}
resource "authentik_flow_stage_binding" "mail" {
  target = authentik_flow.login.uuid
  stage  = "mail"
  order  = 20
}
resource "authentik_policy_binding" "outside" {
  target = authentik_flow_stage_binding.captcha.id
  policy = "outside"
}
"#,
        );
    }
}
