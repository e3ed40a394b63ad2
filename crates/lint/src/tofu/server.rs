//! Which authentik server a repository runs.

use diagnostic::Spanned;
use expression::ServerVersion;
use inventory::Inventory;
use schema::Version;
use syntax::yaml::Node;

use super::Provider;
use crate::{Files, Kind};

/// What is known about the authentik server.
#[derive(Debug, Default)]
pub struct Server {
    /// The version of the chart that it is installed from, where the repository names just one.
    pub chart: Option<Spanned<ServerVersion>>,
}

impl Server {
    /// The server that the inventory, or the only HelmRelease of the chart `authentik`, names.
    pub fn of(inventory: Option<&Inventory>, files: &Files) -> Self {
        if let Some(inventory) = inventory {
            let version = &inventory.identity.release.version;
            let found = read(&version.value.to_string());
            return Self { chart: found.map(|found| Spanned::new(found, version.span)) };
        }
        let documents = files.of(Kind::Yaml).flat_map(crate::File::yaml);
        let mut charts: Vec<_> = documents.filter_map(|document| chart(&document.root)).collect();
        charts.dedup_by_key(|chart| chart.value);
        let [chart] = charts.as_slice() else { return Self::default() };
        Self { chart: Some(chart.clone()) }
    }

    /// A release that the server is not older than: its chart's, or that of the oldest provider that a root may run
    /// with, since a provider that is newer than the server cannot read its answers.
    pub fn at_least(&self, provider: &Provider) -> Option<ServerVersion> {
        if let Some(chart) = &self.chart {
            return Some(chart.value);
        }
        let oldest = provider.is_pinned().then(|| provider.allowed.as_ref()?.releases().next()).flatten()?;
        release_of(oldest.version())
    }
}

/// The release of the server that the provider `version` is made for: they share year and month.
pub fn release_of(version: &Version) -> Option<ServerVersion> {
    match *version.segments() {
        [year, month, ..] => Some(ServerVersion { year: year.try_into().ok()?, month: month.try_into().ok()? }),
        _ => None,
    }
}

/// The version of the chart `authentik` in a HelmRelease.
fn chart(document: &Node) -> Option<Spanned<ServerVersion>> {
    if document.get("kind")?.scalar()?.text != "HelmRelease" {
        return None;
    }
    let chart = document.get("spec")?.get("chart")?.get("spec")?;
    let is_meant = chart.get("chart")?.scalar()?.text == "authentik";
    let version = chart.get("version").filter(|_| is_meant)?;
    Some(Spanned::new(read(&version.scalar()?.text)?, version.span))
}

/// `2026.5.3` as a release.
fn read(text: &str) -> Option<ServerVersion> {
    let (year, rest) = text.split_once('.')?;
    let month = rest.split_once('.').map_or(rest, |(month, _)| month);
    Some(ServerVersion { year: year.parse().ok()?, month: month.parse().ok()? })
}
