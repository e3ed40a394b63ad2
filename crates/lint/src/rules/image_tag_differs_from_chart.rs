//! A server or an outpost of another release than the chart.

use std::collections::BTreeSet;

use diagnostic::Span;
use manifest::{Content, Value};
use schema::Version;

use crate::flux::authentik::{Pod, Release, is_truthy, whole_releases};
use crate::{Findings, Repo};

crate::rule! {
    /// The image of authentik, or of its outposts, is of another release than the chart.
    ///
    /// ## Why
    /// A chart is made for the server of its own year and month; the tag is there for another patch of that
    /// ([README of the chart](https://github.com/goauthentik/helm/tree/main/charts/authentik#setting-the-authentik-version)).
    /// Outposts speak to the server in the words of one version, so theirs is to be exactly the server's: with a tag that is
    /// fixed in `container_image_base` they stay behind at the next upgrade.
    ///
    /// ## Fix
    /// Leave the tag out and upgrade the chart; for a patch that has no chart, take one of the same year and month. Keep
    /// `%(version)s` in `container_image_base`.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.5.3
    /// #              ^^^^^^^^ related: the chart is of this version
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     global:
    ///       image:
    ///         tag: "2026.2.1"
    /// #            ^^^^^^^^^^ warning[image-tag-differs-from-chart]: the image is of authentik `2026.2.1`, and the chart is made for `2026.5`
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// Another patch of the same:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   interval: 10m
    ///   path: ./clusters/home
    ///   prune: true
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: source.toolkit.fluxcd.io/v1
    /// kind: HelmRepository
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 12h
    ///   url: https://charts.goauthentik.io
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   interval: 1h
    ///   chart:
    ///     spec:
    ///       chart: authentik
    ///       version: 2026.5.3
    ///       sourceRef: { kind: HelmRepository, name: authentik }
    ///   values:
    ///     global:
    ///       image:
    ///         tag: "2026.5.5"
    ///     authentik: { postgresql: { host: db.example.org } }
    /// ```
    ///
    /// ## When to allow
    /// While one is upgraded before the other, with the notes of both releases read.
    "image-tag-differs-from-chart", Warning, Flux, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let mut told = BTreeSet::new();
    for release in whole_releases(repo) {
        // Older charts have numbers of their own.
        let Some(chart) = release.since("2024.2.0") else { continue };
        for pod in release.pods() {
            let Some(Image { version, place }) = image(pod) else { continue };
            let (year, month) = (chart.value.segments()[0], chart.value.segments()[1]);
            if !is_within(&version, &chart.value, 2) && told.insert(place) {
                let message =
                    format!("the image is of authentik `{version}`, and the chart is made for `{year}.{month}`");
                findings.report(place, message).related(chart.span, "the chart is of this version");
            }
        }
        let server = server_version(&release, &chart.value);
        for pod in release.pods() {
            let base = pod.setting(&["outposts", "container_image_base"]);
            let (Some((base, place)), Some(server)) = (base.known(), &server) else { continue };
            let Some(version) = tag_of(base).and_then(read) else { continue };
            if !is_within(&version, server, 3) && told.insert(place) {
                let message = format!("outposts are of `{version}`, and the server is of `{server}`");
                findings.report(place, message).help("write `%(version)s` for the tag");
            }
        }
    }
}

/// An image of the server that is pinned.
struct Image {
    version: Version,
    place: Span,
}

/// The image of `pod`, if a tag is written for it that is a version.
fn image(pod: Pod<'_>) -> Option<Image> {
    let value = |part: &str, key: &str| {
        pod.release.value(&[part, "image", key]).filter(|value| value.is_unknown() || is_truthy(value))
    };
    let of = |key: &str| value(pod.part, key).or_else(|| value("global", key));
    // A digest goes before the tag, and may be of anything.
    if of("digest").is_some() {
        return None;
    }
    let tag = of("tag")?;
    Some(Image { version: read(&text(tag)?)?, place: tag.span })
}

/// The version of the server: that of its image, or that of the chart; none where the image says no version.
fn server_version(release: &Release<'_>, chart: &Version) -> Option<Version> {
    let [server, _] = release.pods();
    let keys = ["tag", "digest"];
    let is_written = |part: &str| {
        keys.iter()
            .any(|key| release.value(&[part, "image", key]).is_some_and(|value| value.is_unknown() || is_truthy(value)))
    };
    let is_own = is_written("server") || is_written("global");
    if is_own { image(server).map(|image| image.version) } else { Some(chart.clone()) }
}

fn text(value: &Value) -> Option<String> {
    match &value.content {
        Content::Text(text) => Some(text.clone()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A tag as a version of authentik, which begins with a year.
fn read(tag: &str) -> Option<Version> {
    let version: Version = tag.parse().ok()?;
    (version.written() >= 2 && version.segments()[0] >= 2021).then_some(version)
}

/// The tag of an image; none where there is none.
fn tag_of(image: &str) -> Option<&str> {
    let name = image.rsplit('/').next()?;
    name.split_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('@'))
}

/// Whether the first numbers of both are the same, as far as they are written.
fn is_within(one: &Version, other: &Version, numbers: usize) -> bool {
    let count = numbers.min(one.written()).min(other.written());
    one.segments()[..count] == other.segments()[..count]
}

#[cfg(test)]
mod tests {
    use crate::tests::{authentik, check_rule};

    fn check(version: &str, values: &str) {
        check_rule("image-tag-differs-from-chart", &authentik(version, values));
    }

    #[test]
    fn outposts_of_another_version_stay_behind() {
        check(
            "2026.5.3",
            r#"
authentik:
  outposts:
    container_image_base: ghcr.io/goauthentik/%(type)s:2026.5.2
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[image-tag-differs-from-chart]: outposts are of `2026.5.2`, and the server is of `2026.5.3`
"#,
        );
        check("2026.5.3", "authentik: { outposts: { container_image_base: 'ghcr.io/goauthentik/%(type)s:2026.5.3' } }");
        check(
            "2026.5.3",
            "authentik: { outposts: { container_image_base: 'registry.example.org:5000/%(type)s:%(version)s' } }",
        );
        check(
            "2026.5.3",
            "global: { image: { tag: 2026.5.5 } }\nauthentik: { outposts: { container_image_base: 'ghcr.io/goauthentik/%(type)s:2026.5.5' } }",
        );
        check(
            "2026.5.3",
            "global: { image: { tag: mine } }\nauthentik: { outposts: { container_image_base: 'ghcr.io/goauthentik/%(type)s:2026.5.5' } }",
        );
    }

    #[test]
    fn tags_of_the_same_release_or_of_none_are_left_alone() {
        for tag in [
            "2026.5.3",
            "2026.5.6",
            "2026.5",
            "v2026.5.3",
            "2026.5.3-arm64",
            "latest",
            "gh-next",
            "1.2.3",
            "''",
            "${TAG}",
        ] {
            check("2026.5.3", &format!("global: {{ image: {{ tag: {tag} }} }}"));
        }
        check("2026.5.3", "global: { image: { tag: 2026.2.1, digest: 'sha256:abc' } }");
        check(
            "2026.5.3",
            "global: { image: { tag: 2026.2.1 } }\nserver: { image: { tag: 2026.5.3 } }\nworker: { image: { tag: 2026.5.3 } }",
        );
        check("2026.x", "global: { image: { tag: 2026.2.1 } }");
        check("2024.10.5-1", "global: { image: { tag: 2024.10.5 } }");
        check("5.2.3", "global: { image: { tag: 2021.12.5 } }");
    }
}
