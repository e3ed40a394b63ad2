//! A permission that is given to nobody.

use schema::{Share, Version};

use crate::{Findings, Repo};

crate::rule! {
    /// A permission is given to a user by a resource that does nothing.
    ///
    /// ## Why
    /// Since 2025.12 authentik gives permissions to roles alone
    /// ([release notes](https://docs.goauthentik.io/releases/2025.12/)), and the provider's
    /// `authentik_rbac_permission_user` does nothing any more
    /// ([`resource_rbac_permission_user.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_rbac_permission_user.go)):
    /// the apply reports success, and the account may not do what it should.
    ///
    /// ## Fix
    /// Give the permission to a role with `authentik_rbac_permission_role`, and the role to a group that the account
    /// is in.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_rbac_permission_user" "search" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[noop-permission-user]: `authentik_rbac_permission_user` does nothing since the provider 2025.12.0
    ///   user       = 7
    ///   permission = "authentik_providers_ldap.search_full_directory"
    /// }
    /// ```
    ///
    /// By a role:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_rbac_role" "search" {
    ///   name = "ldap-search"
    /// }
    ///
    /// resource "authentik_rbac_permission_role" "search" {
    ///   role       = authentik_rbac_role.search.id
    ///   permission = "authentik_providers_ldap.search_full_directory"
    /// }
    ///
    /// resource "authentik_group" "search" {
    ///   name  = "ldap-search"
    ///   roles = [authentik_rbac_role.search.id]
    ///   users = [7]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: take the block out.
    "noop-permission-user", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let first: Version = "2025.12.0".parse().expect("it is a version");
    for root in &repo.tofu.roots {
        let Some(releases) = root.releases() else { continue };
        if !matches!(releases.share(|release| *release.version() >= first), Share::All) {
            continue;
        }
        for permission in root.of("authentik_rbac_permission_user") {
            let message = "`authentik_rbac_permission_user` does nothing since the provider 2025.12.0";
            let help = "give the permission to a role, `authentik_rbac_permission_role`, and the role to a group";
            findings.report(permission.resource.kind.span, message).help(help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn older_releases_are_left_alone() {
        check_rule(
            "noop-permission-user",
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
resource "authentik_rbac_permission_user" "search" { user = 7 }
"#,
        );
    }
}
