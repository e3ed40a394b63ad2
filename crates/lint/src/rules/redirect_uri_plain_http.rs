//! A redirect URI without TLS.

use diagnostic::Severity;

use crate::identity::hosts;
use crate::identity::redirects::{Matching, RedirectUri, known, quoted};
use crate::{Findings, Repo};

crate::rule! {
    /// A redirect URI begins with `http://`, and its host is not the machine that the browser runs on.
    ///
    /// ## Why
    /// The authorization code travels to that address in clear, and who answers for the host on the way can take it
    /// ([RFC 9700, section 2.6](https://www.rfc-editor.org/rfc/rfc9700#section-2.6)). Loopback hosts are meant for
    /// `http`; a name without a dot or below `.local` is only hinted at.
    ///
    /// ## Fix
    /// Serve the app by HTTPS and write `https://`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "http://grafana.example.org/login/generic_oauth" },
    /// #                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-uri-plain-http]: a redirect URI of `grafana` goes to `grafana.example.org` without TLS
    /// # help: write `"https://grafana.example.org/login/generic_oauth"`
    ///   ]
    /// }
    /// ```
    ///
    /// By HTTPS, and on the person's own machine:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" },
    ///     { matching_mode = "strict", url = "http://localhost:8085/auth/callback" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the app cannot do HTTPS, and the network between it and the browser is trusted.
    "redirect-uri-plain-http", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for uri in known(repo) {
        let Some((host, severity)) = host_without_tls(&uri) else { continue };
        let message = format!("a redirect URI of {} goes to `{host}` without TLS", uri.called());
        let secured = uri.url.value.replacen("https?", "https", 1).replacen("http:", "https:", 1);
        let help = format!("write `{}`", quoted(&secured));
        findings.report(uri.url.span, message).help(help).severity(severity);
    }
}

/// Where the URI goes by `http`, and how much that weighs.
fn host_without_tls(uri: &RedirectUri<'_, '_>) -> Option<(String, Severity)> {
    let weight = |host: &str| if hosts::is_local(host) { Severity::Hint } else { Severity::Warning };
    match uri.matching {
        Matching::Strict => {
            let hosts::Place { scheme, host, .. } = hosts::of(&uri.url.value)?;
            (scheme == "http" && !hosts::is_loopback(&host)).then(|| (host.clone(), weight(&host)))
        }
        Matching::Regex => {
            let hosts = hosts::of_pattern(&uri.url.value);
            let open = hosts.iter().find(|host| host.takes_http && !host.is_loopback())?;
            Some(match open.plain() {
                Some(host) => (host.clone(), weight(&host)),
                None => (open.source.clone(), Severity::Warning),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn a_pattern_that_takes_http_is_told_of_and_a_local_name_weighs_less() {
        check_rule(
            "redirect-uri-plain-http",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "regex", url = "https?://wiki\\.example\\.org/.*" },
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-uri-plain-http]: a redirect URI of `apps` goes to `wiki.example.org` without TLS
# help: write `"https://wiki\\.example\\.org/.*"`
    { matching_mode = "regex", url = "^http://.*\\.example\\.org/cb" },
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-uri-plain-http]: a redirect URI of `apps` goes to `.*\.example\.org` without TLS
# help: write `"^https://.*\\.example\\.org/cb"`
    { matching_mode = "strict", url = "http://nas:8080/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^ hint[redirect-uri-plain-http]: a redirect URI of `apps` goes to `nas` without TLS
    { matching_mode = "strict", url = "http://nas.local/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^^ hint[redirect-uri-plain-http]: a redirect URI of `apps` goes to `nas.local` without TLS
    { matching_mode = "strict", url = "http://192.0.2.7/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^^ warning[redirect-uri-plain-http]: a redirect URI of `apps` goes to `192.0.2.7` without TLS
  ]
}
"#,
        );
    }

    #[test]
    fn loopback_hosts_and_other_schemes_are_left_alone() {
        check_rule(
            "redirect-uri-plain-http",
            r#"
#- tofu/main.tf
variable "url" { type = string }
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "strict", url = "http://localhost/cb" },
    { matching_mode = "strict", url = "http://127.8.0.1:8085/cb" },
    { matching_mode = "strict", url = "http://[::1]:8085/cb" },
    { matching_mode = "regex", url = "http://(localhost|127\\.0\\.0\\.1)(:\\d+)?/cb" },
    { matching_mode = "regex", url = "http://localhost:.*" },
    { matching_mode = "strict", url = "app.immich:///oauth-callback" },
    { matching_mode = "strict", url = var.url },
  ]
}
"#,
        );
    }
}
