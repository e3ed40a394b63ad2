//! Groups, and the people that OpenTofu creates.

use lab::{Group, Lab, User};
use template::{Place, Placed, Value, context};

use crate::text;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    context! {
        has_groups => !lab.groups.is_empty(),
        groups => lab.groups.iter().map(group).collect::<Vec<_>>(),
        has_users => !lab.users.is_empty(),
        users => lab.users.iter().map(user).collect::<Vec<_>>(),
    }
}

fn group(group: &Group<'_>) -> Value {
    context! {
        name => Placed::text(&group.name),
        parents => Placed::list(&group.parents),
        superuser => group.superuser.place(&[group.entry.superuser.span]),
        invite => group.invite.place(&[group.entry.invite.span]),
    }
}

fn user(user: &User<'_>) -> Value {
    context! {
        username => Placed::text(&user.username),
        name => text(&user.entry.name),
        is_left_alone => user.groups.is_none(),
        has_none => user.groups.as_ref().is_some_and(Vec::is_empty),
        groups => user.groups.as_ref().map(|groups| Value::from(Placed::list(groups))),
    }
}
