//! Memberships and lists that more than one object has a say in.

use serde_json::{Value as Json, json};

use super::family::{Family, handle_of};
use super::{plain, word};
use crate::api::Refusal;
use crate::store::Store;
use crate::value::Object;

const GROUP: &str = "authentik_group";
const OUTPOST: &str = "authentik_outpost";
/// What the server deletes along with what it is about.
const ABOUT_OTHERS: [&str; 3] = ["authentik_flow_stage_binding", "authentik_policy_binding", "authentik_token"];

/// The groups that the user `id` is in.
pub(super) fn groups_of(store: &Store, id: &str) -> Vec<Json> {
    let groups = store.all(GROUP).filter(|(_, group)| list(group, "users").iter().any(|user| plain(user) == id));
    groups.map(|(group, _)| group.into()).collect()
}

/// Puts the user `id` into those groups, and out of all others.
pub(super) fn set_groups(store: &mut Store, id: &str, groups: &Json) -> Result<(), Refusal> {
    let wanted = groups.as_array().map_or(&[][..], Vec::as_slice);
    let number: i64 = id.parse().map_err(|_| format!("{id} is no user"))?;
    let mut changed = Vec::new();
    for (group, object) in store.all(GROUP) {
        let mut users = list(object, "users").to_vec();
        let (is, shall) = (users.contains(&json!(number)), wanted.contains(&json!(group)));
        if is && !shall {
            users.retain(|user| user != &json!(number));
        } else if shall && !is {
            users.push(json!(number));
        } else {
            continue;
        }
        changed.push((group.to_owned(), with(object, "users", users)));
    }
    changed.into_iter().try_for_each(|(group, object)| store.put(GROUP, &group, object))
}

/// Adds a provider to the list of an outpost, and tells the id of the attachment.
pub(super) fn attach(store: &mut Store, given: &Object) -> Result<String, Refusal> {
    let (outpost, provider) = (word(given, "outpost").to_owned(), given["protocol_provider"].clone());
    let object = store.get(OUTPOST, &outpost).ok_or("404 Not Found")?;
    let mut providers = list(object, "protocol_providers").to_vec();
    let id = format!("{outpost}:{}", plain(&provider));
    if !providers.contains(&provider) {
        providers.push(provider);
        let object = with(object, "protocol_providers", providers);
        store.put(OUTPOST, &outpost, object)?;
    }
    Ok(id)
}

/// The attachment of that id, as long as the outpost lists the provider.
pub(super) fn attached(store: &Store, id: &str) -> Option<Object> {
    let (outpost, provider) = id.split_once(':')?;
    let number: i64 = provider.parse().ok()?;
    let listed = list(store.get(OUTPOST, outpost)?, "protocol_providers").contains(&json!(number));
    let object = json!({ "id": id, "outpost": outpost, "protocol_provider": number });
    object.as_object().filter(|_| listed).cloned()
}

/// Takes a provider off the list of an outpost.
pub(super) fn detach(store: &mut Store, id: &str) -> Result<(), Refusal> {
    let Some((outpost, provider)) = id.split_once(':') else { return Ok(()) };
    let Some(object) = store.get(OUTPOST, outpost) else { return Ok(()) };
    let mut providers = list(object, "protocol_providers").to_vec();
    providers.retain(|one| plain(one) != provider);
    let object = with(object, "protocol_providers", providers);
    store.put(OUTPOST, outpost, object)
}

/// Takes an object that is about to be deleted out of all others, and deletes those that are about it.
pub(super) fn forget(store: &mut Store, name: &str, id: &str) -> Result<(), Refusal> {
    let Some(object) = store.get(name, id) else { return Ok(()) };
    let handle = handle_of(name, id, object).to_owned();
    let (mut gone, mut changed) = (Vec::new(), Vec::new());
    for (other, other_id, object) in store.among(|_| true) {
        let refers = |value: &Json| plain(value) == handle;
        let to_it = |attribute: &str| Family::of(other, attribute).is_some_and(|family| family.has(name));
        for (attribute, value) in object {
            if let Some(items) = value.as_array() {
                if items.iter().any(refers) && to_it(attribute) {
                    let left = items.iter().filter(|item| !refers(item)).cloned().collect();
                    changed.push((other.to_owned(), other_id.to_owned(), with(object, attribute, left)));
                }
            } else if ABOUT_OTHERS.contains(&other) && refers(value) && to_it(attribute) {
                gone.push((other.to_owned(), other_id.to_owned()));
            } else if other == "authentik_application" && refers(value) && to_it(attribute) {
                let mut object = object.clone();
                object.remove(attribute);
                changed.push((other.to_owned(), other_id.to_owned(), object));
            }
        }
    }
    for (other, id, object) in changed {
        store.put(&other, &id, object)?;
    }
    gone.iter().try_for_each(|(other, id)| store.remove(other, id))
}

fn list<'o>(object: &'o Object, name: &str) -> &'o [Json] {
    object.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn with(object: &Object, name: &str, list: Vec<Json>) -> Object {
    let mut object = object.clone();
    object.insert(name.to_owned(), Json::Array(list));
    object
}
