//! A workload that logs in at an application that is not there.

use diagnostic::{Severity, nearest};

use crate::flux::secrets::slip;
use crate::identity::workloads::{ENDPOINTS, mentions};
use crate::identity::{applications, sight};
use crate::{Findings, Repo};

crate::rule! {
    /// A workload names an application of authentik by a URL whose slug OpenTofu gives to none.
    ///
    /// ## Why
    /// Issuer, discovery document and keys of an OAuth2 provider lie below `/application/o/<slug>/`, by the slug of its
    /// application. Below any other the server answers `404`, and nobody can log in
    /// ([OAuth2 provider](https://docs.goauthentik.io/add-secure-apps/providers/oauth2/)).
    ///
    /// It is an error where the slug is a slip of one that is there, and a warning where it is not: somebody may have made
    /// that application by hand. Nothing is said unless every application that OpenTofu makes is known, nor of a slug that
    /// a blueprint names.
    ///
    /// ## Fix
    /// Correct the slug, or add the application.
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
    ///       OIDC_ISSUER: https://auth.example.org/application/o/wikki/
    /// #                                                         ^^^^^ error[issuer-without-application]: HelmRelease `wiki` logs in at the application `wikki`, which OpenTofu does not make
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url = "https://auth.example.org"
    /// }
    ///
    /// resource "authentik_application" "wiki" {
    ///   name = "Wiki"
    ///   slug = "wiki"
    /// #        ^^^^^^ related: `Wiki` has this slug
    /// }
    /// ```
    ///
    /// With the slug of the application:
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
    /// #- tofu/main.tf
    /// provider "authentik" {
    ///   url = "https://auth.example.org"
    /// }
    ///
    /// resource "authentik_application" "wiki" {
    ///   name = "Wiki"
    ///   slug = "wiki"
    /// }
    /// ```
    ///
    /// ## When to allow
    /// When the application is made by hand.
    "issuer-without-application", Error, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(made) = applications::all(repo) else { return };
    let mentions = mentions(repo);
    if mentions.is_empty() || sight::has_blueprints_elsewhere(repo) {
        return;
    }
    let slugs = || made.iter().map(|one| one.slug.value.as_str());
    for mention in mentions {
        let slug = mention.slug.value.as_str();
        if slugs().any(|made| made == slug) || sight::may_be_in_blueprint(repo, &[slug]) {
            continue;
        }
        let by = mention.by();
        let message = format!("{by} logs in at the application `{slug}`, which OpenTofu does not make");
        let is_slip = slip(slug, slugs().chain(ENDPOINTS)).is_some();
        let severity = if is_slip { Severity::Error } else { Severity::Warning };
        let report = findings.report(mention.slug.span, message).severity(severity);
        let near = slip(slug, slugs().chain(ENDPOINTS)).or_else(|| nearest(slug, slugs()));
        let Some(near) = near else {
            report.help(format!("correct the slug, or add an `authentik_application` with `slug = \"{slug}\"`"));
            continue;
        };
        let report = report.help(format!("did you mean `{near}`?"));
        if let Some(made) = made.iter().find(|made| made.slug.value == near) {
            let called = applications::called(made.application);
            report.related(made.slug.span, format!("{called} has this slug"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    /// An application `grafana` that OpenTofu makes.
    const TOFU: &str = r#"
#- tofu/main.tf
resource "authentik_application" "grafana" {
  name = "Grafana"
  slug = "grafana"
}
"#;

    /// The release of authentik, which serves `auth.example.org`.
    fn server() -> String {
        authentik("2026.5.3", "server: { ingress: { enabled: true, hosts: [auth.example.org] } }")
    }

    /// This beside the release of authentik, and [`TOFU`].
    #[track_caller]
    fn check(text: &str) {
        check_rule("issuer-without-application", &format!("{}{}{}", server(), text.trim_start(), TOFU.trim_start()));
    }

    #[test]
    fn a_url_is_found_in_whichever_text_it_stands() {
        let related = "#        ^^^^^^^^^ related: `Grafana` has this slug\n";
        let tofu = TOFU.trim_start().replace("}\n", &format!("{}}}\n", related.repeat(2)));
        let text = r#"
---
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm, namespace: argocd }
data:
  oidc.config: |
    name: authentik
    issuer: https://auth.example.org/application/o/graffana/
#                                                  ^^^^^^^^ error[issuer-without-application]: ConfigMap `argocd-cm` logs in at the application `graffana`, which OpenTofu does not make
# help: did you mean `grafana`?
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: files, namespace: apps }
spec:
  template:
    spec:
      containers:
        - name: files
          args: ["--oidc-issuer-url=https://auth.example.org/application/o/paperless/"]
#                                                                          ^^^^^^^^^ warning[issuer-without-application]: Deployment `files` logs in at the application `paperless`, which OpenTofu does not make
# help: correct the slug, or add an `authentik_application` with `slug = "paperless"`
          env:
            - { name: TOKEN_URL, value: "http://authentik-server.infra.svc.cluster.local/application/o/tokn/" }
#                                                                                                      ^^^^ error[issuer-without-application]: Deployment `files` logs in at the application `tokn`, which OpenTofu does not make
# help: did you mean `token`?
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: files, namespace: apps }
spec:
  target:
    template:
      data:
        PROVIDERS: '{"openid_connect": {"server_url": "https://auth.example.org/application/o/grafana2/.well-known/openid-configuration"}}'
#                                                                                             ^^^^^^^^ warning[issuer-without-application]: ExternalSecret `files` logs in at the application `grafana2`, which OpenTofu does not make
# help: did you mean `grafana`?
"#;
        check_rule("issuer-without-application", &format!("{}{}{tofu}", server(), text.trim_start()));
    }

    #[test]
    fn what_is_there_what_is_filled_in_and_what_others_serve_is_left_alone() {
        check(
            r#"
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: files, namespace: apps }
spec:
  template:
    spec:
      containers:
        - name: files
          env:
            - { name: A, value: "https://auth.example.org/application/o/grafana/" }
            - { name: B, value: "https://auth.example.org/application/o/authorize/" }
            - { name: C, value: "https://auth.example.org/application/o/${APP}/" }
            - { name: D, value: "https://auth.example.org/application/o/{{ .Values.app }}/" }
            - { name: E, value: "https://other.example.org/application/o/files/" }
            - { name: F, value: "https://auth.example.org/application/o/" }
            - { name: G, value: "https://auth.example.org/application/o/%s/" }
            - { name: H, value: "https://auth.example.org/application/saml/files/" }
"#,
        );
    }

    #[test]
    fn a_slug_that_a_blueprint_may_make_is_left_alone() {
        let workload = "
---
apiVersion: v1
kind: ConfigMap
metadata: { name: files, namespace: apps }
data: { issuer: https://auth.example.org/application/o/files/ }
";
        check(&format!(
            "{workload}---
apiVersion: v1
kind: ConfigMap
metadata: {{ name: blueprints, namespace: infra }}
data:
  files.yaml: |
    entries:
      - model: authentik_core.application
        identifiers: {{ slug: files }}
"
        ));
        let values =
            "blueprints: { secrets: [apps] }\nserver: { ingress: { enabled: true, hosts: [auth.example.org] } }";
        let fixture = format!("{}{}{}", authentik("2026.5.3", values), workload.trim_start(), TOFU.trim_start());
        check_rule("issuer-without-application", &fixture);
    }

    #[test]
    fn applications_that_are_not_all_known_or_made_elsewhere_are_left_alone() {
        let workload = "---
apiVersion: v1
kind: ConfigMap
metadata: { name: files, namespace: apps }
data: { issuer: https://auth.example.org/application/o/grafanna/ }
";
        for tofu in [
            "resource \"authentik_group\" \"family\" { name = \"family\" }",
            "resource \"authentik_application\" \"grafana\" { slug = \"grafana\" }\nvariable \"slug\" { type = string }\nresource \"authentik_application\" \"other\" { slug = var.slug }",
            "resource \"authentik_application\" \"grafana\" { slug = \"grafana\" }\nvariable \"apps\" { type = set(string) }\nresource \"authentik_application\" \"other\" {\n  for_each = var.apps\n  slug     = each.key\n}",
            "resource \"authentik_application\" \"grafana\" { slug = \"grafana\" }\nmodule \"more\" { source = \"example/apps/authentik\" }",
            // Another server than the one in the cluster.
            "resource \"authentik_application\" \"grafana\" { slug = \"grafana\" }\nprovider \"authentik\" { url = \"https://sso.example.net\" }",
        ] {
            let fixture = format!("{}{workload}#- tofu/main.tf\n{tofu}\n", server());
            check_rule("issuer-without-application", &fixture);
        }
    }
}
