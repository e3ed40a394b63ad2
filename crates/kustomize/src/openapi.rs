//! What OpenAPI tells of kinds: which lie in no namespace, and which lists a strategic merge patch merges.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use manifest::{Content, Value};

const MERGE_KEYS: &str = include_str!("../data/merge_keys.txt");
const CLUSTER_WIDE: &str = include_str!("../data/cluster_wide.txt");

static BUILT_IN: LazyLock<Arc<OpenApi>> = LazyLock::new(|| Arc::new(OpenApi::built_in()));
static NO_NAMESPACE: LazyLock<BTreeSet<(&str, &str)>> =
    LazyLock::new(|| lines(CLUSTER_WIDE).filter_map(|line| line.split_once(' ')).collect());

/// The lines of a table without its head.
pub(crate) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Whether objects of that kind are known to lie in no namespace.
pub fn is_cluster_wide(api_version: &str, kind: &str) -> bool {
    NO_NAMESPACE.contains(&(api_version, kind))
}

/// The shapes of kinds, as far as lists are merged in them.
#[derive(Debug, Default)]
pub(crate) struct OpenApi {
    types: BTreeMap<(String, String), Schema>,
    nodes: Vec<Node>,
}

/// A part of a shape; it belongs to one [`OpenApi`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schema(usize);

#[derive(Debug, Default)]
struct Node {
    fields: BTreeMap<String, Schema>,
    /// Of the fields that have no name there.
    others: Option<Schema>,
    /// The keys by which a patch merges this list; none for a list of single values.
    merge: Option<Vec<String>>,
    elements: Option<Schema>,
}

impl OpenApi {
    /// That of Kubernetes, which kustomize has.
    pub(crate) fn kubernetes() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    fn built_in() -> Self {
        let mut api = Self::default();
        let mut names = BTreeMap::new();
        for line in lines(MERGE_KEYS) {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                [api_version, kind, "=", of] => {
                    let of = api.named(&mut names, of);
                    api.types.insert((api_version.to_owned(), kind.to_owned()), of);
                }
                [of, field, ">", to] => {
                    let (of, to) = (api.named(&mut names, of), api.named(&mut names, to));
                    api.nodes[of.0].fields.insert(field.to_owned(), to);
                }
                [of, field, "+", keys, elements] => {
                    let of = api.named(&mut names, of);
                    let elements = (elements != "-").then(|| api.named(&mut names, elements));
                    let keys = keys.split(',').filter(|key| *key != "-").map(str::to_owned).collect();
                    let list = api.add(Node { merge: Some(keys), elements, ..Node::default() });
                    api.nodes[of.0].fields.insert(field.to_owned(), list);
                }
                _ => {}
            }
        }
        api
    }

    fn add(&mut self, node: Node) -> Schema {
        self.nodes.push(node);
        Schema(self.nodes.len() - 1)
    }

    fn named<'n>(&mut self, names: &mut BTreeMap<&'n str, Schema>, name: &'n str) -> Schema {
        *names.entry(name).or_insert_with(|| self.add(Node::default()))
    }

    /// The one that the file of an `openapi:` field describes.
    pub(crate) fn read(document: &Value) -> Self {
        let mut api = Self::default();
        let definitions = document.get("definitions").map(Value::entries).unwrap_or_default();
        let names: BTreeMap<&str, Schema> =
            definitions.iter().map(|entry| (entry.key.value.as_str(), api.add(Node::default()))).collect();
        for entry in definitions {
            let node = api.node(&names, &entry.value);
            let schema = names[entry.key.value.as_str()];
            api.nodes[schema.0] = node;
            for kind in entry.value.items_at("x-kubernetes-group-version-kind") {
                let [group, version, kind] =
                    ["group", "version", "kind"].map(|key| kind.text_at(key).unwrap_or_default());
                let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
                api.types.insert((api_version, kind.to_owned()), schema);
            }
        }
        api
    }

    fn node(&mut self, names: &BTreeMap<&str, Schema>, described: &Value) -> Node {
        let properties = described.get("properties").map(Value::entries).unwrap_or_default();
        let fields = properties.iter().map(|entry| (entry.key.value.clone(), self.part(names, &entry.value))).collect();
        let others = described.get("additionalProperties").filter(|others| matches!(others.content, Content::Map(_)));
        let others = others.map(|others| self.part(names, others));
        let is_list = described.text_at("type") == Some("array");
        let elements = described.get("items").filter(|_| is_list).map(|items| self.part(names, items));
        let strategy = described.text_at("x-kubernetes-patch-strategy").unwrap_or_default();
        let merge = strategy.split(',').any(|strategy| strategy == "merge").then(|| keys(described));
        Node { fields, others, merge, elements }
    }

    fn part(&mut self, names: &BTreeMap<&str, Schema>, described: &Value) -> Schema {
        let named = described.text_at("$ref").and_then(|reference| reference.strip_prefix("#/definitions/"));
        if let Some(schema) = named.and_then(|name| names.get(name)) {
            return *schema;
        }
        let node = self.node(names, described);
        self.add(node)
    }

    /// The shape of a kind.
    pub(crate) fn of(&self, api_version: &str, kind: &str) -> Option<Schema> {
        self.types.get(&(api_version.to_owned(), kind.to_owned())).copied()
    }

    /// The shape of what stands behind `key`.
    pub(crate) fn field(&self, of: Schema, key: &str) -> Option<Schema> {
        let node = &self.nodes[of.0];
        node.fields.get(key).copied().or(node.others)
    }

    /// The shape of the elements of a list.
    pub(crate) fn elements(&self, of: Schema) -> Option<Schema> {
        self.nodes[of.0].elements
    }

    /// The keys by which a patch merges this list, none if its elements are single values; `None` if it replaces it.
    pub(crate) fn merge_keys(&self, of: Schema) -> Option<&[String]> {
        self.nodes[of.0].merge.as_deref()
    }
}

fn keys(described: &Value) -> Vec<String> {
    let several = described.items_at("x-kubernetes-list-map-keys");
    if !several.is_empty() {
        return several.iter().filter_map(Value::text).map(str::to_owned).collect();
    }
    described.text_at("x-kubernetes-patch-merge-key").map(str::to_owned).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_containers_of_a_deployment_are_merged_by_name_and_their_ports_by_two_keys() {
        let api = OpenApi::kubernetes();
        let field = |of, key| api.field(of, key).expect("the field is known");
        let deployment = api.of("apps/v1", "Deployment").expect("the kind is known");
        let pod = ["spec", "template", "spec"].into_iter().fold(deployment, field);
        let containers = field(pod, "containers");
        assert_eq!(api.merge_keys(containers), Some(&["name".to_owned()][..]));
        let container = api.elements(containers).expect("containers have fields");
        let ports = field(container, "ports");
        assert_eq!(api.merge_keys(ports), Some(&["containerPort".to_owned(), "protocol".to_owned()][..]));
        assert_eq!(api.field(container, "args"), None);
    }

    #[test]
    fn a_namespace_lies_in_none_and_a_kind_of_others_may() {
        assert!(is_cluster_wide("v1", "Namespace"));
        assert!(!is_cluster_wide("v1", "Pod"));
        assert!(!is_cluster_wide("example.org/v1", "Cluster"));
    }
}
