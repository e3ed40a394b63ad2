//! A redirect URI, or the address of an application, at a host that nothing serves.

use std::collections::BTreeSet;

use manifest::Value;
use regex::Regex;
use resolve_flux::Cluster;

use crate::flux::chart::HELM;
use crate::flux::routes::hosts_of_rule;
use crate::identity::applications::{self, APPLICATION};
use crate::identity::hosts;
use crate::identity::redirects::{Matching, known};
use crate::{Findings, Kind, Repo};

crate::rule! {
    /// A redirect URI, or the address of an application, names a host of the lab that nothing serves.
    ///
    /// ## Why
    /// After a login the browser is sent there. A host that nothing in the repository answers for is often a misspelt
    /// or a former one ([RFC 6749, section 3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)), and a login
    /// ends on an error of the browser. So does a click on an application whose `meta_launch_url` leads there.
    ///
    /// Served is what the clusters run, where all of that is known; otherwise what any file of the repository says is.
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
    let Some(served) = Served::of(&served) else { return };
    let below = format!(".{domain}");
    let is_missed = |host: &str| (host == domain || host.ends_with(&below)) && !served.has(host);
    for uri in known(repo) {
        let host = match uri.matching {
            Matching::Strict => host_of(&uri.url.value),
            Matching::Regex => match hosts::of_pattern(&uri.url.value).as_slice() {
                [host] if !host.source.contains(':') => host.plain(),
                _ => None,
            },
        };
        if let Some(host) = host.filter(|host| is_missed(host)) {
            let message = format!("nothing in the repository serves `{host}`, where a login of {} ends", uri.called());
            findings.report(uri.url.span, message).help("correct the host, or delete the redirect URI");
        }
    }
    for (_, application) in applications::everywhere(&repo.tofu.roots, APPLICATION) {
        let Some(url) = application.known_string("meta_launch_url") else { continue };
        if let Some(host) = host_of(&url.value).filter(|host| is_missed(host)) {
            let called = applications::called(application);
            let message = format!("nothing in the repository serves `{host}`, where {called} is opened");
            findings.report(url.span, message).help("correct the host");
        }
    }
}

/// The host of `url`; none behind a port of its own, where something is that no ingress serves.
fn host_of(url: &str) -> Option<String> {
    hosts::of(url).filter(|place| place.port.is_none()).map(|place| place.host)
}

/// The hosts that are served: in the clusters, where all of them are known, or in any file.
fn served(repo: &Repo<'_>) -> BTreeSet<String> {
    let clusters = &repo.flux.clusters;
    let mut hosts = BTreeSet::new();
    if clusters.is_empty() || !clusters.iter().all(Cluster::is_whole) {
        for document in repo.files.of(Kind::Yaml).flat_map(crate::File::yaml) {
            let value = manifest::read(&document.root, syntax::yaml::plain::kubernetes);
            of_object(&value, &mut hosts);
        }
    }
    for cluster in clusters {
        for object in &cluster.objects {
            of_object(&object.value, &mut hosts);
            if object.is(HELM, "HelmRelease") {
                let values = resolve_flux::values(cluster, object, repo.sources);
                walk(&values.value, false, &mut hosts);
            }
        }
    }
    hosts
}

/// The hosts that an object serves, and those in the values of a chart, as written.
fn of_object(object: &Value, hosts: &mut BTreeSet<String>) {
    let spec = object.get("spec");
    let list = |name: &str| spec.map(|spec| spec.items_at(name)).unwrap_or_default();
    // What names no host, or one that is not known, serves any.
    let text = |value: Option<&Value>| value.and_then(Value::text).unwrap_or(ANY).to_owned();
    match object.text_at("kind").unwrap_or_default() {
        "Ingress" => hosts.extend(list("rules").iter().map(|rule| text(rule.get("host")))),
        "HTTPRoute" | "TLSRoute" | "GRPCRoute" => {
            let named: Vec<_> = list("hostnames").iter().map(|host| text(Some(host))).collect();
            hosts.extend(if named.is_empty() { vec![ANY.to_owned()] } else { named });
        }
        "IngressRoute" | "IngressRouteTCP" => {
            let rules = list("routes").iter().map(|route| route.text_at("match").unwrap_or_default());
            hosts.extend(rules.flat_map(|rule| hosts_of_rule(rule).unwrap_or_else(|| vec![ANY.to_owned()])));
        }
        "HelmRelease" => {
            spec.and_then(|spec| spec.get("values")).into_iter().for_each(|values| walk(values, false, hosts))
        }
        "ConfigMap" | "Secret" | "ExternalSecret" | "Kustomization" => {}
        // A file of values, or an object of an operator, which may serve what it is told.
        _ => walk(object, false, hosts),
    }
}

/// Every host.
const ANY: &str = "*";

/// Below which keys of a chart's values hosts stand.
const KEYS: [&str; 9] =
    ["ingress", "ingresses", "route", "routes", "httpRoute", "hosts", "hostnames", "host", "hostname"];

fn walk(value: &Value, is_inside: bool, hosts: &mut BTreeSet<String>) {
    for entry in value.entries() {
        let key = entry.key.value.as_str();
        let names_hosts = KEYS.contains(&key) || key.ends_with("/hostname");
        walk(&entry.value, is_inside || names_hosts, hosts);
    }
    value.items().iter().for_each(|item| walk(item, is_inside, hosts));
    if !is_inside {
        return;
    }
    if value.is_unknown() {
        hosts.insert(ANY.to_owned());
    }
    let text = value.text().into_iter().flat_map(|text| text.split(','));
    hosts.extend(text.map(|host| host.trim().to_owned()).filter(|host| host.contains(['.', '{'])));
}

/// The hosts that are served.
struct Served {
    /// In small letters.
    exact: BTreeSet<String>,
    /// All others.
    open: Regex,
}

impl Served {
    /// In `hosts` a `*`, a variable of Flux and an expression of a chart stand for anything.
    fn of(hosts: &BTreeSet<String>) -> Option<Self> {
        let open = Regex::new(r"\*|\$\{[^}]*\}|\{\{.*?\}\}").expect("the pattern is right");
        let (patterns, exact): (Vec<_>, Vec<_>) = hosts.iter().partition(|host| open.is_match(host));
        let one = |host: &String| open.split(host).map(regex::escape).collect::<Vec<_>>().join(".+");
        let all: Vec<_> = patterns.into_iter().map(one).collect();
        Some(Self {
            exact: exact.into_iter().map(|host| host.to_lowercase()).collect(),
            open: Regex::new(&format!("(?i)^(?:{})$", all.join("|"))).ok()?,
        })
    }

    fn has(&self, host: &str) -> bool {
        self.exact.contains(&host.to_lowercase()) || self.open.is_match(host)
    }
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
    fn only_what_a_cluster_runs_is_served_and_applications_are_opened_there() {
        let fixture = r#"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/wiki.yaml
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: wiki, namespace: apps }
spec: { routes: [{ match: Host(`wiki.example.org`) || Host(`w.example.org`) }] }
#- archive/feed.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: feed, namespace: apps }
spec: { rules: [{ host: feed.example.org }] }
#- tofu/main.tf
locals {
  apps = {
    wiki = "https://wiki.example.org"
    w    = "https://w.example.org"
    feed = "https://feed.example.org"
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[redirect-host-not-served]: nothing in the repository serves `feed.example.org`, where `feed` is opened
    hide = "blank://blank"
    nas  = "https://nas.example.org:5001"
    none = null
  }
}
resource "authentik_application" "apps" {
  for_each        = local.apps
  name            = each.key
  slug            = each.key
  meta_launch_url = each.value
}
"#;
        check_rule("redirect-host-not-served", &format!("{}{}", inventory(), fixture.trim_start()));
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
