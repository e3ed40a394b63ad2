//! An import by name of what is only known by its UUID.

use resolve_tofu::address;
use syntax::hcl::Kind;

use crate::{Findings, Repo};

/// The resource types that are imported by a UUID; a name that ends with `_` stands for all that begin with it.
const BY_UUID: [&str; 11] = [
    "authentik_brand",
    "authentik_certificate_key_pair",
    "authentik_flow_stage_binding",
    "authentik_group",
    "authentik_outpost",
    "authentik_policy_",
    "authentik_property_mapping_",
    "authentik_rbac_initial_permissions",
    "authentik_rbac_role",
    "authentik_stage_",
    "authentik_service_connection_",
];

crate::rule! {
    /// An import names a thing that authentik finds by its UUID alone.
    ///
    /// ## Why
    /// Stages, groups, brands, policies, mappings and outposts are read by their UUID, which differs from server to
    /// server. With a name or a slug the plan ends with `404 Not Found`
    /// ([`pkg/provider`](https://github.com/goauthentik/terraform-provider-authentik/tree/main/pkg/provider)). Only
    /// flows and applications are imported by slug, and tokens by identifier.
    ///
    /// ## Fix
    /// Look the UUID up in a data source, or copy it from the page of the thing in authentik.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// import {
    ///   to = authentik_stage_identification.login
    ///   id = "default-authentication-identification"
    /// #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[import-id-is-a-name]: `authentik_stage_identification` is imported by its UUID, and `default-authentication-identification` is none
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name = "default-authentication-identification"
    /// }
    /// ```
    ///
    /// With the UUID of this server:
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_stage" "login" {
    ///   name = "default-authentication-identification"
    /// }
    ///
    /// import {
    ///   to = authentik_stage_identification.login
    ///   id = data.authentik_stage.login.id
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    ///   name = "default-authentication-identification"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the import fails.
    "import-id-is-a-name", Error, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for import in repo.tofu.roots.iter().flat_map(|root| &root.resolved.module.imports) {
        let Some((name, _)) = address(&import.to).and_then(|to| to.resource) else { continue };
        let Some(id) = &import.id else { continue };
        let Kind::Text(text) = &id.kind else { continue };
        if is_by_uuid(&name.kind) && !is_uuid(text) {
            let message = format!("`{}` is imported by its UUID, and `{text}` is none", name.kind);
            findings.report(id.span, message).help(help(&name.kind));
        }
    }
}

fn is_by_uuid(kind: &str) -> bool {
    BY_UUID.iter().any(|one| if one.ends_with('_') { kind.starts_with(one) } else { kind == *one })
}

/// Whether authentik reads `text` as a UUID, with hyphens or without.
fn is_uuid(text: &str) -> bool {
    let bare: String = text.chars().filter(|letter| *letter != '-').collect();
    bare.len() == 32 && bare.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where the UUID is found.
fn help(kind: &str) -> String {
    let data = match kind {
        "authentik_brand" | "authentik_group" | "authentik_outpost" | "authentik_certificate_key_pair" => kind,
        _ if kind.starts_with("authentik_stage_") && !kind.starts_with("authentik_stage_prompt_field") => {
            "authentik_stage"
        }
        _ => return "write the UUID, as the address of its page in authentik shows it".to_owned(),
    };
    format!("look it up: `id = data.{data}.NAME.id`")
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn groups_and_mappings_are_imported_by_uuid_too() {
        check_rule(
            "import-id-is-a-name",
            r#"
#- tofu/main.tf
import {
  to = authentik_group.admins["home"]
  id = "authentik Admins"
#      ^^^^^^^^^^^^^^^^^^ error[import-id-is-a-name]: `authentik_group` is imported by its UUID, and `authentik Admins` is none
# help: look it up: `id = data.authentik_group.NAME.id`
}
import {
  to = authentik_property_mapping_provider_scope.openid
  id = "goauthentik.io/providers/oauth2/scope-openid"
#      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[import-id-is-a-name]: `authentik_property_mapping_provider_scope` is imported by its UUID, and `goauthentik.io/providers/oauth2/scope-openid` is none
# help: write the UUID, as the address of its page in authentik shows it
}
resource "authentik_group" "admins" {
  for_each = toset(["home"])
  name     = each.key
}
resource "authentik_property_mapping_provider_scope" "openid" { name = "openid" }
"#,
        );
    }

    #[test]
    fn what_is_imported_by_name_and_what_is_unknown_are_left_alone() {
        check_rule(
            "import-id-is-a-name",
            r#"
#- tofu/main.tf
variable "group" { type = string }
import {
  to = authentik_flow.login
  id = "default-authentication-flow"
}
import {
  to = authentik_application.grafana
  id = "grafana"
}
import {
  to = authentik_token.backup
  id = "backup"
}
import {
  to = authentik_user.alex
  id = "7"
}
import {
  to = authentik_provider_oauth2.grafana
  id = "12"
}
import {
  to = authentik_system_settings.this
  id = "system_settings"
}
import {
  to = authentik_outpost_provider_attachment.grafana
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11:12"
}
import {
  to = authentik_group.known
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
import {
  to = authentik_group.unknown
  id = var.group
}
"#,
        );
    }
}
