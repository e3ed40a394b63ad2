//! Groups and people: references, cycles, and no superusers by invitation.

use std::collections::HashMap;

use diagnostic::Diagnostic;

use super::{Known, group_exists};
use crate::read::Reader;
use crate::{Entry, Group, GroupName, Inventory, rules};

type Groups<'i> = HashMap<&'i str, &'i Entry<GroupName, Group>>;

pub(super) fn check(inventory: &Inventory, known: &Known<'_>, reader: &mut Reader) {
    let groups: Groups<'_> = inventory.groups.iter().map(|group| (group.name.as_str(), group)).collect();
    let parents = inventory.groups.iter().flat_map(|group| &group.value.parents);
    let memberships = inventory.users.iter().flat_map(|user| user.value.groups.iter().flat_map(|groups| &groups.value));
    for name in parents.chain(memberships) {
        group_exists(name, known, reader);
    }
    cycles(inventory, &groups, reader);
    invited_superusers(inventory, &groups, reader);
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Open,
    Done,
}

/// Reports each `parents` item that leads back to a group it started from. Walks without recursion: a chain of
/// groups may be long.
fn cycles<'i>(inventory: &'i Inventory, groups: &Groups<'i>, reader: &mut Reader) {
    let mut visits: HashMap<&str, Visit> = HashMap::new();
    for start in &inventory.groups {
        if visits.contains_key(start.name.as_str()) {
            continue;
        }
        visits.insert(start.name.as_str(), Visit::Open);
        let mut path = vec![(start, 0)];
        while let Some((group, next)) = path.last_mut() {
            let Some(parent) = group.value.parents.get(*next) else {
                visits.insert(group.name.as_str(), Visit::Done);
                path.pop();
                continue;
            };
            *next += 1;
            match visits.get(parent.as_str()) {
                Some(Visit::Done) => {}
                Some(Visit::Open) => {
                    let from = path.iter().position(|(group, _)| group.name.as_str() == parent.as_str()).unwrap_or(0);
                    let mut names: Vec<_> =
                        path[from..].iter().map(|(group, _)| format!("`{}`", group.name.as_str())).collect();
                    names.push(format!("`{}`", parent.as_str()));
                    let message =
                        format!("the group `{}` lies under itself: {}", parent.as_str(), names.join(" under "));
                    let finding = Diagnostic::error(rules::GROUP_CYCLE, parent.span, message);
                    reader.report(finding.help(format!("delete `{}` here", parent.as_str())));
                }
                None => {
                    if let Some(&parent) = groups.get(parent.as_str()) {
                        visits.insert(parent.name.as_str(), Visit::Open);
                        path.push((parent, 0));
                    }
                }
            }
        }
    }
}

/// A member of a group under a superuser group is a superuser too.
fn invited_superusers<'i>(inventory: &'i Inventory, groups: &Groups<'i>, reader: &mut Reader) {
    let mut below: HashMap<&str, Vec<&Entry<GroupName, Group>>> = HashMap::new();
    for group in &inventory.groups {
        for parent in &group.value.parents {
            below.entry(parent.as_str()).or_default().push(group);
        }
    }
    // Each superuser group, and below it whatever was not reached before, with the superuser group it is due to.
    let mut due_to: HashMap<&str, &Entry<GroupName, Group>> = HashMap::new();
    for superuser in inventory.groups.iter().filter(|group| *group.value.superuser) {
        due_to.insert(superuser.name.as_str(), superuser);
    }
    let mut open: Vec<_> = inventory.groups.iter().filter(|group| *group.value.superuser).collect();
    while let Some(group) = open.pop() {
        let due = due_to[group.name.as_str()];
        for child in below.get(group.name.as_str()).into_iter().flatten() {
            if !due_to.contains_key(child.name.as_str()) {
                due_to.insert(child.name.as_str(), due);
                open.push(child);
            }
        }
    }
    for group in inventory.groups.iter().filter(|group| *group.value.invite) {
        let name = group.name.as_str();
        let Some(due) = due_to.get(name).filter(|_| groups.contains_key(name)) else { continue };
        let message = format!("an invitation may give the group `{name}`, and its members are superusers");
        let finding = Diagnostic::error(rules::INVITED_SUPERUSER, group.value.invite.span, message);
        let by = if due.name.as_str() == name {
            String::from("superusers by this")
        } else {
            format!("`{name}` lies under `{}`", due.name.as_str())
        };
        reader.report(finding.related(due.value.superuser.span, by).help("delete `invite: true`"));
    }
}
