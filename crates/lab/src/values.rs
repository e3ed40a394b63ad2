//! The values of a chart: those of the catalog below those of the inventory.

use diagnostic::{Derived, Value};

/// `value` with each of its texts and keys as `text` makes it.
pub(crate) fn map(value: &Derived<Value>, text: &mut dyn FnMut(&Derived<&str>) -> Derived<String>) -> Derived<Value> {
    let made = match &value.value {
        Value::Text(written) => {
            let text = text(&Derived::new(written.as_str(), value.from.iter().copied()));
            return Derived { value: Value::Text(text.value), from: text.from };
        }
        Value::List(items) => Value::List(items.iter().map(|item| map(item, text)).collect()),
        Value::Map(pairs) => {
            let pair = |(key, value): &(Derived<String>, Derived<Value>)| {
                (text(&Derived::new(key.value.as_str(), key.from.iter().copied())), map(value, text))
            };
            Value::Map(pairs.iter().map(pair).collect())
        }
        other => other.clone(),
    };
    // What is no text is at the place that a text there would have.
    let place = Derived::new("", value.from.iter().copied());
    Derived { value: made, from: text(&place).from }
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
