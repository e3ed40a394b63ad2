//! The network of the pods of a cluster, where the repository configures it.

use diagnostic::Span;
use ipnet::IpNet;
use manifest::{Content, Value};
use resolve_flux::{Cluster, Object};

use super::chart::{Chart, HELM};
use crate::Repo;

/// A network that pods get their addresses from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    /// The network.
    pub(crate) net: IpNet,
    /// Where it is written.
    pub(crate) place: Span,
}

/// Those of `cluster`, as far as Calico or Cilium are configured in it; none where nothing is known.
///
/// Sources: [`IPPool`](https://docs.tigera.io/calico/latest/reference/resources/ippool), [`Installation`], and the
/// [values of Cilium's chart](https://docs.cilium.io/en/stable/helm-reference/).
///
/// [`Installation`]: https://docs.tigera.io/calico/latest/reference/installation/api
pub(crate) fn networks(repo: &Repo<'_>, cluster: &Cluster) -> Vec<Network> {
    let mut found = Vec::new();
    for object in &cluster.objects {
        match (object.group(), object.kind()) {
            ("crd.projectcalico.org" | "projectcalico.org", "IPPool") => {
                let spec = object.value.get("spec");
                let is_used = spec.and_then(|spec| spec.get("disabled")?.bool()) != Some(true);
                found.extend(spec.filter(|_| is_used).and_then(|spec| network(spec.get("cidr")?)));
            }
            ("operator.tigera.io", "Installation") => {
                found.extend(object.value.get("spec").into_iter().flat_map(pools))
            }
            (HELM, "HelmRelease") => found.extend(of_release(repo, cluster, object)),
            _ => {}
        }
    }
    found
}

fn of_release(repo: &Repo<'_>, cluster: &Cluster, release: &Object) -> Vec<Network> {
    let name = Chart::of(cluster, release).and_then(|chart| chart.name);
    if !matches!(name, Some("cilium" | "tigera-operator")) {
        return Vec::new();
    }
    let values = resolve_flux::values(cluster, release, repo.sources);
    if !values.are_whole {
        return Vec::new();
    }
    if name == Some("tigera-operator") {
        return values.value.get("installation").into_iter().flat_map(pools).collect();
    }
    let ipam = values.value.get("ipam");
    let mode = ipam.and_then(|ipam| ipam.text_at("mode")).unwrap_or("cluster-pool");
    let pool = ipam.and_then(|ipam| ipam.at(&["operator", "clusterPoolIPv4PodCIDRList"]));
    match pool.filter(|_| mode == "cluster-pool") {
        Some(list) if matches!(list.content, Content::List(_)) => list.items().iter().filter_map(network).collect(),
        Some(one) => network(one).into_iter().collect(),
        // The network that is routed without masquerading holds all pods.
        None => values.value.get("ipv4NativeRoutingCIDR").and_then(network).into_iter().collect(),
    }
}

fn pools(spec: &Value) -> Vec<Network> {
    let pools = spec.get("calicoNetwork").map(|network| network.items_at("ipPools")).unwrap_or_default();
    pools.iter().filter_map(|pool| network(pool.get("cidr")?)).collect()
}

fn network(value: &Value) -> Option<Network> {
    Some(Network { net: value.text()?.parse().ok()?, place: value.span })
}
