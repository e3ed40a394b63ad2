//! Which chart a HelmRelease installs: its name, where it comes from, and what says its version.

use diagnostic::{Span, Spanned};
use manifest::{Content, Value};
use resolve_flux::{Cluster, Object, Reference};
use schema::Version;

/// The API group of HelmRelease.
pub(crate) const HELM: &str = "helm.toolkit.fluxcd.io";
/// That of the sources.
const SOURCES: &str = "source.toolkit.fluxcd.io";

/// The chart of a HelmRelease.
#[derive(Debug)]
pub(crate) struct Chart<'c> {
    /// Its name, where it is known.
    pub(crate) name: Option<&'c str>,
    /// The address that it is fetched from, where the cluster says it.
    pub(crate) address: Option<&'c str>,
    /// What says its version.
    pub(crate) pin: Pin,
}

/// What says the version of a chart.
#[derive(Clone, Debug)]
pub(crate) enum Pin {
    /// One version.
    Exact(Spanned<Version>),
    /// Something else that does not move: a digest, a tag that is no version, a commit.
    Fixed,
    /// Something that moves, at its place: a range, the tag `latest`.
    Moving(Spanned<String>),
    /// Nothing: the newest is taken. The place is that of the chart.
    Missing(Span),
    /// Only the cluster knows.
    Unknown,
}

/// What Helm calls `release`: [`spec.releaseName`], or its name behind the namespace that it is installed to.
///
/// [`spec.releaseName`]: https://fluxcd.io/flux/components/helm/helmreleases/#release-name
pub(crate) fn helm_name(release: &Object) -> String {
    let spec = release.value.get("spec");
    let text = |key| spec.and_then(|spec| spec.text_at(key)).filter(|text| !text.is_empty());
    match (text("releaseName"), text("targetNamespace")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(namespace)) => format!("{namespace}-{}", release.name()),
        (None, None) => release.name().to_owned(),
    }
}

impl<'c> Chart<'c> {
    /// The chart that `release`, a HelmRelease of `cluster`, installs; none where it does not say.
    pub(crate) fn of(cluster: &'c Cluster, release: &'c Object) -> Option<Self> {
        let spec = release.value.get("spec")?;
        if let Some(template) = spec.at(&["chart", "spec"]) {
            return Self::of_template(cluster, template, release.namespace());
        }
        let named = Reference::of(spec.get("chartRef")?, "OCIRepository", release.namespace())?;
        let source = cluster.find(SOURCES, &named.kind, named.namespace.as_deref(), &named.name)?;
        match named.kind.as_str() {
            "OCIRepository" => Some(Self::of_oci(source.value.get("spec")?)),
            "HelmChart" => Self::of_template(cluster, source.value.get("spec")?, source.namespace()),
            _ => None,
        }
    }

    /// What stands in `spec.chart.spec` of a HelmRelease, and in `spec` of a HelmChart.
    fn of_template(cluster: &'c Cluster, template: &'c Value, namespace: Option<&str>) -> Option<Self> {
        let chart = template.get("chart")?;
        let source = Reference::of(template.get("sourceRef")?, "HelmRepository", namespace)?;
        let name = chart.text();
        if source.kind != "HelmRepository" {
            // Flux takes such a chart as it lies there, whatever version is written.
            return Some(Self { name, address: None, pin: Pin::Fixed });
        }
        let repository = cluster.find(SOURCES, &source.kind, source.namespace.as_deref(), &source.name);
        let address = repository.and_then(|repository| repository.value.at(&["spec", "url"])?.text());
        Some(Self { name, address, pin: of_text(template.get("version"), chart.span) })
    }

    /// The `spec` of an OCIRepository: a digest goes before `semver`, and that before a tag.
    fn of_oci(spec: &'c Value) -> Self {
        let url = spec.get("url");
        let address = url.and_then(Value::text);
        let name = address.and_then(|url| url.trim_end_matches('/').rsplit('/').next());
        let place = url.unwrap_or(spec).span;
        let reference = |key| spec.at(&["ref", key]).filter(|value: &&Value| !is_empty(value));
        let pin = if spec.get("ref").is_some_and(Value::has_unknown) {
            Pin::Unknown
        } else if reference("digest").is_some() {
            Pin::Fixed
        } else if let Some(range) = reference("semver") {
            of_text(Some(range), place)
        } else {
            match of_text(reference("tag"), place) {
                Pin::Moving(tag) if tag.value != "latest" => Pin::Fixed,
                pin => pin,
            }
        };
        Self { name, address, pin }
    }
}

/// What a text for a version is; nothing is the newest version of the chart at `place`.
fn of_text(version: Option<&Value>, place: Span) -> Pin {
    let text = match version.map(|version| (&version.content, version.span)) {
        None | Some((Content::Null, _)) => return Pin::Missing(place),
        Some((Content::Text(text), span)) => Spanned::new(text.clone(), span),
        Some((Content::Number(number), span)) => Spanned::new(number.to_string(), span),
        Some(_) => return Pin::Unknown,
    };
    if text.value.trim().is_empty() {
        return Pin::Missing(place);
    }
    match exact(&text.value) {
        Some(version) => Pin::Exact(Spanned::new(version, text.span)),
        // Something is to be put in here, by whom is not known.
        None if text.value.contains("${") || text.value.contains("{{") => Pin::Unknown,
        None => Pin::Moving(text),
    }
}

/// `text` as one version: its three numbers, and perhaps a `v` or `=` before them.
fn exact(text: &str) -> Option<Version> {
    let text = text.trim();
    let version: Version = text.strip_prefix('=').unwrap_or(text).trim().parse().ok()?;
    (version.written() == 3).then_some(version)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.text().is_some_and(|text| text.trim().is_empty())
}
