//! Functions that make collections of what they are given.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Outcome, any_unknown, elements, exactly, list_of, list_or_tuple, not_null, text, unknown_list_of, whole};
use crate::value::convert::{order, set_of, unify, unify_all};
use crate::value::{
    self, Data, Type, Value, convert, dynamic, is_null, is_wholly_known, kind, marked_like, operate, unknown,
};

pub(super) fn concat(given: &[Value]) -> Outcome {
    let mut all = Vec::new();
    let mut lists = true;
    for argument in given {
        match elements(argument)? {
            Some(elements) => all.extend(elements.iter().map(|element| marked_like(element.clone(), argument))),
            None => return Ok(dynamic()),
        }
        if value::is_set(argument) {
            return Err("a set has no order; `tolist(…)` gives it one".to_owned());
        }
        lists &= matches!(value::shape(argument), Type::List(_));
    }
    if given.is_empty() {
        return Err("at least one list is required".to_owned());
    }
    Ok(if lists { list_or_tuple(all) } else { value::tuple(all) })
}

pub(super) fn flatten(given: &[Value]) -> Outcome {
    fn into(found: &Value, flat: &mut Vec<Value>) -> bool {
        match (found.as_elements(), found.of_type()) {
            (Some(elements), _) => elements.iter().all(|element| into(&marked_like(element.clone(), found), flat)),
            // An unknown value may be a list.
            (None, Type::List(_) | Type::Set(_) | Type::Tuple(_)) if !is_null(found) => false,
            (None, Type::Any) if !is_null(found) => {
                let one = value::provenance(found)
                    .is_some_and(|provenance| !provenance.path.is_empty() || provenance.is_instance());
                flat.push(found.clone());
                one
            }
            _ => {
                flat.push(found.clone());
                true
            }
        }
    }
    let [list] = exactly(given)?;
    if elements(list)?.is_none() {
        return Ok(dynamic());
    }
    let mut flat = Vec::new();
    let whole = into(list, &mut flat);
    Ok(if whole { value::tuple(flat) } else { dynamic() })
}

pub(super) fn merge(given: &[Value]) -> Outcome {
    let mut merged = BTreeMap::new();
    let (mut maps, mut secret) = (Vec::new(), value::null());
    for argument in given.iter().filter(|argument| !is_null(argument)) {
        secret = marked_like(secret, argument);
        match (argument.as_entries(), argument.of_type()) {
            (Some(entries), of) => {
                merged.extend(entries.iter().map(|(name, entry)| (name.clone(), entry.clone())));
                maps.push(of);
            }
            (None, Type::Any | Type::Map(_) | Type::Object(_)) => return Ok(marked_like(dynamic(), &secret)),
            _ => return Err(format!("a map is required, and this is {}", kind(argument))),
        }
    }
    if given.is_empty() {
        return Ok(value::object(merged));
    }
    if maps.is_empty() {
        return Ok(value::object(merged));
    }
    let found = match maps.as_slice() {
        [Type::Map(of), rest @ ..] if rest.iter().all(|other| *other == maps[0]) => {
            Data::Map((**of).clone(), Arc::new(merged)).into()
        }
        _ => value::object(merged),
    };
    Ok(marked_like(found, &secret))
}

pub(super) fn keys(given: &[Value]) -> Outcome {
    let [map] = exactly(given)?;
    not_null(map)?;
    let found = match (map.as_entries(), map.of_type()) {
        (Some(entries), of) => {
            let names = entries.iter().map(|(name, entry)| match entry.made_by() {
                Some(span) => value::made_at(value::string(name), span),
                None => value::string(name),
            });
            match of {
                Type::Map(_) => list_of(Type::String, names.collect()),
                _ => value::tuple(names.collect()),
            }
        }
        (None, Type::Map(_)) => unknown_list_of(Type::String),
        (None, Type::Object(of)) => value::tuple(of.keys().map(|name| value::string(name)).collect()),
        (None, Type::Any) => dynamic(),
        _ => return Err(format!("a map is required, and this is {}", kind(map))),
    };
    Ok(marked_like(found, map))
}

pub(super) fn values(given: &[Value]) -> Outcome {
    let [map] = exactly(given)?;
    not_null(map)?;
    let found = match (&map.data, map.of_type()) {
        (Data::Map(of, entries), _) => list_of(of.clone(), entries.values().cloned().collect()),
        (Data::Object(entries), _) => value::tuple(entries.values().cloned().collect()),
        (_, Type::Map(of)) => unknown_list_of(*of),
        (_, Type::Any | Type::Object(_)) => dynamic(),
        _ => return Err(format!("a map is required, and this is {}", kind(map))),
    };
    Ok(marked_like(found, map))
}

pub(super) fn zipmap(given: &[Value]) -> Outcome {
    let [names, made] = exactly(given)?;
    let (Some(keys), Some(elements)) = (elements(names)?, elements(made)?) else { return Ok(dynamic()) };
    if value::is_set(made) {
        return Err("a set has no order; `tolist(…)` gives it one".to_owned());
    }
    if any_unknown(keys) {
        return Ok(dynamic());
    }
    if keys.len() != elements.len() {
        return Err(format!("there are {} keys and {} values", keys.len(), elements.len()));
    }
    let mut found = BTreeMap::new();
    for (key, element) in keys.iter().zip(elements) {
        let Some(key) = text(key)? else { return Ok(dynamic()) };
        found.insert(key, element.clone());
    }
    let found = match &made.data {
        Data::List(of, _) => Data::Map(of.clone(), Arc::new(found)).into(),
        _ => value::object(found),
    };
    Ok(marked_like(marked_like(found, names), made))
}

pub(super) fn reverse(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(dynamic()) };
    let reversed: Vec<Value> = found.iter().rev().cloned().collect();
    let made = match &list.data {
        Data::List(of, _) | Data::Set(of, _) => list_of(of.clone(), reversed),
        _ => value::tuple(reversed),
    };
    Ok(marked_like(made, list))
}

pub(super) fn slice(given: &[Value]) -> Outcome {
    let [list, from, to] = exactly(given)?;
    if value::is_set(list) {
        return Err("a set has no order; `tolist(…)` gives it one".to_owned());
    }
    let (Some(found), Some(from), Some(to)) = (elements(list)?, whole(from)?, whole(to)?) else { return Ok(dynamic()) };
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    let part = range.and_then(|(from, to)| found.get(from..to));
    let part = part.ok_or_else(|| format!("from {from} to {to} is not a part of a list of {}", found.len()))?.to_vec();
    let made = match &list.data {
        Data::List(of, _) => list_of(of.clone(), part),
        _ => value::tuple(part),
    };
    Ok(marked_like(made, list))
}

pub(super) fn chunk_list(given: &[Value]) -> Outcome {
    let [list, size] = exactly(given)?;
    let (Some(found), Some(size)) = (elements(list)?, whole(size)?) else { return Ok(dynamic()) };
    let of = unify_all(found).ok_or("all elements must have the same type")?;
    let size = match usize::try_from(size) {
        Ok(0) => found.len().max(1),
        Ok(size) => size,
        Err(_) => return Err("the size is below zero".to_owned()),
    };
    let chunks = found.chunks(size).map(|chunk| list_of(of.clone(), chunk.to_vec())).collect();
    Ok(marked_like(list_of(Type::List(Box::new(of)), chunks), list))
}

pub(super) fn distinct(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(dynamic()) };
    if !is_wholly_known(list) {
        return Ok(unknown_list_of(unify_all(found).unwrap_or(Type::Any)));
    }
    let of = unify_all(found).ok_or("all elements must have the same type")?;
    let Value { data: Data::List(_, all), .. } = list_of(of.clone(), found.to_vec()) else { return Ok(dynamic()) };
    let mut seen: Vec<&Value> = Vec::new();
    for element in all.iter() {
        // Homogeneous lists are short; long ones are sorted first.
        if !seen.iter().any(|known| operate::equal(known, element) == Some(true)) {
            seen.push(element);
        }
    }
    Ok(list_of(of, seen.into_iter().cloned().collect()))
}

pub(super) fn compact(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_list_of(Type::String)) };
    if any_unknown(found) {
        return Ok(unknown_list_of(Type::String));
    }
    let mut kept = Vec::new();
    for element in found.iter().filter(|element| !is_null(element)) {
        let element = convert(element, &Type::String)?;
        if value::text(&element) != Some("") {
            kept.push(element);
        }
    }
    Ok(list_of(Type::String, kept))
}

pub(super) fn sort(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_list_of(Type::String)) };
    let mut all =
        found.iter().map(|element| convert(not_null(element)?, &Type::String)).collect::<Result<Vec<_>, _>>()?;
    if any_unknown(&all) {
        return Ok(list_of(Type::String, all.iter().map(|_| value::unknown_string()).collect()));
    }
    all.sort_by(order);
    Ok(list_of(Type::String, all))
}

pub(super) fn range(given: &[Value]) -> Outcome {
    let numbers = given.iter().map(value::convert::exact_number).collect::<Result<Option<Vec<_>>, _>>()?;
    let Some(numbers) = numbers else { return Ok(unknown_list_of(Type::Number)) };
    let zero = bigdecimal::BigDecimal::from(0);
    let one = bigdecimal::BigDecimal::from(1);
    let (start, end, step) = match numbers.as_slice() {
        [end] => (zero.clone(), end.clone(), if *end < zero { -one } else { one }),
        [start, end] => (start.clone(), end.clone(), if end < start { -one } else { one }),
        [start, end, step] => (start.clone(), end.clone(), step.clone()),
        _ => return Err("one to three numbers are required".to_owned()),
    };
    if step == zero || (step > zero && end < start) || (step < zero && end > start) {
        return Err("the step does not lead to the limit".to_owned());
    }
    let mut made = Vec::new();
    let mut at = start;
    while (step > zero && at < end) || (step < zero && at > end) {
        if made.len() >= 1024 {
            return Err("more than 1024 numbers".to_owned());
        }
        made.push(Data::Number(at.clone()).into());
        at += &step;
    }
    Ok(list_of(Type::Number, made))
}

/// The type of elements, and the elements of each set.
type Sets = (Type, Vec<Vec<Value>>);

/// The arguments as sets of one type; none if one is unknown.
fn sets(given: &[Value]) -> Result<Option<Sets>, String> {
    if given.is_empty() {
        return Err("at least one set is required".to_owned());
    }
    let mut all = Vec::new();
    for argument in given {
        match elements(argument)? {
            Some(found) => all.push(found.to_vec()),
            None => return Ok(None),
        }
    }
    let types: Vec<Type> = all.iter().flatten().map(Value::of_type).collect();
    let of = unify(&types).ok_or("all elements must have the same type")?;
    let mut made = Vec::new();
    for set in all {
        made.push(set.iter().map(|element| convert(element, &of)).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(Some((of, made)))
}

fn unknown_set() -> Value {
    unknown(Type::Set(Box::new(Type::Any)))
}

pub(super) fn set_union(given: &[Value]) -> Outcome {
    Ok(sets(given)?.map_or_else(unknown_set, |(of, sets)| set_of(of, sets.into_iter().flatten().collect())))
}

fn holds(set: &[Value], element: &Value) -> bool {
    set.iter().any(|known| operate::equal(known, element) == Some(true))
}

pub(super) fn set_intersection(given: &[Value]) -> Outcome {
    let Some((of, sets)) = sets(given)?.filter(|_| given.iter().all(is_wholly_known)) else { return Ok(unknown_set()) };
    let (first, rest) = sets.split_first().ok_or("at least one set is required")?;
    let kept = first.iter().filter(|element| rest.iter().all(|set| holds(set, element))).cloned().collect();
    Ok(set_of(of, kept))
}

pub(super) fn set_subtract(given: &[Value]) -> Outcome {
    let [..] = exactly::<2>(given)?;
    let Some((of, sets)) = sets(given)?.filter(|_| given.iter().all(is_wholly_known)) else { return Ok(unknown_set()) };
    Ok(set_of(of, sets[0].iter().filter(|element| !holds(&sets[1], element)).cloned().collect()))
}

pub(super) fn set_product(given: &[Value]) -> Outcome {
    if given.len() < 2 {
        return Err("at least two lists are required".to_owned());
    }
    let mut product: Vec<Vec<Value>> = vec![Vec::new()];
    for argument in given {
        let Some(found) = elements(argument)? else { return Ok(dynamic()) };
        if product.len().saturating_mul(found.len()) > 100_000 {
            return Ok(dynamic());
        }
        product = product
            .iter()
            .flat_map(|row| found.iter().map(move |element| row.iter().cloned().chain([element.clone()]).collect()))
            .collect();
    }
    let rows: Vec<Value> = product.into_iter().map(value::tuple).collect();
    let all_sets = given.iter().all(value::is_set);
    let of = unify_all(&rows).unwrap_or(Type::Any);
    Ok(if all_sets && given.iter().all(is_wholly_known) { set_of(of, rows) } else { list_or_tuple(rows) })
}
