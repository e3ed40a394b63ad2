//! What authentik brings along, taken over by OpenTofu and open to its `destroy`.

use resolve_tofu::{Import, Instance, Mode, ResourceName, Target, address, references};
use syntax::hcl::Kind;

use crate::tofu::Root;
use crate::{Findings, Repo};

crate::rule! {
    /// A stage, flow or brand that authentik brings along is imported, and OpenTofu may destroy it.
    ///
    /// ## Why
    /// An imported resource is OpenTofu's to delete. A `tofu destroy`, or a block that is taken out, removes the
    /// built-in stage from the login flow, and nobody logs in any more
    /// ([`prevent_destroy`](https://opentofu.org/docs/language/meta-arguments/lifecycle/)).
    ///
    /// ## Fix
    /// Add `lifecycle { prevent_destroy = true }`. On the way out write a `removed` block with `destroy = false`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// data "authentik_stage" "login" {
    ///   name = "default-authentication-identification"
    /// }
    ///
    /// import {
    /// ^^^^^^ related: it is imported here
    ///   to = authentik_stage_identification.login
    ///   id = data.authentik_stage.login.id
    /// }
    ///
    /// resource "authentik_stage_identification" "login" {
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[builtin-stage-unprotected]: `authentik_stage_identification.login` is authentik's own `default-authentication-identification`, and `tofu destroy` would delete it
    ///   name        = "default-authentication-identification"
    ///   user_fields = ["username", "email"]
    /// }
    /// ```
    ///
    /// Protected:
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
    ///   name        = "default-authentication-identification"
    ///   user_fields = ["username", "email"]
    ///
    ///   lifecycle {
    ///     prevent_destroy = true
    ///   }
    /// }
    /// ```
    ///
    /// ## When to allow
    /// For a server that is thrown away together with the state.
    "builtin-stage-unprotected", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for import in &root.resolved.module.imports {
            let Some(target) = target(root, import).filter(|target| !is_protected(target)) else { continue };
            let Some(builtin) = builtin(root, import, target) else { continue };
            let name = target.resource.resource_name();
            let message = format!("`{name}` is authentik's own `{builtin}`, and `tofu destroy` would delete it");
            let finding = findings.report(target.resource.header, message);
            finding.related(import.header, "it is imported here").help("add `lifecycle { prevent_destroy = true }`");
        }
    }
}

/// The first instance of the block that is imported to.
fn target<'r, 'a>(root: &'r Root<'a>, import: &Import) -> Option<&'r Instance<'a>> {
    let to = address(&import.to)?;
    let (name, _) = to.resource?;
    root.resolved.instances.iter().find(|instance| {
        instance.resource.resource_name() == name && instance.module_address.is_empty() == to.modules.is_empty()
    })
}

/// What authentik calls the thing, if it brings it along: by the data source that finds it, by the resource itself, or
/// by the slug that a flow is imported by.
fn builtin(root: &Root<'_>, import: &Import, target: &Instance<'_>) -> Option<String> {
    let handle = handle(target.kind())?;
    let id = import.id.as_ref()?;
    let found_by = references(id, &[]).into_iter().find_map(|reference| match reference.target {
        Target::Resource(ResourceName { mode: Mode::Data, kind, name }) => root
            .resolved
            .data(&kind)
            .find(|data| data.module_address.is_empty() && data.resource.name.value == name)
            .and_then(|data| data.known_string(handle).map(|found| found.value)),
        _ => None,
    });
    let written = || target.known_string(handle).map(|found| found.value);
    let slug = || match &id.kind {
        Kind::Text(text) if handle == "slug" => Some(text.clone()),
        _ => None,
    };
    found_by.or_else(written).or_else(slug).filter(|name| is_builtin(name))
}

/// The argument that tells what authentik's blueprints made of that type.
fn handle(kind: &str) -> Option<&'static str> {
    match kind {
        "authentik_flow" => Some("slug"),
        "authentik_brand" => Some("domain"),
        _ => kind.starts_with("authentik_stage_").then_some("name"),
    }
}

fn is_builtin(name: &str) -> bool {
    name.starts_with("default-") || ["authentik-default", "initial-setup"].contains(&name)
}

fn is_protected(target: &Instance<'_>) -> bool {
    let lifecycle = &target.resource.lifecycle;
    lifecycle.iter().any(|one| one.name.value == "prevent_destroy" && one.value.kind != Kind::Bool(false))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn flows_and_the_brand_are_built_in_too() {
        check_rule(
            "builtin-stage-unprotected",
            r#"
#- tofu/main.tf
import {
^^^^^^ related: it is imported here
  to = authentik_flow.login
  id = "default-authentication-flow"
}
resource "authentik_flow" "login" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[builtin-stage-unprotected]: `authentik_flow.login` is authentik's own `default-authentication-flow`, and `tofu destroy` would delete it
# help: add `lifecycle { prevent_destroy = true }`
  name        = "Welcome"
  slug        = "default-authentication-flow"
  title       = "Welcome"
  designation = "authentication"
  lifecycle { prevent_destroy = false }
}
import {
^^^^^^ related: it is imported here
  to = authentik_brand.default
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
resource "authentik_brand" "default" {
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[builtin-stage-unprotected]: `authentik_brand.default` is authentik's own `authentik-default`, and `tofu destroy` would delete it
  domain  = "authentik-default"
  default = true
}
"#,
        );
    }

    #[test]
    fn a_stage_of_ones_own_and_one_that_is_not_imported_are_left_alone() {
        check_rule(
            "builtin-stage-unprotected",
            r#"
#- tofu/main.tf
import {
  to = authentik_stage_identification.own
  id = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
}
resource "authentik_stage_identification" "own" { name = "home-identification" }
resource "authentik_stage_password" "made" {
  name     = "default-authentication-password"
  backends = ["authentik.core.auth.InbuiltBackend"]
}
"#,
        );
    }
}
