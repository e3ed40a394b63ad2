//! An LDAP provider that remembers binds.

use crate::identity::ldap;
use crate::{Findings, Repo};

crate::rule! {
    /// An LDAP provider remembers who could bind.
    ///
    /// ## Why
    /// With `bind_mode = "cached"` the outpost keeps name and password for as long as the session lasts: whoever was
    /// taken out of a group, or has a new password, still binds with the old one
    /// ([LDAP provider](https://docs.goauthentik.io/add-secure-apps/providers/ldap/)).
    ///
    /// ## Fix
    /// Write `bind_mode = "direct"`, or leave it out.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name      = "jellyfin"
    ///   base_dn   = "ou=jellyfin,dc=example,dc=org"
    ///   bind_mode = "cached"
    /// #             ^^^^^^^^ hint[cached-ldap-bind]: `authentik_provider_ldap.jellyfin` lets people bind who may not any more
    /// }
    /// ```
    ///
    /// Asking each time:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name      = "jellyfin"
    ///   base_dn   = "ou=jellyfin,dc=example,dc=org"
    ///   bind_mode = "direct"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When an app binds so often that the flow behind each bind is too slow, and stale access is a price you pay.
    "cached-ldap-bind", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for provider in repo.tofu.roots.iter().flat_map(|root| root.of(ldap::PROVIDER)) {
        let Some(mode) = provider.known_string("bind_mode").filter(|mode| mode.value == "cached") else { continue };
        let message = format!("`{}` lets people bind who may not any more", provider.address());
        findings.report(mode.span, message).help("write `bind_mode = \"direct\"`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn searches_that_are_remembered_are_left_alone() {
        check_rule(
            "cached-ldap-bind",
            "\n#- tofu/main.tf\nresource \"authentik_provider_ldap\" \"jellyfin\" { search_mode = \"cached\" }\n",
        );
    }
}
