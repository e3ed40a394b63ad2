//! A redirect URI to a host that nothing serves.

use std::collections::BTreeSet;

use regex::Regex;
use syntax::yaml::Node;

use crate::identity::hosts;
use crate::identity::redirects::{Matching, known};
use crate::{Findings, Kind, Repo};

crate::rule! {
    /// A redirect URI names a host of the lab that no ingress or route serves, and that is no app's in the inventory.
    ///
    /// ## Why
    /// After a login the browser is sent there. A host that nothing in the repository answers for is often a misspelt
    /// or a former one ([RFC 6749, section 3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)), and a login
    /// ends on an error of the browser.
    ///
    /// ## Fix
    /// Correct the host, or delete the redirect URI.
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
    /// #- flux/grafana.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: grafana
    /// spec:
    ///   rules:
    ///     - host: grafana.example.org
    /// #- tofu/main.tf
    /// resource "authentik_provider_oauth2" "grafana" {
    ///   name = "grafana"
    ///   allowed_redirect_uris = [
    ///     { matching_mode = "strict", url = "https://graphana.example.org/login/generic_oauth" },
    /// #                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[redirect-host-not-served]: nothing in the repository serves `graphana.example.org`, where a login of `grafana` ends
    ///   ]
    /// }
    /// ```
    ///
    /// The host that is served:
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
    /// #- flux/grafana.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: grafana
    /// spec:
    ///   rules:
    ///     - host: grafana.example.org
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
    /// Where a machine outside of the clusters serves the host, and the inventory has no app there.
    "redirect-host-not-served", Hint, Identity, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let Some(inventory) = repo.inventory.filter(|_| repo.is_complete) else { return };
    let domain = inventory.lab.domain.value.as_str().to_lowercase();
    let mut served = served(repo);
    // Who serves nothing keeps what serves elsewhere.
    if served.is_empty() {
        return;
    }
    // What the inventory says is open there, whoever serves it.
    served.extend(inventory.apps.iter().map(|app| app.value.url.value.host().to_owned()));
    served.insert(inventory.identity.host.value.as_str().to_owned());
    let Some(served) = pattern(&served) else { return };
    for uri in known(repo) {
        let host = match uri.matching {
            // Behind a port of its own is what no ingress serves.
            Matching::Strict => hosts::of(&uri.url.value).filter(|place| place.port.is_none()).map(|place| place.host),
            Matching::Regex => match hosts::of_pattern(&uri.url.value).as_slice() {
                [host] if !host.source.contains(':') => host.plain(),
                _ => None,
            },
        };
        let Some(host) = host else { continue };
        let is_of_lab = host == domain || host.ends_with(&format!(".{domain}"));
        if is_of_lab && !served.is_match(&host) {
            let message = format!("nothing in the repository serves `{host}`, where a login of {} ends", uri.called());
            findings.report(uri.url.span, message).help("correct the host, or delete the redirect URI");
        }
    }
}

/// The hosts that ingresses and routes serve, and those in the values of charts, as written.
fn served(repo: &Repo<'_>) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for document in repo.files.of(Kind::Yaml).flat_map(crate::File::yaml) {
        let root = &document.root;
        let kind = root.get("kind").and_then(Node::scalar).map_or("", |kind| &kind.text);
        let spec = root.get("spec");
        let list = |name: &str| spec.and_then(|spec| spec.get(name)).and_then(Node::sequence).unwrap_or_default();
        let text = |node: &Node| node.scalar().map(|scalar| scalar.text.to_string());
        // What names no host serves any.
        let any = || ANY.to_owned();
        match kind {
            "Ingress" => {
                hosts.extend(list("rules").iter().map(|rule| rule.get("host").and_then(text).unwrap_or_else(any)))
            }
            "HTTPRoute" | "TLSRoute" | "GRPCRoute" => {
                let named: Vec<_> = list("hostnames").iter().filter_map(text).collect();
                hosts.extend(if named.is_empty() { vec![any()] } else { named });
            }
            "IngressRoute" | "IngressRouteTCP" => {
                let matches = list("routes").iter().map(|route| route.get("match").and_then(text).unwrap_or_default());
                hosts.extend(matches.flat_map(|rule| hosts_of_rule(&rule)));
            }
            "HelmRelease" => spec
                .and_then(|spec| spec.get("values"))
                .into_iter()
                .for_each(|values| walk(values, false, 0, &mut hosts)),
            // A file of values.
            "" => walk(root, false, 0, &mut hosts),
            _ => {}
        }
    }
    hosts
}

/// Every host.
const ANY: &str = "*";

/// The hosts in a rule of Traefik: ``Host(`a`) && PathPrefix(`/b`)``.
fn hosts_of_rule(rule: &str) -> Vec<String> {
    let is_plain = rule.contains("Host(") || rule.contains("HostSNI(");
    if !is_plain || rule.contains("Regexp(") {
        return vec![ANY.to_owned()];
    }
    rule.split(['`', '"']).skip(1).step_by(2).map(str::to_owned).collect()
}

/// Below which keys of a chart's values hosts stand.
const KEYS: [&str; 9] =
    ["ingress", "ingresses", "route", "routes", "httpRoute", "hosts", "hostnames", "host", "hostname"];

fn walk(node: &Node, is_inside: bool, depth: usize, hosts: &mut BTreeSet<String>) {
    if depth > 64 {
        return;
    }
    for pair in node.mapping().unwrap_or_default() {
        let key = pair.key.scalar().map_or("", |key| &key.text);
        let names_hosts = KEYS.contains(&key) || key.ends_with("/hostname");
        walk(&pair.value, is_inside || names_hosts, depth + 1, hosts);
    }
    for item in node.sequence().unwrap_or_default() {
        walk(item, is_inside, depth + 1, hosts);
    }
    if let Some(scalar) = node.scalar().filter(|_| is_inside) {
        hosts
            .extend(scalar.text.split(',').map(|host| host.trim().to_owned()).filter(|host| host.contains(['.', '{'])));
    }
}

/// One pattern for all of `hosts`: a `*`, a variable of Flux and an expression of a chart stand for anything.
fn pattern(hosts: &BTreeSet<String>) -> Option<Regex> {
    let open = Regex::new(r"\*|\$\{[^}]*\}|\{\{.*?\}\}").expect("the pattern is right");
    let one = |host: &String| open.split(host).map(regex::escape).collect::<Vec<_>>().join(".+");
    let all: Vec<_> = hosts.iter().map(one).collect();
    Regex::new(&format!("(?i)^(?:{})$", all.join("|"))).ok()
}

#[cfg(test)]
mod tests {
    use crate::Page;
    use crate::tests::check_rule;

    /// The inventory of the page.
    fn inventory() -> String {
        let page = Page::of(super::RULE.docs);
        let text = page.examples()[0].text.clone();
        text.split_once("#- flux/").expect("the inventory comes first").0.to_owned()
    }

    const SERVED: &str = r#"
#- flux/routes.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  hostnames: [wiki.example.org, "*.dev.example.org"]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
spec:
  routes:
    - match: Host(`docs.example.org`) && PathPrefix(`/`)
---
kind: HelmRelease
spec:
  values:
    ingress:
      main:
        hosts: [{ host: "{{ .Release.Name }}.apps.example.org" }, { host: "feed.${DOMAIN}" }]
    url: https://photos.example.org
"#;

    #[test]
    fn a_host_that_stands_only_in_other_values_is_not_served() {
        let fixture = r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "strict", url = "https://photos.example.org/cb" },
#                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[redirect-host-not-served]: nothing in the repository serves `photos.example.org`, where a login of `apps` ends
    { matching_mode = "regex", url = "https://example\\.org/.*" },
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[redirect-host-not-served]: nothing in the repository serves `example.org`, where a login of `apps` ends
  ]
}
"#;
        check_rule("redirect-host-not-served", &format!("{}{SERVED}{}", inventory(), fixture));
    }

    #[test]
    fn hosts_that_are_served_or_of_others_ports_and_other_schemes_are_left_alone() {
        let fixture = r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  name = "apps"
  allowed_redirect_uris = [
    { matching_mode = "strict", url = "https://wiki.example.org/cb" },
    { matching_mode = "strict", url = "https://branch.dev.example.org/cb" },
    { matching_mode = "strict", url = "https://docs.example.org/cb" },
    { matching_mode = "strict", url = "https://sonarr.apps.example.org/cb" },
    { matching_mode = "strict", url = "https://feed.example.org/cb" },
    { matching_mode = "strict", url = "https://auth.example.org/cb" },
    { matching_mode = "strict", url = "https://pve.example.org:8006" },
    { matching_mode = "strict", url = "https://app.example.net/cb" },
    { matching_mode = "strict", url = "http://localhost:8085/cb" },
    { matching_mode = "strict", url = "app.immich:///oauth-callback" },
    { matching_mode = "regex", url = "https://[a-z]+\\.example\\.org/cb" },
  ]
}
"#;
        check_rule("redirect-host-not-served", &format!("{}{SERVED}{fixture}", inventory()));
        let app =
            "apps: { photos: { url: https://photos.example.org, allow: everyone, oidc: { redirect_uris: [/cb] } } }";
        let fixture = r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "photos" {
  name                  = "photos"
  allowed_redirect_uris = [{ matching_mode = "strict", url = "https://photos.example.org/other" }]
}
"#;
        check_rule("redirect-host-not-served", &format!("{}{app}\n{SERVED}{fixture}", inventory()));
    }

    #[test]
    fn without_an_inventory_nobody_knows_which_hosts_are_of_the_lab() {
        let fixture = r#"
#- tofu/main.tf
resource "authentik_provider_oauth2" "apps" {
  allowed_redirect_uris = [{ matching_mode = "strict", url = "https://photos.example.org/cb" }]
}
"#;
        check_rule("redirect-host-not-served", &format!("{SERVED}{fixture}"));
    }
}
