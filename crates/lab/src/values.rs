//! The values of a chart: those of the catalog below those of the inventory.

use diagnostic::{Derived, Spanned};

/// A value that a chart takes, each leaf with the places it follows from.
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

/// `value` with each of its texts and keys as `text` makes it, and each other leaf at the place that `leaf` gives it.
pub(crate) fn map(
    value: &Spanned<inventory::Value>,
    text: &mut dyn FnMut(&Spanned<&str>) -> Derived<String>,
) -> Derived<Value> {
    let made = match &value.value {
        inventory::Value::Text(written) => {
            let text = text(&Spanned::new(written, value.span));
            return Derived { value: Value::Text(text.value), from: text.from };
        }
        inventory::Value::Null => Value::Null,
        inventory::Value::Bool(boolean) => Value::Bool(*boolean),
        inventory::Value::Integer(number) => Value::Integer(*number),
        inventory::Value::Float(number) => Value::Float(*number),
        inventory::Value::List(items) => Value::List(items.iter().map(|item| map(item, text)).collect()),
        inventory::Value::Map(pairs) => {
            let pair = |(key, value): &(Spanned<String>, Spanned<inventory::Value>)| {
                (text(&Spanned::new(key.value.as_str(), key.span)), map(value, text))
            };
            Value::Map(pairs.iter().map(pair).collect())
        }
    };
    // What is no text is at the place that a text there would have.
    Derived { value: made, from: text(&Spanned::new("", value.span)).from }
}

/// The values of the inventory as they are written.
pub(crate) fn written(value: &Spanned<inventory::Value>) -> Derived<Value> {
    map(value, &mut |text| text.derive(|text| (*text).to_owned()))
}

/// `own` with what only `below` has. Where both have a mapping, their keys are put together; anything else of `own`
/// stands as it is, a list or a `null` too.
pub(crate) fn merged(own: Derived<Value>, below: Derived<Value>) -> Derived<Value> {
    match (own.value, below.value) {
        (Value::Map(mut pairs), Value::Map(more)) => {
            for (key, value) in more {
                match pairs.iter_mut().find(|(known, _)| known.value == key.value) {
                    Some((_, own)) => {
                        let taken = std::mem::replace(own, Derived::fixed(Value::Null));
                        *own = merged(taken, value);
                    }
                    None => pairs.push((key, value)),
                }
            }
            Derived { value: Value::Map(pairs), from: own.from }
        }
        (value, _) => Derived { value, from: own.from },
    }
}
