//! What the objects of Flux name of each other.

use std::collections::HashMap;

use diagnostic::{Severity, nearest};
use manifest::Value;
use resolve_flux::{Cluster, FLUX_KUSTOMIZATION, Object, Reference};

use super::chart::HELM;
use super::secrets::slip;
use crate::{Findings, Repo};

const SOURCE: &str = "source.toolkit.fluxcd.io";
/// What an ArtifactGenerator makes, and other controllers too.
const ARTIFACT: &str = "ExternalArtifact";

/// What an object of Flux names another one for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// What is applied, or the chart that is installed, comes from it.
    Source,
    /// It must be ready first.
    Dependency,
    /// It must be healthy afterwards.
    HealthCheck,
}

/// An object that another one names.
#[derive(Clone, Debug)]
pub(crate) struct Named<'c> {
    /// Who names it.
    pub(crate) by: &'c Object,
    /// What for.
    pub(crate) role: Role,
    /// The API group of what is named.
    pub(crate) group: &'static str,
    /// What is named.
    pub(crate) reference: Reference,
}

/// What the objects of Flux in `cluster` name of each other in the role `role`, as far as it is known.
pub(crate) fn named(cluster: &Cluster, role: Role) -> impl Iterator<Item = Named<'_>> {
    cluster.objects.iter().flat_map(move |object| of(object, role))
}

/// Reports what is named in the role `role` and is not there; `what` says what becomes of the object that names it.
pub(crate) fn report_missing(repo: &Repo<'_>, role: Role, what: &str, findings: &mut Findings<'_>) {
    for cluster in &repo.flux.clusters {
        let mut likes = HashMap::new();
        for missing in named(cluster, role).filter(|named| !named.is_there(cluster)) {
            missing.report(cluster, what, &mut likes, findings);
        }
    }
}

/// What is there in place of something that is missing.
#[derive(Clone, Copy)]
struct Like<'c> {
    /// An object of that name in another namespace.
    elsewhere: Option<&'c Object>,
    /// Nearly that name.
    near: Option<&'c str>,
}

/// The likes of what is missing, by what it is called and whether it is the source that the cluster begins at, misspelt:
/// many objects may name one thing that is not there.
type Likes<'c> = HashMap<(String, bool), Like<'c>>;

/// What `object` names in the role `role`.
pub(crate) fn of(object: &Object, role: Role) -> Vec<Named<'_>> {
    let (is_kustomization, is_release) =
        (object.is(FLUX_KUSTOMIZATION, "Kustomization"), object.is(HELM, "HelmRelease"));
    let at = |path: &[&str]| object.value.at(path);
    let named = |value: &Value, kind: &str| {
        let reference = Reference::of(value, kind, object.namespace())?;
        let group = group(&reference.kind)?;
        Some(Named { by: object, role, group, reference })
    };
    let items = |path: &[&str]| at(path).map(Value::items).unwrap_or_default().iter();
    match role {
        Role::Source if is_kustomization => {
            at(&["spec", "sourceRef"]).and_then(|value| named(value, "GitRepository")).into_iter().collect()
        }
        Role::Source if is_release => {
            let chart = at(&["spec", "chart", "spec", "sourceRef"]).and_then(|value| named(value, "HelmRepository"));
            let whole = at(&["spec", "chartRef"]).and_then(|value| named(value, "OCIRepository"));
            chart.into_iter().chain(whole).collect()
        }
        Role::Source if object.is(SOURCE, "HelmChart") => {
            at(&["spec", "sourceRef"]).and_then(|value| named(value, "HelmRepository")).into_iter().collect()
        }
        Role::Dependency if is_kustomization => {
            items(&["spec", "dependsOn"]).filter_map(|item| named(item, "Kustomization")).collect()
        }
        Role::Dependency if is_release => {
            items(&["spec", "dependsOn"]).filter_map(|item| named(item, "HelmRelease")).collect()
        }
        // One that waits for all that it applies does not read the list.
        Role::HealthCheck if is_kustomization && at(&["spec", "wait"]).and_then(Value::bool) != Some(true) => {
            items(&["spec", "healthChecks"]).filter_map(|item| named(item, "")).collect()
        }
        Role::Source | Role::Dependency | Role::HealthCheck => Vec::new(),
    }
}

/// The API group of a kind of Flux that is written, or made of what is written.
fn group(kind: &str) -> Option<&'static str> {
    match kind {
        "Kustomization" => Some(FLUX_KUSTOMIZATION),
        "HelmRelease" => Some(HELM),
        "GitRepository" | "OCIRepository" | "HelmRepository" | "HelmChart" | "Bucket" | ARTIFACT => Some(SOURCE),
        _ => None,
    }
}

/// Whether `flux bootstrap` wrote `object`: the Flux Kustomization that a cluster begins at, and its source.
pub(crate) fn is_of_bootstrap(object: &Object) -> bool {
    object.file.file_name() == Some("gotk-sync.yaml")
}

/// The names of the artifacts that the ArtifactGenerators of `namespace` make.
fn artifacts<'c>(cluster: &'c Cluster, namespace: Option<&str>) -> Vec<&'c str> {
    let all = cluster.objects.iter().filter(|object| object.is("source.extensions.fluxcd.io", "ArtifactGenerator"));
    let here = all.filter(|object| object.namespace() == namespace);
    let items = here.flat_map(|object| object.value.at(&["spec", "artifacts"]).map(Value::items).unwrap_or_default());
    items.filter_map(|item| item.text_at("name")).collect()
}

impl Named<'_> {
    /// What is named, as people say it: `GitRepository flux-system/lab`.
    fn text(&self) -> String {
        let Reference { kind, namespace, name, .. } = &self.reference;
        match namespace {
            Some(namespace) => format!("{kind} {namespace}/{}", name.value),
            None => format!("{kind} {}", name.value),
        }
    }

    /// Whether it is there: in the tree, or made beside it when Flux is installed.
    fn is_there(&self, cluster: &Cluster) -> bool {
        let Reference { kind, namespace, name, .. } = &self.reference;
        let begin = &cluster.beginning;
        let is_in_beginning = namespace.as_deref().is_none_or(|namespace| namespace == begin.namespace);
        let source = begin.source.as_ref().map_or("flux-system", |(_, name)| name);
        let is_installed = is_in_beginning
            && match kind.as_str() {
                "Kustomization" => name.value == "flux-system" || name.value == source,
                _ => {
                    let is_source = begin.source.as_ref().is_none_or(|(known, _)| known == kind);
                    name.value == source && is_source && !self.is_misspelt_beginning(cluster)
                }
            };
        is_installed
            || cluster.find(self.group, kind, namespace.as_deref(), name).is_some()
            || (kind == ARTIFACT && self.may_be_generated(cluster))
    }

    /// Whether it is the source that the cluster begins at, misspelt: one of nearly that name stands in the same file, as
    /// `flux bootstrap` writes both.
    fn is_misspelt_beginning(&self, cluster: &Cluster) -> bool {
        let Reference { kind, name, .. } = &self.reference;
        let mut beside = cluster.of(self.group, kind).filter(|object| object.file == self.by.file);
        is_of_bootstrap(self.by)
            && beside.any(|object| object.name() != name.value && slip(name, [object.name()]).is_some())
    }

    /// Whether an ArtifactGenerator of the namespace makes it; where there is none, another controller may.
    fn may_be_generated(&self, cluster: &Cluster) -> bool {
        let made = artifacts(cluster, self.reference.namespace.as_deref());
        made.is_empty() || made.contains(&self.reference.name.value.as_str())
    }

    fn like<'c>(&self, cluster: &'c Cluster, is_misspelt: bool) -> Like<'c> {
        let Reference { kind, namespace, name, .. } = &self.reference;
        let same: Vec<&Object> = cluster.objects.iter().filter(|object| object.is(self.group, kind)).collect();
        let elsewhere = same.iter().copied().find(|object| object.name() == name.value);
        let beside =
            same.iter().filter(|object| object.namespace() == namespace.as_deref()).map(|object| object.name());
        let source = cluster.beginning.source.iter().filter(|(known, _)| known == kind && !is_misspelt);
        let installed = source.map(|(_, name)| name.as_str());
        let made = artifacts(cluster, namespace.as_deref()).into_iter().filter(|_| kind == ARTIFACT);
        Like { elsewhere, near: nearest(&name.value, beside.chain(installed).chain(made)) }
    }

    /// Reports that it is not there, as far as that can be proved: a part of the cluster that is not known may bring it.
    fn report<'c>(&self, cluster: &'c Cluster, what: &str, likes: &mut Likes<'c>, findings: &mut Findings<'_>) {
        let Reference { kind, name, .. } = &self.reference;
        let is_misspelt = self.is_misspelt_beginning(cluster);
        let like = || self.like(cluster, is_misspelt);
        let Like { elsewhere, near } = *likes.entry((self.text(), is_misspelt)).or_insert_with(like);
        // What is made when Flux is installed stands in no file.
        let begin = &cluster.beginning;
        let is_installed = begin.source.as_ref().is_some_and(|(known, source)| known == kind && *source == name.value);
        let is_installed = is_installed && !is_misspelt;
        let installed_in = is_installed.then_some(begin.namespace.as_str());
        // What has no source is not known because of that; it is not told as a reason to doubt the finding.
        let is_whole = match self.role {
            Role::Source => cluster.is_whole_but(self.by),
            Role::Dependency | Role::HealthCheck => cluster.is_whole(),
        };
        let severity = match (is_whole, elsewhere.is_some() || installed_in.is_some() || near.is_some()) {
            (true, _) => Severity::Error,
            (false, true) => Severity::Warning,
            (false, false) => return,
        };
        let message = format!("`{}` {what}: there is no {}", self.by.name(), self.text());
        // One of that name elsewhere: it is the namespace that is wrong, where one is written.
        let is_elsewhere = elsewhere.is_some() || installed_in.is_some();
        let place = self.reference.namespace_at.filter(|_| is_elsewhere).unwrap_or(name.span);
        let report = findings.report_in(cluster, place, message).severity(severity);
        if let Some(object) = elsewhere {
            let place = manifest::Identity::place(&object.value);
            let report = report.related(place, "one of that name is here, in another namespace");
            if let Some(namespace) = object.namespace() {
                report.help(format!("write `namespace: {namespace}` beside the name"));
            }
        } else if let Some(namespace) = installed_in {
            report.help(format!("write `namespace: {namespace}` beside the name"));
        } else if let Some(near) = near {
            report.help(format!("did you mean `{near}`?"));
        }
    }
}
