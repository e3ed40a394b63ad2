//! A permission without the app it belongs to.

use crate::tofu::{Root, is_given};
use crate::{Findings, Repo};

crate::rule! {
    /// A permission on an object is written without its app.
    ///
    /// ## Why
    /// The provider reads it back as `app.permission`, and a change of it makes a new one
    /// ([`resource_rbac_permission_role.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_rbac_permission_role.go)):
    /// with newer releases each apply replaces it, and for a moment the account may not do what it should.
    ///
    /// ## Fix
    /// Write the app before it: `authentik_providers_ldap.search_full_directory`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_rbac_permission_role" "search" {
    ///   role       = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   model      = "authentik_providers_ldap.ldapprovider"
    ///   permission = "search_full_directory"
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^ warning[short-object-permission]: the permission `search_full_directory` is written without its app
    /// # help: write `authentik_providers_ldap.search_full_directory`
    ///   object_id  = 3
    /// }
    /// ```
    ///
    /// With its app:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_rbac_permission_role" "search" {
    ///   role       = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
    ///   model      = "authentik_providers_ldap.ldapprovider"
    ///   permission = "authentik_providers_ldap.search_full_directory"
    ///   object_id  = 3
    /// }
    /// ```
    ///
    /// ## When to allow
    /// With a provider that keeps the short form, up to 2025.10.
    "short-object-permission", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let kinds = ["authentik_rbac_permission_role", "authentik_rbac_permission_user"];
    // Releases before 2025.12 keep the short form.
    let keeps = |root: &&Root<'_>| {
        root.releases().is_some_and(|releases| *releases.newest().version().segments() < [2025, 12][..])
    };
    let roots = repo.tofu.roots.iter().filter(|root| !keeps(root));
    let all = roots.flat_map(|root| kinds.into_iter().flat_map(|kind| root.of(kind)));
    for instance in all.filter(|instance| is_given(instance, "object_id")) {
        let Some(permission) = instance.known_string("permission") else { continue };
        if permission.value.contains('.') {
            continue;
        }
        let message = format!("the permission `{}` is written without its app", permission.value);
        let model = instance.known_string("model").and_then(|model| Some(model.value.split_once('.')?.0.to_owned()));
        let app = model.unwrap_or_else(|| "…".to_owned());
        findings.report(permission.span, message).help(format!("write `{app}.{}`", permission.value));
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_permission_on_everything_is_left_alone() {
        check_rule(
            "short-object-permission",
            r#"
#- tofu/main.tf
resource "authentik_rbac_permission_role" "search" {
  role       = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  permission = "search_full_directory"
}
"#,
        );
    }

    #[test]
    fn a_provider_that_keeps_the_short_form_is_left_alone() {
        check_rule(
            "short-object-permission",
            r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2025.10.0"
    }
  }
}
resource "authentik_rbac_permission_role" "search" {
  role       = "0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11"
  permission = "search_full_directory"
  model      = "authentik_providers_ldap.ldapprovider"
  object_id  = "7"
}
"#,
        );
    }
}
