//! What a type of a document looks like, as data: the JSON Schema, the reference page and the examples in
//! messages are made from it.

use serde_json::Value as Json;

/// What may stand behind a key.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer { minimum: i64, maximum: i64, example: &'static str },
    /// Text that has a form.
    Text(&'static TextInfo),
    /// One of a few words.
    Words(&'static WordsInfo),
    /// A mapping with fixed keys.
    Record(&'static RecordInfo),
    /// A list; `filled`: it cannot be empty.
    List { item: Box<Shape>, filled: bool },
    /// A mapping with keys that a person chooses.
    Entries { key: Box<Shape>, value: Box<Shape> },
    /// A word, or a list.
    WordOrList { word: &'static str, doc: &'static str, item: Box<Shape> },
    /// Anything that YAML can say.
    Any,
}

/// A type of text.
#[derive(Debug)]
pub struct TextInfo {
    /// Its name in Rust, and the heading of its part of the reference page.
    pub name: &'static str,
    pub doc: &'static str,
    /// A pattern that everything it accepts matches.
    pub pattern: &'static str,
    pub examples: &'static [&'static str],
    /// Whether it accepts a text, for those who only know the shape.
    pub accepts: fn(&str) -> bool,
}

/// A type of a few words.
#[derive(Debug)]
pub struct WordsInfo {
    pub name: &'static str,
    pub doc: &'static str,
    /// The words and what they mean.
    pub words: &'static [(&'static str, &'static str)],
}

/// A mapping with fixed keys.
#[derive(Debug)]
pub struct RecordInfo {
    pub doc: &'static str,
    pub fields: &'static [FieldInfo],
    /// Two keys of which exactly one is written.
    pub either: Option<(&'static str, &'static str)>,
    /// The key whose value can be written in place of the mapping.
    pub short: Option<&'static str>,
}

/// A key of a record.
#[derive(Debug)]
pub struct FieldInfo {
    pub key: &'static str,
    pub doc: &'static str,
    pub shape: fn() -> Shape,
    pub required: fn() -> bool,
    /// Whether nothing at all stands for a key that is left out.
    pub optional: bool,
    /// What the key has when nobody writes it, where that is one value.
    pub default: Option<fn() -> Json>,
}

impl RecordInfo {
    /// The field of the key `key`.
    pub fn field(&self, key: &str) -> Option<&'static FieldInfo> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether a key of it must be written.
    pub fn demands(&self) -> bool {
        self.either.is_some() || self.fields.iter().any(|field| (field.required)())
    }
}

impl Shape {
    /// What it is, for "…; it takes …".
    pub fn wanted(&self) -> String {
        match self {
            Shape::Bool => String::from("`true` or `false`"),
            Shape::Integer { .. } => String::from("a number"),
            Shape::Text(_) => String::from("a text"),
            Shape::Words(info) => format!("one of {}", alternatives(info.words.iter().map(|(word, _)| *word))),
            Shape::Record(info) if info.short.is_some() => String::from("a text, or a mapping"),
            Shape::Record(_) | Shape::Entries { .. } => String::from("a mapping"),
            Shape::List { .. } => String::from("a list"),
            Shape::WordOrList { word, .. } => format!("a list, or `{word}`"),
            Shape::Any => String::from("any value"),
        }
    }

    /// A value of it as a person would type it on one line.
    pub fn example(&self) -> String {
        self.example_with(&|_| None)
    }

    /// The same, where `known` may know a better value for a key of a mapping.
    pub fn example_with(&self, known: &dyn Fn(&str) -> Option<String>) -> String {
        match self {
            Shape::Bool => String::from("true"),
            Shape::Integer { example, .. } => String::from(*example),
            Shape::Text(info) => String::from(info.examples.first().copied().unwrap_or("…")),
            Shape::Words(info) => String::from(info.words.first().map_or("…", |(word, _)| word)),
            Shape::List { item, .. } | Shape::WordOrList { item, .. } => format!("[{}]", item.example_with(known)),
            Shape::Entries { key, value } => format!("{{ {}: {} }}", key.example(), value.example()),
            Shape::Any => String::from("{ key: value }"),
            Shape::Record(info) => {
                if let Some(field) = info.short.and_then(|key| info.field(key)) {
                    return (field.shape)().example();
                }
                let wanted =
                    |field: &&FieldInfo| (field.required)() || info.either.is_some_and(|(first, _)| first == field.key);
                let keys = info.fields.iter().filter(wanted);
                let value = |field: &FieldInfo| known(field.key).unwrap_or_else(|| (field.shape)().example());
                let keys: Vec<_> = keys.map(|field| format!("{}: {}", field.key, value(field))).collect();
                if keys.is_empty() { String::from("{}") } else { format!("{{ {} }}", keys.join(", ")) }
            }
        }
    }
}

/// `` `a`, `b` or `c` ``.
pub fn alternatives<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    listed(words, "or")
}

/// The words in backticks, the last two joined by `conjunction`.
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    let mut words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match (words.pop(), words.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} {conjunction} {last}", words.join(", ")),
    }
}
