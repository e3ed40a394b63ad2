//! An outpost that cannot serve a provider it lists.

use diagnostic::Span;
use resolve_tofu::{Instance, Mode};

use crate::identity::ldap;
use crate::tofu::{Lead, place, place_or_type, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// An outpost lists a provider of another type than its own.
    ///
    /// ## Why
    /// An outpost is of one type, `proxy` where nothing is written, and the server refuses providers of another one:
    /// `Outpost type proxy can't be used with LDAPProvider providers`
    /// ([`authentik/outposts/api/outposts.py`](https://github.com/goauthentik/authentik/blob/main/authentik/outposts/api/outposts.py)).
    /// `tofu plan` does not know that.
    ///
    /// ## Fix
    /// Write the type of the providers: `type = "ldap"`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    /// #        ^^^^^^^^^^^^^^^^^^^ related: its type is `proxy`
    ///   name               = "ldap"
    ///   protocol_providers = [authentik_provider_ldap.jellyfin.id]
    /// #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[outpost-provider-type-mismatch]: `authentik_provider_ldap.jellyfin` cannot be served by an outpost of type `proxy`
    /// # help: write `type = "ldap"` in `authentik_outpost.ldap`
    /// }
    /// ```
    ///
    /// With its type:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_ldap" "jellyfin" {
    ///   name    = "jellyfin"
    ///   base_dn = "ou=jellyfin,dc=example,dc=org"
    /// }
    ///
    /// resource "authentik_outpost" "ldap" {
    ///   name               = "ldap"
    ///   type               = "ldap"
    ///   protocol_providers = [authentik_provider_ldap.jellyfin.id]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Never: the apply fails.
    "outpost-provider-type-mismatch", Error, Identity, check
}

/// Which outposts serve which providers: `OutpostType` in `authentik/outposts/models.py`.
const SERVED: [(&str, &str); 4] = [
    ("authentik_provider_ldap", "ldap"),
    ("authentik_provider_proxy", "proxy"),
    ("authentik_provider_rac", "rac"),
    ("authentik_provider_radius", "radius"),
];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for root in &repo.tofu.roots {
        for outpost in root.of(ldap::OUTPOST) {
            for (lead, span) in root.leads(outpost, "protocol_providers").into_iter().flatten() {
                tell(outpost, &lead, span, findings);
            }
        }
        for attachment in root.of(ldap::ATTACHMENT) {
            let Some(outpost) = root.lead(attachment, "outpost").managed(ldap::OUTPOST) else { continue };
            let provider = root.lead(attachment, "protocol_provider");
            tell(outpost, &provider, place(attachment, "protocol_provider"), findings);
        }
    }
}

/// Tells of the provider behind `lead`, put on `outpost` at `span`, if that serves no such provider.
fn tell(outpost: &Instance<'_>, lead: &Lead<'_, '_>, span: Span, findings: &mut Findings<'_>) {
    let Some(kind) = text_or(outpost, "type", "proxy") else { return };
    // What a data source finds may be of any type.
    let is_provider = |one: &&Instance<'_>| one.kind().starts_with("authentik_provider_");
    let is_managed = |one: &&Instance<'_>| one.resource.mode == Mode::Managed;
    let Some(provider) = lead.instance().filter(is_provider).filter(is_managed) else { return };
    let wanted = SERVED.iter().find(|(of, _)| *of == provider.kind()).map(|(_, wanted)| *wanted);
    if wanted == Some(kind) {
        return;
    }
    let message = format!("`{}` cannot be served by an outpost of type `{kind}`", provider.address());
    let help = match wanted {
        Some(wanted) => format!("write `type = \"{wanted}\"` in `{}`", outpost.address()),
        None => format!("take it out: no outpost serves an `{}`", provider.kind()),
    };
    let related = (place_or_type(outpost, "type"), format!("its type is `{kind}`"));
    findings.report(span, message).help(help).related(related.0, related.1);
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_provider_that_no_outpost_serves_is_told() {
        check_rule(
            "outpost-provider-type-mismatch",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "grafana" {}
resource "authentik_outpost" "ldap" {
  type               = "ldap"
#                      ^^^^^^ related: its type is `ldap`
  protocol_providers = [authentik_provider_oauth2.grafana.id]
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[outpost-provider-type-mismatch]: `authentik_provider_oauth2.grafana` cannot be served by an outpost of type `ldap`
# help: take it out: no outpost serves an `authentik_provider_oauth2`
}
"#,
        );
    }

    #[test]
    fn an_unknown_type_is_left_alone() {
        check_rule(
            "outpost-provider-type-mismatch",
            r#"
#- tofu/main.tf
variable "type" { type = string }
resource "authentik_provider_ldap" "jellyfin" {}
resource "authentik_outpost" "ldap" {
  type               = var.type
  protocol_providers = [authentik_provider_ldap.jellyfin.id, 7]
}
"#,
        );
    }

    #[test]
    fn a_provider_that_is_attached_is_held_against_the_type_too() {
        check_rule(
            "outpost-provider-type-mismatch",
            r#"
#- tofu/main.tf
resource "authentik_provider_ldap" "jellyfin" {}
resource "authentik_outpost" "apps" {}
#        ^^^^^^^^^^^^^^^^^^^ related: its type is `proxy`
data "authentik_outpost" "embedded" { name = "authentik Embedded Outpost" }
resource "authentik_outpost_provider_attachment" "apps" {
  outpost           = authentik_outpost.apps.id
  protocol_provider = authentik_provider_ldap.jellyfin.id
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[outpost-provider-type-mismatch]: `authentik_provider_ldap.jellyfin` cannot be served by an outpost of type `proxy`
}
resource "authentik_outpost_provider_attachment" "embedded" {
  outpost           = data.authentik_outpost.embedded.id
  protocol_provider = authentik_provider_ldap.jellyfin.id
}
"#,
        );
    }
}
