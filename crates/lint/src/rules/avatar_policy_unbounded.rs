//! A policy that stores whatever is uploaded.

use expression::{Kind, Object};

use crate::{Findings, Repo};

crate::rule! {
    /// A policy stores an upload without looking at its size, or lets pictures in that can carry scripts.
    ///
    /// ## Why
    /// The server checks neither type nor size of an uploaded file
    /// ([`authentik/stages/prompt/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/stages/prompt/models.py)),
    /// and what is stored in an attribute travels with every list of users and every LDAP search. An SVG opened as a
    /// document runs its scripts.
    ///
    /// ## Fix
    /// Compare `len(…)` of the payload with a limit before it is stored, and leave `svg` out of the types.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     request.user.attributes["avatar"] = request.context["prompt_data"]["avatar_upload"]
    /// #                           ^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.avatar` stores an upload of any size
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// With a limit:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "avatar" {
    ///   name       = "avatar"
    ///   expression = <<-EOT
    ///     upload = request.context["prompt_data"]["avatar_upload"]
    ///     if len(upload) > 700000:
    ///         ak_message("The picture is too large.")
    ///         return False
    ///     request.user.attributes["avatar"] = upload
    ///     request.user.save()
    ///     return True
    ///   EOT
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When a proxy before the server limits what is sent.
    "avatar-policy-unbounded", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()).filter(|one| one.kind == Kind::Policy) {
        let from_form = |origins: &std::collections::BTreeSet<Object>| origins.contains(&Object::PromptData);
        let mut stores = python
            .facts
            .writes()
            .iter()
            .filter(|access| matches!(access.object, Object::Attributes(_)) && from_form(&access.origins));
        let Some(store) = stores.next() else { continue };
        let looks_at_size = python.facts.calls().iter().any(|call| ["len", "__len__"].contains(&call.method()));
        let uploads =
            python.facts.strings().iter().any(|text| {
                text.text.contains("data:") || text.text.contains("base64") || text.text.contains("image/")
            });
        let is_file =
            uploads || python.facts.strings().iter().any(|text| text.text.contains("upload") || text.text == "avatar");
        if !looks_at_size && is_file {
            let message = format!("`{}` stores an upload of any size", python.address);
            let help = "compare `len(…)` of the payload with a limit first";
            findings.report(python.place(store.range.clone()), message).help(help);
        }
        for text in python.facts.strings().iter().filter(|text| text.text.contains("image/svg")) {
            let message = format!("`{}` lets pictures in that can carry scripts", python.address);
            findings.report(python.place(text.range.clone()), message).help("leave `image/svg+xml` out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn svg_is_told_and_other_attributes_are_left_alone() {
        check_rule(
            "avatar-policy-unbounded",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "avatar" {
  expression = <<-EOT
    upload = context["prompt_data"]["avatar_upload"]
    if len(upload) > 700000 or not upload.startswith(("data:image/png", "data:image/svg+xml")):
#                                                                       ^^^^^^^^^^^^^^^^^^^^ warning[avatar-policy-unbounded]: `authentik_policy_expression.avatar` lets pictures in that can carry scripts
        return False
    request.user.attributes["avatar"] = upload
    request.user.save()
    return True
  EOT
}
resource "authentik_policy_expression" "phone" {
  expression = <<-EOT
    request.user.attributes["phone"] = context["prompt_data"]["phone"]
    request.user.save()
    return True
  EOT
}
"#,
        );
    }
}
