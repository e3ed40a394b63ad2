//! The Secrets of the chart app-template: what its pods read, and that it makes none. Source: `_env.tpl`, `_envFrom.tpl`
//! and `_volumes.tpl` below `charts/library/common/templates/lib` of bjw-s-labs/helm-charts, and what `render` beside it
//! makes; releases 3.0.4, 3.7.3 and 4.1.1.

use manifest::{Entry, Value};
use resolve_flux::{Cluster, Object};

use super::read::Reading;
use crate::Repo;
use crate::flux::app_template::{Release, is_on, part};

/// The keys of the values that no Secret comes from: one is written in `secrets` and `rawResources`, a `serviceAccount`
/// may have a token in one, and who has rights by `rbac` may make any.
const MAKE_NONE: [&str; 11] = [
    "configMaps",
    "controllers",
    "defaultPodOptions",
    "defaultPodOptionsStrategy",
    "global",
    "ingress",
    "networkpolicies",
    "persistence",
    "route",
    "service",
    "serviceMonitor",
];

/// What `release`, a HelmRelease of `cluster`, is where it is of app-template, makes no Secret, and nothing changes
/// afterwards what the chart makes.
pub(super) fn plain<'o>(repo: &Repo<'_>, cluster: &Cluster, release: &'o Object) -> Option<Release<'o>> {
    let is_changed = |spec: &Value| ["kubeConfig", "postRenderers"].iter().any(|field| spec.get(field).is_some());
    release.value.get("spec").filter(|spec| !is_changed(spec))?;
    let known = Release::of(repo, cluster, release)?;
    let makes = |entry: &Entry| !MAKE_NONE.contains(&entry.key.value.as_str());
    // cert-manager makes the certificate that an annotated Ingress names.
    let names_one = |tls: &Value| tls.is_unknown() || tls.get("secretName").is_some();
    let has_certificate = |ingress: &Entry| {
        let tls = ingress.value.get("tls");
        tls.is_some_and(|tls| tls.is_unknown() || tls.items().iter().any(names_one))
    };
    let (all, ingresses) = (known.values.entries(), part(known.values, "ingress"));
    (!all.iter().any(makes) && !ingresses.iter().any(has_certificate)).then_some(known)
}

/// Adds what the pods of a release with `values` read to `reading`.
pub(super) fn read(values: &Value, reading: &mut Reading<'_>) {
    let controllers: Vec<_> = on(values, "controllers").collect();
    let pods = controllers.iter().filter_map(|controller| controller.value.get("pod"));
    values.get("defaultPodOptions").into_iter().chain(pods).for_each(|pod| reading.pull_secrets(pod));
    for controller in &controllers {
        // A container may have its own in place of these.
        let defaults = controller.value.get("defaultContainerOptions").into_iter();
        reading.unsure(|reading| defaults.for_each(|defaults| container(defaults, reading)));
        let containers = ["containers", "initContainers"].into_iter().flat_map(|key| on(&controller.value, key));
        containers.for_each(|one| container(&one.value, reading));
    }
    // What no controller mounts is in no pod.
    let is_mounted = |volume: &&Entry| {
        let mounts = part(&volume.value, "advancedMounts");
        let has = |mount: &Entry| controllers.iter().any(|one| one.key.value == mount.key.value);
        let by_some = mounts.is_empty() || mounts.iter().any(has);
        !controllers.is_empty() && (by_some || !volume.value.items_at("globalMounts").is_empty())
    };
    for volume in on(values, "persistence").filter(is_mounted) {
        match volume.value.text_at("type") {
            Some("secret") => reading.items(&volume.value, "name"),
            Some("custom") => volume.value.get("volumeSpec").into_iter().for_each(|spec| reading.volume(spec)),
            _ => {}
        }
    }
}

fn container(container: &Value, reading: &mut Reading<'_>) {
    let named = container.get("env").map(Value::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    for variable in named.chain(container.items_at("env")).filter(|variable| variable.get("value").is_none()) {
        reading.variable(variable.get("valueFrom").unwrap_or(variable));
    }
    reading.env_from(container.items_at("envFrom"));
    container.items_at("envFrom").iter().for_each(|from| reading.add(from, "secret", None));
}

fn on<'v>(values: &'v Value, key: &str) -> impl Iterator<Item = &'v Entry> {
    part(values, key).iter().filter(|entry| is_on(entry))
}
