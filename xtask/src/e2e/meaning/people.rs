//! What an inventory promises about groups, people and invitations.

use std::collections::BTreeSet;

use inventory::{Entry, Group, GroupName, Inventory};
use serde_json::{Map, Value as Json, json};

use super::held::{self, reference};
use super::promised::{Promised, sorted};

/// Promises every group with its members, every person, and what an invitation carries.
pub(super) fn promise(promised: &mut Promised<'_>) {
    let inventory = promised.inventory;
    let several = promised.release.has("authentik_group", "parents");
    let mut invitations = Map::new();
    for Entry { name, value: group } in &inventory.groups {
        let name = name.as_str();
        let mut parents = group.parents.iter().map(|parent| reference("group", parent.as_str()));
        let parents = if several { ("parents", sorted(parents)) } else { ("parent", parents.next().into()) };
        let members = inventory.users.iter().filter(|user| {
            user.value.groups.iter().flat_map(|groups| groups.iter()).any(|member| member.as_str() == name)
        });
        let members = sorted(members.map(|user| reference("user", user.name.as_str())));
        promised.put(
            "group",
            name,
            json!({ "is_superuser": *group.superuser, parents.0: parents.1, "users": members }),
        );
        let above = with_those_above(inventory, [name]);
        if *group.invite && !above.iter().any(|group| *group.value.superuser) {
            invitations.insert(name.to_owned(), json!({ "groups": [name], "attributes": library(&above) }));
        }
    }
    promised.put_as(held::OUTPUT, "invitations", json!({ "value": invitations }));
    for Entry { name, value: user } in &inventory.users {
        let groups = user.groups.iter().flat_map(|groups| groups.iter()).map(|group| group.as_str());
        let attributes = library(&with_those_above(inventory, groups));
        let (shown, email, path) = (user.name.as_str(), user.email.as_str(), user.path.as_str());
        promised.put(
            "user",
            name.as_str(),
            json!({ "name": shown, "email": email, "path": path, "attributes": attributes }),
        );
    }
}

/// Groups and all groups above them, by name.
fn with_those_above<'i>(
    inventory: &'i Inventory,
    names: impl IntoIterator<Item = &'i str>,
) -> Vec<&'i Entry<GroupName, Group>> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = names.into_iter().collect();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(
                inventory.group(name).into_iter().flat_map(|group| &group.value.parents).map(|one| one.as_str()),
            );
        }
    }
    seen.into_iter().filter_map(|name| inventory.group(name)).collect()
}

/// What members of those groups get on themselves: each value once.
fn library(groups: &[&Entry<GroupName, Group>]) -> Json {
    let mut merged = Map::new();
    for flag in groups.iter().flat_map(|group| &group.value.library) {
        let values = merged.entry(flag.name.to_string()).or_insert_with(|| json!([]));
        let values = values.as_array_mut().expect("it is made a list");
        for value in &flag.value {
            let value = Json::from(value.as_str());
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    merged.into()
}
