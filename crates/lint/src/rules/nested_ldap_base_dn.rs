//! An LDAP provider whose base DN lies below another's.

use diagnostic::Severity;

use crate::identity::ldap;
use crate::{Findings, Repo};

crate::rule! {
    /// An LDAP provider's base DN ends with that of another provider of the same outpost.
    ///
    /// ## Why
    /// An outpost hands a bind to the first provider by *name* whose base DN the bind DN ends with, and a search to the
    /// one with the longest base DN. Where the outer provider's name comes first, the inner app binds at the outer
    /// provider and searches at its own, which is refused with `Insufficient Access (50)`
    /// ([`internal/outpost/ldap`](https://github.com/goauthentik/authentik/tree/main/internal/outpost/ldap)). Where the
    /// inner name comes first, both work until somebody renames one: then it is a warning.
    ///
    /// ## Fix
    /// Put the apps side by side: `ou=jellyfin,dc=ldap,dc=example,dc=org` and `ou=kavita,dc=ldap,dc=example,dc=org`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "all" {
    ///   name    = "all"
    ///   base_dn = "dc=ldap,dc=example,dc=org"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: `all` has this base DN
    /// }
    ///
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=ldap,dc=example,dc=org"
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[nested-ldap-base-dn]: the base DN of `jellyfin` lies below that of `all`, which takes its binds
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [authentik_provider_ldap.all.id, authentik_provider_ldap.jellyfin.id]
    /// }
    /// ```
    ///
    /// Side by side:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "apps" {
    ///   for_each = toset(["jellyfin", "kavita"])
    ///   name     = each.key
    ///   base_dn  = "ou=${each.key},dc=ldap,dc=example,dc=org"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [for provider in authentik_provider_ldap.apps : provider.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: it works by luck of the names at best.
    "nested-ldap-base-dn", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for group in ldap::served_together(root) {
            for inner in &group {
                let base = inner.base_dn.value.to_lowercase();
                let is_outer = |other: &&ldap::Served<'_, '_>| {
                    let other = other.base_dn.value.to_lowercase();
                    other.len() < base.len() && !other.is_empty() && base.ends_with(&other)
                };
                let Some(outer) = group.iter().filter(is_outer).min_by_key(|outer| outer.name.clone()) else {
                    continue;
                };
                let names_are_known = !inner.name.is_empty() && !outer.name.is_empty();
                let (consequence, severity) = match outer.name < inner.name {
                    true => ("which takes its binds", Severity::Error),
                    false => ("and only the order of their names keeps its binds apart", Severity::Warning),
                };
                let message =
                    format!("the base DN of {} lies below that of {}, {consequence}", inner.called(), outer.called());
                findings
                    .report(inner.base_dn.span, message)
                    .severity(if names_are_known { severity } else { Severity::Warning })
                    .related(outer.base_dn.span, format!("{} has this base DN", outer.called()))
                    .help("put the apps side by side, each on an organizational unit of its own");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn what_works_by_luck_of_the_names_is_a_warning() {
        check_rule(
            "nested-ldap-base-dn",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "all" {
  name    = "zz all"
  base_dn = "DC=ldap,DC=example,DC=org"
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ related: `zz all` has this base DN
}
resource "authentik_provider_ldap" "jellyfin" {
  name    = "jellyfin"
  base_dn = "ou=jellyfin,dc=ldap,dc=example,dc=org"
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[nested-ldap-base-dn]: the base DN of `jellyfin` lies below that of `zz all`, and only the order of their names keeps its binds apart
}
resource "authentik_outpost" "ldap" {
  name               = "ldap"
  type               = "ldap"
  protocol_providers = [authentik_provider_ldap.all.id, authentik_provider_ldap.jellyfin.id]
}
"#,
        );
    }

    #[test]
    fn siblings_and_other_outposts_are_left_alone() {
        check_rule(
            "nested-ldap-base-dn",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "apps" {
  for_each = { a = "dc=b", b = "dc=ab", c = "ou=c,dc=ab", d = "ou=d,dc=ab" }
  name     = each.key
  base_dn  = each.value
}
resource "authentik_outpost" "siblings" {
  name               = "siblings"
  type               = "ldap"
  protocol_providers = [for key in ["c", "d"] : authentik_provider_ldap.apps[key].id]
}
resource "authentik_outpost" "others" {
  name               = "others"
  type               = "ldap"
  protocol_providers = [for key in ["a", "b"] : authentik_provider_ldap.apps[key].id]
}
"#,
        );
    }
}
