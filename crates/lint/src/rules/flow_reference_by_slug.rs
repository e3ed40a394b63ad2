//! A slug where a UUID is wanted.

use resolve_tofu::{Instance, Mode};

use crate::identity::applications::APPLICATION;
use crate::tofu::{Lead, Root, place};
use crate::{Findings, Repo};

crate::rule! {
    /// An argument that wants the UUID of a flow or of an application has its slug.
    ///
    /// ## Why
    /// The `id` of an `authentik_flow` and of an `authentik_application` is the *slug*; the UUID is `uuid`
    /// ([`resource_flow.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_flow.go)).
    /// `tofu plan` is clean, and the server answers `is not a valid UUID.` at apply. The `id` of the data source
    /// `authentik_flow` is a UUID.
    ///
    /// ## Fix
    /// Write `.uuid`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "grafana" {
    ///   name = "Grafana"
    ///   slug = "grafana"
    /// }
    ///
    /// resource "authentik_policy_binding" "grafana" {
    ///   target = authentik_application.grafana.id
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[flow-reference-by-slug]: `target` wants a UUID; the `id` of an application is its slug
    ///   user   = 7
    ///   order  = 0
    /// }
    /// ```
    ///
    /// By the UUID:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_application" "grafana" {
    ///   name = "Grafana"
    ///   slug = "grafana"
    /// }
    ///
    /// resource "authentik_policy_binding" "grafana" {
    ///   target = authentik_application.grafana.uuid
    ///   user   = 7
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the server refuses it.
    "flow-reference-by-slug", Error, Identity, check
}

/// The resource type of a flow.
const FLOW: &str = "authentik_flow";

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for instance in root.of_family("authentik_") {
            let names = instance.content.arguments.iter().map(|argument| argument.name.value.as_str());
            for name in names.filter(|name| wants_uuid(name)) {
                let Some((target, attribute)) = meant_by_slug(root, instance, name) else { continue };
                let kind = if target.kind() == FLOW { "a flow" } else { "an application" };
                let message = match attribute {
                    "id" => format!("`{name}` wants a UUID; the `id` of {kind} is its slug"),
                    _ => format!("`{name}` wants a UUID, and not the slug of {kind}"),
                };
                let resource = target.resource;
                let help = format!("write `{}.{}.uuid`", resource.kind.value, resource.name.value);
                findings.report(place(instance, name), message).help(help);
            }
        }
    }
}

/// Whether the provider sends the argument on to where the server wants a UUID of a flow, an application, or another
/// thing that policies can be bound to.
fn wants_uuid(name: &str) -> bool {
    ["target", "application", "default_application"].contains(&name)
        || name.ends_with("_flow")
        || name.starts_with("flow_")
}

/// The flow or application whose slug the argument is, and by which attribute.
fn meant_by_slug<'r, 'a>(
    root: &'r Root<'a>,
    instance: &Instance<'_>,
    name: &str,
) -> Option<(&'r Instance<'a>, &'static str)> {
    match root.lead(instance, name) {
        Lead::To(led) => {
            let attribute = ["id", "slug"].into_iter().find(|attribute| *attribute == led.attribute)?;
            let is_meant = [FLOW, APPLICATION].contains(&led.instance.kind());
            (is_meant && led.instance.resource.mode == Mode::Managed).then_some((led.instance, attribute))
        }
        Lead::Literal(slug) if !slug.is_empty() => {
            let has_slug =
                |target: &&Instance<'_>| target.known_string("slug").is_some_and(|known| known.value == slug);
            let kind = if name.contains("application") { APPLICATION } else { FLOW };
            root.of(kind).find(has_slug).map(|target| (target, "slug"))
        }
        Lead::Literal(_) | Lead::Nowhere | Lead::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn flows_are_told_of_in_every_argument_that_wants_one() {
        check_rule(
            "flow-reference-by-slug",
            r#"
#- tofu/main.tf
resource "authentik_flow" "login" {
  name        = "login"
  title       = "login"
  slug        = "login"
  designation = "authentication"
}
resource "authentik_brand" "this" {
  domain              = "."
  flow_authentication = authentik_flow.login.id
#                       ^^^^^^^^^^^^^^^^^^^^^^^ error[flow-reference-by-slug]: `flow_authentication` wants a UUID; the `id` of a flow is its slug
# help: write `authentik_flow.login.uuid`
}
resource "authentik_provider_ldap" "jellyfin" {
  name        = "jellyfin"
  bind_flow   = "login"
#               ^^^^^^^ error[flow-reference-by-slug]: `bind_flow` wants a UUID, and not the slug of a flow
  unbind_flow = authentik_flow.login.uuid
}
"#,
        );
    }

    #[test]
    fn the_id_of_a_data_source_of_a_stage_binding_and_of_an_import_are_left_alone() {
        check_rule(
            "flow-reference-by-slug",
            r#"
#- tofu/main.tf
variable "flow" { type = string }
data "authentik_flow" "login" { slug = "default-authentication-flow" }
import {
  to = authentik_flow.settings
  id = "default-user-settings-flow"
}
resource "authentik_flow" "settings" {
  name        = "settings"
  title       = "settings"
  slug        = "default-user-settings-flow"
  designation = "stage_configuration"
}
resource "authentik_flow_stage_binding" "settings" {
  target = authentik_flow.settings.uuid
  stage  = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  order  = 0
}
resource "authentik_policy_binding" "settings" {
  target = authentik_flow_stage_binding.settings.id
  user   = 7
  order  = 0
}
resource "authentik_provider_ldap" "jellyfin" {
  name        = "jellyfin"
  bind_flow   = data.authentik_flow.login.id
  unbind_flow = var.flow
}
"#,
        );
    }
}
