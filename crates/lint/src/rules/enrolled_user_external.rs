//! An enrollment that makes external users by default.

use crate::identity::enrollment::{self, USER_WRITE};
use crate::tofu::text_or;
use crate::{Findings, Repo};

crate::rule! {
    /// An enrollment flow does not say which type of users it makes.
    ///
    /// ## Why
    /// Where nothing is written they are `external`: they have no page of applications, and count as external users in
    /// a licence
    /// ([`resource_stage_user_write.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_stage_user_write.go)).
    ///
    /// ## Fix
    /// Write `user_type = "internal"`, or `"external"` where that is meant.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[enrolled-user-external]: `authentik_stage_user_write.enrollment` makes external users, which nobody wrote
    ///   name = "enrollment-write"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    /// ```
    ///
    /// With the type:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_flow" "enrollment" {
    ///   slug        = "enrollment"
    ///   designation = "enrollment"
    /// }
    ///
    /// resource "authentik_stage_user_write" "enrollment" {
    ///   name      = "enrollment-write"
    ///   user_type = "internal"
    /// }
    ///
    /// resource "authentik_flow_stage_binding" "write" {
    ///   target = authentik_flow.enrollment.uuid
    ///   stage  = authentik_stage_user_write.enrollment.id
    ///   order  = 30
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Write the type instead: that says it to people too.
    "enrolled-user-external", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for (_, stages) in enrollment::flows(root, "enrollment") {
            for write in
                enrollment::of_kind(&stages, USER_WRITE).filter(|write| text_or(write, "user_type", "") == Some(""))
            {
                let message = format!("`{}` makes external users, which nobody wrote", write.address());
                findings.report(write.resource.kind.span, message).help("write `user_type = \"internal\"`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_type_that_is_written_is_left_alone_whatever_it_is() {
        check_rule(
            "enrolled-user-external",
            r#"
#- tofu/main.tf
variable "type" { type = string }
resource "authentik_flow" "enrollment" { designation = "enrollment" }
resource "authentik_stage_user_write" "write" {
  for_each  = { a = "external", b = var.type }
  user_type = each.value
}
resource "authentik_flow_stage_binding" "write" {
  for_each = authentik_stage_user_write.write
  target   = authentik_flow.enrollment.uuid
  stage    = each.value.id
}
"#,
        );
    }
}
