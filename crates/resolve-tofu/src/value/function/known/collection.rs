//! Functions of whole lists and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::convert::unify;
use crate::value::function::{Outcome, list_of};
use crate::value::{self, Data, Type, Value, convert, is_null, is_wholly_known, operate, unknown};

/// The elements of the first list at whose places the second holds one of the third.
pub(super) fn match_keys(given: &[Value]) -> Outcome {
    let (values, keys, wanted) = (&given[0], &given[1], &given[2]);
    let of = unify(&[keys.of_type(), wanted.of_type()]).ok_or("the keys need the type of those that are wanted")?;
    let (keys, wanted) = (convert(keys, &of)?, convert(wanted, &of)?);
    let all = |list: &Value| list.as_elements().map(<[Value]>::to_vec).unwrap_or_default();
    let (elements, known, searched) = (all(values), all(&keys), all(&wanted));
    if elements.len() != known.len() {
        return Err(format!("there are {} values and {} keys", elements.len(), known.len()));
    }
    let Type::List(element) = values.of_type() else { return Ok(value::dynamic()) };
    if searched.is_empty() {
        return Ok(list_of(*element, Vec::new()));
    }
    if !is_wholly_known(values) || !is_wholly_known(&keys) {
        return Ok(unknown(Type::List(element)));
    }
    let mut found = Vec::new();
    for (element_found, key) in elements.into_iter().zip(&known) {
        for wanted in &searched {
            match operate::equal(key, wanted) {
                Some(true) => {
                    found.push(element_found);
                    break;
                }
                Some(false) => {}
                // OpenTofu takes a key that cannot be compared yet for one that nothing matches.
                None => return Ok(list_of(*element, Vec::new())),
            }
        }
    }
    Ok(list_of(*element, found))
}

/// The keys of the lists that hold each text, by text.
pub(super) fn transpose(given: &[Value]) -> Outcome {
    let texts = Type::List(Box::new(Type::String));
    if !is_wholly_known(&given[0]) {
        return Ok(unknown(Type::Map(Box::new(texts))));
    }
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, list) in given[0].as_entries().into_iter().flatten() {
        for element in list.as_elements().ok_or("a list is null")? {
            if is_null(element) {
                return Err("an element is null".to_owned());
            }
            found.entry(super::text(element).to_owned()).or_default().push(value::string(name));
        }
    }
    let found = found.into_iter().map(|(name, keys)| (name, list_of(Type::String, keys))).collect();
    Ok(Data::Map(texts, Arc::new(found)).into())
}
