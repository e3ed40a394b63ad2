//! A change of a person that is forgotten.

use expression::{Access, Kind, Object, Whose};

use crate::identity::policies::{self, Asked};

use crate::{Findings, Repo};

crate::rule! {
    /// A policy changes a person and does not save them.
    ///
    /// ## Why
    /// The object is a copy of a row in the database: what is written to it is gone when the policy ends, unless
    /// `save()` is called ([Django's models](https://docs.djangoproject.com/en/stable/topics/db/models/)). A later write
    /// stage saves the pending user of its flow, so writes to that one are left alone.
    ///
    /// ## Fix
    /// Call `save()` on the same object.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["seen"] = True
    /// #                           ^^^^^^ warning[unsaved-user-change]: `authentik_policy_expression.avatar` writes to `user.attributes` and never saves the person
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// Saved:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["seen"] = True
    ///     request.user.save(update_fields=["attributes"])
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When something else saves the object.
    "unsaved-user-change", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let bound = policies::bound(root);
        for python in root.python().iter().filter(|one| one.kind == Kind::Policy) {
            // At a stage the person of the request is the one of the flow, whom a later stage may save.
            let is_at_stage = bound.iter().any(|one| match &one.asked {
                Asked::Stage(stage) => one.python.address == python.address && stage.at_stage != Some(false),
                Asked::Flow(_) | Asked::Prompt(_) => false,
            });
            for write in python.facts.unsaved().filter(|write| !(is_at_stage && is_of_request(write))) {
                let object = write.object.written();
                let message = format!("`{}` writes to `{object}` and never saves the person", python.address);
                findings.report(python.place(write.range.clone()), message).help("call `save()` on the person");
            }
        }
    }
}

/// Whether it is a write to the person of the request.
fn is_of_request(write: &Access) -> bool {
    matches!(write.object, Object::User(Whose::Request) | Object::Attributes(Whose::Request))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_pending_user_is_left_alone() {
        check_rule(
            "unsaved-user-change",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "note" {
  expression = <<-EOT
    context["pending_user"].attributes["note"] = 1
    return True
  EOT
}
"#,
        );
    }

    #[test]
    fn the_person_of_the_request_at_a_stage_is_left_alone() {
        check_rule(
            "unsaved-user-change",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "note" {
  expression = <<-EOT
    request.user.attributes["note"] = 1
    return True
  EOT
}
resource "authentik_stage_user_write" "write" {}
resource "authentik_flow_stage_binding" "write" {
  target               = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  stage                = authentik_stage_user_write.write.id
  re_evaluate_policies = true
}
resource "authentik_policy_binding" "note" {
  target = authentik_flow_stage_binding.write.id
  policy = authentik_policy_expression.note.id
}
"#,
        );
    }
}
