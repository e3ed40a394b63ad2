//! A table of kinds: each node of a schema once, however many kinds and releases share it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json, json};

/// The nodes and kinds of one source.
#[derive(Debug, Default)]
pub struct Table {
    /// Each node as text, in the order in which they were first met.
    nodes: Vec<String>,
    numbers: HashMap<String, usize>,
    /// By `group/version Kind`.
    kinds: BTreeMap<String, Kind>,
    /// Versions that no release in the table serves, by `group/version Kind`: what is told of them.
    gone: BTreeMap<String, Json>,
}

/// A version of a kind.
#[derive(Debug)]
struct Kind {
    namespaced: bool,
    stretches: Vec<Stretch>,
}

/// A stretch of releases in which nothing about it changed, by their positions.
#[derive(Debug)]
struct Stretch {
    from: usize,
    to: usize,
    facts: Facts,
}

/// What may change about a version of a kind from release to release.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The number of its schema's node.
    pub schema: usize,
    /// Whether the API server takes it.
    pub served: bool,
    /// Whether objects are kept in it.
    pub storage: bool,
    /// What the API server says to who uses it.
    pub deprecated: Option<String>,
}

impl Table {
    /// The number of `node`, whose keys are in a fixed order.
    pub fn node(&mut self, node: &Map<String, Json>) -> usize {
        let text = serde_json::to_string(node).expect("a map of JSON is JSON");
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.nodes.push(text.clone());
            self.nodes.len() - 1
        })
    }

    /// Takes in what is known of a version of a kind at the release at `position`; positions come in order.
    pub fn kind(&mut self, api_version: &str, kind: &str, namespaced: bool, position: usize, facts: Facts) {
        let entry = self
            .kinds
            .entry(format!("{api_version} {kind}"))
            .or_insert_with(|| Kind { namespaced, stretches: Vec::new() });
        match entry.stretches.last_mut() {
            Some(last) if last.facts == facts && last.to + 1 == position => last.to = position,
            _ => entry.stretches.push(Stretch { from: position, to: position, facts }),
        }
    }

    /// Notes that Kubernetes 1.`removed` and later do not serve that version of a kind.
    pub fn gone(&mut self, api_version: &str, kind: &str, removed: u32, instead: Option<String>) {
        let name = format!("{api_version} {kind}");
        if self.kinds.contains_key(&name) {
            return;
        }
        // Its scope is that of a version that is there yet.
        let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let is_other = |name: &str| name.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'));
        let kept = self.kinds.iter().find(|(name, _)| {
            let (other, its_kind) = name.split_once(' ').unwrap_or_default();
            its_kind == kind && (is_other(name) || instead.as_deref() == Some(other))
        });
        let mut out = Map::new();
        if let Some((_, kept)) = kept {
            out.insert("namespaced".to_owned(), json!(kept.namespaced));
        }
        out.insert("until".to_owned(), json!(format!("1.{}", removed - 1)));
        if let Some(instead) = instead {
            out.insert("instead".to_owned(), json!(instead));
        }
        self.gone.insert(name, Json::Object(out));
    }

    /// Notes what the API server says to who uses that version of a kind.
    pub fn deprecate(&mut self, api_version: &str, kind: &str, warning: &str) {
        if let Some(kind) = self.kinds.get_mut(&format!("{api_version} {kind}")) {
            kind.stretches.iter_mut().for_each(|stretch| stretch.facts.deprecated = Some(warning.to_owned()));
        }
    }

    /// The table as text: each kind and each node on a line of its own. `releases` may be empty.
    pub fn text(&self, about: &Json, releases: &[String]) -> String {
        format!("{{\n\"about\":{about},\n{}", self.rest(releases))
    }

    /// Each node as text.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(String::as_str)
    }

    /// What follows on what a table says about itself.
    pub(crate) fn rest(&self, releases: &[String]) -> String {
        let mut out = format!("\"releases\":{},\n\"kinds\":{{\n", json!(releases));
        let mut kinds: BTreeMap<_, _> = self.gone.iter().map(|(name, told)| (name, told.clone())).collect();
        for (name, kind) in &self.kinds {
            let stretches: Vec<Json> = kind.stretches.iter().map(|stretch| stretch_json(stretch, releases)).collect();
            kinds.insert(name, json!({ "namespaced": kind.namespaced, "stretches": stretches }));
        }
        let kinds: Vec<String> = kinds.into_iter().map(|(name, told)| format!("\"{name}\":{told}")).collect();
        out.push_str(&kinds.join(",\n"));
        out.push_str("\n},\n\"nodes\":[\n");
        out.push_str(&self.nodes.join(",\n"));
        out.push_str("\n]\n}\n");
        out
    }
}

fn stretch_json(stretch: &Stretch, releases: &[String]) -> Json {
    let mut out = Map::new();
    if stretch.from > 0 {
        out.insert("from".to_owned(), json!(releases[stretch.from]));
    }
    if stretch.to + 1 < releases.len() {
        out.insert("to".to_owned(), json!(releases[stretch.to]));
    }
    let Facts { schema, served, storage, deprecated } = &stretch.facts;
    out.insert("schema".to_owned(), json!(schema));
    for (key, value) in [("served", served), ("storage", storage)] {
        if !value {
            out.insert(key.to_owned(), json!(false));
        }
    }
    if let Some(deprecated) = deprecated {
        out.insert("deprecated".to_owned(), json!(deprecated));
    }
    Json::Object(out)
}
