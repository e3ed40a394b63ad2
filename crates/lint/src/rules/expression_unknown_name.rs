//! A name in an expression that nothing defines.

use diagnostic::did_you_mean;

use crate::{Findings, Repo};

crate::rule! {
    /// An expression reads a name that neither Python nor authentik nor the text itself defines.
    ///
    /// ## Why
    /// It raises `NameError` when it is run, which counts as false for a policy, and fails a login for a mapping
    /// ([Expressions](https://docs.goauthentik.io/customize/policies/expression/)). `tofu apply` accepts it.
    ///
    /// ## Fix
    /// Write the name that is suggested, or import what it should be.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = "return ak_is_group_membr(request.user, name='family')"
    /// #                      ^^^^^^^^^^^^^^^^^ warning[expression-unknown-name]: nothing defines `ak_is_group_membr`, did you mean `ak_is_group_member`?
    /// }
    /// ```
    ///
    /// As authentik calls it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = "return ak_is_group_member(request.user, name='family')"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When something puts the name there that labtree cannot know, such as a blueprint's own context.
    "expression-unknown-name", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for python in repo.tofu.roots.iter().flat_map(|root| root.python()) {
        for name in python.facts.unknown_names() {
            let known = python.facts.known_names().iter().map(String::as_str);
            let message = match name.since {
                Some(since) => format!("`{}` came with authentik {since}", name.name),
                None => format!("nothing defines `{}`{}", name.name, did_you_mean(&name.name, known)),
            };
            findings.report(python.place(name.range.clone()), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_name_of_a_later_server_is_told_with_the_release() {
        check_rule(
            "expression-unknown-name",
            r#"
#- flux/authentik.yaml
kind: HelmRelease
spec: { chart: { spec: { chart: authentik, version: 2025.8.1 } } }
#- tofu/main.tf
resource "authentik_policy_expression" "mail" {
  expression = "return ak_send_email('alex@example.org', subject='Hello', body='Hello')"
#                      ^^^^^^^^^^^^^ warning[expression-unknown-name]: `ak_send_email` came with authentik 2025.10
}
"#,
        );
    }

    #[test]
    fn imports_locals_and_stars_are_left_alone() {
        check_rule(
            "expression-unknown-name",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "names" {
  expression = <<-EOT
    from authentik.core.models import *
    import json
    names = [group.name for group in Group.objects.all()]
    return json.dumps(names) and ak_client_ip
  EOT
}
"#,
        );
    }
}
