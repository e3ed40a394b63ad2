//! Functions that choose one of what they are given, look at it, or give it another type.

use unicode_segmentation::UnicodeSegmentation;

use super::{Outcome, elements, exactly, not_null, text, whole};
use crate::value::{
    self, Data, Type, Value, convert, dynamic, integer, is_known, is_null, kind, marked_like, operate, unknown_bool,
    unknown_number,
};

pub(super) fn coalesce(given: &[Value]) -> Outcome {
    let of = value::convert::unify_all(given).ok_or("all arguments must have the same type")?;
    for argument in given {
        let argument = convert(argument, &of)?;
        if !is_known(&argument) {
            return Ok(argument_or_later(&argument, given));
        }
        if !is_null(&argument) && value::text(&argument) != Some("") {
            return Ok(argument);
        }
    }
    Err("no argument has a value".to_owned())
}

/// Of an unknown first choice only the last argument is sure to be what it gives.
fn argument_or_later(argument: &Value, given: &[Value]) -> Value {
    if given.len() == 1 { argument.clone() } else { value::unknown(argument.of_type()) }
}

pub(super) fn coalesce_list(given: &[Value]) -> Outcome {
    for argument in given {
        if elements(argument)?.is_some() && value::is_set(argument) {
            return Err("a set has no order; `tolist(…)` gives it one".to_owned());
        }
    }
    for argument in given {
        match elements(argument)? {
            None => return Ok(dynamic()),
            Some([]) => {}
            Some(_) => return Ok(argument.clone()),
        }
    }
    Err("no list has an element".to_owned())
}

pub(super) fn contains(given: &[Value]) -> Outcome {
    let [list, wanted] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_bool()) };
    not_null(wanted)?;
    let mut unknown = false;
    for element in found {
        match operate::equal(element, wanted) {
            Some(true) => return Ok(value::boolean(true)),
            Some(false) => {}
            None => unknown = true,
        }
    }
    Ok(if unknown { unknown_bool() } else { value::boolean(false) })
}

pub(super) fn element(given: &[Value]) -> Outcome {
    let [list, at] = exactly(given)?;
    let (Some(found), Some(at)) = (elements(list)?, whole(at)?) else { return Ok(dynamic()) };
    if found.is_empty() {
        return Err("an empty list has no element".to_owned());
    }
    if value::is_set(list) {
        return Err("a set has no order; `tolist(…)` gives it one".to_owned());
    }
    let at = usize::try_from(at.rem_euclid(found.len() as i64)).unwrap_or_default();
    Ok(marked_like(found[at].clone(), list))
}

pub(super) fn index_of(given: &[Value]) -> Outcome {
    let [list, wanted] = exactly(given)?;
    let Some(found) = elements(list)? else { return Ok(unknown_number()) };
    not_null(wanted)?;
    if value::is_set(list) {
        return Err("a set has no order; `tolist(…)` gives it one".to_owned());
    }
    if found.is_empty() {
        return Err("an empty list holds nothing".to_owned());
    }
    for (at, element) in found.iter().enumerate() {
        match operate::equal(element, wanted) {
            Some(true) => return Ok(integer(at as u64)),
            Some(false) => {}
            None => return Ok(unknown_number()),
        }
    }
    Err("the list does not hold it".to_owned())
}

pub(super) fn length(given: &[Value]) -> Outcome {
    let [of] = exactly(given)?;
    not_null(of)?;
    let found = match (&of.data, of.of_type()) {
        (Data::Text(text), _) => integer(text.graphemes(true).count() as u64),
        (Data::Set(..), _) if !value::is_wholly_known(of) => unknown_number(),
        (Data::List(_, all) | Data::Set(_, all) | Data::Tuple(all), _) => integer(all.len() as u64),
        (Data::Map(_, all) | Data::Object(all), _) => integer(all.len() as u64),
        (_, Type::Tuple(types)) => integer(types.len() as u64),
        (_, Type::Object(types)) => integer(types.len() as u64),
        (_, Type::Bool | Type::Number) => {
            return Err(format!("text or a collection is required, and this is {}", kind(of)));
        }
        _ => unknown_number(),
    };
    Ok(marked_like(found, of))
}

pub(super) fn lookup(given: &[Value]) -> Outcome {
    let (map, name, default) = match given {
        [map, name] => (map, name, None),
        [map, name, default] => (map, name, Some(default)),
        _ => return Err("two or three arguments are required".to_owned()),
    };
    not_null(map)?;
    let Some(name) = text(name)? else { return Ok(dynamic()) };
    let found = match (map.as_entries(), map.of_type(), default) {
        (Some(entries), of, default) => match (entries.get(&name), default) {
            (Some(found), _) => found.clone(),
            (None, Some(default)) => match of {
                Type::Map(of) => convert(default, &of)?,
                _ => default.clone(),
            },
            (None, None) => return Err(format!("there is no `{name}` in the map")),
        },
        (None, Type::Any | Type::Map(_) | Type::Object(_), _) => dynamic(),
        _ => return Err(format!("a map is required, and this is {}", kind(map))),
    };
    Ok(marked_like(found, map))
}

pub(super) fn one(given: &[Value]) -> Outcome {
    let [list] = exactly(given)?;
    Ok(match elements(list)? {
        None => dynamic(),
        Some([]) => value::null(),
        Some([single]) => marked_like(single.clone(), list),
        Some(_) => return Err("the list has more than one element".to_owned()),
    })
}

pub(super) fn sensitive(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    Ok(value::sensitive(found.clone()))
}

pub(super) fn nonsensitive(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    Ok(value::nonsensitive(found.clone()))
}

pub(super) fn is_sensitive(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    // What is unknown may turn out to be sensitive, or not.
    Ok(if is_known(found) { value::boolean(value::is_sensitive(found)) } else { unknown_bool() })
}

pub(super) fn ephemeral_as_null(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    Ok(if value::is_ephemeral(found) { Data::Null(found.of_type()).into() } else { found.clone() })
}

fn to(given: &[Value], of: Type) -> Outcome {
    let [found] = exactly(given)?;
    convert(found, &of)
}

pub(super) fn to_bool(given: &[Value]) -> Outcome {
    to(given, Type::Bool)
}

pub(super) fn to_number(given: &[Value]) -> Outcome {
    to(given, Type::Number)
}

pub(super) fn to_string(given: &[Value]) -> Outcome {
    to(given, Type::String)
}

pub(super) fn to_list(given: &[Value]) -> Outcome {
    to(given, Type::List(Box::new(Type::Any)))
}

pub(super) fn to_set(given: &[Value]) -> Outcome {
    to(given, Type::Set(Box::new(Type::Any)))
}

pub(super) fn to_map(given: &[Value]) -> Outcome {
    to(given, Type::Map(Box::new(Type::Any)))
}
