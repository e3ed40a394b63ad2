//! Values of the lab with the inventory places they follow from.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use diagnostic::{Derived, Span, Spanned};
use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};

/// A value from the lab, with the inventory places it follows from.
///
/// In a template it is opaque: a filter places it, `for` walks a list, `.key` looks into a map. As a condition
/// it is an error, since a template branches on plain booleans.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The value.
    pub data: Data,
    /// The places it follows from, the one to edit first; none for what labtree itself decides. A list or a map
    /// that is not empty is marked by its leaves, so its own places count only while it is empty.
    pub from: Vec<Span>,
}

/// What a [`Placed`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A number with a fraction; filters refuse infinities and NaN.
    Float(f64),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Placed>),
    /// Entries in order; a key is text.
    Map(Vec<(Placed, Placed)>),
}

impl Placed {
    /// `data` that follows from `from`.
    pub fn new(data: Data, from: impl IntoIterator<Item = Span>) -> Self {
        Self { data, from: from.into_iter().collect() }
    }

    /// A value that labtree decides whatever the inventory says.
    pub fn fixed(value: impl Place) -> Self {
        value.place(&[])
    }

    /// The text of `value`, which may be of any type that has one: a slug, an address, a version.
    pub fn text<T: ToString>(value: &Derived<T>) -> Self {
        value.value.to_string().place(&value.from)
    }

    /// A list of `items`.
    pub fn list(items: impl IntoIterator<Item = impl Into<Placed>>) -> Self {
        Self { data: Data::List(items.into_iter().map(Into::into).collect()), from: Vec::new() }
    }

    /// A map of `entries`, in their order; a key that comes twice is refused by the filters.
    pub fn map<K: Into<Placed>, V: Into<Placed>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        Self { data: Data::Map(entries.collect()), from: Vec::new() }
    }

    /// The same value, following from `from` alone.
    #[must_use]
    pub fn following(mut self, from: impl IntoIterator<Item = Span>) -> Self {
        self.from = from.into_iter().collect();
        self
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, in one word for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.data {
            Data::Null => "null",
            Data::Bool(_) => "boolean",
            Data::Number(_) | Data::Float(_) => "number",
            Data::Text(_) => "text",
            Data::List(_) => "list",
            Data::Map(_) => "map",
        }
    }

    fn entry(&self, key: &str) -> Option<&Placed> {
        match &self.data {
            Data::Map(entries) => entries.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Values that can stand in a template once it is known where they follow from.
pub trait Place {
    /// The value, following from `from`.
    fn place(&self, from: &[Span]) -> Placed;
}

impl<T: Place + ?Sized> Place for &T {
    fn place(&self, from: &[Span]) -> Placed {
        (**self).place(from)
    }
}

/// Nothing is `null`.
impl<T: Place> Place for Option<T> {
    fn place(&self, from: &[Span]) -> Placed {
        self.as_ref().map_or_else(|| Placed { data: Data::Null, from: from.to_vec() }, |value| value.place(from))
    }
}

/// Every item follows from the same places.
impl<T: Place> Place for Vec<T> {
    fn place(&self, from: &[Span]) -> Placed {
        Placed { data: Data::List(self.iter().map(|item| item.place(from)).collect()), from: from.to_vec() }
    }
}

/// Each part follows from its own places.
impl Place for diagnostic::Value {
    fn place(&self, from: &[Span]) -> Placed {
        use diagnostic::Value;
        let data = match self {
            Value::Null => Data::Null,
            Value::Bool(boolean) => Data::Bool(*boolean),
            Value::Integer(number) => Data::Number(*number),
            Value::Float(number) => Data::Float(*number),
            Value::Text(text) => Data::Text(text.clone()),
            Value::List(items) => Data::List(items.iter().map(Placed::from).collect()),
            Value::Map(pairs) => Data::Map(pairs.iter().map(|(key, value)| (key.into(), value.into())).collect()),
        };
        Placed::new(data, from.iter().copied())
    }
}

impl<T: Place> From<Derived<T>> for Placed {
    fn from(value: Derived<T>) -> Self {
        Self::from(&value)
    }
}

impl<T: Place> From<&Derived<T>> for Placed {
    fn from(value: &Derived<T>) -> Self {
        value.value.place(&value.from)
    }
}

impl<T: Place> From<Spanned<T>> for Placed {
    fn from(value: Spanned<T>) -> Self {
        Self::from(&value)
    }
}

impl<T: Place> From<&Spanned<T>> for Placed {
    fn from(value: &Spanned<T>) -> Self {
        value.value.place(&[value.span])
    }
}

impl From<&Placed> for Placed {
    fn from(value: &Placed) -> Self {
        value.clone()
    }
}

macro_rules! place {
    ($($type:ty => $data:expr;)+) => {$(
        impl Place for $type {
            fn place(&self, from: &[Span]) -> Placed {
                let data: fn(&$type) -> Data = $data;
                Placed { data: data(self), from: from.to_vec() }
            }
        }
    )+};
}

place! {
    str => |text| Data::Text(text.to_owned());
    String => |text| Data::Text(text.clone());
    bool => |value| Data::Bool(*value);
    i64 => |value| Data::Number(*value);
    i32 => |value| Data::Number((*value).into());
    u32 => |value| Data::Number((*value).into());
    u16 => |value| Data::Number((*value).into());
    u8 => |value| Data::Number((*value).into());
    f64 => |value| Data::Float(*value);
}

macro_rules! fixed {
    ($($type:ty)+) => {$(
        /// A value that labtree decides whatever the inventory says.
        impl From<$type> for Placed {
            fn from(value: $type) -> Self {
                value.place(&[])
            }
        }
    )+};
}

fixed! { &str &String String bool i64 i32 u32 u16 u8 f64 }

impl From<Placed> for Value {
    fn from(placed: Placed) -> Self {
        Value::from_object(placed)
    }
}

impl From<&Placed> for Value {
    fn from(placed: &Placed) -> Self {
        placed.clone().into()
    }
}

impl Object for Placed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.data {
            Data::List(_) => ObjectRepr::Seq,
            Data::Map(_) => ObjectRepr::Map,
            _ => ObjectRepr::Plain,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match &self.data {
            Data::List(items) => items.get(key.as_usize()?).map(Value::from),
            Data::Map(_) => match key.downcast_object_ref::<Placed>() {
                Some(key) => self.entry(key.as_text()?).map(Value::from),
                None => self.get_value_by_str(key.as_str()?),
            },
            _ => None,
        }
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.entry(key).map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.data {
            Data::List(items) => Enumerator::Seq(items.len()),
            Data::Map(entries) => Enumerator::Values(entries.iter().map(|(key, _)| Value::from(key)).collect()),
            _ => Enumerator::NonEnumerable,
        }
    }

    /// Only ever asked for a condition. There is no way to refuse here, so it is kept for [`misuse`].
    fn is_true(self: &Arc<Self>) -> bool {
        MISUSED.with_borrow_mut(|misused| {
            misused.get_or_insert_with(|| Placed::clone(self));
        });
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "placed {}", self.kind())
    }
}

thread_local! {
    static MISUSED: RefCell<Option<Placed>> = const { RefCell::new(None) };
}

/// The first value that this thread used as a condition since the last call.
pub(crate) fn misuse() -> Option<Placed> {
    MISUSED.take()
}

#[cfg(test)]
mod tests;
