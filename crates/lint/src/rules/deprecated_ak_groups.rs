//! The name of a person's groups, by the server's release.

use diagnostic::Severity;
use expression::{Object, ServerVersion, Spelling};

use crate::{Findings, Repo};

crate::rule! {
    /// An expression reads a person's groups by a name that the server is about to drop, or does not have yet.
    ///
    /// ## Why
    /// `User.ak_groups` became `User.groups` in 2026.2 and is deprecated since then
    /// ([release notes](https://docs.goauthentik.io/releases/2026.2/)). On older servers `.groups` is Django's own
    /// relation, which authentik does not use: it is empty, and the expression answers as if nobody had a group.
    ///
    /// ## Fix
    /// Write `.groups` since 2026.2, and `.ak_groups` before.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = "return request.user.ak_groups.filter(name='family').exists()"
    /// #                                   ^^^^^^^^^ warning[deprecated-ak-groups]: `ak_groups` is deprecated since authentik 2026.2
    /// # help: write `groups`
    /// }
    /// ```
    ///
    /// By its name of today:
    /// ```text
    /// #- tofu/main.tf
    /// terraform {
    ///   required_providers {
    ///     authentik = {
    ///       source  = "goauthentik/authentik"
    ///       version = "~> 2026.5.0"
    ///     }
    ///   }
    /// }
    ///
    /// resource "authentik_policy_expression" "family" {
    ///   name       = "family"
    ///   expression = "return request.user.groups.filter(name='family').exists()"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// While the same expression has to run on an older server.
    "deprecated-ak-groups", Warning, Identity, check
}

/// The release that renamed it.
const RENAMED: ServerVersion = ServerVersion { year: 2026, month: 2 };

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        let at_least = repo.tofu.server.at_least(&root.provider);
        let exactly = repo.tofu.server.chart.as_ref().map(|chart| chart.value);
        for python in root.python() {
            let attributes = |name| python.facts.uses(name).filter(|one| one.spelling == Spelling::Attribute);
            if at_least.is_some_and(|version| version >= RENAMED) {
                for mention in attributes("ak_groups") {
                    let message = "`ak_groups` is deprecated since authentik 2026.2";
                    findings.report(python.place(mention.range.clone()), message).help("write `groups`");
                }
            }
            // Whoever reads both has an answer on either server.
            let reads_both = attributes("ak_groups").next().is_some();
            if exactly.is_some_and(|version| version < RENAMED) && !reads_both {
                let of_user = |one: &&expression::Mention| matches!(one.on, Some(Object::User(_)));
                for mention in attributes("groups").filter(of_user) {
                    let message = "`groups` of a person is empty before authentik 2026.2";
                    findings
                        .report(python.place(mention.range.clone()), message)
                        .severity(Severity::Error)
                        .help("write `ak_groups`");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_older_server_knows_only_the_old_name() {
        check_rule(
            "deprecated-ak-groups",
            r#"
#- flux/authentik.yaml
kind: HelmRelease
spec:
  chart:
    spec:
      chart: authentik
      version: 2025.10.3
#- tofu/main.tf
resource "authentik_policy_expression" "family" {
  expression = "return request.user.groups.exists()"
#                                   ^^^^^^ error[deprecated-ak-groups]: `groups` of a person is empty before authentik 2026.2
}
resource "authentik_policy_expression" "both" {
  expression = "return request.user.groups.exists() or request.user.ak_groups.exists()"
}
"#,
        );
    }

    #[test]
    fn without_a_server_or_a_pin_both_are_left_alone() {
        check_rule(
            "deprecated-ak-groups",
            r#"
#- tofu/main.tf
resource "authentik_policy_expression" "family" {
  expression = "return request.user.groups.exists() or request.user.ak_groups.exists()"
}
"#,
        );
    }
}
