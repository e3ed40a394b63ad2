//! An application that everybody may open.

use resolve_tofu::Instance;

use crate::identity::applications::{APPLICATION, called, everywhere, may_be_named};
use crate::identity::sight::may_be_known_elsewhere;
use crate::tofu::{Lead, Root, flag, is_given, place};
use crate::{Findings, Repo};

crate::rule! {
    /// No binding that counts decides who may open an application.
    ///
    /// ## Why
    /// Bindings shut people out; where there is none, or all are disabled, everybody who has an account may log in
    /// ([`authentik/policies/engine.py`](https://github.com/goauthentik/authentik/blob/main/authentik/policies/engine.py)),
    /// who came by an invitation as well. The flag `core_default_app_access` turns that round. An application without
    /// a provider is a mere link and left alone.
    ///
    /// ## Fix
    /// Bind the groups that may open it, each by an `authentik_policy_binding`. If everybody may, bind a policy that
    /// says so.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    /// }
    ///
    /// resource "authentik_application" "grafana" {
    ///   name              = "Grafana"
    ///   slug              = "grafana"
    /// #                     ^^^^^^^^^ warning[application-open-to-all]: nothing is bound to `Grafana`, so everybody who has an account may open it
    ///   protocol_provider = authentik_provider_oauth2.grafana.id
    /// }
    /// ```
    ///
    /// A group is bound to it:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    /// }
    ///
    /// resource "authentik_application" "grafana" {
    ///   name              = "Grafana"
    ///   slug              = "grafana"
    ///   protocol_provider = authentik_provider_oauth2.grafana.id
    /// }
    ///
    /// resource "authentik_group" "admins" {
    ///   name = "grafana-admins"
    /// }
    ///
    /// resource "authentik_policy_binding" "grafana" {
    ///   target = authentik_application.grafana.uuid
    ///   group  = authentik_group.admins.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where everybody who has an account may open it, and the app itself gives no more than each should have.
    "application-open-to-all", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let roots = &repo.tofu.roots;
    if everywhere(roots, "authentik_system_settings").any(|(root, settings)| may_close(root, settings)) {
        return;
    }
    let bindings: Vec<_> = everywhere(roots, "authentik_policy_binding").collect();
    let counting = || bindings.iter().copied().filter(|(_, binding)| flag(binding, "enabled", true) != Some(false));
    for root in roots.iter().filter(|root| root.is_whole) {
        for application in root.of(APPLICATION).filter(|application| application.certain && opens(root, application)) {
            if may_be_named(counting(), "target", root, application) || may_be_known_elsewhere(repo, root, application)
            {
                continue;
            }
            let called = called(application);
            let has_disabled = may_be_named(bindings.iter().copied(), "target", root, application);
            let message = if has_disabled {
                format!("all that is bound to {called} is disabled, so everybody who has an account may open it")
            } else {
                format!("nothing is bound to {called}, so everybody who has an account may open it")
            };
            let help = "bind the groups that may: an `authentik_policy_binding` whose `target` is its `uuid`";
            findings.report(place(application, "slug"), message).help(help);
        }
    }
}

/// Whether there is something behind the application.
fn opens(root: &Root<'_>, application: &Instance<'_>) -> bool {
    let arguments = ["protocol_provider", "backchannel_providers"];
    arguments.iter().any(|name| root.all_leads(application, name).iter().any(|lead| !matches!(lead, Lead::Nowhere)))
}

/// Whether the settings may say that an application without bindings is closed. A release of the provider that knows
/// the flag says so wherever `flags` is not written.
fn may_close(root: &Root<'_>, settings: &Instance<'_>) -> bool {
    const FLAG: &str = "\"core_default_app_access\":";
    if !is_given(settings, "flags") {
        // The first release that knows it.
        let knows = |release: schema::Release<'_>| *release.version().segments() >= [2026, 5][..];
        return root.releases().is_none_or(|releases| releases.releases().any(knows));
    }
    settings.known_string("flags").is_none_or(|flags| {
        let flags: String = flags.value.split_whitespace().collect();
        flags.contains(&format!("{FLAG}false"))
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_binding_that_is_disabled_and_one_to_another_application_shut_nobody_out() {
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/main.tf
locals {
  apps = { wiki = "Wiki", docs = "Docs", feed = "Feed" }
#                 ^^^^^^ warning[application-open-to-all]: all that is bound to `Wiki` is disabled, so everybody who has an account may open it
#                                ^^^^^^ warning[application-open-to-all]: nothing is bound to `Docs`, so everybody who has an account may open it
}
resource "authentik_provider_oauth2" "apps" {
  for_each = local.apps
  name     = each.key
}
resource "authentik_application" "apps" {
  for_each          = local.apps
  name              = each.value
  slug              = each.key
  protocol_provider = authentik_provider_oauth2.apps[each.key].id
}
resource "authentik_policy_binding" "wiki" {
  target  = authentik_application.apps["wiki"].uuid
  group   = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  enabled = false
  order   = 0
}
resource "authentik_policy_binding" "feed" {
  target = authentik_application.apps["feed"].uuid
  group  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  order  = 0
}
resource "authentik_application" "link" {
  name            = "Router"
  slug            = "router"
  meta_launch_url = "https://router.example.org"
}
"#,
        );
    }

    #[test]
    fn a_binding_in_a_module_or_of_an_unknown_number_may_be_enough() {
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/home/main.tf
variable "groups" { type = set(string) }
module "wiki" {
  source      = "../modules/gate"
  application = authentik_application.wiki.uuid
}
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
resource "authentik_application" "docs" {
  name              = "docs"
  slug              = "docs"
  protocol_provider = 2
}
resource "authentik_policy_binding" "docs" {
  for_each = var.groups
  target   = authentik_application.docs.uuid
  group    = each.key
  order    = 0
}
#- tofu/modules/gate/main.tf
variable "application" { type = string }
resource "authentik_policy_binding" "this" {
  target = var.application
  user   = 7
  order  = 0
}
"#,
        );
    }

    #[test]
    fn a_flag_that_is_false_closes_what_nothing_is_bound_to() {
        for flags in ["", r#"flags = jsonencode({ core_default_app_access = false })"#, "flags = var.flags"] {
            let fixture = r#"
#- tofu/main.tf
variable "flags" { type = string }
resource "authentik_system_settings" "this" { FLAGS }
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
"#;
            check_rule("application-open-to-all", &fixture.replace("FLAGS", flags));
        }
    }

    #[test]
    fn a_flag_that_is_true_or_not_known_to_the_release_closes_nothing() {
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2025.12.0"
    }
  }
}
resource "authentik_system_settings" "this" { avatars = "initials" }
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
#                     ^^^^^^ warning[application-open-to-all]: nothing is bound to `wiki`, so everybody who has an account may open it
  protocol_provider = 1
}
"#,
        );
    }

    #[test]
    fn a_binding_anywhere_whose_target_is_unknown_may_be_for_any_application() {
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/one/main.tf
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
#- tofu/two/main.tf
variable "application" { type = string }
resource "authentik_policy_binding" "wiki" {
  target = var.application
  user   = 7
  order  = 0
}
"#,
        );
    }

    #[test]
    fn an_application_that_is_imported_may_have_bindings() {
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/main.tf
import {
  to = authentik_application.wiki
  id = "wiki"
}
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
"#,
        );
    }

    #[test]
    fn a_blueprint_that_names_the_application_may_bind_something() {
        check_rule(
            "application-open-to-all",
            r#"
#- flux/blueprints.yaml
apiVersion: v1
kind: ConfigMap
data:
  wiki.yaml: |
    entries:
      - model: authentik_policies.policybinding
        identifiers: { target: !Find [authentik_core.application, [slug, wiki]], order: 0 }
#- tofu/main.tf
resource "authentik_blueprint" "built_in" {
  name = "login"
  path = "default/flow-default-authentication-flow.yaml"
}
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
resource "authentik_application" "docs" {
  name              = "docs"
  slug              = "docs"
#                     ^^^^^^ warning[application-open-to-all]: nothing is bound to `docs`, so everybody who has an account may open it
  protocol_provider = 2
}
"#,
        );
        check_rule(
            "application-open-to-all",
            r#"
#- tofu/main.tf
resource "authentik_blueprint" "bindings" {
  name    = "bindings"
  content = file("${path.module}/bindings.yaml")
}
resource "authentik_application" "wiki" {
  name              = "wiki"
  slug              = "wiki"
  protocol_provider = 1
}
"#,
        );
    }
}
