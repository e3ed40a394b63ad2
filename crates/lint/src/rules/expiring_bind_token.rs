//! A password for LDAP that ends on its own.

use diagnostic::Severity;

use crate::tofu::{flag, is_given, place_or_type, text_or};
use crate::{Findings, Repo};

crate::rule! {
    /// A token that an app binds with expires.
    ///
    /// ## Why
    /// A token expires where `expiring` is not written, after half an hour, and an expired `app_password` is deleted
    /// ([`authentik/core/models.py`](https://github.com/goauthentik/authentik/blob/main/authentik/core/models.py)): the
    /// app works until then.
    ///
    /// ## Fix
    /// Write `expiring = false`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_token" "bind" {
    /// #        ^^^^^^^^^^^^^^^^^ error[expiring-bind-token]: the app password `authentik_token.bind` is deleted once it expires, half an hour after it was made
    ///   identifier   = "ldap-jellyfin"
    ///   user         = 7
    ///   intent       = "app_password"
    ///   retrieve_key = true
    /// }
    /// ```
    ///
    /// For good:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_token" "bind" {
    ///   identifier   = "ldap-jellyfin"
    ///   user         = 7
    ///   intent       = "app_password"
    ///   expiring     = false
    ///   retrieve_key = true
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When somebody makes a new one in time.
    "expiring-bind-token", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for token in repo.tofu.roots.iter().flat_map(|root| root.of("authentik_token")) {
        if text_or(token, "intent", "") != Some("app_password") || flag(token, "expiring", true) != Some(true) {
            continue;
        }
        let is_dated = is_given(token, "expires");
        let after = if is_dated { "" } else { ", half an hour after it was made" };
        let message = format!("the app password `{}` is deleted once it expires{after}", token.address());
        let span = place_or_type(token, "expiring");
        let severity = if is_dated { Severity::Warning } else { Severity::Error };
        findings.report(span, message).severity(severity).help("write `expiring = false`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_date_that_somebody_chose_is_a_warning_and_other_tokens_are_left_alone() {
        check_rule(
            "expiring-bind-token",
            r#"
#- tofu/main.tf
resource "authentik_token" "bind" {
  intent   = "app_password"
  expiring = true
#            ^^^^ warning[expiring-bind-token]: the app password `authentik_token.bind` is deleted once it expires
  expires  = "2030-01-01T00:00:00Z"
}
resource "authentik_token" "api" {
  intent = "api"
}
"#,
        );
    }
}
