//! Shapes that the model is built from.

use diagnostic::Spanned;

/// A mapping whose keys a person chooses, in the order written.
pub type Entries<K, V> = Vec<Entry<K, V>>;

/// One entry of such a mapping.
#[derive(Clone, Debug)]
pub struct Entry<K, V> {
    /// Its key.
    pub name: Spanned<K>,
    /// What stands under the key.
    pub value: V,
}

/// A value that labtree hands on as it is, such as Helm values: each leaf knows its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, or nothing behind the key.
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
    List(Vec<Spanned<Value>>),
    /// A mapping, in the order written.
    Map(Vec<(Spanned<String>, Spanned<Value>)>),
}
