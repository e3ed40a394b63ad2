//! Conversion of values to types, and the one type that several values can have.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use bigdecimal::{BigDecimal, ToPrimitive};

use super::{Data, Type, Value, instead, is_null, marked_like, operate, unknown};

/// `found` as a value of the type `to`; why not, if that cannot be.
pub(crate) fn convert(found: &Value, to: &Type) -> Result<Value, String> {
    let of = found.of_type();
    if of == *to || *to == Type::Any {
        return Ok(found.clone());
    }
    match &found.data {
        Data::Null(_) => return Ok(instead(Data::Null(to.clone()), found)),
        Data::Unknown(Type::Any) => return Ok(instead(Data::Unknown(to.clone()), found)),
        Data::Unknown(of) => {
            return if may_convert(of, to) {
                Ok(instead(Data::Unknown(to.clone()), found))
            } else {
                Err(format!("{} is required, and this is {}", to.in_words(), of.in_words()))
            };
        }
        _ => {}
    }
    let data = match (to, &found.data) {
        (Type::String, _) => plain_text(found).map(|text| Data::Text(Arc::from(text.as_str()))),
        (Type::Number, Data::Text(text)) => {
            super::number(text.trim()).filter(|_| is_number(text)).map(|number| number.data)
        }
        (Type::Bool, Data::Text(text)) => match &**text {
            "true" | "1" => Some(Data::Bool(true)),
            "false" | "0" => Some(Data::Bool(false)),
            _ => None,
        },
        (Type::List(of), Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements)) => {
            let (of, elements) = all_as(elements.iter(), of)?;
            Some(Data::List(of, Arc::new(elements)))
        }
        (Type::Set(of), Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements)) => {
            let (of, elements) = all_as(elements.iter(), of)?;
            let set = set_of(of, elements);
            return Ok(instead_marked(set, found));
        }
        (Type::Map(of), Data::Map(_, entries) | Data::Object(entries)) => {
            let (of, elements) = all_as(entries.values(), of)?;
            Some(Data::Map(of, Arc::new(entries.keys().cloned().zip(elements).collect())))
        }
        (Type::Tuple(of), Data::List(_, elements) | Data::Tuple(elements)) if of.len() == elements.len() => {
            let elements =
                elements.iter().zip(of).enumerate().map(|(at, (element, of))| {
                    convert(element, of).map_err(|message| format!("element {at}: {message}"))
                });
            Some(Data::Tuple(Arc::new(elements.collect::<Result<_, _>>()?)))
        }
        (Type::Object(of), Data::Map(_, entries) | Data::Object(entries)) => {
            let mut made = BTreeMap::new();
            for (name, of) in of {
                let entry = entries.get(name).ok_or_else(|| format!("the attribute `{name}` is missing"))?;
                made.insert(name.clone(), convert(entry, of).map_err(|message| format!("`{name}`: {message}"))?);
            }
            Some(Data::Object(Arc::new(made)))
        }
        _ => None,
    };
    match data {
        Some(data) => Ok(instead(data, found)),
        None => Err(format!("{} is required, and this is {}", to.in_words(), of.in_words())),
    }
}

/// `set` in place of `of`, as secret as both.
fn instead_marked(set: Value, of: &Value) -> Value {
    let secret = marked_like(of.clone(), &set);
    instead(set.data, &secret)
}

/// `elements` as values of the type `of`; where that is any, of the one type that all can have.
fn all_as<'v>(elements: impl Iterator<Item = &'v Value> + Clone, of: &Type) -> Result<(Type, Vec<Value>), String> {
    let of = match of {
        Type::Any => {
            let all: Vec<Value> = elements.clone().cloned().collect();
            unify_all(&all).ok_or_else(|| "all elements must have the same type".to_owned())?
        }
        of => of.clone(),
    };
    let converted = elements.map(|element| convert(element, &of)).collect::<Result<_, _>>()?;
    Ok((of, converted))
}

/// A set of `elements`, which are of the type `of`. A set is as secret as what it holds.
pub(crate) fn set_of(of: Type, mut elements: Vec<Value>) -> Value {
    let secret = elements.iter().fold(super::null(), marked_like);
    elements.sort_by(order);
    elements.dedup_by(|right, left| super::is_wholly_known(left) && order(left, right) == Ordering::Equal);
    marked_like(Data::Set(of, Arc::new(elements)).into(), &secret)
}

/// The order of the elements of a set.
pub(crate) fn order(left: &Value, right: &Value) -> Ordering {
    fn rank(value: &Value) -> u8 {
        match value.data {
            Data::Null(_) => 0,
            Data::Bool(_) => 1,
            Data::Number(_) => 2,
            Data::Text(_) => 3,
            Data::List(..) | Data::Set(..) | Data::Tuple(_) => 4,
            Data::Map(..) | Data::Object(_) => 5,
            Data::Unknown(_) => 6,
        }
    }
    match (&left.data, &right.data) {
        (Data::Bool(left), Data::Bool(right)) => left.cmp(right),
        (Data::Number(left), Data::Number(right)) => left.cmp(right),
        (Data::Text(left), Data::Text(right)) => left.cmp(right),
        _ => match (left.as_elements(), right.as_elements(), left.as_entries(), right.as_entries()) {
            (Some(left), Some(right), ..) => {
                let first = left.iter().zip(right).map(|(left, right)| order(left, right)).find(|found| found.is_ne());
                first.unwrap_or_else(|| left.len().cmp(&right.len()))
            }
            (_, _, Some(left), Some(right)) => left.keys().cmp(right.keys()).then_with(|| {
                let first = left.values().zip(right.values()).map(|(left, right)| order(left, right));
                first.into_iter().find(|found| found.is_ne()).unwrap_or(Ordering::Equal)
            }),
            _ => rank(left).cmp(&rank(right)),
        },
    }
}

/// Whether some value of the type `of` can be one of the type `to`.
fn may_convert(of: &Type, to: &Type) -> bool {
    match (of, to) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Bool | Type::Number | Type::String, Type::String) | (Type::String, Type::Bool | Type::Number) => true,
        (Type::List(of) | Type::Set(of), Type::List(to) | Type::Set(to)) | (Type::Map(of), Type::Map(to)) => {
            may_convert(of, to)
        }
        (Type::Tuple(of), Type::List(to) | Type::Set(to)) => of.iter().all(|of| may_convert(of, to)),
        (Type::Tuple(of), Type::Tuple(to)) => {
            of.len() == to.len() && of.iter().zip(to).all(|(of, to)| may_convert(of, to))
        }
        (Type::Object(of), Type::Map(to)) => of.values().all(|of| may_convert(of, to)),
        (Type::Map(of), Type::Object(to)) => to.values().all(|to| may_convert(of, to)),
        (Type::Object(of), Type::Object(to)) => {
            to.iter().all(|(name, to)| of.get(name).is_some_and(|of| may_convert(of, to)))
        }
        (of, to) => of == to,
    }
}

/// The one type that all of `values` can have; any, if one of them has a type that is not known.
pub(crate) fn unify_all(values: &[Value]) -> Option<Type> {
    let mut types: Vec<Type> = values.iter().map(Value::of_type).collect();
    types.dedup();
    unify(&types)
}

/// The one type that all of `types` convert to without loss.
pub(crate) fn unify(types: &[Type]) -> Option<Type> {
    let mut known = types.iter().filter(|of| **of != Type::Any);
    let Some(first) = known.next() else { return Some(Type::Any) };
    if known.clone().all(|of| of == first) {
        // An element of unknown type takes the type of the others.
        return Some(first.clone());
    }
    let all: Vec<&Type> = types.iter().filter(|of| **of != Type::Any).collect();
    if all.iter().all(|of| matches!(of, Type::Bool | Type::Number | Type::String)) {
        // A boolean and a number have nothing in common but what text makes of them.
        return all.iter().any(|of| **of == Type::String).then_some(Type::String);
    }
    let of_elements = |pick: fn(&Type) -> Option<Vec<Type>>| -> Option<Type> {
        let picked = all.iter().map(|of| pick(of)).collect::<Option<Vec<_>>>()?;
        unify(&picked.into_iter().flatten().collect::<Vec<_>>())
    };
    if all.iter().all(|of| matches!(of, Type::Object(_))) {
        let keys = |of: &Type| match of {
            Type::Object(of) => of.keys().cloned().collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        if all.iter().all(|of| keys(of) == keys(all[0])) {
            let mut made = BTreeMap::new();
            for key in keys(all[0]) {
                let each: Vec<Type> = all
                    .iter()
                    .filter_map(|of| match of {
                        Type::Object(of) => of.get(&key).cloned(),
                        _ => None,
                    })
                    .collect();
                match unify(&each) {
                    Some(of) => made.insert(key, of),
                    None => return None,
                };
            }
            return Some(Type::Object(made));
        }
    }
    if all.iter().all(|of| matches!(of, Type::Tuple(_))) {
        let sizes: Vec<&Vec<Type>> = all
            .iter()
            .filter_map(|of| match of {
                Type::Tuple(of) => Some(of),
                _ => None,
            })
            .collect();
        if sizes.iter().all(|of| of.len() == sizes[0].len()) {
            let at = |index: usize| unify(&sizes.iter().map(|of| of[index].clone()).collect::<Vec<_>>());
            return (0..sizes[0].len()).map(at).collect::<Option<Vec<_>>>().map(Type::Tuple);
        }
    }
    if all.iter().all(|of| matches!(of, Type::Map(_) | Type::Object(_))) {
        return of_elements(|of| match of {
            Type::Map(of) => Some(vec![(**of).clone()]),
            Type::Object(of) => Some(of.values().cloned().collect()),
            _ => None,
        })
        .map(|of| Type::Map(Box::new(of)));
    }
    if all.iter().all(|of| matches!(of, Type::List(_) | Type::Set(_) | Type::Tuple(_))) {
        let set = all.iter().any(|of| matches!(of, Type::Set(_)));
        let made = of_elements(|of| match of {
            Type::List(of) | Type::Set(of) => Some(vec![(**of).clone()]),
            Type::Tuple(of) => Some(of.clone()),
            _ => None,
        })?;
        return Some(if set { Type::Set(Box::new(made)) } else { Type::List(Box::new(made)) });
    }
    None
}

/// `yes` or `no`, as a value of the type that both can have.
pub(crate) fn choose(chosen: Option<bool>, yes: &Value, no: &Value) -> Result<Value, String> {
    let (yes_type, no_type) = (yes.of_type(), no.of_type());
    let to = match (is_null(yes), is_null(no)) {
        (true, _) if yes_type == Type::Any => Some(no_type.clone()),
        (_, true) if no_type == Type::Any => Some(yes_type.clone()),
        _ if yes_type == Type::Any || no_type == Type::Any => Some(Type::Any),
        _ => unify(&[yes_type.clone(), no_type.clone()]),
    };
    let Some(to) = to else {
        let (yes, no) = (yes_type.in_words(), no_type.in_words());
        return Err(format!("the sides of `? :` need one type, and are {yes} and {no} that do not go together"));
    };
    match chosen {
        Some(true) => convert(yes, &to),
        Some(false) => convert(no, &to),
        None => {
            // Where both sides are the same the condition does not matter, and where they are not nothing is known.
            let (yes, no) = (convert(yes, &to)?, convert(no, &to)?);
            let same = super::is_wholly_known(&yes) && operate::equal(&yes, &no) == Some(true);
            Ok(marked_like(if same { yes } else { unknown(to) }, &no))
        }
    }
}

/// The text of a plain value.
fn plain_text(found: &Value) -> Option<String> {
    match &found.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Bool(flag) => Some(flag.to_string()),
        Data::Number(number) => Some(number_text(number)),
        _ => None,
    }
}

/// A number as OpenTofu writes it: without exponent, without zeros at the end.
pub(crate) fn number_text(number: &BigDecimal) -> String {
    super::binary::shortest(number).to_plain_string()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'))
}

/// The text of `found`; none if it is unknown or null, an error if it is no plain value.
pub(crate) fn to_text(found: &Value) -> Result<Option<String>, ()> {
    match &convert(found, &Type::String).map_err(drop)?.data {
        Data::Text(text) => Ok(Some(text.to_string())),
        _ => Ok(None),
    }
}

/// What `found` says as a boolean; none if it is unknown or null.
pub(crate) fn to_bool(found: &Value) -> Result<Option<bool>, ()> {
    match convert(found, &Type::Bool).map_err(drop)?.data {
        Data::Bool(flag) => Ok(Some(flag)),
        _ => Ok(None),
    }
}

/// `found` as a number for counting; none if it is unknown or null.
pub(crate) fn to_number(found: &Value) -> Result<Option<f64>, ()> {
    match &convert(found, &Type::Number).map_err(drop)?.data {
        Data::Number(number) => Ok(number.to_f64()),
        _ => Ok(None),
    }
}

/// `found` as an exact number; an error says what it is instead.
pub(crate) fn exact_number(found: &Value) -> Result<Option<BigDecimal>, String> {
    if is_null(found) {
        return Err("a number is required, and this is null".to_owned());
    }
    match convert(found, &Type::Number)?.data {
        Data::Number(number) => Ok(Some(number)),
        _ => Ok(None),
    }
}
