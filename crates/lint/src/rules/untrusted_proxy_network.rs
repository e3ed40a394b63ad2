//! Proxies whose word on where a request comes from does not count.

use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::flux::authentik::{Setting, is_truthy, whole_releases};
use crate::flux::pods::networks;
use crate::{Findings, Repo};

crate::rule! {
    /// The pods have addresses that authentik takes no forwarded headers from.
    ///
    /// ## Why
    /// Since 2026.8 authentik believes `X-Forwarded-For` and its like only from private networks
    /// ([reverse proxy](https://docs.goauthentik.io/installation/reverse-proxy)).
    /// An ingress in a pod network outside of them is not among these: every request then seems to come from the ingress over
    /// plain HTTP, and redirects, policies on addresses and the log go wrong.
    ///
    /// ## Fix
    /// Set `AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS` in `global.env`, with the network of the pods in it.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.8.0
    /// #              ^^^^^^^^ hint[untrusted-proxy-network]: this authentik takes no forwarded headers from the pods in `100.64.0.0/16`
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik: { postgresql: { host: db.example.org } }
    /// #- clusters/home/calico.yaml
    /// apiVersion: crd.projectcalico.org/v1
    /// kind: IPPool
    /// metadata: { name: pods }
    /// spec:
    ///   cidr: 100.64.0.0/16
    /// #       ^^^^^^^^^^^^^ related: the pods have these addresses
    /// ```
    ///
    /// With the network trusted:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.8.0
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     authentik: { postgresql: { host: db.example.org } }
    ///
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS
    ///           value: 127.0.0.0/8,100.64.0.0/16
    /// #- clusters/home/calico.yaml
    /// apiVersion: crd.projectcalico.org/v1
    /// kind: IPPool
    /// metadata: { name: pods }
    /// spec:
    ///   cidr: 100.64.0.0/16
    /// ```
    ///
    /// ## When to allow
    /// When no pod stands before authentik, as with a load balancer whose addresses are trusted.
    "untrusted-proxy-network", Hint, Flux, check
}

/// The networks that are trusted unless others are named; those of IPv6 that are private are taken for trusted too.
const TRUSTED: [&str; 7] =
    ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fe80::/10", "fc00::/7", "::1/128"];

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        let Some(version) = release.since("2026.8.0") else { continue };
        let [server, _] = release.pods();
        let has_image = ["global", "server"].iter().any(|part| release.value(&[part, "image"]).is_some_and(is_truthy));
        if has_image || server.setting(&["listen", "trusted_proxy_cidrs"]) != Setting::Unset {
            continue;
        }
        let networks = networks(repo, release.cluster);
        // A proxy may speak from any of several.
        let (Some(first), false) = (networks.first(), networks.iter().any(|network| is_trusted(&network.net))) else {
            continue;
        };
        if told.insert(version.span) {
            let net = first.net;
            let message = format!("this authentik takes no forwarded headers from the pods in `{net}`");
            let report = findings.report(version.span, message).related(first.place, "the pods have these addresses");
            report.help(format!("set `AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS`, with `{net}` in it"));
        }
    }
}

fn is_trusted(net: &IpNet) -> bool {
    TRUSTED.iter().any(|trusted| trusted.parse::<IpNet>().expect("it is a network").contains(net))
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    const MARK: &str = "2026.8.0\n#              ^^^^^^^^ hint[untrusted-proxy-network]: this authentik takes no forwarded headers from the pods in `100.64.0.0/16`";

    fn pool(cidr: &str) -> String {
        format!(
            "#- clusters/home/calico.yaml\napiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {{ name: pods }}\nspec:\n  cidr: {cidr}\n"
        )
    }

    fn cilium(values: &str) -> String {
        format!(
            "\
#- clusters/home/cilium.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{ name: cilium, namespace: kube-system }}
spec:
  chart: {{ spec: {{ chart: cilium, version: 1.18.0, sourceRef: {{ kind: HelmRepository, name: cilium }} }} }}
  values:
{values}
"
        )
    }

    fn check(version: &str, values: &str, other: &str) {
        check_rule("untrusted-proxy-network", &(authentik(version, values) + other));
    }

    #[test]
    fn the_networks_of_cilium_are_known() {
        let related = "^^^^^^^^^^^^^ related: the pods have these addresses";
        let list = format!(
            "    ipam: {{ operator: {{ clusterPoolIPv4PodCIDRList: [100.64.0.0/16] }} }}\n#                                                    {related}"
        );
        check(MARK, "{}", &cilium(&list));
        let native = format!(
            "    ipam: {{ mode: kubernetes }}\n    ipv4NativeRoutingCIDR: 100.64.0.0/16\n#                          {related}"
        );
        check(MARK, "{}", &cilium(&native));
    }

    #[test]
    fn networks_that_are_trusted_or_not_known_are_left_alone() {
        check("2026.8.0", "{}", "");
        check("2026.8.0", "{}", &pool("10.42.0.0/16"));
        check("2026.8.0", "{}", &pool("fd00:42::/56"));
        check("2026.8.0", "{}", &pool("'${POD_CIDR}'"));
        check("2026.8.0", "{}", &cilium("    ipam: { mode: kubernetes }"));
        let both = pool("100.64.0.0/16") + &cilium("    ipv4NativeRoutingCIDR: 10.42.0.0/16");
        check("2026.8.0", "{}", &both);
    }

    #[test]
    fn older_servers_and_settings_of_ones_own_are_left_alone() {
        let pool = pool("100.64.0.0/16");
        check("2026.5.3", "{}", &pool);
        check("2026.8.0", "global: { image: { tag: 2026.5.6 } }", &pool);
        check("2026.8.0", "authentik: { listen: { trusted_proxy_cidrs: 100.64.0.0/10 } }", &pool);
        check("2026.8.0", "global: { envFrom: [{ secretRef: { name: more } }] }", &pool);
        check(
            "2026.8.0",
            "server: { env: [{ name: AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS, value: 100.64.0.0/10 }] }",
            &pool,
        );
    }
}
