//! The walk through an object beside its schema.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use diagnostic::{Span, did_you_mean};
use manifest::{Content, Entry, Value};

use super::node::{ListType, Node};
use super::source::{self, Source};
use super::{Misfit, Sort, junction, metadata, rules, scalar};

/// Where the walk is, and what it found.
pub(super) struct Check<'v> {
    pub(super) source: &'static Source,
    pub(super) found: Vec<Misfit>,
    /// Whether a field that is not named does not fit: so it is but in the branches of `anyOf` and its like.
    pub(super) is_strict: bool,
    /// Whether the object was encrypted by `sops`.
    is_encrypted: bool,
    path: Vec<Step<'v>>,
    /// The nodes of the maps that were passed, that of the object first.
    passed: Vec<(&'static Node, usize)>,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Field(&'v str),
    Item(usize),
}

impl<'v> Check<'v> {
    pub(super) fn new(source: &'static Source, object: &Value) -> Self {
        let is_encrypted = object.get("sops").is_some_and(|sops| matches!(sops.content, Content::Map(_)));
        Self { source, found: Vec::new(), is_strict: true, is_encrypted, path: Vec::new(), passed: Vec::new() }
    }

    /// One that begins where this one is, and may find something without a word about it.
    pub(super) fn trial(&self) -> Self {
        Self {
            source: self.source,
            found: Vec::new(),
            is_strict: false,
            is_encrypted: self.is_encrypted,
            path: self.path.clone(),
            passed: Vec::new(),
        }
    }

    /// Judges a whole object; `place` is where a person adds what it lacks.
    pub(super) fn object(&mut self, node: &'static Node, object: &'v Value, place: Span) {
        self.value(node, object, place);
    }

    /// Notes a misfit of what the walk is at.
    pub(super) fn say(&mut self, sort: Sort, span: Span, message: String) -> &mut Misfit {
        self.found.push(Misfit { sort, span, path: self.path(), message, help: None });
        self.found.last_mut().expect("it was pushed")
    }

    /// Where the walk is: `spec.ports[0]`.
    pub(super) fn path(&self) -> String {
        let mut out = String::new();
        for step in &self.path {
            let _ = match step {
                Step::Field(name) if out.is_empty() => write!(out, "{name}"),
                Step::Field(name) => write!(out, ".{name}"),
                Step::Item(index) => write!(out, "[{index}]"),
            };
        }
        out
    }

    /// The path with `name` behind it.
    pub(super) fn path_to(&self, name: &str) -> String {
        let path = self.path();
        if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
    }

    /// Whether nothing can be said about `value`: only the cluster knows it.
    pub(super) fn is_hidden(&self, value: &Value) -> bool {
        value.is_unknown() || self.is_encrypted && value.text().is_some_and(|text| text.starts_with("ENC["))
    }

    /// Goes to the field `key`, does `work` there and comes back.
    pub(super) fn within<T>(&mut self, key: &'v str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(Step::Field(key));
        let done = work(self);
        self.path.pop();
        done
    }

    /// Judges `value` by `node`; `place` is where a person adds what it lacks.
    pub(super) fn value(&mut self, node: &'static Node, value: &'v Value, place: Span) {
        if self.is_hidden(value) {
            return;
        }
        if node.meta {
            let source = std::mem::replace(&mut self.source, &source::sources()[0]);
            self.value(source::metadata(), value, place);
            metadata::check_keys(self, value);
            self.source = source;
            return;
        }
        if value.is_null() && (node.nullable || self.source.is_core && !self.path.is_empty()) {
            return;
        }
        if !scalar::has_type(node, value) {
            return scalar::say_type(self, node, value, place);
        }
        let found = self.found.len();
        match &value.content {
            Content::Map(entries) => self.map(node, value, entries, place),
            Content::List(items) => self.list(node, items, place),
            _ => scalar::check(self, node, value),
        }
        junction::check(self, node, value, place);
        // A rule may stumble over what does not fit, so the API server holds them against what does only.
        let fits = self.found[found..].iter().all(|misfit| misfit.sort == Sort::UnknownField);
        if fits && self.is_strict {
            rules::check(self, node, value, place);
        }
    }

    fn map(&mut self, node: &'static Node, value: &'v Value, entries: &'v [Entry], place: Span) {
        self.passed.push((node, self.path.len()));
        let mut count = 0;
        for entry in entries {
            let name = entry.key.value.as_str();
            if self.is_left_out(name) {
                continue;
            }
            let inner = match node.properties.get(name).copied().or(node.additional_properties) {
                Some(number) => self.source.node(number),
                None if node.embedded && metadata::OF_EVERY_OBJECT.contains(&name) => {
                    self.embedded(entry);
                    continue;
                }
                None if node.open || !self.is_strict => {
                    count += 1;
                    continue;
                }
                None => {
                    self.unknown_field(node, entry);
                    continue;
                }
            };
            // The API server drops it.
            if entry.value.is_null() && !inner.nullable {
                continue;
            }
            count += 1;
            self.within(name, |check| check.value(inner, &entry.value, entry.key.span));
        }
        self.required(node, value, place);
        self.size(count, (node.min_properties, node.max_properties), ("field", "fields"), place);
        self.passed.pop();
    }

    /// Whether the API server never sees that field, or does not judge it.
    fn is_left_out(&self, name: &str) -> bool {
        self.path.is_empty() && (name == "status" || name == "sops")
    }

    /// A field that every object has, of one that lies in another.
    fn embedded(&mut self, entry: &'v Entry) {
        let name = entry.key.value.as_str();
        if name != "metadata" && entry.value.text().is_none() && !self.is_hidden(&entry.value) {
            let path = self.path_to(name);
            let message = format!("`{path}` must be a text, not {}", entry.value.kind());
            self.say(Sort::WrongType, entry.value.span, message).path = path;
        }
    }

    fn unknown_field(&mut self, node: &'static Node, entry: &Entry) {
        let name = entry.key.value.as_str();
        let near = did_you_mean(name, node.properties.keys().map(String::as_str));
        let message = match self.path().as_str() {
            "" => format!("unknown field `{name}`{near}"),
            path => format!("unknown field `{name}` in `{path}`{near}"),
        };
        let elsewhere = near.is_empty().then(|| self.passed_with(name)).flatten();
        let path = self.path_to(name);
        let misfit = self.say(Sort::UnknownField, entry.key.span, message);
        (misfit.path, misfit.help) = (path, elsewhere);
    }

    /// Words about the nearest map around this one that has a field of that name: most likely it stands too deep.
    fn passed_with(&self, name: &str) -> Option<String> {
        let (_, depth) = self.passed.iter().rev().skip(1).find(|(node, _)| node.properties.contains_key(name))?;
        let around = Self { path: self.path[..*depth].to_vec(), ..self.trial() }.path();
        Some(if around.is_empty() {
            format!("`{name}` is a field of the object itself")
        } else {
            format!("`{name}` is a field of `{around}`")
        })
    }

    fn required(&mut self, node: &'static Node, value: &Value, place: Span) {
        let embedded = if node.embedded { &metadata::OF_EVERY_OBJECT[..2] } else { &[] };
        for name in node.required.iter().map(String::as_str).chain(embedded.iter().copied()) {
            let written = value.get(name);
            if written.is_some_and(|written| !written.is_null()) {
                continue;
            }
            let inner = node.properties.get(name).map(|number| self.source.node(*number));
            let is_null = written.is_some() && inner.is_some_and(|inner| inner.nullable);
            let has_default = inner.is_some_and(|inner| inner.default.is_some());
            if has_default || is_null {
                continue;
            }
            // What is misspelt is told where it stands.
            let is_unknown = |entry: &&Entry| !node.properties.contains_key(&entry.key.value);
            let mut unknown = value.entries().iter().filter(is_unknown);
            let is_misspelt = unknown.any(|entry| diagnostic::nearest(&entry.key.value, [name]).is_some());
            if node.properties.is_empty() || !is_misspelt {
                let path = self.path_to(name);
                let message = format!("`{path}` is missing");
                self.say(Sort::Missing, place, message).path = path;
            }
        }
    }

    fn list(&mut self, node: &'static Node, items: &'v [Value], place: Span) {
        if let Some(inner) = node.items.map(|number| self.source.node(number)) {
            for (index, item) in items.iter().enumerate() {
                self.path.push(Step::Item(index));
                let place = item.entries().first().map_or(item.span, |entry| entry.key.span);
                self.value(inner, item, place);
                self.path.pop();
            }
        }
        self.size(items.len(), (node.min_items, node.max_items), ("item", "items"), place);
        match node.list_type {
            Some(ListType::Map) => self.distinct(items, &node.list_keys, node),
            Some(ListType::Set) => self.distinct(items, &[], node),
            _ if node.unique_items => self.distinct(items, &[], node),
            _ => {}
        }
    }

    /// No two items with the same `keys`; without keys, no two that are the same.
    fn distinct(&mut self, items: &[Value], keys: &[String], node: &'static Node) {
        let inner = node.items.map(|number| self.source.node(number));
        let default = |key: &String| {
            let number = inner?.properties.get(key)?;
            Some(self.source.node(*number).default.as_ref()?.to_string())
        };
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        for item in items.iter().filter(|item| !item.has_unknown()) {
            let identity: Option<Vec<String>> = match keys {
                [] => Some(vec![item.to_json().to_string()]),
                keys => keys
                    .iter()
                    .map(|key| item.get(key).map(|value| value.to_json().to_string()).or_else(|| default(key)))
                    .collect(),
            };
            if let Some(identity) = identity
                && !seen.insert(identity.clone())
            {
                let span = keys.iter().find_map(|key| item.get(key)).unwrap_or(item).span;
                twice.push((span, identity.join(" ")));
            }
        }
        for (span, identity) in twice {
            let message = format!("`{}` lists `{}` twice", self.path(), identity.replace('"', ""));
            self.say(Sort::NotAllowed, span, message);
        }
    }

    fn size(&mut self, count: usize, bounds: (Option<usize>, Option<usize>), words: (&str, &str), place: Span) {
        if bounds.0.is_none_or(|least| count >= least) && bounds.1.is_none_or(|most| count <= most) {
            return;
        }
        let word = |bound: usize| if bound == 1 { words.0 } else { words.1 };
        let path = self.path();
        if let Some(least) = bounds.0.filter(|least| count < *least) {
            let message = format!("`{path}` must have at least {least} {}", word(least));
            self.say(Sort::NotAllowed, place, message);
        }
        if let Some(most) = bounds.1.filter(|most| count > *most) {
            let message = format!("`{path}` must have at most {most} {}, not {count}", word(most));
            self.say(Sort::NotAllowed, place, message);
        }
    }
}
