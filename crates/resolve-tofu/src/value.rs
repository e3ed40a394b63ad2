//! Values as OpenTofu has them, each with the place that made it, and each unknown one with what it is a part of.

mod binary;
mod convert;
mod function;
mod operate;
mod provenance;
mod types;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::BigDecimal;
use diagnostic::Span;
use unicode_normalization::UnicodeNormalization;

pub(crate) use convert::{choose, convert, to_bool, to_number, to_text};
pub(crate) use function::{call, described, functions, text_argument};
pub(crate) use operate::{attribute, binary, index, unary};
pub use provenance::{Provenance, Subject};
pub(crate) use provenance::{provenance, provenance_within};
pub use types::Type;

/// A value.
#[derive(Clone, Debug)]
pub struct Value {
    pub(crate) data: Data,
    meta: Meta,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Unknown(Type),
    Null(Type),
    Bool(bool),
    Number(BigDecimal),
    Text(Arc<str>),
    List(Type, Arc<Vec<Value>>),
    /// In order, without repetitions.
    Set(Type, Arc<Vec<Value>>),
    Map(Type, Arc<BTreeMap<String, Value>>),
    Tuple(Arc<Vec<Value>>),
    Object(Arc<BTreeMap<String, Value>>),
}

/// What is remembered beside a value, and never changes what is made of it.
#[derive(Clone, Debug, Default)]
struct Meta {
    made_by: Option<Span>,
    provenance: Option<Arc<Provenance>>,
    sensitive: bool,
    ephemeral: bool,
}

/// The elements of a value, each with its key or index; those of a set are their own keys.
pub(crate) enum Entries {
    Items(Vec<(Value, Value)>),
    Unknown,
    Not,
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self { data, meta: Meta::default() }
    }
}

impl Value {
    /// Its type.
    pub fn of_type(&self) -> Type {
        types::type_of(self)
    }

    /// Whether it is known itself; what it holds may still not be.
    pub fn is_known(&self) -> bool {
        is_known(self)
    }

    /// Whether it is known to be null.
    pub fn is_null(&self) -> bool {
        is_null(self)
    }

    /// Whether it comes from what is declared sensitive.
    pub fn is_sensitive(&self) -> bool {
        self.meta.sensitive
    }

    /// Its text, if it is known text.
    pub fn as_text(&self) -> Option<&str> {
        text(self)
    }

    /// What it says, if it is a known boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The number, if it is a known one.
    pub fn as_number(&self) -> Option<&BigDecimal> {
        match &self.data {
            Data::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a known list, set or tuple.
    pub fn as_elements(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The entries of a known map or object.
    pub fn as_entries(&self) -> Option<&BTreeMap<String, Value>> {
        match &self.data {
            Data::Map(_, entries) | Data::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// What the unknown values in it, at any depth, are parts of, each once.
    pub fn provenance_within(&self) -> Vec<Arc<Provenance>> {
        provenance_within(self)
    }

    /// Why it cannot be given where OpenTofu wants a value of the type `to`, if it cannot.
    pub fn misfit(&self, to: &Type) -> Option<String> {
        convert(self, to).err()
    }

    /// The place that made it: the literal, or the call that computed it.
    pub fn made_by(&self) -> Option<Span> {
        self.meta.made_by
    }

    /// If it is unknown: what it is a part of.
    pub fn provenance(&self) -> Option<&Provenance> {
        self.meta.provenance.as_deref()
    }
}

pub(crate) fn unknown(of: Type) -> Value {
    Data::Unknown(of).into()
}

/// An unknown value of unknown type.
pub(crate) fn dynamic() -> Value {
    unknown(Type::Any)
}

pub(crate) fn unknown_string() -> Value {
    unknown(Type::String)
}

pub(crate) fn unknown_number() -> Value {
    unknown(Type::Number)
}

pub(crate) fn unknown_bool() -> Value {
    unknown(Type::Bool)
}

/// An unknown value that remembers what it is a part of.
pub(crate) fn unknown_of(provenance: Provenance) -> Value {
    typed_unknown_of(Type::Any, provenance)
}

pub(crate) fn typed_unknown_of(of: Type, provenance: Provenance) -> Value {
    let mut found = unknown(of);
    found.meta.provenance = Some(Arc::new(provenance));
    found
}

pub(crate) fn null() -> Value {
    Data::Null(Type::Any).into()
}

pub(crate) fn boolean(flag: bool) -> Value {
    Data::Bool(flag).into()
}

/// The number that `text` writes.
pub(crate) fn number(text: &str) -> Option<Value> {
    // A huge exponent would be a huge number of digits.
    let exponent = text.split(['e', 'E']).nth(1).map_or(Some(0), |exponent| exponent.parse::<i64>().ok())?;
    (exponent.abs() <= 5_000).then(|| BigDecimal::from_str(text).ok().map(|number| Data::Number(number).into()))?
}

pub(crate) fn integer(number: u64) -> Value {
    Data::Number(BigDecimal::from(number)).into()
}

/// Text, in the one form of Unicode that OpenTofu keeps.
pub(crate) fn string(text: &str) -> Value {
    if unicode_normalization::is_nfc(text) {
        return Data::Text(Arc::from(text)).into();
    }
    let normal: String = text.nfc().collect();
    Data::Text(Arc::from(normal)).into()
}

pub(crate) fn tuple(elements: Vec<Value>) -> Value {
    Data::Tuple(Arc::new(elements)).into()
}

pub(crate) fn object(entries: BTreeMap<String, Value>) -> Value {
    Data::Object(Arc::new(entries)).into()
}

pub(crate) fn string_set(elements: Vec<Value>) -> Value {
    convert::set_of(Type::String, elements)
}

/// `found`, made at `span` unless it was made somewhere already.
pub(crate) fn made_at(mut found: Value, span: Span) -> Value {
    found.meta.made_by.get_or_insert(span);
    found
}

pub(crate) fn made_by(found: &Value) -> Option<Span> {
    found.meta.made_by
}

pub(crate) fn sensitive(mut found: Value) -> Value {
    found.meta.sensitive = true;
    found
}

pub(crate) fn ephemeral(mut found: Value) -> Value {
    found.meta.ephemeral = true;
    found
}

pub(crate) fn is_sensitive(found: &Value) -> bool {
    found.meta.sensitive
}

pub(crate) fn is_ephemeral(found: &Value) -> bool {
    found.meta.ephemeral
}

/// `found`, as secret as `of`.
pub(crate) fn marked_like(mut found: Value, of: &Value) -> Value {
    found.meta.sensitive |= of.meta.sensitive;
    found.meta.ephemeral |= of.meta.ephemeral;
    found
}

/// `data` in place of what `of` is: made at the same place, as secret, and a part of the same.
pub(crate) fn instead(data: Data, of: &Value) -> Value {
    Value { data, meta: of.meta.clone() }
}

/// `found`, which is `of` in another shape, with what is remembered of `of`.
pub(crate) fn rebuilt(found: Value, of: &Value) -> Value {
    instead(found.data, of)
}

pub(crate) fn is_known(found: &Value) -> bool {
    !matches!(found.data, Data::Unknown(_))
}

pub(crate) fn is_null(found: &Value) -> bool {
    matches!(found.data, Data::Null(_))
}

/// Whether not even the type is known.
pub(crate) fn is_dynamic(found: &Value) -> bool {
    matches!(found.data, Data::Unknown(Type::Any))
}

pub(crate) fn text(found: &Value) -> Option<&str> {
    match &found.data {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

/// The outermost type, without what lies within: it is looked at for every element, and must not go through all.
pub(crate) fn shape(found: &Value) -> Type {
    match &found.data {
        Data::Tuple(_) => Type::Tuple(Vec::new()),
        Data::Object(_) => Type::Object(BTreeMap::new()),
        _ => found.of_type(),
    }
}

pub(crate) fn is_set(found: &Value) -> bool {
    matches!(shape(found), Type::Set(_))
}

/// Whether it is a list, a set or a tuple, known or not.
pub(crate) fn is_sequence(found: &Value) -> bool {
    matches!(shape(found), Type::List(_) | Type::Set(_) | Type::Tuple(_))
}

/// Whether it is a map or an object, known or not.
pub(crate) fn is_keyed(found: &Value) -> bool {
    matches!(shape(found), Type::Map(_) | Type::Object(_))
}

/// Whether `for_each` takes it, as far as its type is known.
pub(crate) fn is_repeatable(found: &Value) -> bool {
    match shape(found) {
        Type::Any | Type::Map(_) | Type::Object(_) => true,
        Type::Set(of) => matches!(*of, Type::String | Type::Any),
        _ => false,
    }
}

/// What it is, for a message: "a list", "null".
pub(crate) fn kind(found: &Value) -> String {
    if is_null(found) { "null".to_owned() } else { shape(found).in_words() }
}

pub(crate) fn entries(found: &Value) -> Entries {
    let items = match &found.data {
        Data::Unknown(of) if of.is_iterable() => return Entries::Unknown,
        Data::Null(_) | Data::Unknown(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) => return Entries::Not,
        Data::List(_, elements) | Data::Tuple(elements) => {
            elements.iter().enumerate().map(|(at, element)| (integer(at as u64), element.clone())).collect()
        }
        Data::Set(_, elements) => elements.iter().map(|element| (element.clone(), element.clone())).collect(),
        Data::Map(_, entries) | Data::Object(entries) => {
            let key = |key: &str, element: &Value| Value { data: string(key).data, meta: key_meta(element) };
            entries.iter().map(|(name, element)| (key(name, element), element.clone())).collect()
        }
    };
    Entries::Items(items)
}

/// A key was made where its element was, and is no secret.
fn key_meta(element: &Value) -> Meta {
    Meta { made_by: element.meta.made_by, ..Meta::default() }
}

/// How many elements it has, for counting work.
pub(crate) fn length(found: &Value) -> u64 {
    match &found.data {
        Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => elements.len() as u64,
        Data::Map(_, entries) | Data::Object(entries) => entries.len() as u64,
        Data::Text(text) => text.len() as u64 / 64,
        _ => 1,
    }
}

/// What a value within another has, depth first; stops when `visit` says so.
pub(crate) fn walk(found: &Value, visit: &mut dyn FnMut(&Value) -> bool) -> bool {
    if !visit(found) {
        return false;
    }
    match &found.data {
        Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
            elements.iter().all(|element| walk(element, visit))
        }
        Data::Map(_, entries) | Data::Object(entries) => entries.values().all(|element| walk(element, visit)),
        _ => true,
    }
}

/// Whether a value holds more than a root can make use of, as one that doubles itself again and again does.
pub(crate) fn is_oversized(found: &Value) -> bool {
    let mut left = 1_000_000_u32;
    !walk(found, &mut |_| {
        left = left.saturating_sub(1);
        left > 0
    })
}

/// Whether everything in it is known.
pub(crate) fn is_wholly_known(found: &Value) -> bool {
    walk(found, &mut is_known)
}

/// What a splat over `source` makes: a list of a list or set, a tuple of everything else.
pub(crate) fn like_splat(made: Vec<Value>, source: &Value) -> Value {
    match source.of_type() {
        Type::List(_) | Type::Set(_) => convert::unify_all(&made)
            .and_then(|of| {
                let converted = made.iter().map(|element| convert(element, &of)).collect::<Result<Vec<_>, _>>().ok()?;
                Some(Data::List(of, Arc::new(converted)).into())
            })
            .unwrap_or_else(|| tuple(made)),
        _ => tuple(made),
    }
}

/// `found`, as secret as anything in `of`.
pub(crate) fn walk_marks(of: &Value, found: Value) -> Value {
    let mut found = found;
    walk(of, &mut |within| {
        found.meta.sensitive |= within.meta.sensitive;
        found.meta.ephemeral |= within.meta.ephemeral;
        true
    });
    found
}

/// `found` without its secrecy.
pub(crate) fn nonsensitive(mut found: Value) -> Value {
    found.meta.sensitive = false;
    found
}
