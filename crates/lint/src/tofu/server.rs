//! Which authentik server a repository runs.

use diagnostic::Spanned;
use expression::ServerVersion;
use inventory::Inventory;
use schema::Version;
use syntax::yaml::Node;

use super::Provider;
use crate::flux::Flux;
use crate::flux::authentik;
use crate::flux::chart::{Chart, Pin};
use crate::{Files, Kind};

/// What is known about the authentik server.
#[derive(Debug, Default)]
pub struct Server {
    /// The version of the chart that it is installed from, where the repository names just one.
    pub chart: Option<Spanned<ServerVersion>>,
}

impl Server {
    /// The server that the inventory names, or the releases of authentik in the clusters; in a repository without
    /// clusters, the only HelmRelease of the chart `authentik`.
    pub fn of(inventory: Option<&Inventory>, files: &Files, flux: &Flux) -> Self {
        if let Some(inventory) = inventory {
            let version = &inventory.identity.release.version;
            let found = read(version.value.as_str());
            return Self { chart: found.map(|found| Spanned::new(found, version.span)) };
        }
        let charts = authentik::charts(flux);
        if let Some(first) = charts.first() {
            let first = release_of_pin(&first.pin);
            let is_one = |chart: &Chart<'_>| {
                release_of_pin(&chart.pin).map(|one| one.value) == first.as_ref().map(|one| one.value)
            };
            return Self { chart: first.clone().filter(|_| charts.iter().all(is_one)) };
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

/// The release that a chart of one version installs.
fn release_of_pin(pin: &Pin) -> Option<Spanned<ServerVersion>> {
    match pin {
        Pin::Exact(version) => Some(Spanned::new(release_of(&version.value)?, version.span)),
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

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    #[test]
    fn a_release_by_tag_in_a_cluster_names_the_server() {
        let text = authentik("2026.2.3", "{}");
        let (sync, _) = text.split_once("#- clusters/home/authentik.yaml").expect("it has two files");
        let provider = r#"
#- tofu/main.tf
terraform {
  required_providers {
    authentik = {
      source  = "goauthentik/authentik"
      version = "~> 2026.5.0"
#               ^^^^^^^^^^^^^ warning[provider-newer-than-server]: the authentik provider is newer than the server, which is `2026.2`
    }
  }
}
"#;
        let release = "\
#- clusters/home/authentik.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: authentik, namespace: infra }
spec:
  url: oci://ghcr.io/goauthentik/helm-charts/authentik
  ref:
    tag: 2026.2.3
#        ^^^^^^^^ related: the server is installed from this chart
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: authentik, namespace: infra }
spec: { chartRef: { kind: OCIRepository, name: authentik } }
";
        check_rule("provider-newer-than-server", &format!("{sync}{release}{}", provider.trim_start()));
    }

    #[test]
    fn what_no_cluster_runs_does_not_count() {
        let old = "#- archive/authentik.yaml\nkind: HelmRelease\nspec: { chart: { spec: { chart: authentik, version: 2025.2.1 } } }\n";
        let provider = "#- tofu/main.tf\nterraform {\n  required_providers {\n    authentik = {\n      source = \"goauthentik/authentik\"\n      version = \"~> 2026.5.0\"\n    }\n  }\n}\n";
        check_rule("provider-newer-than-server", &format!("{}{old}{provider}", authentik("2026.5.3", "{}")));
        check_rule("provider-newer-than-server", &format!("{}{old}{provider}", authentik("'>=2025.2.0'", "{}")));
    }
}
