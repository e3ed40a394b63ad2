//! A provider through all of its releases.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::{Constraint, Release, Version};

/// `goauthentik/authentik`, one type a line.
const AUTHENTIK: &str = include_str!("../../../schemas/authentik-provider.json");

/// A provider: its releases, and what each type was like in them.
#[derive(Debug)]
pub struct Provider {
    /// The releases, the oldest first.
    releases: Vec<Version>,
    resources: BTreeMap<&'static str, LazyType>,
    data_sources: BTreeMap<&'static str, LazyType>,
}

/// What a type is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `resource "…"`.
    Resource,
    /// `data "…"`.
    DataSource,
}

/// A type, parsed when it is asked for.
#[derive(Debug)]
struct LazyType {
    text: &'static str,
    parsed: OnceLock<Type>,
}

/// A resource type or a data source through the releases that have it.
#[derive(Debug, Deserialize)]
pub struct Type {
    /// The first release that has it; `None` is the oldest that is known.
    pub from: Option<Version>,
    /// The last release that has it; `None` is the newest that is known.
    pub to: Option<Version>,
    /// Everything it ever had, by name.
    attributes: BTreeMap<String, Vec<Attribute>>,
}

/// An attribute through a stretch of releases in which nothing about it changed.
#[derive(Debug, Deserialize)]
pub struct Attribute {
    /// The first release of the stretch; `None` is the type's own first.
    pub from: Option<Version>,
    /// The last release of the stretch; `None` is the type's own last.
    pub to: Option<Version>,
    /// Its type as OpenTofu writes it: `string`, `list(map(string))`.
    #[serde(rename = "type")]
    pub type_expression: String,
    /// Whether it is written.
    pub mode: Mode,
    /// Whether the provider fills in one that is not written.
    #[serde(default)]
    pub computed: bool,
    /// Whether plans hide it.
    #[serde(default)]
    pub sensitive: bool,
    /// Whether the provider says not to use it any more.
    #[serde(default)]
    pub deprecated: bool,
    /// The only values it takes; any if there are none.
    #[serde(default)]
    pub values: Vec<String>,
    /// What one that is not written means, as text.
    pub default: Option<String>,
}

/// Whether an attribute is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It must be.
    Required,
    /// It may be.
    Optional,
    /// It may not: it is only read.
    Computed,
}

impl Provider {
    /// `goauthentik/authentik`.
    pub fn authentik() -> &'static Provider {
        static PROVIDER: LazyLock<Provider> = LazyLock::new(|| Provider::read(AUTHENTIK));
        &PROVIDER
    }

    /// Only the lines are looked at: `derive` writes each type on one.
    fn read(text: &'static str) -> Provider {
        let mut provider = Provider { releases: Vec::new(), resources: BTreeMap::new(), data_sources: BTreeMap::new() };
        let mut section = None;
        for line in text.lines() {
            let Some((name, value)) = line.strip_prefix('"').and_then(|line| line.split_once("\":")) else { continue };
            let value = value.trim_end_matches(',');
            match (name, value) {
                ("versions", list) => {
                    let list: Vec<&str> = serde_json::from_str(list).expect("`versions` is a list");
                    let release = |text: &&str| text.parse().expect("a release is a version");
                    provider.releases = list.iter().map(release).collect();
                }
                ("resources", "{") => section = Some(Kind::Resource),
                ("data_sources", "{") => section = Some(Kind::DataSource),
                _ => {
                    let lazy = LazyType { text: value, parsed: OnceLock::new() };
                    match section {
                        Some(Kind::Resource) => drop(provider.resources.insert(name, lazy)),
                        Some(Kind::DataSource) => drop(provider.data_sources.insert(name, lazy)),
                        None => {}
                    }
                }
            }
        }
        provider
    }

    /// All releases, the oldest first.
    pub fn releases(&self) -> impl ExactSizeIterator<Item = Release<'_>> + DoubleEndedIterator {
        self.releases.iter().map(|version| Release::new(self, version))
    }

    /// The newest release.
    pub fn newest(&self) -> Release<'_> {
        self.releases().next_back().expect("a provider has a release")
    }

    /// The newest release that `constraint` allows.
    pub fn newest_allowed(&self, constraint: &Constraint) -> Option<Release<'_>> {
        self.releases().rev().find(|release| constraint.allows(release.version()))
    }

    /// The release of that version.
    pub fn release(&self, version: &Version) -> Option<Release<'_>> {
        self.releases().find(|release| release.version() == version)
    }

    /// The names of all types of that kind, whatever the release.
    pub fn types(&self, kind: Kind) -> impl Iterator<Item = &'static str> {
        self.of(kind).keys().copied()
    }

    /// The type of that name, if any release has it.
    pub fn type_named(&self, kind: Kind, name: &str) -> Option<&Type> {
        let lazy = self.of(kind).get(name)?;
        let parse =
            || serde_json::from_str(lazy.text).unwrap_or_else(|error| panic!("the schema of `{name}`: {error}"));
        Some(lazy.parsed.get_or_init(parse))
    }

    fn of(&self, kind: Kind) -> &BTreeMap<&'static str, LazyType> {
        match kind {
            Kind::Resource => &self.resources,
            Kind::DataSource => &self.data_sources,
        }
    }
}

impl Type {
    /// All attributes that it ever had, by name, each with its stretches in order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &[Attribute])> {
        self.attributes.iter().map(|(name, stretches)| (name.as_str(), stretches.as_slice()))
    }

    /// The stretches of the attribute of that name; none if it never had one.
    pub fn attribute(&self, name: &str) -> &[Attribute] {
        self.attributes.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_embedded_table_can_be_read() {
        let provider = Provider::authentik();
        let mut attributes = 0;
        for kind in [Kind::Resource, Kind::DataSource] {
            for name in provider.types(kind) {
                attributes += provider.type_named(kind, name).expect(name).attributes().count();
            }
        }
        assert_eq!(provider.types(Kind::Resource).count(), 106);
        assert_eq!(provider.types(Kind::DataSource).count(), 27);
        assert!(attributes > 1000, "{attributes}");
        assert_eq!(provider.releases().len(), 50);
        assert_eq!(provider.newest().version().to_string(), "2026.5.0");
    }

    #[test]
    fn the_newest_release_that_a_constraint_allows_is_found() {
        let provider = Provider::authentik();
        for (constraint, release) in [
            ("~> 2026.5.0", Some("2026.5.0")),
            ("~> 2026.2.0", Some("2026.2.1")),
            ("2025.12.1", Some("2025.12.1")),
            ("~> 2025.10", Some("2025.12.1")),
            (">= 2025.10.0, < 2025.12", Some("2025.10.1")),
            ("~> 2026.8.0", None),
            ("< 2022", None),
        ] {
            let parsed = constraint.parse().expect(constraint);
            let found = provider.newest_allowed(&parsed).map(|release| release.version().to_string());
            assert_eq!(found.as_deref(), release, "{constraint}");
        }
    }

    #[test]
    fn the_history_of_an_attribute_tells_when_it_came_and_went() {
        let group = Provider::authentik().type_named(Kind::Resource, "authentik_group").expect("a type");
        assert_eq!(
            group.attribute("parent").last().and_then(|last| last.to.as_ref()).map(ToString::to_string),
            Some("2025.10.1".to_owned())
        );
        assert_eq!(
            group.attribute("parents").first().and_then(|first| first.from.as_ref()).map(ToString::to_string),
            Some("2025.12.0".to_owned())
        );
        assert!(group.attribute("colour").is_empty());
    }
}
