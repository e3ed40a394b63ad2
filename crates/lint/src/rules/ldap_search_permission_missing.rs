//! A service account that may bind, and sees nobody.

use crate::identity::{accounts, ldap};
use crate::{Findings, Repo};

crate::rule! {
    /// The service account of an LDAP app may not search the directory.
    ///
    /// ## Why
    /// Without the permission `search_full_directory` a bind works, and a search answers with the account itself and
    /// its groups, without an error: the app finds nobody
    /// ([`authentik/providers/ldap/api.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/ldap/api.py)).
    ///
    /// ## Fix
    /// Give a role the permission on the provider, and the role to a group whose only member is the account: on a group
    /// that people are in, all of them could read the directory.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^ related: the account binds at this provider
    ///   name = "jellyfin"
    /// }
    ///
    /// resource "authentik_application" "jellyfin" {
    ///   slug              = "jellyfin"
    ///   protocol_provider = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_user" "bind" {
    /// #        ^^^^^^^^^^^^^^^^ warning[ldap-search-permission-missing]: the service account `authentik_user.bind` may bind, and no role lets it search the directory
    ///   username = "ldap-jellyfin"
    ///   type     = "service_account"
    /// }
    ///
    /// resource "authentik_policy_binding" "bind" {
    ///   target = authentik_application.jellyfin.uuid
    ///   user   = authentik_user.bind.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// With a role, in a group of its own:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name = "jellyfin"
    /// }
    ///
    /// resource "authentik_application" "jellyfin" {
    ///   slug              = "jellyfin"
    ///   protocol_provider = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_rbac_role" "search" {
    ///   name = "ldap-search-jellyfin"
    /// }
    ///
    /// resource "authentik_rbac_permission_role" "search" {
    ///   role       = authentik_rbac_role.search.id
    ///   model      = "authentik_providers_ldap.ldapprovider"
    ///   permission = "authentik_providers_ldap.search_full_directory"
    ///   object_id  = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_user" "bind" {
    ///   username = "ldap-jellyfin"
    ///   type     = "service_account"
    /// }
    ///
    /// resource "authentik_group" "search" {
    ///   name  = "ldap-search-jellyfin"
    ///   roles = [authentik_rbac_role.search.id]
    ///   users = [authentik_user.bind.id]
    /// }
    ///
    /// resource "authentik_policy_binding" "bind" {
    ///   target = authentik_application.jellyfin.uuid
    ///   user   = authentik_user.bind.id
    ///   order  = 0
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the app only binds, as each person, and never searches.
    "ldap-search-permission-missing", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for provider in root.of(ldap::PROVIDER) {
            for application in accounts::applications(root, provider) {
                for account in accounts::let_in(root, application) {
                    if accounts::may_search(root, account, provider) != Some(false) {
                        continue;
                    }
                    let message = format!(
                        "the service account `{}` may bind, and no role lets it search the directory",
                        account.address()
                    );
                    let help = "give a role `authentik_providers_ldap.search_full_directory` on the provider, and the \
                                role to a group whose only member is the account";
                    findings
                        .report(account.resource.kind.span, message)
                        .related(provider.resource.kind.span, "the account binds at this provider")
                        .help(help);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const HEAD: &str = r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "jellyfin" { name = "jellyfin" }
resource "authentik_application" "jellyfin" { protocol_provider = authentik_provider_ldap.jellyfin.id }
resource "authentik_policy_binding" "bind" {
  target = authentik_application.jellyfin.uuid
  user   = authentik_user.bind.id
}
"#;

    #[test]
    fn roles_and_groups_that_are_unknown_are_left_alone() {
        for rest in [
            "variable \"roles\" { type = list(string) }\nresource \"authentik_user\" \"bind\" {\n  type = \"service_account\"\n  roles = var.roles\n}\n\
             resource \"authentik_rbac_permission_role\" \"search\" {\n  role = \"x\"\n  permission = \"search_full_directory\"\n}\n",
            "data \"authentik_group\" \"search\" { name = \"ldap-search\" }\nresource \"authentik_user\" \"bind\" {\n  type = \"service_account\"\n  groups = [data.authentik_group.search.id]\n}\n\
             resource \"authentik_rbac_permission_role\" \"search\" {\n  role = \"x\"\n  permission = \"search_full_directory\"\n}\n",
            "resource \"authentik_user\" \"bind\" { type = \"internal\" }\n",
            "data \"authentik_group\" \"admins\" { name = \"authentik Admins\" }\nresource \"authentik_user\" \"bind\" {\n  type = \"service_account\"\n  groups = [data.authentik_group.admins.id]\n}\n",
            "resource \"authentik_group\" \"admins\" { is_superuser = true }\nresource \"authentik_user\" \"bind\" {\n  type = \"service_account\"\n  groups = [authentik_group.admins.id]\n}\n",
            "resource \"authentik_user\" \"bind\" {\n  type = \"service_account\"\n  roles = [\"0b5e1c0e-6a55-4f0a-9d3c-1d9f1d2f8a11\"]\n}\n",
        ] {
            check_rule("ldap-search-permission-missing", &format!("{HEAD}{rest}"));
        }
    }
}
