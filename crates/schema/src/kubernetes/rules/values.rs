//! Values as CEL sees them: with their defaults, and without what was left null.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use cel::objects::Key;
use diagnostic::{Span, Spanned};
use manifest::{Content, Value};
use serde_json::Value as Json;

use super::super::node::{Node, Type};
use super::super::source::{self, Source};

/// Names that CEL keeps for itself, which are written with underlines around them.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// `value` for an expression that has these `words`. `None` if the expression looks at something that only the
/// cluster knows.
pub(super) fn convert(
    source: &'static Source,
    node: &'static Node,
    value: &Value,
    words: &BTreeSet<String>,
) -> Option<cel::Value> {
    if node.meta {
        return convert(&source::sources()[0], source::metadata(), value, words);
    }
    Some(match &value.content {
        Content::Unknown => return None,
        Content::Null => cel::Value::Null,
        Content::Bool(is) => cel::Value::Bool(*is),
        Content::Number(number) if node.kind == Some(Type::Number) => cel::Value::Float(number.as_f64()?),
        Content::Number(number) => match (number.as_i64(), number.as_f64()?) {
            (Some(whole), _) => cel::Value::Int(whole),
            // The schema wants a whole number, so the cast keeps it.
            (None, float) if node.kind == Some(Type::Integer) || node.int_or_string => cel::Value::Int(float as i64),
            (None, float) => cel::Value::Float(float),
        },
        Content::Text(text) => cel::Value::from(text.as_str()),
        Content::List(items) => {
            let inner = node.items.map(|number| source.node(number));
            let items = items.iter().map(|item| convert(source, inner.unwrap_or(node), item, words));
            cel::Value::from(items.collect::<Option<Vec<_>>>()?)
        }
        Content::Map(entries) => map(source, node, entries, value.span, words)?,
    })
}

fn map(
    source: &'static Source,
    node: &'static Node,
    entries: &[manifest::Entry],
    span: Span,
    words: &BTreeSet<String>,
) -> Option<cel::Value> {
    let mut out = HashMap::<Key, cel::Value>::new();
    for entry in entries {
        let name = entry.key.value.as_str();
        let property = node.properties.get(name).map(|number| source.node(*number));
        let Some(inner) = property.or_else(|| node.additional_properties.map(|number| source.node(number))) else {
            continue;
        };
        if entry.value.is_null() && !inner.nullable {
            continue;
        }
        let key = if property.is_some() { escaped(name) } else { Cow::Borrowed(name) };
        // A field with a name is not looked at where that name is not said.
        if property.is_some() && !words.contains(&*key) && (inner.open || entry.value.has_unknown()) {
            continue;
        }
        out.insert(key.into_owned().into(), convert(source, inner, &entry.value, words)?);
    }
    for (name, inner, default) in defaults(source, node) {
        let key = Key::from(escaped(name).into_owned());
        if let Entry::Vacant(free) = out.entry(key) {
            free.insert(convert(source, inner, &placed(default, span), words)?);
        }
    }
    Some(out.into())
}

/// `value` with the defaults of its own fields that are not written.
pub(in super::super) fn with_defaults<'v>(
    source: &'static Source,
    node: &'static Node,
    value: &'v Value,
) -> Cow<'v, Value> {
    let mut value = Cow::Borrowed(value);
    if !matches!(value.content, Content::Map(_)) {
        return value;
    }
    for (name, inner, default) in defaults(source, node) {
        if !value.get(name).is_some_and(|written| !written.is_null() || inner.nullable) {
            let span = value.span;
            value.to_mut().set(Spanned::new(name.to_owned(), span), placed(default, span));
        }
    }
    value
}

/// The properties of `node` that are something where they are not written: their names, their nodes, and what they are.
fn defaults(
    source: &'static Source,
    node: &'static Node,
) -> impl Iterator<Item = (&'static str, &'static Node, &'static Json)> {
    let properties = node.properties.iter().filter(|(_, number)| source.may_have_default(**number));
    properties.filter_map(|(name, number)| {
        let inner = source.node(*number);
        Some((name.as_str(), inner, inner.default.as_ref()?))
    })
}

/// A default as a value that nobody wrote.
fn placed(json: &Json, span: Span) -> Value {
    let content = match json {
        Json::Null => Content::Null,
        Json::Bool(is) => Content::Bool(*is),
        Json::Number(number) => Content::Number(number.clone()),
        Json::String(text) => Content::Text(text.clone()),
        Json::Array(items) => Content::List(items.iter().map(|item| placed(item, span)).collect()),
        Json::Object(fields) => {
            let entry = |(name, value): (&String, &Json)| manifest::Entry {
                key: Spanned::new(name.clone(), span),
                value: placed(value, span),
            };
            Content::Map(fields.iter().map(entry).collect())
        }
    };
    Value::new(content, span)
}

/// The name of a field as expressions write it.
///
/// Source: `k8s.io/apiserver/pkg/cel/escaping.go`.
pub(super) fn escaped(name: &str) -> Cow<'_, str> {
    if RESERVED.contains(&name) {
        return Cow::Owned(format!("__{name}__"));
    }
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Cow::Borrowed(name);
    }
    let escaped = name
        .replace("__", "__underscores__")
        .replace('.', "__dot__")
        .replace('-', "__dash__")
        .replace('/', "__slash__");
    Cow::Owned(escaped)
}
