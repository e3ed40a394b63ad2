//! The HelmReleases of authentik: their chart, their values, and what their pods are told.

use diagnostic::Spanned;
use manifest::Value;
use resolve_flux::{Applied, Cluster, Object, Share, Values};
use schema::Version;

use super::Flux;
use super::chart::{Chart, HELM, Pin};
pub(crate) use super::setting::{Pod, Setting};
use crate::Repo;

/// A HelmRelease of the chart `authentik` of goauthentik.
#[derive(Debug)]
pub(crate) struct Release<'f> {
    /// The cluster that runs it.
    pub(crate) cluster: &'f Cluster,
    /// Itself.
    pub(crate) object: &'f Object,
    /// Its chart.
    pub(crate) chart: Chart<'f>,
    /// Its values, as far as they are known.
    pub(crate) values: &'f Value,
    /// Whether those are all, and nothing changes afterwards what the chart makes of them.
    pub(crate) is_whole: bool,
}

/// Where a release stands: it is looked for once.
#[derive(Debug)]
pub(crate) struct Place {
    cluster: usize,
    object: usize,
}

/// The charts that the authentik releases of every cluster are installed from.
pub(crate) fn charts(flux: &Flux) -> Vec<Chart<'_>> {
    installed(flux).map(|(.., chart)| chart).collect()
}

/// Whether it is goauthentik's: others publish charts of this name, with other values.
fn is_authentik(chart: &Chart<'_>) -> bool {
    chart.name == Some("authentik") && chart.address.is_some_and(|address| address.contains("goauthentik"))
}

/// The releases of every cluster: the cluster, itself, and its chart.
fn installed(flux: &Flux) -> impl Iterator<Item = (&Cluster, &Object, Chart<'_>)> {
    let places = flux.authentik.get_or_init(|| {
        let mut places = Vec::new();
        for (cluster, of) in flux.clusters.iter().enumerate() {
            let releases = of.objects.iter().enumerate().filter(|(_, object)| object.is(HELM, "HelmRelease"));
            let own = releases.filter(|(_, object)| Chart::of(of, object).as_ref().is_some_and(is_authentik));
            places.extend(own.map(|(object, _)| Place { cluster, object }));
        }
        places
    });
    places.iter().filter_map(|place| {
        let cluster = &flux.clusters[place.cluster];
        let object = &cluster.objects[place.object];
        Some((cluster, object, Chart::of(cluster, object)?))
    })
}

/// The authentik releases of every cluster.
pub(crate) fn releases<'f>(repo: &Repo<'f>) -> Vec<Release<'f>> {
    let values = |cluster, object| resolve_flux::values(cluster, object, repo.sources);
    let release = |(cluster, object, chart)| Release::of(cluster, object, chart, values(cluster, object));
    installed(repo.flux).map(release).collect()
}

/// The releases of which nothing stays unknown.
pub(crate) fn whole_releases<'f>(repo: &Repo<'f>) -> impl Iterator<Item = Release<'f>> {
    releases(repo).into_iter().filter(|release| release.is_whole)
}

impl<'f> Release<'f> {
    fn of(cluster: &'f Cluster, object: &'f Object, chart: Chart<'f>, values: &'f Values) -> Self {
        let Applied { share, .. } = cluster.applied_by(object);
        let is_patched = object.value.at(&["spec", "postRenderers"]).is_some_and(|list| !list.is_null());
        let is_whole = values.are_whole && *share == Share::All && !is_patched;
        Self { cluster, object, chart, values: &values.value, is_whole }
    }

    /// The version of its chart, where one is pinned.
    pub(crate) fn version(&self) -> Option<&Spanned<Version>> {
        match &self.chart.pin {
            Pin::Exact(version) => Some(version),
            _ => None,
        }
    }

    /// Its version, if that is `first` or newer.
    pub(crate) fn since(&self, first: &str) -> Option<&Spanned<Version>> {
        let first: Version = first.parse().expect("it is a version");
        self.version().filter(|version| version.value >= first)
    }

    /// Its version, if that is older than `first`.
    pub(crate) fn before(&self, first: &str) -> Option<&Spanned<Version>> {
        let first: Version = first.parse().expect("it is a version");
        self.version().filter(|version| version.value < first)
    }

    /// The namespace of its pods.
    pub(crate) fn namespace(&self) -> Option<&str> {
        let target = self.object.value.at(&["spec", "targetNamespace"]).and_then(Value::text);
        target.or(self.object.namespace())
    }

    /// What stands behind `path` in its values, and says something.
    pub(crate) fn value(&self, path: &[&str]) -> Option<&Value> {
        self.values.at(path).filter(|value| !value.is_null())
    }

    /// Its pods that run authentik: the server, and the worker.
    pub(crate) fn pods(&self) -> [Pod<'_>; 2] {
        ["server", "worker"].map(|part| Pod { release: self, part })
    }
}

/// What Helm's templates take for true: not nothing, false, zero, or something empty.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match &value.content {
        manifest::Content::Unknown | manifest::Content::Null => false,
        manifest::Content::Bool(is) => *is,
        manifest::Content::Number(number) => number.as_f64() != Some(0.0),
        manifest::Content::Text(text) => !text.is_empty(),
        manifest::Content::List(items) => !items.is_empty(),
        manifest::Content::Map(entries) => !entries.is_empty(),
    }
}
