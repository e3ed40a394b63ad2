//! A dot in the host of a pattern that matches any character.

use tree::Origin;

use crate::identity::hosts;
use crate::identity::redirects::{Matching, RedirectUri, known, quoted};
use crate::{Findings, Repo};

crate::rule! {
    /// A dot in the host of a pattern for redirect URIs is not escaped, so it stands for any character.
    ///
    /// ## Why
    /// `https://app.example.org/.*` also matches `https://appXexample.org/`, which anybody may register: the pattern is
    /// a regular expression of Python that the whole URI must match
    /// ([`views/authorize.py`](https://github.com/goauthentik/authentik/blob/main/authentik/providers/oauth2/views/authorize.py)).
    ///
    /// ## Fix
    /// Write `\\.` between quotes, or `matching_mode = "strict"` where the URI is known as a whole.
    ///
    /// ## Example
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://grafana.example.org/.*" },
    /// #                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-unescaped-dot]: the dots in the host of `https://grafana.example.org/.*` stand for any character
    /// # help: write `"https://grafana\\.example\\.org/.*"`
    ///   ]
    /// }
    /// ```
    ///
    /// Escaped:
    /// ```text
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "regex", url = "https://grafana\\.example\\.org/.*" },
    ///   ]
    /// }
    /// ```
    ///
    /// ## When to allow
    /// Where nobody can register or answer for a host that the pattern matches.
    "redirect-regex-unescaped-dot", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    // What is rendered was told of when the inventory was read.
    let is_written = |uri: &RedirectUri<'_, '_>| {
        let file = repo.files.by_id(uri.url.span.file);
        file.is_none_or(|file| matches!(file.origin, Origin::Written))
    };
    let patterns = known(repo).into_iter().filter(|uri| uri.matching == Matching::Regex);
    for uri in patterns.filter(is_written) {
        let pattern = &uri.url.value;
        let hosts = hosts::of_pattern(pattern);
        // With another character for a dot, an address is no host at all.
        let of_names = hosts.iter().filter(|host| !host.is_address());
        let mut dots: Vec<usize> = of_names.flat_map(|host| host.dots.iter().copied()).collect();
        dots.sort_unstable();
        if dots.is_empty() {
            continue;
        }
        let escape = |(at, character)| dots.binary_search(&at).ok().map(|_| '\\').into_iter().chain([character]);
        let escaped: String = pattern.char_indices().flat_map(escape).collect();
        let (dot, stand) = if dots.len() == 1 { ("dot", "stands") } else { ("dots", "stand") };
        let message = format!("the {dot} in the host of `{pattern}` {stand} for any character");
        findings.report(uri.url.span, message).help(format!("write `{}`", quoted(&escaped)));
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn only_the_dots_of_the_host_that_are_bare_are_told_of() {
        check_rule(
            "redirect-regex-unescaped-dot",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "regex", url = "^https://(wiki|docs).example\\.org/a.b$" },
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[redirect-regex-unescaped-dot]: the dot in the host of `^https://(wiki|docs).example\.org/a.b$` stands for any character
# help: write `"^https://(wiki|docs)\\.example\\.org/a.b$"`
  ]
}
"#,
        );
    }

    #[test]
    fn escaped_dots_dots_behind_the_host_wildcards_and_addresses_are_left_alone() {
        check_rule(
            "redirect-regex-unescaped-dot",
            r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "regex", url = "https://wiki\\.example[.]org/a.b" },
    { matching_mode = "regex", url = "https://.*\\.example\\.org/.+" },
    { matching_mode = "regex", url = "http://127.0.0.1:[0-9]+/callback" },
    { matching_mode = "regex", url = "http://192.0.2.7/callback" },
    { matching_mode = "regex", url = "app.wiki:/callback" },
    { matching_mode = "strict", url = "https://wiki.example.org/callback" },
  ]
}
"#,
        );
    }
}
