//! An outpost whose providers are written in two places.

use crate::identity::ldap;
use crate::tofu::is_ignored;
use crate::{Findings, Repo};

crate::rule! {
    /// An outpost's providers are written in its own list, and attached to it too.
    ///
    /// ## Why
    /// The list holds all providers of the outpost, and an `authentik_outpost_provider_attachment` adds one to it
    /// behind the list's back: every plan wants to take it out again. Attachments also lose each other: they read the
    /// list, add one and write it back, not at once
    /// ([`resource_outpost_provider_attachment.go`](https://github.com/goauthentik/terraform-provider-authentik/blob/main/pkg/provider/resource_outpost_provider_attachment.go)).
    ///
    /// ## Fix
    /// Name all providers in `protocol_providers`, and drop the attachment. Where the list must stay out of it, tell
    /// OpenTofu so: `lifecycle { ignore_changes = [protocol_providers] }`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_outpost" "ldap" {
    /// #        ^^^^^^^^^^^^^^^^^^^ related: its own list is here
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [3]
    /// }
    ///
    /// resource "authentik_outpost_provider_attachment" "jellyfin" {
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[outpost-owned-twice]: `authentik_outpost_provider_attachment.jellyfin` adds to the list that `authentik_outpost.ldap` writes as a whole
    ///   outpost           = authentik_outpost.ldap.id
    ///   protocol_provider = 4
    /// }
    /// ```
    ///
    /// In one list:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [3, 4]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the plan is not empty any more.
    "outpost-owned-twice", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for attachment in root.of(ldap::ATTACHMENT) {
            let lead = root.lead(attachment, "outpost");
            let Some(outpost) = lead.managed(ldap::OUTPOST) else { continue };
            if is_ignored(outpost, "protocol_providers") {
                continue;
            }
            let message =
                format!("`{}` adds to the list that `{}` writes as a whole", attachment.address(), outpost.address());
            findings
                .report(attachment.resource.kind.span, message)
                .related(outpost.resource.kind.span, "its own list is here")
                .help("name the provider in `protocol_providers`, and drop the attachment");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_list_that_is_left_to_the_attachments_is_right() {
        check_rule(
            "outpost-owned-twice",
            r#"
#- tofu/main.tf
resource "authentik_outpost" "ldap" {
  type               = "ldap"
  protocol_providers = [3]
  lifecycle { ignore_changes = [protocol_providers] }
}
data "authentik_outpost" "embedded" { name = "authentik Embedded Outpost" }
resource "authentik_outpost_provider_attachment" "all" {
  for_each          = { one = authentik_outpost.ldap.id, two = data.authentik_outpost.embedded.id }
  outpost           = each.value
  protocol_provider = 4
}
"#,
        );
    }
}
