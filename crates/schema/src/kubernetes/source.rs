//! The tables in `schemas/kinds/`, read line by line when something in them is asked for.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use super::node::Node;
use crate::Version;

/// The kinds of one project.
#[derive(Debug)]
pub(super) struct Source {
    /// What it is called: `flux`.
    pub(super) project: &'static str,
    /// The version that it was derived from.
    pub(super) version: String,
    /// Whether it is Kubernetes itself, whose objects Go types decode.
    pub(super) is_core: bool,
    /// The releases that its stretches speak of, the oldest first; none where there is just one.
    pub(super) releases: Vec<Version>,
    /// The line of each version of a kind, by `group/version Kind`.
    kinds: BTreeMap<&'static str, &'static str>,
    nodes_text: &'static str,
    nodes: OnceLock<Vec<LazyNode>>,
}

/// A node, parsed when it is asked for.
#[derive(Debug)]
struct LazyNode {
    text: &'static str,
    parsed: OnceLock<Box<Node>>,
}

/// A version of a kind.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    /// Whether its objects lie in a namespace; `None` where the kind is gone, whatever the version.
    pub(super) namespaced: Option<bool>,
    /// None where no release in the table has it.
    #[serde(default)]
    stretches: Vec<Stretch>,
    /// The last release that served it, where that is older than the table.
    pub(super) until: Option<String>,
    /// The `apiVersion` that took its place then.
    pub(super) instead: Option<String>,
}

/// A stretch of releases in which nothing about it changed.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    from: Option<String>,
    to: Option<String>,
    /// The number of its schema's node.
    pub(super) schema: usize,
    #[serde(default = "yes")]
    pub(super) served: bool,
    /// Whether objects are kept in it.
    #[serde(default = "yes")]
    storage: bool,
    /// What the API server says to who uses it.
    pub(super) deprecated: Option<String>,
}

fn yes() -> bool {
    true
}

/// The name of a table, and its text.
macro_rules! table {
    ($project:literal) => {
        ($project, include_str!(concat!("../../../../schemas/kinds/", $project, ".json")))
    };
}

/// All tables; Kubernetes' own first.
pub(super) fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        [
            table!("kubernetes"),
            table!("flux"),
            table!("cert-manager"),
            table!("external-secrets"),
            table!("flux-operator"),
            table!("gateway-api"),
            table!("prometheus-operator"),
            table!("traefik"),
        ]
        .into_iter()
        .map(|(project, text)| Source::read(project, text))
        .collect()
    });
    &SOURCES
}

/// What every object's metadata is like.
pub(super) fn metadata() -> &'static Node {
    let core = &sources()[0];
    let entry = core.entry("meta/v1 ObjectMeta").expect("the table of Kubernetes has `ObjectMeta`");
    core.node(entry.stretches[0].schema)
}

impl Source {
    pub(super) fn read(project: &'static str, text: &'static str) -> Self {
        let (head, nodes_text) = text.split_once("\n},\n\"nodes\":[\n").expect("a table has nodes");
        let mut source = Self {
            project,
            version: String::new(),
            is_core: project == "kubernetes",
            releases: Vec::new(),
            kinds: BTreeMap::new(),
            nodes_text,
            nodes: OnceLock::new(),
        };
        for line in head.lines() {
            let Some((name, value)) = line.strip_prefix('"').and_then(|line| line.split_once("\":")) else { continue };
            let value = value.trim_end_matches(',');
            match name {
                "about" => source.version = about(value),
                "kinds" => {}
                "releases" => {
                    let list: Vec<&str> = serde_json::from_str(value).expect("`releases` is a list");
                    source.releases = list.iter().map(|text| text.parse().expect("a release is a version")).collect();
                }
                kind => drop(source.kinds.insert(kind, value)),
            }
        }
        source
    }

    /// `group/version Kind` of everything in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    /// What is known of a version of a kind, by `group/version Kind`.
    pub(super) fn entry(&self, name: &str) -> Option<Entry> {
        let line = self.kinds.get(name)?;
        Some(serde_json::from_str(line).unwrap_or_else(|error| panic!("the line of `{name}`: {error}")))
    }

    fn lazy(&self, number: usize) -> &LazyNode {
        let lines = self.nodes.get_or_init(|| {
            let lines = self.nodes_text.lines().take_while(|line| *line != "]");
            lines.map(|line| LazyNode { text: line.trim_end_matches(','), parsed: OnceLock::new() }).collect()
        });
        &lines[number]
    }

    /// Whether the node of that number may have a default; only such a node need be read to see which.
    pub(super) fn may_have_default(&self, number: usize) -> bool {
        self.lazy(number).text.contains("\"default\":")
    }

    /// The node of that number.
    pub(super) fn node(&self, number: usize) -> &Node {
        let lazy = self.lazy(number);
        lazy.parsed.get_or_init(|| {
            Box::new(serde_json::from_str(lazy.text).unwrap_or_else(|error| panic!("node {number}: {error}")))
        })
    }

    /// How many nodes there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.nodes_text.lines().take_while(|line| *line != "]").count()
    }
}

/// The version that a table was derived from.
fn about(line: &str) -> String {
    #[derive(Deserialize)]
    struct About {
        version: String,
    }
    serde_json::from_str::<About>(line).expect("a table tells its version").version
}

impl Entry {
    /// The stretch that has the release at `position` of `source`.
    pub(super) fn at(&self, source: &Source, position: usize) -> Option<&Stretch> {
        self.stretches.iter().find(|stretch| stretch.range(source).contains(&position))
    }

    /// Whether objects are kept in it at the release at `position` of `source`.
    pub(super) fn is_stored(&self, source: &Source, position: usize) -> bool {
        self.at(source, position).is_some_and(|stretch| stretch.storage)
    }

    /// The positions of the releases that serve it.
    pub(super) fn served(&self, source: &Source) -> Vec<usize> {
        self.stretches.iter().filter(|stretch| stretch.served).flat_map(|stretch| stretch.range(source)).collect()
    }
}

impl Stretch {
    fn range(&self, source: &Source) -> std::ops::RangeInclusive<usize> {
        let position = |text: &Option<String>| {
            let version: Version = text.as_deref()?.parse().ok()?;
            source.releases.iter().position(|release| *release == version)
        };
        let last = source.releases.len().saturating_sub(1);
        position(&self.from).unwrap_or(0)..=position(&self.to).unwrap_or(last)
    }
}
