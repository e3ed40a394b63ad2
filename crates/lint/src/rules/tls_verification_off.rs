//! A provider that talks to authentik without looking at its certificate.

use crate::{Findings, Repo};

crate::rule! {
    /// The authentik provider does not verify the server's certificate.
    ///
    /// ## Why
    /// With `insecure` the provider sends its API token, which may do everything, to whoever answers: one machine in
    /// between is enough to take over authentik
    /// ([provider reference](https://registry.terraform.io/providers/goauthentik/authentik/latest/docs)).
    ///
    /// ## Fix
    /// Leave `insecure` out. For a certificate authority of your own set `SSL_CERT_FILE` where `tofu` runs.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url      = "https://auth.example.org"
    ///   insecure = true
    /// #            ^^^^ warning[tls-verification-off]: the provider sends its token to `https://auth.example.org` without verifying who answers
    /// }
    /// ```
    ///
    /// With verification:
    /// ```text
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url = "https://auth.example.org"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// For the first apply of a server that has no certificate yet, over a line that you trust.
    "tls-verification-off", Warning, Tofu, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let configured = repo.tofu.roots.iter().flat_map(|root| &root.resolved.providers);
    for one in configured.filter(|one| one.provider.name.value == "authentik") {
        let Some(insecure) = one.content.argument("insecure") else { continue };
        let url = one.content.known_string("url").map(|url| url.value);
        let is_on = insecure.value.as_bool() == Some(true) || insecure.value.as_text() == Some("true");
        if !is_on || url.as_deref().is_some_and(is_loopback) {
            continue;
        }
        let to = url.map_or_else(|| "the server".to_owned(), |url| format!("`{url}`"));
        let message = format!("the provider sends its token to {to} without verifying who answers");
        let help = "remove `insecure`; for a certificate authority of your own set `SSL_CERT_FILE`";
        findings.report(insecure.origin(), message).help(help);
    }
}

/// Whether the host of `url` is the machine itself.
fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let is_address = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || is_address
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn an_address_that_only_looks_local_is_reported() {
        check_rule(
            "tls-verification-off",
            r#"
#- tofu/main.tf
variable "url" { type = string }
locals { insecure = true }
#                   ^^^^ warning[tls-verification-off]: the provider sends its token to the server without verifying who answers
provider "authentik" {
  url      = var.url
  insecure = local.insecure
}
provider "authentik" {
  alias    = "other"
  url      = "https://localhost.example.org"
  insecure = true
#            ^^^^ warning[tls-verification-off]: the provider sends its token to `https://localhost.example.org` without verifying who answers
}
"#,
        );
    }

    #[test]
    fn the_machine_itself_an_unknown_switch_and_other_providers_are_left_alone() {
        check_rule(
            "tls-verification-off",
            r#"
#- tofu/main.tf
variable "insecure" { type = bool }
provider "authentik" {
  url      = "https://127.0.0.1:9443/"
  insecure = true
}
provider "authentik" {
  alias    = "six"
  url      = "https://[::1]:9443"
  insecure = true
}
provider "authentik" {
  alias    = "named"
  url      = "https://localhost:9443"
  insecure = true
}
provider "authentik" {
  alias    = "unknown"
  url      = "https://auth.example.org"
  insecure = var.insecure
}
provider "proxmox" {
  insecure = true
}
"#,
        );
    }
}
