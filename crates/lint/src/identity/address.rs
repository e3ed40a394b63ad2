//! The hosts that the authentik of a repository answers at.

use std::collections::BTreeSet;

use manifest::Value;

use super::hosts;
use crate::Repo;
use crate::flux::authentik::{self, Release};
use crate::flux::chart::helm_name;
use crate::flux::routes::routes;

/// Those that are known, in small letters. Where OpenTofu is told another address than the clusters serve, there may be
/// two servers, and only the one that OpenTofu speaks to counts.
pub(crate) fn known(repo: &Repo<'_>) -> BTreeSet<String> {
    let mut served: BTreeSet<String> = BTreeSet::new();
    served.extend(repo.inventory.map(|inventory| inventory.identity.host.value.as_str().to_lowercase()));
    for release in authentik::releases(repo) {
        of_release(&release, &mut served);
    }
    let configured = repo.tofu.roots.iter().flat_map(|root| &root.resolved.providers);
    let urls = configured.filter(|one| one.provider.name.value == "authentik");
    let configured: BTreeSet<String> = urls
        .filter_map(|one| hosts::of(&one.content.known_string("url")?.value))
        .filter(|place| !hosts::is_loopback(&place.host))
        .map(|place| place.host)
        .collect();
    if configured.is_empty() || !configured.is_disjoint(&served) {
        served.extend(configured);
        return served;
    }
    configured
}

fn of_release(release: &Release<'_>, served: &mut BTreeSet<String>) {
    let mut add = |host: &str| served.extend([host.to_lowercase()]);
    let server = |path: &[&str]| release.value(&["server"]).and_then(|server| server.at(path));
    let hosts = server(&["ingress", "hosts"]).map(Value::items).unwrap_or_default();
    hosts.iter().filter_map(Value::text).for_each(&mut add);
    for route in server(&["route"]).map(Value::entries).unwrap_or_default() {
        route.value.items_at("hostnames").iter().filter_map(Value::text).for_each(&mut add);
    }
    let service = service(release);
    let Some(namespace) = release.namespace() else { return };
    for end in ["", ".svc", ".svc.cluster.local"] {
        add(&format!("{service}.{namespace}{end}"));
    }
    for route in routes(release.cluster) {
        let leads_there = route
            .backends
            .iter()
            .any(|backend| backend.name.text() == Some(&service) && backend.namespace == Some(namespace));
        if leads_there {
            route.hosts.iter().flatten().for_each(|host| add(&host.value));
        }
    }
}

/// The name of the Service of the server: `authentik.fullname` in `templates/_helpers.tpl` of the chart.
fn service(release: &Release<'_>) -> String {
    let name = helm_name(release.object);
    let text = |key: &str| release.value(&[key]).and_then(Value::text);
    let full = match (text("fullnameOverride"), text("nameOverride").unwrap_or("authentik")) {
        (Some(full), _) => full.to_owned(),
        (None, chart) if name.contains(chart) => name,
        (None, chart) => format!("{name}-{chart}"),
    };
    format!("{full}-server")
}
