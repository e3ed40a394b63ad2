//! A pattern for redirect URIs that admits other people's sites.

use diagnostic::Severity;

use crate::identity::hosts::{self, Reach};
use crate::identity::redirects::{Matching, known};
use crate::{Findings, Repo};

crate::rule! {
    /// The host in a pattern for redirect URIs also matches hosts of other people.
    ///
    /// ## Why
    /// Whoever gets a person to open a login link with a redirect URI that the pattern matches receives the
    /// authorization code. The pattern is matched against the whole URI
    /// ([`views/authorize.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/oauth2/views/authorize.py)),
    /// and `.*` does not stop at a slash: even `https://.*\.example\.org/` matches `https://attacker.test/.example.org/`.
    /// That is a warning, a pattern for any host an error.
    ///
    /// ## Fix
    /// Write the host out and escape its dots, or let the pattern vary within one label: `[a-z0-9-]+\\.example\\.org`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://.*/login/generic_oauth" },
    /// #                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-regex-wildcard-host]: the pattern of `grafana` also matches `https://attacker.test/…`, so a login may end on a site of anybody's
    ///   ]
    /// }
    /// ```
    ///
    /// The host is written out:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://grafana\\.example\\.org/login/.*" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the provider is reached from a test bench alone.
    "redirect-regex-wildcard-host", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for uri in known(repo).into_iter().filter(|uri| uri.matching == Matching::Regex) {
        let hosts = hosts::of_pattern(&uri.url.value);
        // The host of an app's own scheme is no site.
        let of_the_web = hosts.iter().filter(|host| host.takes_http || host.takes_https);
        let worst = of_the_web.filter_map(|host| Some((host.reach()?, host.takes_https))).min();
        let anything =
            || hosts::admits_anything(&uri.url.value).then(|| (Reach::Foreign("attacker.test".to_owned()), true));
        let Some((reach, is_secured)) = worst.or_else(anything) else { continue };
        let scheme = if is_secured { "https" } else { "http" };
        let (severity, site) = match reach {
            Reach::Foreign(host) => (Severity::Error, host),
            Reach::Around(site) => (Severity::Warning, site.trim_end_matches('/').to_owned()),
        };
        let help = if site.contains(":@") {
            "let nothing but digits be a port: `(:[0-9]+)?`"
        } else if severity == Severity::Error && site != "attacker.test" {
            "write the host out, and a `/` behind it: `https://app\\\\.example\\\\.org/.*`"
        } else {
            "write the host out, or vary one label of it: `[a-z0-9-]+\\\\.example\\\\.org`"
        };
        let message = format!(
            "the pattern of {} also matches `{scheme}://{site}/…`, so a login may end on a site of anybody's",
            uri.called()
        );
        findings.report(uri.url.span, message).help(help).severity(severity);
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_wildcard_below_a_domain_of_ones_own_is_less_and_a_pattern_for_everything_is_an_error() {
        check_rule(
            "redirect-regex-wildcard-host",
            r#"
#- tofu/main.tf
locals {
  patterns = [
    "https://.*\\.example\\.org/callback",
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-wildcard-host]: the pattern of `apps` also matches `https://attacker.test/.example.org/…`, so a login may end on a site of anybody's
    "https://wiki\\.example\\.org.*",
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[redirect-regex-wildcard-host]: the pattern of `apps` also matches `https://wiki.example.org.attacker.test/…`, so a login may end on a site of anybody's
    "http://localhost(:.*)?",
#   ^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-wildcard-host]: the pattern of `apps` also matches `http://localhost:@attacker.test/…`, so a login may end on a site of anybody's
# help: let nothing but digits be a port: `(:[0-9]+)?`
    ".*",
#   ^^^^ error[redirect-regex-wildcard-host]: the pattern of `apps` also matches `https://attacker.test/…`, so a login may end on a site of anybody's
  ]
}
resource "authentik_provider_oauth2" "apps" {
  name                  = "apps"
  allowed_redirect_uris = [for url in local.patterns : { matching_mode = "regex", url = url }]
}
"#,
        );
    }

    #[test]
    fn hosts_that_cannot_leave_the_domain_other_schemes_and_strict_uris_are_left_alone() {
        check_rule(
            "redirect-regex-wildcard-host",
            r#"
#- tofu/main.tf
variable "url" { type = string }
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "regex", url = "https://[a-z0-9-]+\\.example\\.org/.*" },
    { matching_mode = "regex", url = "https://wiki\\.example\\.org(:[0-9]+)?/.*" },
    { matching_mode = "regex", url = "app\\.wiki://.*" },
    { matching_mode = "strict", url = "https://.*/callback" },
    { matching_mode = "regex", url = var.url },
  ]
}
"#,
        );
    }
}
