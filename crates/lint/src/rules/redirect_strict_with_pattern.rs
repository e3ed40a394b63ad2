//! A pattern that is compared as text.

use crate::identity::redirects::{Matching, known};
use crate::{Findings, Repo};

crate::rule! {
    /// A redirect URI is compared as a whole (`strict`), but is written as a pattern.
    ///
    /// ## Why
    /// With `strict` the server compares byte by byte, so a `*` or a `\.` must stand in the URI that the app sends,
    /// which no app does: every login ends on `Redirect URI Error`
    /// ([`views/authorize.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/oauth2/views/authorize.py)).
    ///
    /// ## Fix
    /// Write the URI out, or `matching_mode = "regex"`.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://grafana.example.org/*" },
    /// #                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-strict-with-pattern]: `strict` compares the whole text, and no app sends the `*` of `https://grafana.example.org/*`
    ///   ]
    /// }
    /// ```
    ///
    /// Written out:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://grafana.example.org/login/generic_oauth" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where the app does send these characters.
    "redirect-strict-with-pattern", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for uri in known(repo).into_iter().filter(|uri| uri.matching == Matching::Strict) {
        let url = &uri.url.value;
        let marks = [".*", "\\.", "(", "^"];
        let mark = marks.into_iter().find(|mark| url.contains(mark)).or_else(|| url.ends_with('*').then_some("*"));
        let Some(mark) = mark else { continue };
        let message = format!("`strict` compares the whole text, and no app sends the `{mark}` of `{url}`");
        findings.report(uri.url.span, message).help("write the URI out, or `matching_mode = \"regex\"`");
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn every_mark_of_a_pattern_is_told_of_and_a_query_is_left_alone() {
        check_rule(
            "redirect-strict-with-pattern",
            r#"
#- tofu/main.tf
variable "mode" { type = string }
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "strict", url = "https://wiki\\.example.org/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-strict-with-pattern]: `strict` compares the whole text, and no app sends the `\.` of `https://wiki\.example.org/cb`
    { matching_mode = "strict", url = "https://wiki.example.org/.*/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-strict-with-pattern]: `strict` compares the whole text, and no app sends the `.*` of `https://wiki.example.org/.*/cb`
    { matching_mode = "strict", url = "https://wiki.example.org/cb?provider=authentik+home&next=a*b" },
    { matching_mode = "strict", url = "http://[::1]:8085/cb" },
    { matching_mode = "regex", url = "https://wiki\\.example\\.org/.*" },
    { matching_mode = var.mode, url = "https://wiki\\.example\\.org/.*" },
  ]
}
"#,
        );
    }
}
