//! The chart app-template: how the parts of its values name each other. Source: `charts/library/common/templates` and
//! `schemas` of bjw-s-labs/helm-charts, releases 3.7.3 and 4.1.1.

use diagnostic::{Severity, Sources, Span, nearest};
use manifest::{Content, Entry, Value};
use resolve_flux::{Cluster, Object, Values};

use super::chart::{Chart, Pin};
use crate::Repo;

/// The keys of the values, as the releases 3 and 4 know them.
const KEYS: [&str; 15] = [
    "configMaps",
    "controllers",
    "defaultPodOptions",
    "defaultPodOptionsStrategy",
    "global",
    "ingress",
    "networkpolicies",
    "persistence",
    "rawResources",
    "rbac",
    "route",
    "secrets",
    "service",
    "serviceAccount",
    "serviceMonitor",
];

/// Keys that a controller does not have, and its `pod` has.
const OF_POD: [&str; 20] = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "imagePullSecrets",
    "nodeSelector",
    "priorityClassName",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
];

/// Keys that a controller does not have, and its containers have.
const OF_CONTAINER: [&str; 8] = ["args", "command", "env", "envFrom", "image", "lifecycle", "probes", "resources"];

/// A HelmRelease of app-template, all of whose values are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release<'o> {
    /// Its values.
    pub(crate) values: &'o Value,
    /// The first number of the version of its chart: 3 or more.
    major: u64,
}

impl<'o> Release<'o> {
    /// That which `release`, a HelmRelease of `cluster`, is.
    pub(crate) fn of(repo: &Repo<'_>, cluster: &Cluster, release: &'o Object) -> Option<Self> {
        let chart = Chart::of(cluster, release).filter(|chart| chart.name == Some("app-template"))?;
        let Pin::Exact(version) = chart.pin else { return None };
        let major = version.value.segments().first().copied().filter(|major| *major >= 3)?;
        let Values { value, are_whole } = resolve_flux::values(cluster, release, repo.sources);
        are_whole.then_some(Self { values: value, major })
    }

    /// How bad it is what keeps it from running: of releases later than those that were read, less is known.
    pub(crate) fn severity(&self) -> Severity {
        if self.major < 5 { Severity::Error } else { Severity::Warning }
    }
}

/// What in the values of `release`, a HelmRelease of `cluster`, does not fit, where it is of app-template.
pub(crate) fn misfits(repo: &Repo<'_>, cluster: &Cluster, release: &Object) -> Vec<Misfit> {
    let release = Release::of(repo, cluster, release).filter(|release| is_plain(release.values));
    let Some(release) = release else { return Vec::new() };
    let mut misfits = Misfits { sources: repo.sources, severity: release.severity(), found: Vec::new() };
    misfits.judge(release.values, release.major);
    misfits.found
}

/// Whether all parts that may be named are known by their names.
fn is_plain(values: &Value) -> bool {
    ["controllers", "service", "configMaps", "secrets"].iter().all(|key| match values.get(key) {
        None => true,
        Some(part) => match &part.content {
            Content::Map(entries) => entries.iter().all(|entry| is_name(&entry.key.value)),
            content => matches!(content, Content::Null),
        },
    })
}

/// Whether `text` stands for itself, and nothing is filled in.
fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['{', '$'])
}

/// Something in the values that does not fit.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) place: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) severity: Severity,
}

struct Misfits<'r> {
    sources: &'r Sources,
    /// That of what keeps the chart from being rendered.
    severity: Severity,
    found: Vec<Misfit>,
}

impl Misfits<'_> {
    fn judge(&mut self, values: &Value, major: u64) {
        let controllers = part(values, "controllers");
        // Without any, the chart is no more than its other objects.
        if controllers.is_empty() {
            return;
        }
        self.keys(values);
        let (known, services) = (names(controllers), names(part(values, "service")));
        controllers.iter().for_each(|controller| self.controller(controller));
        for service in part(values, "service").iter().filter(|service| is_on(service)) {
            let called = &service.key.value;
            self.named(service.value.get("controller"), &known, |name| {
                format!("the Service `{called}` is for the controller `{name}`, and the values have none of that name")
            });
        }
        part(values, "persistence").iter().for_each(|volume| self.volume(values, volume, controllers));
        for ingress in part(values, "ingress").iter().filter(|ingress| is_on(ingress)) {
            let called = &ingress.key.value;
            for path in ingress.value.items_at("hosts").iter().flat_map(|host| host.items_at("paths")) {
                self.named(path.at(&["service", "identifier"]), &services, |name| {
                    format!(
                        "the Ingress `{called}` leads to the Service `{name}`, and the values have none of that name"
                    )
                });
            }
        }
        if major < 4 {
            return;
        }
        for route in part(values, "route").iter().filter(|route| is_on(route)) {
            let called = &route.key.value;
            for backend in route.value.items_at("rules").iter().flat_map(|rule| rule.items_at("backendRefs")) {
                self.named(backend.get("identifier"), &services, |name| {
                    format!("the route `{called}` leads to the Service `{name}`, and the values have none of that name")
                });
            }
        }
        for monitor in part(values, "serviceMonitor").iter().filter(|monitor| is_on(monitor)) {
            let called = &monitor.key.value;
            self.named(monitor.value.at(&["service", "identifier"]), &services, |name| {
                format!(
                    "the ServiceMonitor `{called}` is for the Service `{name}`, and the values have none of that name"
                )
            });
        }
    }

    /// Reports `name` where it is none of `known`.
    fn named(&mut self, name: Option<&Value>, known: &[&str], message: impl Fn(&str) -> String) {
        let Some(value) = name else { return };
        let Some(text) = value.text().filter(|text| is_name(text) && !known.contains(text)) else { return };
        self.report(value.span, message(text), suggestion(text, known), self.severity);
    }

    fn report(&mut self, place: Span, message: String, help: Option<String>, severity: Severity) {
        self.found.push(Misfit { place, message, help, severity });
    }

    /// Keys that nothing reads: they belong elsewhere, or are nearly one that is read.
    fn keys(&mut self, values: &Value) {
        let sources = self.sources;
        for Entry { key, .. } in values.entries().iter().filter(|entry| !is_anchor(sources, entry)) {
            let to = if OF_CONTAINER.contains(&key.value.as_str()) {
                "the container it is for, in `controllers`"
            } else if OF_POD.contains(&key.value.as_str()) {
                "`defaultPodOptions`"
            } else {
                ""
            };
            if !to.is_empty() {
                let message = format!("app-template has no value `{}`", key.value);
                self.report(key.span, message, Some(format!("move it below {to}")), Severity::Warning);
                continue;
            }
            let unknown = Some(key.value.as_str()).filter(|name| !KEYS.contains(name));
            let near = unknown.and_then(|name| nearest(name, KEYS)).filter(|near| values.get(near).is_none());
            if let Some(near) = near {
                let message = format!("app-template has no value `{}`", key.value);
                self.report(key.span, message, Some(format!("did you mean `{near}`?")), Severity::Warning);
            }
        }
    }

    /// Keys of a controller that belong elsewhere.
    fn controller(&mut self, controller: &Entry) {
        for entry in controller.value.entries() {
            let key = entry.key.value.as_str();
            let to = match key {
                _ if OF_POD.contains(&key) => "`pod`",
                _ if OF_CONTAINER.contains(&key) => "one of its `containers`",
                _ => continue,
            };
            let message = format!("`{key}` stands beside what belongs to the controller `{}`", controller.key.value);
            self.report(entry.key.span, message, Some(format!("move it below {to}")), self.severity);
        }
    }

    /// What a volume is made of, and where it is mounted.
    fn volume(&mut self, values: &Value, volume: &Entry, controllers: &[Entry]) {
        let called = &volume.key.value;
        let known = names(controllers);
        for mount in part(&volume.value, "advancedMounts") {
            let name = mount.key.value.as_str();
            let Some(controller) = controllers.iter().find(|controller| controller.key.value == name) else {
                if is_name(name) {
                    let message = format!(
                        "`{called}` is mounted into the controller `{name}`, and the values have none of that name"
                    );
                    self.report(mount.key.span, message, suggestion(name, &known), self.severity);
                }
                continue;
            };
            let containers = ["containers", "initContainers"].map(|key| names(part(&controller.value, key))).concat();
            let is_known = !containers.is_empty() && containers.iter().all(|container| is_name(container));
            for container in mount.value.entries().iter().map(|entry| &entry.key).filter(|_| is_known) {
                if is_name(&container.value) && !containers.contains(&container.value.as_str()) {
                    let message = format!(
                        "`{called}` is mounted into the container `{}`, and `{name}` has none of that name",
                        container.value
                    );
                    let help = suggestion(&container.value, &containers);
                    self.report(container.span, message, help, Severity::Warning);
                }
            }
        }
        let of = match volume.value.text_at("type") {
            Some("configMap") => "configMaps",
            Some("secret") => "secrets",
            _ => return,
        };
        if !is_on(volume) || values.get("configMapsFromFolder").is_some() {
            return;
        }
        self.named(volume.value.get("identifier"), &names(part(values, of)), |name| {
            format!("`{called}` is made of `{name}`, and `{of}` has none of that name")
        });
    }
}

/// Whether an anchor stands there: such a key may be there for its aliases alone.
fn is_anchor(sources: &Sources, entry: &Entry) -> bool {
    let (key, value) = (entry.key.span, entry.value.span);
    let between = || sources.get(key.file).text.get(key.range().end..value.range().start);
    key.file == value.file && between().is_some_and(|between| between.contains('&'))
}

/// The entries of a part of the values.
pub(crate) fn part<'v>(values: &'v Value, key: &str) -> &'v [Entry] {
    values.get(key).map(Value::entries).unwrap_or_default()
}

/// What they are called.
fn names(parts: &[Entry]) -> Vec<&str> {
    parts.iter().map(|part| part.key.value.as_str()).collect()
}

/// Whether a part is made: it is, unless it says otherwise.
pub(crate) fn is_on(part: &Entry) -> bool {
    part.value.get("enabled").is_none_or(|enabled| enabled.bool() == Some(true))
}

/// What to write in place of `name`: the only one that is there, or the nearest.
fn suggestion(name: &str, known: &[&str]) -> Option<String> {
    match known {
        [one] => Some(format!("write `{one}`")),
        _ => nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?")),
    }
}
