//! An app under another key than when the tree was rendered.

use crate::identity::applications::{self, APPLICATION};
use crate::{Findings, Repo};

crate::rule! {
    /// The inventory has an app under another key than the application that OpenTofu makes for its URL.
    ///
    /// ## Why
    /// The key is the slug, and the slug is part of the issuer, of the discovery document and of every other URL of the
    /// application; the client id, the path in Vault and the LDAP base DN follow from it too
    /// ([OAuth2 provider](https://docs.goauthentik.io/add-secure-apps/providers/oauth2/)). OpenTofu makes the application
    /// under the new slug without a word, and what was told the old one can no longer log anybody in.
    ///
    /// ## Fix
    /// Keep the key, and write `name` for what people see; or render, and change the URLs in the app's own settings in the
    /// same commit.
    ///
    /// ## Example
    /// ```text
    /// #- inventory.yaml
    /// lab: { name: home, domain: example.org }
    /// vault: { address: https://vault.example.org, mount: infra }
    /// flux: { clusters: [home], source: { name: flux-system }, secrets: external-secrets, store: { kind: ClusterSecretStore, name: vault } }
    /// tofu:
    ///   required_version: ">= 1.7.0"
    ///   providers: { authentik: ~> 2026.5.0, vault: ~> 5.0 }
    ///   state: { host: 192.0.2.7, database: tofu, schema: authentik }
    /// identity:
    ///   host: auth.example.org
    ///   namespace: infra
    ///   release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
    ///   ingress: { class: traefik, tls: { secret: auth-tls } }
    ///   database: { host: 192.0.2.7, name: authentik, user: authentik }
    ///   email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
    /// apps:
    ///   dashboards: { url: https://grafana.example.org, allow: everyone, oidc: { redirect_uris: [/login/generic_oauth] } }
    /// # ^^^^^^^^^^ warning[slug-renamed]: `dashboards` has the URL of the application `grafana`: with the slug, its issuer and all its URLs change
    /// #- tofu/main.tf
    /// resource "authentik_application" "grafana" {
    ///   slug            = "grafana"
    /// #                   ^^^^^^^^^ related: the slug so far
    ///   meta_launch_url = "https://grafana.example.org"
    /// }
    /// ```
    ///
    /// With the key that it had:
    /// ```text
    /// #- inventory.yaml
    /// lab: { name: home, domain: example.org }
    /// vault: { address: https://vault.example.org, mount: infra }
    /// flux: { clusters: [home], source: { name: flux-system }, secrets: external-secrets, store: { kind: ClusterSecretStore, name: vault } }
    /// tofu:
    ///   required_version: ">= 1.7.0"
    ///   providers: { authentik: ~> 2026.5.0, vault: ~> 5.0 }
    ///   state: { host: 192.0.2.7, database: tofu, schema: authentik }
    /// identity:
    ///   host: auth.example.org
    ///   namespace: infra
    ///   release: { repository: https://charts.goauthentik.io, chart: authentik, version: 2026.5.3 }
    ///   ingress: { class: traefik, tls: { secret: auth-tls } }
    ///   database: { host: 192.0.2.7, name: authentik, user: authentik }
    ///   email: { host: smtp.example.org, port: 587, encryption: starttls, from: auth@example.org }
    /// apps:
    ///   grafana: { name: Dashboards, url: https://grafana.example.org, allow: everyone, oidc: { redirect_uris: [/login/generic_oauth] } }
    /// #- tofu/main.tf
    /// resource "authentik_application" "grafana" {
    ///   slug            = "grafana"
    ///   meta_launch_url = "https://grafana.example.org"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When nobody was told the old URLs yet.
    "slug-renamed", Warning, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(inventory) = repo.inventory else { return };
    let made: Vec<_> = applications::everywhere(&repo.tofu.roots, APPLICATION)
        .filter_map(|(_, application)| {
            Some((application.known_string("slug")?, application.known_string("meta_launch_url")?))
        })
        .collect();
    for app in &inventory.apps {
        let (key, url) = (app.name.value.as_str(), app.value.url.value.as_str());
        if made.iter().any(|(slug, _)| slug.value == key) {
            continue;
        }
        let is_app = |slug: &str| inventory.apps.iter().any(|app| app.name.value.as_str() == slug);
        let was = made.iter().find(|(slug, opens)| same(&opens.value, url) && !is_app(&slug.value));
        let Some((slug, _)) = was else { continue };
        let message = format!(
            "`{key}` has the URL of the application `{}`: with the slug, its issuer and all its URLs change",
            slug.value
        );
        findings
            .report(app.name.span, message)
            .related(slug.span, "the slug so far")
            .help(format!("keep the key `{}`, or change the URLs in the settings of the app too", slug.value));
    }
}

/// Whether both are one URL.
fn same(one: &str, two: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(two.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use crate::Page;
    use crate::tests::check_rule;

    #[test]
    fn new_apps_and_apps_that_share_a_host_are_left_alone() {
        let page = Page::of(super::RULE.docs);
        let text = page.examples()[1].text.clone();
        let (inventory, tofu) = text.split_once("#- tofu/").expect("the inventory comes first");
        let more = "  wiki: { url: https://wiki.example.org, allow: everyone, oidc: { redirect_uris: [/cb] } }
  dashboards: { url: https://grafana.example.org, allow: everyone, oidc: { redirect_uris: [/cb] } }
";
        check_rule("slug-renamed", &format!("{inventory}{more}#- tofu/{tofu}"));
        let without = inventory.split_once("apps:").expect("it has apps").0;
        check_rule("slug-renamed", &format!("{without}#- tofu/{tofu}"));
    }
}
