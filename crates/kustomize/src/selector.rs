//! What a `target:` or `select:` selects.

use diagnostic::{Diagnostic, Spanned};
use manifest::Value;
use regex::Regex;

use crate::INVALID_SELECTOR;
use crate::object::{Gvk, Id, Object, scalar};

/// A regular expression that has to match as a whole.
#[derive(Clone, Debug)]
enum Pattern {
    /// A word, in which a dot stands for any character.
    Word(String),
    Regex(Regex),
}

impl Pattern {
    /// The pattern `text`; most are plain words, and need no machine.
    fn of(text: &str) -> Result<Self, regex::Error> {
        match text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.') {
            true => Ok(Self::Word(text.to_owned())),
            false => Regex::new(&format!("^(?:{text})$")).map(Self::Regex),
        }
    }

    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => {
                let is_same = |(pattern, next): (char, char)| pattern == next || (pattern == '.' && next != '\n');
                word.chars().count() == text.chars().count() && word.chars().zip(text.chars()).all(is_same)
            }
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A selector, whose names are regular expressions that have to match as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    group: Option<Pattern>,
    version: Option<Pattern>,
    kind: Option<Pattern>,
    name: Option<Pattern>,
    namespace: Option<Pattern>,
    labels: Requirements,
    annotations: Requirements,
    /// What is written for group, version, kind, name and namespace.
    pub(crate) exact: Id,
}

impl Selector {
    /// The selector in `value`; what is wrong with it goes to `found`.
    pub(crate) fn read(value: &Value, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let written = |key: &str| value.get(key).map(scalar).unwrap_or_default();
        let count = found.len();
        let mut regex = |key: &str| {
            let pattern = value.get(key).filter(|pattern| !scalar(pattern).is_empty())?;
            match Pattern::of(&scalar(pattern)) {
                Ok(pattern) => Some(pattern),
                Err(_) => {
                    let message = format!("`{}` is no regular expression", scalar(pattern));
                    found.push(Diagnostic::error(INVALID_SELECTOR, pattern.span, message));
                    None
                }
            }
        };
        let [group, version, kind, name, namespace] = ["group", "version", "kind", "name", "namespace"].map(&mut regex);
        let mut requirements = |key: &str| match value.get(key).and_then(|value| Some((value.text()?, value.span))) {
            Some((text, span)) => Requirements::read(&Spanned::new(text.to_owned(), span), found),
            None => Requirements::default(),
        };
        let [labels, annotations] = ["labelSelector", "annotationSelector"].map(&mut requirements);
        let gvk = Gvk { group: written("group"), version: written("version"), kind: written("kind") };
        let exact = Id { gvk, name: written("name"), namespace: written("namespace") };
        (found.len() == count).then_some(Self { group, version, kind, name, namespace, labels, annotations, exact })
    }

    /// Whether a `target:` means `object`, by what it is called now or was called at first.
    pub(crate) fn selects(&self, object: &Object) -> bool {
        let gvk = Gvk::of(&object.value);
        if !self.is_kind(&gvk) {
            return false;
        }
        let (now, first) = (object.id(), object.original_id());
        let namespace = |id: &Id| is_match(self.namespace.as_ref(), id.effective_namespace());
        (namespace(&first) || namespace(&now))
            && (is_match(self.name.as_ref(), &first.name) || is_match(self.name.as_ref(), &now.name))
            && self.is_labelled(object)
    }

    fn is_kind(&self, gvk: &Gvk) -> bool {
        is_match(self.group.as_ref(), &gvk.group)
            && is_match(self.version.as_ref(), &gvk.version)
            && is_match(self.kind.as_ref(), &gvk.kind)
    }

    /// Whether a `select:` of a replacement means what is called `id`.
    pub(crate) fn is_id(&self, id: &Id) -> bool {
        self.is_kind(&id.gvk)
            && is_match(self.name.as_ref(), &id.name)
            && is_match(self.namespace.as_ref(), &id.namespace)
    }

    /// Whether the labels and annotations of `object` are those that are wanted.
    pub(crate) fn is_labelled(&self, object: &Object) -> bool {
        let metadata = object.value.get("metadata");
        self.labels.are_met(metadata.and_then(|metadata| metadata.get("labels")))
            && self.annotations.are_met(metadata.and_then(|metadata| metadata.get("annotations")))
    }

    /// Whether it wants any label or annotation.
    pub(crate) fn wants_labels(&self) -> bool {
        !self.labels.0.is_empty() || !self.annotations.0.is_empty()
    }

    /// Whether it names nothing: no group, version, kind, name and namespace.
    pub(crate) fn names_nothing(&self) -> bool {
        self.exact == Id { gvk: Gvk::default(), name: String::new(), namespace: String::new() }
    }
}

fn is_match(pattern: Option<&Pattern>, text: &str) -> bool {
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

/// Requirements on labels, in the language of `kubectl --selector`.
#[derive(Clone, Debug, Default)]
struct Requirements(Vec<Requirement>);

#[derive(Clone, Debug)]
enum Requirement {
    Has(String),
    Lacks(String),
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Above(String, i64),
    Below(String, i64),
}

impl Requirements {
    fn read(text: &Spanned<String>, found: &mut Vec<Diagnostic>) -> Self {
        let mut requirements = Vec::new();
        for part in split(text) {
            match Requirement::read(part.trim()) {
                Some(requirement) => requirements.push(requirement),
                None => {
                    let message = format!("`{}` is no selector of labels", part.trim());
                    found.push(Diagnostic::error(INVALID_SELECTOR, text.span, message).help(
                        "write `key=value`, `key!=value`, `key in (a, b)`, `key` or `!key`, with commas between",
                    ));
                }
            }
        }
        Self(requirements)
    }

    fn are_met(&self, labels: Option<&Value>) -> bool {
        self.0.iter().all(|requirement| requirement.is_met(labels))
    }
}

/// The parts between commas that stand in no parentheses.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = text.split(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    });
    let parts: Vec<&str> = parts.collect();
    if parts.iter().all(|part| part.trim().is_empty()) { Vec::new() } else { parts }
}

impl Requirement {
    fn read(text: &str) -> Option<Self> {
        if let Some(key) = text.strip_prefix('!') {
            return key_of(key).map(Self::Lacks);
        }
        let one = |key: &str, value: &str| Some((key_of(key)?, vec![value_of(value)?]));
        if let Some((key, value)) = text.split_once("!=") {
            return one(key, value).map(|(key, values)| Self::NotIn(key, values));
        }
        if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
            return one(key, value).map(|(key, values)| Self::In(key, values));
        }
        if let Some((key, value)) = text.split_once('>') {
            return Some(Self::Above(key_of(key)?, value.trim().parse().ok()?));
        }
        if let Some((key, value)) = text.split_once('<') {
            return Some(Self::Below(key_of(key)?, value.trim().parse().ok()?));
        }
        let Some((head, list)) = text.split_once('(') else { return key_of(text).map(Self::Has) };
        let values = list.trim_end().strip_suffix(')')?.split(',').map(value_of).collect::<Option<Vec<_>>>()?;
        match head.split_whitespace().collect::<Vec<_>>()[..] {
            [key, "in"] => Some(Self::In(key_of(key)?, values)),
            [key, "notin"] => Some(Self::NotIn(key_of(key)?, values)),
            _ => None,
        }
    }

    fn is_met(&self, labels: Option<&Value>) -> bool {
        let get = |key: &str| labels.and_then(|labels| labels.get(key)).map(scalar);
        let number = |key: &str| get(key).and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::Has(key) => get(key).is_some(),
            Self::Lacks(key) => get(key).is_none(),
            Self::In(key, values) => get(key).is_some_and(|value| values.contains(&value)),
            Self::NotIn(key, values) => get(key).is_none_or(|value| !values.contains(&value)),
            Self::Above(key, bound) => number(key).is_some_and(|value| value > *bound),
            Self::Below(key, bound) => number(key).is_some_and(|value| value < *bound),
        }
    }
}

fn key_of(text: &str) -> Option<String> {
    let key = text.trim();
    let fits = |part: &str| {
        let is_edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && part.len() <= 63
            && is_edge(part.bytes().next())
            && is_edge(part.bytes().last())
    };
    let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
    (fits(name) && key.matches('/').count() <= 1).then(|| key.to_owned())
}

/// A value of a label: empty, or letters, digits, `-`, `_` and `.` between two letters or digits.
fn value_of(text: &str) -> Option<String> {
    let value = text.trim();
    (value.is_empty() || key_of(value).is_some_and(|value| !value.contains('/'))).then(|| value.to_owned())
}
