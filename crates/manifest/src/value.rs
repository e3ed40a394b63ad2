//! The value.

use diagnostic::{Span, Spanned};
use serde_json::Number;

/// A value with the place it was written at.
///
/// Equality is that of the content: places do not count, and the keys of a map may stand in any order.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub content: Content,
    /// Where a person edits it.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Content {
    /// What only the cluster knows: a substitution from an encrypted Secret, a chart's answer.
    Unknown,
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as JSON has them.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map; each key once, in the order written.
    Map(Vec<Entry>),
}

/// A key of a map and what stands behind it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// What stands behind it.
    pub value: Value,
}

impl Value {
    /// A value of `content` at `span`.
    pub fn new(content: Content, span: Span) -> Self {
        Self { content, span }
    }

    /// A text at `span`.
    pub fn of_text(text: impl Into<String>, span: Span) -> Self {
        Self::new(Content::Text(text.into()), span)
    }

    /// What stands behind `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.value == key)
    }

    /// What lies at the end of `path`, key after key.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// What stands behind `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        match &mut self.content {
            Content::Map(entries) => {
                entries.iter_mut().find(|entry| entry.key.value == key).map(|entry| &mut entry.value)
            }
            _ => None,
        }
    }

    /// Puts `value` behind `key`: in the place of what stood there, or at the end. Nothing happens to what is no map.
    pub fn set(&mut self, key: Spanned<String>, value: Value) {
        let Content::Map(entries) = &mut self.content else { return };
        match entries.iter_mut().find(|entry| entry.key.value == key.value) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry { key, value }),
        }
    }

    /// Takes `key` out of the map.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let Content::Map(entries) = &mut self.content else { return None };
        let index = entries.iter().position(|entry| entry.key.value == key)?;
        Some(entries.remove(index))
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text behind `key`, if it is one.
    pub fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// True or false, if it is one of them.
    pub fn bool(&self) -> Option<bool> {
        match self.content {
            Content::Bool(is) => Some(is),
            _ => None,
        }
    }

    /// The items; none if it is no list.
    pub fn items(&self) -> &[Value] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The items behind `key`; none if there is no list.
    pub fn items_at(&self, key: &str) -> &[Value] {
        self.get(key).map_or(&[], Value::items)
    }

    /// The entries; none if it is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether only the cluster knows it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown)
    }

    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// Whether it, or any part of it, is known to the cluster only.
    pub fn has_unknown(&self) -> bool {
        match &self.content {
            Content::Unknown => true,
            Content::List(items) => items.iter().any(Value::has_unknown),
            Content::Map(entries) => entries.iter().any(|entry| entry.value.has_unknown()),
            _ => false,
        }
    }

    /// The same with every part at `span`: what was made of one text.
    pub fn placed_at(mut self, span: Span) -> Self {
        self.span = span;
        match &mut self.content {
            Content::List(items) => {
                *items = std::mem::take(items).into_iter().map(|item| item.placed_at(span)).collect();
            }
            Content::Map(entries) => {
                let placed = |entry: Entry| Entry {
                    key: Spanned::new(entry.key.value, span),
                    value: entry.value.placed_at(span),
                };
                *entries = std::mem::take(entries).into_iter().map(placed).collect();
            }
            _ => {}
        }
        self
    }

    /// What people call its type: `a text`, `a map`.
    pub fn kind(&self) -> &'static str {
        match self.content {
            Content::Unknown => "unknown",
            Content::Null => "null",
            Content::Bool(_) => "a boolean",
            Content::Number(_) => "a number",
            Content::Text(_) => "a text",
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        }
    }

    /// As JSON; what is unknown is null.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.content {
            Content::Unknown | Content::Null => serde_json::Value::Null,
            Content::Bool(is) => (*is).into(),
            Content::Number(number) => serde_json::Value::Number(number.clone()),
            Content::Text(text) => text.as_str().into(),
            Content::List(items) => items.iter().map(Value::to_json).collect(),
            Content::Map(entries) => {
                entries.iter().map(|entry| (entry.key.value.clone(), entry.value.to_json())).collect()
            }
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.content, &other.content) {
            (Content::Unknown, Content::Unknown) | (Content::Null, Content::Null) => true,
            (Content::Bool(one), Content::Bool(two)) => one == two,
            (Content::Number(one), Content::Number(two)) => one == two,
            (Content::Text(one), Content::Text(two)) => one == two,
            (Content::List(one), Content::List(two)) => one == two,
            (Content::Map(one), Content::Map(two)) => {
                one.len() == two.len() && one.iter().all(|entry| other.get(&entry.key.value) == Some(&entry.value))
            }
            _ => false,
        }
    }
}
