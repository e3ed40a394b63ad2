//! What the API server would refuse of the objects of a cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use diagnostic::Severity;
use manifest::split_api_version;
use resolve_flux::{Cluster, Object};
use schema::Version;
use schema::kubernetes::{Imported, Kind, Kinds, Misfit, Served, Sort};

use super::Flux;
use crate::threads::locked;
use crate::{Findings, Repo};

/// The kinds that a cluster knows, and whether its release of Flux is known.
#[derive(Debug)]
pub(crate) struct Known {
    /// The kinds.
    pub(crate) kinds: Kinds,
    /// The release of Flux that they are those of; none where it is not known.
    pub(crate) flux: Option<Version>,
    /// What was asked before, by `apiVersion` and kind: a cluster has many objects of few kinds.
    served: Mutex<BTreeMap<(String, String), Served>>,
    schemas: Mutex<BTreeMap<(String, String), Option<Kind>>>,
}

impl Known {
    /// What `cluster` knows.
    pub(crate) fn of(cluster: &Cluster, imported: Imported) -> Self {
        let flux = cluster.release.as_ref().and_then(|release| release.written.value.parse::<Version>().ok());
        Self {
            kinds: Kinds::new(flux.as_ref()).with(imported),
            flux,
            served: Mutex::default(),
            schemas: Mutex::default(),
        }
    }

    /// What is done with the version of `object`.
    pub(crate) fn served(&self, object: &Object) -> Served {
        let Some(api_version) = object.value.text_at("apiVersion") else { return Served::Unknown };
        let ask = || {
            let (group, version) = split_api_version(api_version);
            self.kinds.served(group, version, object.kind())
        };
        let key = (api_version.to_owned(), object.kind().to_owned());
        locked(&self.served).entry(key).or_insert_with(ask).clone()
    }

    fn kind(&self, object: &Object) -> Option<Kind> {
        let api_version = object.value.text_at("apiVersion")?;
        let key = (api_version.to_owned(), object.kind().to_owned());
        let ask = || self.kinds.get(api_version, object.kind());
        locked(&self.schemas).entry(key).or_insert_with(ask).clone()
    }
}

/// Something in an object that the API server would refuse.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) misfit: Misfit,
    pub(crate) severity: Severity,
    /// What the object is: `HelmRelease media/jellyfin`.
    pub(crate) object: String,
    /// The project whose schema says so, and the version of it.
    pub(crate) by: String,
    /// Which of the clusters it is in.
    pub(crate) cluster: usize,
}

/// Everything in the objects of the clusters that does not fit the schema of its kind, each place once in each.
fn refused(clusters: &[Cluster], known: &[Known]) -> Vec<Refused> {
    let mut all = Vec::new();
    for (at, (cluster, known)) in clusters.iter().zip(known).enumerate() {
        let mut told = BTreeSet::new();
        for object in &cluster.objects {
            let Some(kind) = known.kind(object) else { continue };
            let origin = kind.origin();
            let is_certain = origin.project == "kubernetes" || (origin.project == "flux" && known.flux.is_some());
            for misfit in kind.check(&object.value) {
                if !told.insert((misfit.sort, misfit.span, misfit.message.clone())) {
                    continue;
                }
                // Which version of another project runs is not known: another one may know the field or the value.
                let is_of_version = match misfit.sort {
                    Sort::UnknownField => misfit.help.is_none() && !misfit.message.contains("did you mean"),
                    Sort::NotAllowed | Sort::BrokenRule => true,
                    Sort::WrongType | Sort::Missing => false,
                };
                if !is_certain && is_of_version && origin.project != "flux" {
                    continue;
                }
                // Flux cannot read labels of which one is no text, and writes its own over all of them.
                let is_dropped = misfit.sort == Sort::WrongType && misfit.message.starts_with("`metadata.labels.");
                let severity = if is_certain && !is_dropped { Severity::Error } else { Severity::Warning };
                let name = object.called();
                let by = origin.to_string();
                all.push(Refused { misfit, severity, object: name, by, cluster: at });
            }
        }
    }
    all
}

/// Reports all misfits of `sort`.
pub(crate) fn report(repo: &Repo<'_>, sort: Sort, findings: &mut Findings<'_>) {
    for refused in repo.flux.refused().iter().filter(|refused| refused.misfit.sort == sort) {
        let Refused { misfit, severity, object, by, cluster } = refused;
        let cluster = &repo.flux.clusters[*cluster];
        let message = format!("{} ({object}, by the schema of {by})", misfit.message);
        let report = findings.report_in(cluster, misfit.span, message).severity(*severity);
        if let Some(help) = &misfit.help {
            report.help(help.clone());
        }
    }
}

impl Flux {
    /// What the API server would refuse of all objects.
    pub(crate) fn refused(&self) -> &[Refused] {
        self.refused.get_or_init(|| refused(&self.clusters, self.known()))
    }

    /// The clusters, each with the kinds that it knows.
    pub(crate) fn with_kinds(&self) -> impl Iterator<Item = (&Cluster, &Known)> {
        self.clusters.iter().zip(self.known())
    }

    fn known(&self) -> &[Known] {
        self.known.get_or_init(|| self.clusters.iter().map(|cluster| Known::of(cluster, self.imported)).collect())
    }
}
