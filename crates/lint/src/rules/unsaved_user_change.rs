//! A change of a person that is forgotten.

use expression::Kind;

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
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()).filter(|one| one.kind == Kind::Policy) {
        for write in python.facts.unsaved() {
            let object = write.object.written();
            let message = format!("`{}` writes to `{object}` and never saves the person", python.address);
            findings.report(python.place(write.range.clone()), message).help("call `save()` on the person");
        }
    }
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
}
