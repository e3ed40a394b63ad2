//! A client id that is not that of the provider.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use diagnostic::Spanned;
use regex::Regex;

use crate::identity::applications;
use crate::identity::workloads::{Mention, mentions, settings, within};
use crate::{Findings, Repo};

crate::rule! {
    /// A workload logs in at an application with another client id than its provider has.
    ///
    /// ## Why
    /// The server looks a client up by its id. It answers one that it does not know with `The client identifier
    /// (client_id) is missing or invalid`, and one of another application with tokens of another issuer, which the
    /// workload refuses ([OAuth2 provider](https://docs.goauthentik.io/add-secure-apps/providers/oauth2/)).
    ///
    /// ## Fix
    /// Write the `client_id` of the provider, or read it from the Secret that OpenTofu fills.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/wiki.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: wiki, namespace: apps }
    /// spec:
    ///   values:
    ///     env:
    ///       OIDC_ISSUER: https://auth.example.org/application/o/wiki/
    ///       OIDC_CLIENT_ID: wikki
    /// #                     ^^^^^ error[client-id-mismatch]: HelmRelease `wiki` has the client id `wikki`, but the provider of `Wiki` has `wiki`
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url = "https://auth.example.org"
    /// }
    ///
    /// resource "authentik_provider_oauth2" "wiki" {
    ///   name      = "wiki"
    ///   client_id = "wiki"
    /// #             ^^^^^^ related: the provider has this one
    /// }
    ///
    /// resource "authentik_application" "wiki" {
    ///   name              = "Wiki"
    ///   slug              = "wiki"
    ///   protocol_provider = authentik_provider_oauth2.wiki.id
    /// }
    /// ```
    ///
    /// With the one of the provider:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/wiki.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: wiki, namespace: apps }
    /// spec:
    ///   values:
    ///     env:
    ///       OIDC_ISSUER: https://auth.example.org/application/o/wiki/
    ///       OIDC_CLIENT_ID: wiki
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url = "https://auth.example.org"
    /// }
    ///
    /// resource "authentik_provider_oauth2" "wiki" {
    ///   name      = "wiki"
    ///   client_id = "wiki"
    /// }
    ///
    /// resource "authentik_application" "wiki" {
    ///   name              = "Wiki"
    ///   slug              = "wiki"
    ///   protocol_provider = authentik_provider_oauth2.wiki.id
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the client id belongs to another server than the URL beside it.
    "client-id-mismatch", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(made) = applications::all(repo) else { return };
    let mentions = mentions(repo);
    let mut told = std::collections::BTreeSet::new();
    for mention in &mentions {
        let Some(client_id) = beside(repo, mention, &mentions) else { continue };
        let of_slug: Vec<_> = made.iter().filter(|one| one.slug.value == mention.slug.value).collect();
        let known: Option<Vec<_>> = of_slug.iter().map(|one| one.provider?.known_string("client_id")).collect();
        let Some((known, first)) = known.as_deref().and_then(|known| Some((known, known.first()?))) else { continue };
        if known.iter().any(|known| known.value == client_id.value) || !told.insert(client_id.span) {
            continue;
        }
        let message = format!(
            "{} has the client id `{}`, but the provider of {} has `{}`",
            mention.by(),
            client_id.value,
            applications::called(of_slug[0].application),
            first.value
        );
        findings
            .report(client_id.span, message)
            .related(first.span, "the provider has this one")
            .help(format!("write `{}`", first.value));
    }
}

/// The client id that is set beside `mention`, where it is written out, and belongs to no other application.
fn beside<'f>(repo: &Repo<'_>, mention: &Mention<'f>, all: &[Mention<'f>]) -> Option<Spanned<String>> {
    let found = within_text(repo, mention).or_else(|| around(mention))?;
    let is_same_place = |other: &&Mention<'_>| match (mention.text.around, other.text.around) {
        (Some(one), Some(two)) => std::ptr::eq(one, two),
        _ => false,
    };
    let is_alone = all.iter().filter(is_same_place).all(|other| other.slug.value == mention.slug.value);
    let is_written_out = !found.value.is_empty() && !found.value.contains(['$', '{', '%', '<', '>', '(', '[']);
    (is_alone && is_written_out).then_some(found)
}

/// The only one in the same text: `clientID: wiki`, `"client_id": "wiki"`.
fn within_text(repo: &Repo<'_>, mention: &Mention<'_>) -> Option<Spanned<String>> {
    static CLIENT: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i)client[_-]?id["']?\s*[:=]\s*["']?([^"'\s,}]+)"#;
        Regex::new(pattern).expect("the pattern is right")
    });
    let mut found = CLIENT.captures_iter(mention.text.text);
    let (first, None) = (found.next()?, found.next()) else { return None };
    let value = first[1].to_owned();
    let place = within(repo.sources, mention.text.span, &first[0], &value);
    Some(Spanned::new(value, place))
}

/// The one among what is set around: the only one, or the only one that is called as the URL is.
fn around(mention: &Mention<'_>) -> Option<Spanned<String>> {
    let mut found = BTreeMap::new();
    for (key, value) in settings(mention.text.around?) {
        if let Some(begin) = plain(key).strip_suffix("clientid") {
            found.insert(begin.to_owned(), value.map(str::to_owned));
        }
    }
    let called = plain(mention.text.key?);
    found.retain(|begin, _| is_of_oidc(begin, &called));
    if found.len() > 1 {
        found.retain(|begin, _| !begin.is_empty() && called.starts_with(begin.as_str()));
    }
    if found.len() == 1 { found.into_values().next() } else { None }
}

/// Whether what a client id is called by says that it is the one of the URL that is called so.
fn is_of_oidc(begin: &str, called: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "apple",
        "auth0",
        "azure",
        "bitbucket",
        "cloudflare",
        "discord",
        "facebook",
        "github",
        "gitlab",
        "google",
        "keycloak",
        "microsoft",
        "slack",
        "twitch",
    ];
    let ends = ["oidc", "openid", "openidconnect", "sso", "authentik", "oauth", "oauth2"];
    let is_meant = begin.is_empty() || called.starts_with(begin) || ends.iter().any(|end| begin.ends_with(end));
    is_meant && !OTHERS.iter().any(|other| begin.contains(other))
}

/// A key without what stands between its words.
fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    const LAB: &str = r#"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- tofu/main.tf
provider "authentik" { url = "https://auth.example.org" }
resource "authentik_provider_oauth2" "wiki" { client_id = "wiki" }
resource "authentik_application" "wiki" {
  name              = "Wiki"
  slug              = "wiki"
  protocol_provider = authentik_provider_oauth2.wiki.id
}
resource "authentik_provider_oauth2" "feed" {}
resource "authentik_application" "feed" {
  name              = "Feed"
  slug              = "feed"
  protocol_provider = authentik_provider_oauth2.feed.id
}
#- clusters/home/app.yaml
"#;

    #[track_caller]
    fn check(marks: usize, text: &str) {
        let mark =
            "#                                                         ^^^^^^ related: the provider has this one\n";
        let begin = "resource \"authentik_provider_oauth2\" \"wiki\" { client_id = \"wiki\" }\n";
        let lab = LAB.trim_start().replace(begin, &format!("{begin}{}", mark.repeat(marks)));
        check_rule("client-id-mismatch", &format!("{lab}{}", text.trim_start()));
    }

    #[test]
    fn it_is_found_beside_the_url_in_lists_maps_options_and_texts() {
        check(
            4,
            r#"
apiVersion: apps/v1
kind: Deployment
metadata: { name: wiki, namespace: apps }
spec:
  template:
    spec:
      containers:
        - name: wiki
          env:
            - { name: OIDC_CLIENT_ID, value: vicky }
#                                            ^^^^^ error[client-id-mismatch]: Deployment `wiki` has the client id `vicky`, but the provider of `Wiki` has `wiki`
            - { name: GITHUB_CLIENT_ID, value: abc }
            - { name: OIDC_ISSUER, value: "https://auth.example.org/application/o/wiki/" }
        - name: proxy
          args:
            - --client-id=docs
#             ^^^^^^^^^^^^^^^^ error[client-id-mismatch]: Deployment `wiki` has the client id `docs`, but the provider of `Wiki` has `wiki`
            - --oidc-issuer-url=https://auth.example.org/application/o/wiki/
---
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm, namespace: argocd }
data:
  oidc.config: |
    issuer: https://auth.example.org/application/o/wiki/
    clientID: argocd
#             ^^^^^^ error[client-id-mismatch]: ConfigMap `argocd-cm` has the client id `argocd`, but the provider of `Wiki` has `wiki`
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: wiki, namespace: apps }
spec:
  values:
    auth.generic_oauth:
      client_id: WIKI
#                ^^^^ error[client-id-mismatch]: HelmRelease `wiki` has the client id `WIKI`, but the provider of `Wiki` has `wiki`
      auth_url: https://auth.example.org/application/o/authorize/
      signout_redirect_url: https://auth.example.org/application/o/wiki/end-session/
"#,
        );
    }

    #[test]
    fn what_is_right_unknown_filled_in_or_of_others_is_left_alone() {
        check(
            0,
            r#"
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: wiki, namespace: apps }
spec:
  values:
    right: { clientId: wiki, issuer: https://auth.example.org/application/o/wiki/ }
    unknown: { clientId: anything, issuer: https://auth.example.org/application/o/feed/ }
    filled: { clientId: "{{ .Values.id }}", issuer: https://auth.example.org/application/o/wiki/ }
    github: { GITHUB_CLIENT_ID: abc, OIDC_ISSUER: https://auth.example.org/application/o/wiki/ }
    two: { A_CLIENT_ID: abc, B_CLIENT_ID: def, ISSUER: https://auth.example.org/application/o/wiki/ }
    both:
      CLIENT_ID: anything
      ONE: https://auth.example.org/application/o/wiki/
      TWO: https://auth.example.org/application/o/feed/
    other: { CLIENT_ID: anything, ISSUER: https://login.example.net/application/o/wiki/ }
    code:
      php: |-
        'oidc_client_id' => getenv('OIDC_CLIENT_ID'),
        'oidc_issuer' => 'https://auth.example.org/application/o/wiki/',
      python: |-
        'OIDC_CLIENT_ID': os.environ['OIDC_CLIENT_ID'],
        'OIDC_ISSUER': 'https://auth.example.org/application/o/wiki/',
"#,
        );
    }
}
