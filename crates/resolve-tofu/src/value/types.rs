//! Types of values.

use std::collections::BTreeMap;

use super::{Data, Value};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Not known, or any.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(…)`
    List(Box<Type>),
    /// `set(…)`
    Set(Box<Type>),
    /// `map(…)`
    Map(Box<Type>),
    /// `tuple([…])`
    Tuple(Vec<Type>),
    /// `object({…})`
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// The type as a person would say it: "a list".
    pub(crate) fn in_words(&self) -> String {
        match self {
            Type::Any => "a value of unknown type",
            Type::Bool => "a boolean",
            Type::Number => "a number",
            Type::String => "text",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Tuple(_) => "a list of values of several types",
            Type::Object(_) => "an object",
        }
        .to_owned()
    }

    /// Whether a value of this type may have elements.
    pub(crate) fn is_iterable(&self) -> bool {
        !matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// Whether it says everything, at any depth.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Type::Any => false,
            Type::Bool | Type::Number | Type::String => true,
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.is_whole(),
            Type::Tuple(of) => of.iter().all(Type::is_whole),
            Type::Object(of) => of.values().all(Type::is_whole),
        }
    }
}

/// The type of `value`.
pub(super) fn type_of(value: &Value) -> Type {
    match &value.data {
        Data::Unknown(of) | Data::Null(of) => of.clone(),
        Data::Bool(_) => Type::Bool,
        Data::Number(_) => Type::Number,
        Data::Text(_) => Type::String,
        Data::List(of, _) => Type::List(Box::new(of.clone())),
        Data::Set(of, _) => Type::Set(Box::new(of.clone())),
        Data::Map(of, _) => Type::Map(Box::new(of.clone())),
        Data::Tuple(elements) => Type::Tuple(elements.iter().map(type_of).collect()),
        Data::Object(entries) => {
            Type::Object(entries.iter().map(|(name, element)| (name.clone(), type_of(element))).collect())
        }
    }
}
