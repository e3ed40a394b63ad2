//! Who may open what: apps in rows, groups in columns while there are few, in a list once there are many.

use std::collections::BTreeSet;

use diagnostic::Span;
use inventory::Allow;
use lab::{App, Group, Hierarchy, Lab, Protocol};
use template::{Place, Placed, Value, context};

use crate::words::href;

/// How many groups fit beside each other. With more, a table of all combinations would grow with their product.
const WIDEST_MATRIX: usize = 8;

pub(crate) fn context_of(lab: &Lab<'_>) -> Value {
    let hierarchy = &lab.hierarchy;
    let allowed: BTreeSet<&str> =
        lab.apps.iter().flat_map(|app| app.allow.iter().flatten()).map(|group| group.value.as_str()).collect();
    let opens = |group: &&Group<'_>| hierarchy.above(&group.name.value).any(|name| allowed.contains(name));
    let (open, closed): (Vec<_>, Vec<_>) = lab.groups.iter().partition(opens);
    let has_matrix = open.len() <= WIDEST_MATRIX;
    let columns: &[&Group<'_>] = if has_matrix { &open } else { &[] };
    let apps: Vec<_> = lab.apps.iter().map(|app| row(app, columns, hierarchy)).collect();
    context! {
        has_apps => !apps.is_empty(),
        has_matrix,
        groups => names(columns),
        apps,
        has_closed_groups => !closed.is_empty(),
        closed_groups => names(&closed),
    }
}

fn names(groups: &[&Group<'_>]) -> Placed {
    Placed::list(groups.iter().map(|group| Placed::text(&group.name)))
}

fn row(app: &App<'_>, columns: &[&Group<'_>], hierarchy: &Hierarchy<'_>) -> Value {
    let protocol = match &app.protocol {
        Protocol::Oidc(_) => "OpenID Connect",
        Protocol::Ldap(_) => "LDAP",
    };
    let allow = app.allow.as_deref();
    context! {
        name => Placed::text(&app.name),
        url => Placed::text(&href(&app.entry.url.derive(ToString::to_string))),
        protocol => Placed::fixed(protocol),
        is_for_everyone => allow.is_none(),
        everyone => everyone(app).map(|span| Value::from(true.place(&[span]))),
        is_for_nobody => allow.is_some_and(<[_]>::is_empty),
        groups => Placed::list(allow.unwrap_or_default()),
        cells => columns.iter().map(|group| cell(app, group, hierarchy)).collect::<Vec<_>>(),
    }
}

/// The place that opens `app` to everyone.
fn everyone(app: &App<'_>) -> Option<Span> {
    match app.entry.allow {
        Allow::Everyone(span) => Some(span),
        Allow::Groups(_) => None,
    }
}

/// Whether `group` opens `app`: by itself, by a group above it, or not.
fn cell(app: &App<'_>, group: &Group<'_>, hierarchy: &Hierarchy<'_>) -> Value {
    let allow = app.allow.as_deref().unwrap_or_default();
    let allowed = |name: &str| allow.iter().find(|allowed| allowed.value == name);
    let direct = allowed(&group.name.value);
    let by = if direct.is_some() { None } else { hierarchy.above(&group.name.value).find_map(allowed) };
    context! {
        is_direct => direct.is_some(),
        yes => direct.map(|allowed| Value::from(true.place(&allowed.from))),
        is_inherited => by.is_some(),
        by => by.map(|by| Value::from(Placed::text(by))),
    }
}
