//! How each kind of value is read: scalars, lists, entries, what may be left out.

use std::collections::HashMap;

use diagnostic::{Diagnostic, Span, Spanned};
use serde_json::Value as Json;
use syntax::yaml::{self, Content, Node, Plain, Style};

use crate::keys::distinct;
use crate::read::{At, Field, NOWHERE, Reader, empty, first_line, refuse_tag, shorten, with_alias, wrong_kind};
use crate::shape::Shape;
use crate::value::{Entries, Entry};
use crate::{example, rules};

/// Why a text is not what is wanted.
#[derive(Debug)]
pub struct Fault {
    pub rule: &'static str,
    pub message: String,
    pub help: Option<String>,
}

impl Fault {
    pub fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding at the place of the text.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::error(self.rule, span, self.message) }
    }
}

/// A value that is written as one scalar.
pub trait Scalar: Sized {
    fn shape() -> Shape;
    /// Reads it. `Err` says what is wrong with it.
    fn read(scalar: &yaml::Scalar, reader: &mut Reader) -> Result<Self, Fault>;
    /// Something to go on with; where it can, it holds what was written, so that a reference to it is found.
    fn stand_in(text: &str) -> Self;
    fn json(&self) -> Json;
}

impl<T: Scalar> Field for Spanned<T> {
    type Default = T;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        let Some(scalar) = node.scalar() else {
            wrong_kind(node, &T::shape(), at, reader);
            return Self::stand_in();
        };
        refuse_tag(node, reader);
        let null = matches!(scalar.plain(), Plain::Null) && node.tag().is_none();
        if null || (scalar.text.is_empty() && scalar.style != Style::Empty) {
            empty(&T::shape(), at, reader);
            return Self::stand_in();
        }
        match T::read(scalar, reader) {
            Ok(value) => Spanned::new(value, node.span),
            Err(fault) => {
                reader.report(with_alias(fault.at(node.span), node));
                Spanned::new(T::stand_in(&scalar.text), NOWHERE)
            }
        }
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Spanned::new(T::stand_in(""), NOWHERE)
    }

    fn from_default(default: T, near: Span) -> Self {
        Spanned::new(default, near)
    }

    fn show(default: &T) -> Json {
        default.json()
    }
}

impl<T: Field> Field for Option<T> {
    type Default = T::Default;

    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        Some(T::read(node, at, reader))
    }

    fn absent(_near: Span) -> Option<Self> {
        Some(None)
    }

    fn stand_in() -> Self {
        None
    }

    fn from_default(default: Self::Default, near: Span) -> Self {
        Some(T::from_default(default, near))
    }

    fn show(default: &Self::Default) -> Json {
        T::show(default)
    }
}

impl<T: Field> Field for Vec<T> {
    type Default = Vec<T::Default>;

    fn shape() -> Shape {
        Shape::List { item: Box::new(T::shape()), filled: false }
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        let Content::Sequence(items) = &node.content else {
            not_a_list::<T>(node, at, reader);
            return Vec::new();
        };
        refuse_tag(node, reader);
        if items.is_empty() && at.filled {
            let (rule, why) = T::none_in_list();
            let found = Diagnostic::error(rule, node.span, format!("{} is empty{why}", at.shown()));
            reader.report(found.help(format!("for example {}", example::line(at, &Self::shape()))));
        }
        refuse_duplicates(items, at, reader);
        let read = |item: &Node| {
            if item.is_empty() {
                let message = format!("an empty item in {}", at.shown());
                reader.report(Diagnostic::error(rules::EMPTY_VALUE, item.span, message).help("delete the `-`"));
                return T::stand_in();
            }
            T::read(item, &At { key: first_line(item), item: true, filled: false, ..*at }, reader)
        };
        items.iter().map(read).collect()
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn from_default(default: Self::Default, near: Span) -> Self {
        default.into_iter().map(|item| T::from_default(item, near)).collect()
    }

    fn show(default: &Self::Default) -> Json {
        default.iter().map(T::show).collect()
    }

    fn filled(default: Option<&Self::Default>) -> bool {
        default.is_none_or(|default| !default.is_empty())
    }
}

/// Every list of a document is a set.
fn refuse_duplicates(items: &[Node], at: &At<'_>, reader: &mut Reader) {
    let mut first: HashMap<&str, Span> = HashMap::with_capacity(items.len());
    for item in items {
        let Some(text) = item.scalar().map(|scalar| scalar.text.as_str()).filter(|text| !text.is_empty()) else {
            continue;
        };
        match first.get(text) {
            Some(first) => {
                let message = format!("`{}` is in {} twice", shorten(text), at.shown());
                let finding = Diagnostic::error(rules::DUPLICATE_ITEM, item.used_at(), message);
                reader.report(finding.related(*first, "first here").help("delete one of them"));
            }
            None => {
                first.insert(text, item.used_at());
            }
        }
    }
}

/// One item where a list of them is wanted is the usual slip.
fn not_a_list<T: Field>(node: &Node, at: &At<'_>, reader: &mut Reader) {
    let shape = Vec::<T>::shape();
    match node.scalar() {
        Some(scalar) if scalar.style == Style::Plain && scalar.plain() != Plain::Null => {
            let message = format!("{} is the text `{}`; it takes a list", at.shown(), shorten(&scalar.text));
            let help = format!("write `{}: [{}]`", at.name, shorten(&scalar.text));
            reader.report(with_alias(Diagnostic::error(rules::WRONG_KIND, node.span, message), node).help(help));
        }
        _ => wrong_kind(node, &shape, at, reader),
    }
}

impl<T: Field> Field for Spanned<Vec<T>> {
    type Default = Vec<T::Default>;

    fn shape() -> Shape {
        Vec::<T>::shape()
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        let list = matches!(node.content, Content::Sequence(_));
        Spanned::new(Vec::read(node, at, reader), if list { node.span } else { NOWHERE })
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Spanned::new(Vec::new(), NOWHERE)
    }

    fn from_default(default: Self::Default, near: Span) -> Self {
        Spanned::new(Vec::from_default(default, near), near)
    }

    fn show(default: &Self::Default) -> Json {
        Vec::<T>::show(default)
    }
}

impl<K: Scalar, V: Field> Field for Entries<K, V> {
    type Default = Entries<K, V>;

    fn shape() -> Shape {
        Shape::Entries { key: Box::new(K::shape()), value: Box::new(V::shape()) }
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        let pairs = match &node.content {
            Content::Mapping(pairs) => pairs,
            Content::Scalar(scalar) if scalar.plain() == Plain::Null && node.tag().is_none() => return Vec::new(),
            _ => {
                wrong_kind(node, &Self::shape(), at, reader);
                return Vec::new();
            }
        };
        refuse_tag(node, reader);
        let pairs = distinct(pairs, at, reader);
        let read = |(name, pair): (&str, &yaml::Pair)| {
            let key = pair.key.used_at();
            let value = V::read(&pair.value, &at.below(name, key), reader);
            let name = match pair.key.scalar().map(|scalar| K::read(scalar, reader)) {
                Some(Ok(name)) => Spanned::new(name, key),
                Some(Err(fault)) => {
                    reader.report(fault.at(key));
                    Spanned::new(K::stand_in(name), NOWHERE)
                }
                None => Spanned::new(K::stand_in(name), NOWHERE),
            };
            Entry { name, value }
        };
        pairs.into_iter().map(read).collect()
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn from_default(default: Self::Default, _near: Span) -> Self {
        default
    }

    fn show(_default: &Self::Default) -> Json {
        Json::Object(serde_json::Map::new())
    }
}

impl Scalar for bool {
    fn shape() -> Shape {
        Shape::Bool
    }

    fn read(scalar: &yaml::Scalar, _reader: &mut Reader) -> Result<Self, Fault> {
        if let Plain::Bool(value) = scalar.plain() {
            return Ok(value);
        }
        let meant = match scalar.text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "1" | "true" => Some("true"),
            "no" | "off" | "n" | "0" | "false" => Some("false"),
            _ => None,
        };
        let quoted = matches!(scalar.style, Style::SingleQuoted | Style::DoubleQuoted);
        let found = if quoted { "a text in quotes" } else { "no boolean; YAML 1.2 has `true` and `false`" };
        Err(Fault::new(rules::WRONG_KIND, format!("`{}` is {found}", shorten(&scalar.text)))
            .help(meant.map_or_else(|| String::from("write `true` or `false`"), |meant| format!("write `{meant}`"))))
    }

    fn stand_in(_text: &str) -> Self {
        false
    }

    fn json(&self) -> Json {
        Json::Bool(*self)
    }
}

/// A whole number between the two; digits without a leading zero, so that no reader takes it for octal.
pub fn integer(scalar: &yaml::Scalar, minimum: i64, maximum: i64, what: &str) -> Result<i64, Fault> {
    let text = scalar.text.as_str();
    let fault = |message: String| Fault::new(rules::INVALID_NUMBER, message);
    let shown = shorten(text);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let written = text.parse::<i64>().ok().filter(|_| digits == "0" || !digits.starts_with(['0', '+']));
    match written {
        Some(number) if scalar.style != Style::Plain => {
            Err(fault(format!("`{shown}` is a text in quotes")).help(format!("write `{number}` without quotes")))
        }
        Some(number) if (minimum..=maximum).contains(&number) => Ok(number),
        Some(_) => Err(fault(format!("`{shown}` is out of range")).help(format!("a {what} is {minimum} to {maximum}"))),
        None => {
            let bare: String = text.trim().trim_start_matches(['+', '0']).replace('_', "");
            let found = fault(format!("`{shown}` is no {what}"));
            Err(match bare.parse::<i64>() {
                Ok(number) if (minimum..=maximum).contains(&number) => found.help(format!("write `{number}`")),
                _ => found.help(format!("write a whole number, {minimum} to {maximum}")),
            })
        }
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Scalar for $type {
            fn shape() -> Shape {
                Shape::Integer { minimum: i64::from(<$type>::MIN), maximum: i64::from(<$type>::MAX), example: "30" }
            }

            fn read(scalar: &yaml::Scalar, _reader: &mut Reader) -> Result<Self, Fault> {
                let number = integer(scalar, i64::from(<$type>::MIN), i64::from(<$type>::MAX), "number")?;
                <$type>::try_from(number).map_err(|_| Fault::new(rules::INVALID_NUMBER, "the number is out of range"))
            }

            fn stand_in(_text: &str) -> Self {
                0
            }

            fn json(&self) -> Json {
                Json::from(*self)
            }
        }
    )*};
}

integers!(u32, i32);
