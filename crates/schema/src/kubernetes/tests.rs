//! Objects with marks under what does not fit, and the facts of the tables.

mod forms;
mod left_alone;
mod misfits;
mod rules;

use diagnostic::{Diagnostic, Sources};
use fixture::Fixture;
use manifest::Value;
use syntax::yaml::{self, plain};

use super::source::sources;
use super::{Kinds, Served, Sort};
use crate::Version;

fn sort(sort: Sort) -> &'static str {
    match sort {
        Sort::UnknownField => "unknown-field",
        Sort::WrongType => "wrong-type",
        Sort::Missing => "missing",
        Sort::NotAllowed => "not-allowed",
        Sort::BrokenRule => "broken-rule",
    }
}

/// The objects of a text of YAML.
fn objects(file: diagnostic::FileId, text: &str) -> Vec<Value> {
    let documents = yaml::parse_all(file, text).expect("the text is YAML");
    documents.iter().map(|document| manifest::read(&document.root, plain::kubernetes)).collect()
}

/// Holds what is found in the objects of `text` against the marks in it.
#[track_caller]
fn check(text: &str) {
    check_at(None, text);
}

#[track_caller]
fn check_at(flux: Option<&str>, text: &str) {
    let flux: Option<Version> = flux.map(|text| text.parse().expect("a version"));
    let kinds = Kinds::new(flux.as_ref());
    let fixture = Fixture::parse(text);
    let mut sources = Sources::default();
    let mut found = Vec::new();
    for (path, text) in &fixture.files {
        let file = sources.add(path.clone(), text.clone());
        for object in objects(file, text) {
            let api_version = object.text_at("apiVersion").expect("an object has a version");
            let kind = object.text_at("kind").expect("an object has a kind");
            let Some(kind) = kinds.get(api_version, kind) else { continue };
            found.extend(kind.check(&object).into_iter().map(|misfit| {
                let finding = Diagnostic::error(sort(misfit.sort), misfit.span, misfit.message);
                match misfit.help {
                    Some(help) => finding.help(help),
                    None => finding,
                }
            }));
        }
    }
    if let Err(said) = fixture::compare(&fixture, &sources, &found) {
        panic!("\n{said}");
    }
}

#[test]
fn every_node_and_every_kind_reads_and_every_pattern_compiles() {
    for source in sources() {
        for name in source.names() {
            let entry = source.entry(name).expect("it is there");
            let was = entry.until.as_ref();
            assert!(
                was.is_some() || (0..source.releases.len().max(1)).any(|position| entry.at(source, position).is_some()),
                "{name}"
            );
        }
        for number in 0..source.count() {
            let node = source.node(number);
            let pattern = node.pattern.as_ref();
            assert!(pattern.is_none_or(|pattern| pattern.compiles()), "{}", pattern.expect("there is one").text);
        }
    }
}

#[test]
fn a_release_of_flux_serves_some_versions_and_not_others() {
    let served = |flux: &str, version: &str, kind: &str| {
        let group = match kind {
            "HelmRelease" => "helm.toolkit.fluxcd.io",
            "OCIRepository" => "source.toolkit.fluxcd.io",
            _ => "apps",
        };
        let flux: Version = flux.parse().expect("a version");
        match Kinds::new(Some(&flux)).served(group, version, kind) {
            Served::Unknown => "unknown".to_owned(),
            Served::Yes => "yes".to_owned(),
            Served::Deprecated { instead, .. } => format!("deprecated: {}", instead.unwrap_or_default()),
            Served::No { until, from, instead } => {
                let version = |version: Option<Version>| version.map(|version| version.to_string()).unwrap_or_default();
                format!("no: {} {} {}", version(until), version(from), instead.unwrap_or_default())
            }
        }
    };
    for (flux, version, kind, expected) in [
        ("2.9.4", "v2", "HelmRelease", "yes"),
        ("2.9.5", "v2beta1", "HelmRelease", "no: 2.6.4  helm.toolkit.fluxcd.io/v2"),
        ("2.7.1", "v2beta2", "HelmRelease", "deprecated: helm.toolkit.fluxcd.io/v2"),
        ("2.2.3", "v2", "HelmRelease", "no:  2.3.0 helm.toolkit.fluxcd.io/v2beta2"),
        ("2.5.1", "v1", "OCIRepository", "no:  2.6.0 source.toolkit.fluxcd.io/v1beta2"),
        ("2.6.0", "v1beta2", "OCIRepository", "deprecated: source.toolkit.fluxcd.io/v1"),
        ("2.9.4", "v3", "OCIRepository", "no:   source.toolkit.fluxcd.io/v1"),
        ("2.9.4", "v1", "Deployment", "yes"),
        ("2.9.4", "v1beta1", "Deployment", "no: 1.15  apps/v1"),
        ("2.9.4", "v9", "Deployment", "no:   apps/v1"),
        ("2.9.4", "v1", "Deploiment", "unknown"),
    ] {
        assert_eq!(served(flux, version, kind), expected, "{kind} {version} at {flux}");
    }
}
