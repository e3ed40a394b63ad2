//! A service account that its own application keeps out.

use resolve_tofu::Instance;

use crate::identity::{accounts, ldap};
use crate::tofu::{Root, Subject};
use crate::{Findings, Repo};

crate::rule! {
    /// The bindings of an LDAP application let groups in, and not the service account that searches for them.
    ///
    /// ## Why
    /// A bind is checked against the application like a login
    /// ([`internal/outpost/ldap/bind`](https://github.com/goauthentik/authentik/tree/main/internal/outpost/ldap/bind)):
    /// an account that no binding lets in is refused with `Insufficient Access (50)`, so the app cannot look anybody up.
    ///
    /// ## Fix
    /// Bind the account too: an `authentik_policy_binding` with `user`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name = "jellyfin"
    /// }
    ///
    /// resource "authentik_application" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^ related: the application that the account binds for
    ///   slug              = "jellyfin"
    ///   protocol_provider = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_group" "family" {
    ///   name  = "family"
    ///   users = []
    /// }
    ///
    /// resource "authentik_policy_binding" "family" {
    ///   target = authentik_application.jellyfin.uuid
    ///   group  = authentik_group.family.id
    ///   order  = 0
    /// }
    ///
    /// resource "authentik_rbac_role" "search" {
    ///   name = "ldap-search-jellyfin"
    /// }
    ///
    /// resource "authentik_rbac_permission_role" "search" {
    ///   role       = authentik_rbac_role.search.id
    ///   permission = "authentik_providers_ldap.search_full_directory"
    ///   object_id  = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_user" "bind" {
    /// #        ^^^^^^^^^^^^^^^^ warning[bind-account-not-allowed]: no binding of `authentik_application.jellyfin` lets the service account `authentik_user.bind` in
    /// # help: add an `authentik_policy_binding` with `target = authentik_application.jellyfin.uuid` and `user = authentik_user.bind.id`
    ///   username = "ldap-jellyfin"
    ///   type     = "service_account"
    ///   groups   = []
    ///   roles    = [authentik_rbac_role.search.id]
    /// }
    /// ```
    ///
    /// Let in by name:
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
    ///   permission = "authentik_providers_ldap.search_full_directory"
    ///   object_id  = authentik_provider_ldap.jellyfin.id
    /// }
    ///
    /// resource "authentik_user" "bind" {
    ///   username = "ldap-jellyfin"
    ///   type     = "service_account"
    ///   roles    = [authentik_rbac_role.search.id]
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
    /// When the account is put in an allowed group by hand.
    "bind-account-not-allowed", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for provider in root.of(ldap::PROVIDER) {
            for application in accounts::applications(root, provider) {
                let Some(bindings) = accounts::bindings_of(root, application) else { continue };
                let lets_groups_in =
                    bindings.iter().flat_map(|one| &one.subjects).any(|(subject, _)| *subject == Subject::Group);
                let is_let_in = |one: &&&Instance<'_>| accounts::is_let_in(root, &bindings, one) != Some(false);
                // One account that may bind is enough: another may be meant for another app.
                let may_bind = |one: &&Instance<'_>| accounts::is_searcher(root, provider, one) && is_let_in(&one);
                if !lets_groups_in || accounts::named_by(&bindings).iter().any(may_bind) {
                    continue;
                }
                let searchers = accounts::searchers(root, provider);
                if searchers.iter().any(|one| is_let_in(&one)) {
                    continue;
                }
                // Who may search everything, and binds for another app, need not be meant.
                let is_meant = |one: &&&Instance<'_>| {
                    accounts::is_to_search(root, provider) || !binds_elsewhere(root, one, application)
                };
                let Some(account) = searchers.iter().find(is_meant) else { continue };
                let message = format!(
                    "no binding of `{}` lets the service account `{}` in",
                    application.address(),
                    account.address()
                );
                let help = format!(
                    "add an `authentik_policy_binding` with `target = {}.uuid` and `user = {}.id`",
                    application.address(),
                    account.address()
                );
                findings
                    .report(account.resource.kind.span, message)
                    .related(application.resource.kind.span, "the application that the account binds for")
                    .help(help);
            }
        }
    }
}

/// Whether another application with an LDAP provider may let `account` in.
fn binds_elsewhere(root: &Root<'_>, account: &Instance<'_>, application: &Instance<'_>) -> bool {
    let applications = root.of(ldap::PROVIDER).flat_map(|provider| accounts::applications(root, provider));
    let others = applications.filter(|other| other.address() != application.address());
    others
        .map(|other| accounts::bindings_of(root, other))
        .any(|bindings| bindings.is_none_or(|bindings| accounts::is_let_in(root, &bindings, account) != Some(false)))
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_account_whose_groups_are_unknown_is_left_alone() {
        check_rule(
            "bind-account-not-allowed",
            r#"
#- tofu/main.tf
variable "groups" { type = list(string) }
resource "authentik_provider_ldap" "jellyfin" { name = "jellyfin" }
resource "authentik_application" "jellyfin" { protocol_provider = authentik_provider_ldap.jellyfin.id }
resource "authentik_group" "family" { name = "family" }
resource "authentik_policy_binding" "family" {
  target = authentik_application.jellyfin.uuid
  group  = authentik_group.family.id
}
resource "authentik_rbac_role" "search" { name = "search" }
resource "authentik_rbac_permission_role" "search" {
  role       = authentik_rbac_role.search.id
  permission = "authentik_providers_ldap.search_full_directory"
}
resource "authentik_user" "bind" {
  type   = "service_account"
  groups = var.groups
  roles  = [authentik_rbac_role.search.id]
}
"#,
        );
    }

    #[test]
    fn an_account_that_may_search_everything_for_another_app_is_left_alone() {
        check_rule(
            "bind-account-not-allowed",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "apps" {
  for_each = toset(["jellyfin", "emby"])
  name     = each.key
}
resource "authentik_application" "apps" {
  for_each          = toset(["jellyfin", "emby"])
  protocol_provider = authentik_provider_ldap.apps[each.key].id
}
resource "authentik_group" "family" { name = "family" }
resource "authentik_policy_binding" "family" {
  for_each = authentik_application.apps
  target   = each.value.uuid
  group    = authentik_group.family.id
}
resource "authentik_rbac_role" "search" { name = "search" }
resource "authentik_rbac_permission_role" "search" {
  role       = authentik_rbac_role.search.id
  permission = "authentik_providers_ldap.search_full_directory"
}
resource "authentik_user" "jellyfin" {
  type  = "service_account"
  roles = [authentik_rbac_role.search.id]
}
resource "authentik_policy_binding" "jellyfin" {
  target = authentik_application.apps["jellyfin"].uuid
  user   = authentik_user.jellyfin.id
}
"#,
        );
    }

    #[test]
    fn an_account_below_the_group_or_let_in_by_what_is_turned_round_is_left_alone() {
        check_rule(
            "bind-account-not-allowed",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "apps" {
  for_each = toset(["jellyfin", "kavita", "emby"])
  name     = each.key
}
resource "authentik_application" "apps" {
  for_each          = authentik_provider_ldap.apps
  protocol_provider = each.value.id
}
resource "authentik_group" "family" { name = "family" }
resource "authentik_group" "machines" {
  name    = "machines"
  parents = [authentik_group.family.id]
}
resource "authentik_group" "guests" { name = "guests" }
resource "authentik_policy_binding" "family" {
  target = authentik_application.apps["jellyfin"].uuid
  group  = authentik_group.family.id
}
resource "authentik_policy_binding" "not_guests" {
  target = authentik_application.apps["kavita"].uuid
  group  = authentik_group.guests.id
  negate = true
}
resource "authentik_policy_binding" "disabled" {
  target  = authentik_application.apps["emby"].uuid
  group   = authentik_group.guests.id
  enabled = false
}
resource "authentik_rbac_role" "search" { name = "search" }
resource "authentik_rbac_permission_role" "search" {
  for_each   = authentik_provider_ldap.apps
  role       = authentik_rbac_role.search.id
  permission = "authentik_providers_ldap.search_full_directory"
  object_id  = each.value.id
}
resource "authentik_user" "bind" {
  type   = "service_account"
  groups = [authentik_group.machines.id]
  roles  = [authentik_rbac_role.search.id]
}
"#,
        );
    }
}
