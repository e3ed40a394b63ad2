//! Objects with one thing changed, most of them for the worse.

use serde_json::{Value as Json, json};

/// A step into an object.
#[derive(Clone)]
enum Step {
    Field(String),
    Item(usize),
}

/// At most `count` changed copies of `object`, spread over all that there are.
pub(super) fn of(object: &Json, count: usize) -> Vec<Json> {
    let mut places = Vec::new();
    places_in(object, &mut Vec::new(), &mut places);
    places.retain(|place| !says_what_it_is(place));
    let mut all = Vec::new();
    for place in &places {
        for change in CHANGES {
            let mut copy = object.clone();
            if change(&mut copy, place) {
                all.push(copy);
            }
        }
    }
    let step = all.len().div_ceil(count).max(1);
    all.into_iter().step_by(step).collect()
}

fn places_in(value: &Json, at: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let mut deeper = |step: Step, value: &Json| {
        at.push(step);
        places_in(value, at, found);
        found.push(at.clone());
        at.pop();
    };
    match value {
        Json::Object(fields) => {
            for (name, inner) in fields {
                deeper(Step::Field(name.clone()), inner);
            }
        }
        Json::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                deeper(Step::Item(index), inner);
            }
        }
        _ => {}
    }
}

fn says_what_it_is(place: &[Step]) -> bool {
    let [Step::Field(first), rest @ ..] = place else { return false };
    match first.as_str() {
        "apiVersion" | "kind" | "status" => true,
        "metadata" => matches!(rest, [] | [Step::Field(_)]) && !matches!(rest, [Step::Field(name)] if name == "labels"),
        _ => false,
    }
}

/// A change at a place; whether it could be made.
type Change = fn(&mut Json, &[Step]) -> bool;

const CHANGES: &[Change] = &[unknown, without, of_another_type, null, emptied];

fn at<'j>(object: &'j mut Json, place: &[Step]) -> Option<&'j mut Json> {
    place.iter().try_fold(object, |value, step| match step {
        Step::Field(name) => value.get_mut(name),
        Step::Item(index) => value.get_mut(index),
    })
}

fn put(object: &mut Json, place: &[Step], value: impl FnOnce(&Json) -> Option<Json>) -> bool {
    let Some(found) = at(object, place) else { return false };
    let Some(value) = value(found) else { return false };
    *found = value;
    true
}

/// A field that nobody knows.
fn unknown(object: &mut Json, place: &[Step]) -> bool {
    put(object, place, |value| {
        let mut fields = value.as_object()?.clone();
        fields.insert("nobodyKnowsThis".to_owned(), json!("x"));
        Some(Json::Object(fields))
    })
}

/// Without that field.
fn without(object: &mut Json, place: &[Step]) -> bool {
    let Some((Step::Field(last), around)) = place.split_last() else { return false };
    at(object, around).and_then(Json::as_object_mut).is_some_and(|fields| fields.remove(last).is_some())
}

/// A number for a text, a text for everything else.
fn of_another_type(object: &mut Json, place: &[Step]) -> bool {
    put(object, place, |value| Some(if value.is_string() { json!(7) } else { json!("x y") }))
}

fn null(object: &mut Json, place: &[Step]) -> bool {
    put(object, place, |_| Some(Json::Null))
}

/// The same type with nothing in it.
fn emptied(object: &mut Json, place: &[Step]) -> bool {
    put(object, place, |value| match value {
        Json::Object(_) => Some(json!({})),
        Json::Array(_) => Some(json!([])),
        Json::String(_) => Some(json!("")),
        Json::Number(_) => Some(json!(-1)),
        _ => None,
    })
}
