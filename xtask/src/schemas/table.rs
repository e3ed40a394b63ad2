//! A table of kinds: each node of a schema once, however many kinds and releases share it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json, json};

/// The nodes and kinds of one source.
#[derive(Default)]
pub(super) struct Table {
    /// Each node as text, in the order in which they were first met.
    nodes: Vec<String>,
    numbers: HashMap<String, usize>,
    /// By `group/version Kind`.
    kinds: BTreeMap<String, Kind>,
}

/// A version of a kind.
struct Kind {
    namespaced: bool,
    stretches: Vec<Stretch>,
}

/// A stretch of releases in which nothing about it changed, by their positions.
struct Stretch {
    from: usize,
    to: usize,
    facts: Facts,
}

/// What may change about a version of a kind from release to release.
#[derive(Clone, PartialEq)]
pub(super) struct Facts {
    /// The number of its schema's node.
    pub(super) schema: usize,
    /// Whether the API server takes it.
    pub(super) served: bool,
    /// Whether objects are kept in it.
    pub(super) storage: bool,
    /// What the API server says to who uses it.
    pub(super) deprecated: Option<String>,
}

impl Table {
    /// The number of `node`, whose keys are in a fixed order.
    pub(super) fn node(&mut self, node: &Map<String, Json>) -> usize {
        let text = serde_json::to_string(node).expect("a map of JSON is JSON");
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.nodes.push(text.clone());
            self.nodes.len() - 1
        })
    }

    /// Takes in what is known of a version of a kind at the release at `position`; positions come in order.
    pub(super) fn kind(&mut self, api_version: &str, kind: &str, namespaced: bool, position: usize, facts: Facts) {
        let entry = self
            .kinds
            .entry(format!("{api_version} {kind}"))
            .or_insert_with(|| Kind { namespaced, stretches: Vec::new() });
        match entry.stretches.last_mut() {
            Some(last) if last.facts == facts && last.to + 1 == position => last.to = position,
            _ => entry.stretches.push(Stretch { from: position, to: position, facts }),
        }
    }

    /// The table as text: each kind and each node on a line of its own. `releases` may be empty.
    pub(super) fn text(&self, about: &Json, releases: &[String]) -> String {
        let mut out = format!("{{\n\"about\":{about},\n\"releases\":{},\n\"kinds\":{{\n", json!(releases));
        let kinds: Vec<String> = self
            .kinds
            .iter()
            .map(|(name, kind)| {
                let stretches: Vec<Json> =
                    kind.stretches.iter().map(|stretch| stretch_json(stretch, releases)).collect();
                format!("\"{name}\":{}", json!({ "namespaced": kind.namespaced, "stretches": stretches }))
            })
            .collect();
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
