//! A node of a schema.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

use super::rules::Compiled;

/// What a value must be like. Other nodes are named by their numbers in the same table.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Node {
    #[serde(rename = "type")]
    pub(super) kind: Option<Type>,
    pub(super) format: Option<String>,
    #[serde(rename = "enum")]
    pub(super) values: Option<Vec<Json>>,
    pub(super) pattern: Option<Pattern>,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    #[serde(default)]
    pub(super) exclusive_minimum: bool,
    #[serde(default)]
    pub(super) exclusive_maximum: bool,
    pub(super) multiple_of: Option<f64>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    #[serde(default)]
    pub(super) unique_items: bool,
    pub(super) min_properties: Option<usize>,
    pub(super) max_properties: Option<usize>,
    /// Whether null is a value, and not the same as nothing.
    #[serde(default)]
    pub(super) nullable: bool,
    #[serde(default)]
    pub(super) required: Vec<String>,
    /// What one that is not written is.
    pub(super) default: Option<Json>,
    #[serde(default)]
    pub(super) int_or_string: bool,
    /// Whether fields that are not named are taken as they are.
    #[serde(default)]
    pub(super) open: bool,
    /// Whether it is an object with a kind of its own.
    #[serde(default)]
    pub(super) embedded: bool,
    pub(super) list_type: Option<ListType>,
    #[serde(default)]
    pub(super) list_keys: Vec<String>,
    /// Whether it is the metadata of an object.
    #[serde(default)]
    pub(super) meta: bool,
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
    #[serde(default)]
    pub(super) one_of: Vec<usize>,
    #[serde(default)]
    pub(super) any_of: Vec<usize>,
    #[serde(default)]
    pub(super) all_of: Vec<usize>,
    pub(super) not: Option<usize>,
    pub(super) items: Option<usize>,
    /// What stands behind any name.
    pub(super) additional_properties: Option<usize>,
    #[serde(default)]
    pub(super) properties: BTreeMap<String, usize>,
}

/// The types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    Array,
    Boolean,
    Integer,
    Number,
    Object,
    /// A number, or a text such as `500Mi`. Only Kubernetes' own kinds have it.
    Quantity,
    String,
}

/// How the items of a list belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ListType {
    Atomic,
    Map,
    Set,
}

/// A rule in CEL.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Rule {
    /// The expression that must be true.
    pub(super) rule: String,
    pub(super) message: Option<String>,
    pub(super) message_expression: Option<String>,
    /// The field that it is about, as a path from the node on: `.spec.name`.
    pub(super) field_path: Option<String>,
    /// Whether it is held against an object that is new too, with nothing as the old one.
    #[serde(default)]
    #[expect(dead_code, reason = "such a rule is not judged: it speaks of the old object")]
    optional_old_self: bool,
    #[serde(skip)]
    pub(super) compiled: OnceLock<Option<Compiled>>,
}

/// A regular expression, compiled when it is first held against something.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    pub(super) text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// Whether `text` fits it. A pattern that does not compile here fits everything.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref().is_none_or(|regex| regex.is_match(text))
    }

    /// Whether it compiles.
    #[cfg(test)]
    pub(super) fn compiles(&self) -> bool {
        Regex::new(&self.text).is_ok()
    }
}
