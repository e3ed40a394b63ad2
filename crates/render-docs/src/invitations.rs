//! Invitations: what each kind gives, and the library flags among it.

use std::collections::BTreeMap;

use diagnostic::Derived;
use lab::{Group, Lab};
use template::{Placed, Value, context};

use crate::text;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let groups: Vec<_> = lab
        .groups
        .iter()
        .filter(|group| group.invite)
        .map(|group| context! { name => Placed::text(&group.name), invitation => invitation(group, &lab.groups) })
        .collect();
    context! {
        slug => text(&lab.identity.settings.enrollment.slug),
        has_groups => !groups.is_empty(),
        groups,
    }
}

/// The custom attributes of an invitation to `group`, in the nested form.
fn invitation(group: &Group<'_>, groups: &[Group<'_>]) -> Placed {
    let invitation = group.invitation(groups);
    let mut entries = vec![("groups", Placed::list(&invitation.groups))];
    if !invitation.attributes.is_empty() {
        entries.push(("attributes", attributes(&invitation.attributes)));
    }
    Placed::map(entries)
}

fn attributes(attributes: &BTreeMap<String, Vec<Derived<String>>>) -> Placed {
    Placed::map(attributes.iter().map(|(key, values)| {
        let from = values.iter().flat_map(|value| &value.from).copied();
        (Placed::fixed(key).following(from), Placed::list(values))
    }))
}

/// The library flags of the groups, one row for each attribute of a group.
pub(crate) fn library(lab: &Lab<'_>) -> Value {
    let mut flags = Vec::new();
    for group in &lab.groups {
        for flag in &group.entry.library {
            flags.push(context! {
                group => Placed::text(&group.name),
                attribute => text(&flag.name),
                values => Placed::list(flag.value.iter().map(text)),
            });
        }
    }
    context! { has_flags => !flags.is_empty(), flags }
}
