//! Values of any shape, each part with the places it follows from.

use crate::Derived;

/// A value that labtree hands on as it is, such as the values of a Helm chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Derived<Value>>),
    /// A mapping, in order.
    Map(Vec<(Derived<String>, Derived<Value>)>),
}
