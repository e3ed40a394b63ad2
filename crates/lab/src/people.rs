//! Groups, people, and what an invitation carries.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Derived, Spanned};
use inventory::Inventory;

/// A group with what it has from the groups above it.
#[derive(Debug)]
pub struct Group<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::Group,
    /// Its name.
    pub name: Derived<String>,
    /// The groups it lies under, by name.
    pub parents: Vec<Derived<String>>,
    /// The name of its resource `authentik_group`. Each group has a resource of its own, since one with `for_each`
    /// cannot refer to itself, and a group refers to those above it.
    pub resource: Derived<String>,
    /// Whether its members are superusers, by itself or by a group above it.
    pub superuser: bool,
    /// Whether an invitation may give it.
    pub invite: bool,
}

/// A person that OpenTofu creates.
#[derive(Debug)]
pub struct User<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::User,
    /// The username.
    pub username: Derived<String>,
    /// The groups, by name; `None` leaves memberships to others.
    pub groups: Option<Vec<Derived<String>>>,
    /// The attributes the person gets when created: the library flags of the groups, merged.
    pub attributes: BTreeMap<String, Vec<Derived<String>>>,
}

/// What an invitation to one group carries: its `fixed_data` in authentik.
#[derive(Debug)]
pub struct Invitation {
    /// The groups it gives.
    pub groups: Vec<Derived<String>>,
    /// The attributes it puts on the person.
    pub attributes: BTreeMap<String, Vec<Derived<String>>>,
}

pub(crate) fn groups(inventory: &Inventory) -> Vec<Group<'_>> {
    let by_name: BTreeMap<&str, &inventory::Group> =
        inventory.groups.iter().map(|entry| (entry.name.as_str(), &entry.value)).collect();
    let mut groups: Vec<_> = inventory
        .groups
        .iter()
        .map(|entry| {
            let above = ancestors(&by_name, entry.name.as_str());
            let superuser = above.iter().any(|name| by_name.get(name).is_some_and(|group| group.superuser.value));
            Group {
                entry: &entry.value,
                name: entry.name.derive(ToString::to_string),
                resource: entry.name.derive(|name| group_resource(name.as_str())),
                parents: sorted(&entry.value.parents),
                superuser,
                invite: entry.value.invite.value && !superuser,
            }
        })
        .collect();
    groups.sort_by(|one, other| one.name.value.cmp(&other.name.value));
    groups
}

pub(crate) fn users<'i>(inventory: &'i Inventory, groups: &[Group<'i>]) -> Vec<User<'i>> {
    let mut users: Vec<_> = inventory
        .users
        .iter()
        .map(|entry| {
            let written = entry.value.groups.as_ref().map(|groups| sorted(&groups.value));
            let names = written.iter().flatten().map(|name| name.value.as_str());
            User {
                entry: &entry.value,
                username: entry.name.derive(ToString::to_string),
                attributes: library(groups, names),
                groups: written,
            }
        })
        .collect();
    users.sort_by(|one, other| one.username.value.cmp(&other.username.value));
    users
}

impl Group<'_> {
    /// What an invitation to this group carries, the library flags of the groups above it among them.
    pub fn invitation(&self, groups: &[Group<'_>]) -> Invitation {
        Invitation { groups: vec![self.name.clone()], attributes: library(groups, [self.name.value.as_str()]) }
    }
}

/// The library flags of `members` and of the groups above them, merged: each value once, in the order written.
fn library<'n>(
    groups: &[Group<'_>],
    members: impl IntoIterator<Item = &'n str>,
) -> BTreeMap<String, Vec<Derived<String>>> {
    let by_name: BTreeMap<&str, &inventory::Group> =
        groups.iter().map(|group| (group.name.value.as_str(), group.entry)).collect();
    let names: BTreeSet<&str> = members.into_iter().flat_map(|name| ancestors(&by_name, name)).collect();
    let mut merged = BTreeMap::<String, Vec<Derived<String>>>::new();
    for flag in names.iter().filter_map(|name| by_name.get(name)).flat_map(|group| &group.library) {
        let values = merged.entry(flag.name.to_string()).or_default();
        for value in &flag.value {
            if !values.iter().any(|known| known.value == value.as_str()) {
                values.push(value.derive(ToString::to_string));
            }
        }
    }
    merged
}

/// `name` and every group above it; a cycle, which the inventory refuses, ends the walk.
fn ancestors<'n>(by_name: &BTreeMap<&'n str, &'n inventory::Group>, name: &'n str) -> BTreeSet<&'n str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        if seen.insert(name)
            && let Some(group) = by_name.get(name)
        {
            open.extend(group.parents.iter().map(|parent| parent.as_str()));
        }
    }
    seen
}

/// The name of the resource of the group `name`: the name itself where OpenTofu takes it, otherwise with each
/// character that it does not take written as `_u<hex>_`. No two groups meet in one name.
pub fn group_resource(name: &str) -> String {
    let mut resource = String::with_capacity(name.len());
    for (at, character) in name.char_indices() {
        let taken = character.is_ascii_alphabetic()
            || (at > 0 && (character.is_ascii_digit() || character == '-'))
            || (character == '_' && !name[at..].starts_with("_u"));
        match taken {
            true => resource.push(character),
            false => resource.push_str(&format!("_u{:x}_", u32::from(character))),
        }
    }
    resource
}

pub(crate) fn sorted<T: ToString>(names: &[Spanned<T>]) -> Vec<Derived<String>> {
    let mut names: Vec<_> = names.iter().map(|name| name.derive(ToString::to_string)).collect();
    names.sort_by(|one, other| one.value.cmp(&other.value));
    names.dedup_by(|one, other| one.value == other.value);
    names
}
