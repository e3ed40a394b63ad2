//! What an inventory must be beyond the form of its values, without knowing Flux or OpenTofu.

mod app;
mod flux;
mod group;
mod identity;
mod ldap;
mod redirect;
mod values;

use std::collections::HashSet;

use diagnostic::{Diagnostic, Spanned};

use crate::read::Reader;
use crate::{GroupName, Inventory, Label, rules};

/// Checks everything. What follows from a stand-in is dropped by the reader.
pub(crate) fn all(inventory: &Inventory, reader: &mut Reader) {
    let known = Known {
        groups: inventory.groups.iter().map(|group| group.name.as_str()).collect(),
        clusters: inventory.flux.clusters.iter().map(|cluster| cluster.as_str()).collect(),
    };
    flux::check(inventory, reader);
    identity::check(inventory, &known, reader);
    group::check(inventory, &known, reader);
    ldap::check(inventory, reader);
    for app in &inventory.apps {
        app::check(app, &known, reader);
    }
}

/// The names that other parts of the inventory refer to.
struct Known<'i> {
    groups: HashSet<&'i str>,
    clusters: HashSet<&'i str>,
}

/// Reports a reference to a group that does not exist.
fn group_exists(name: &Spanned<GroupName>, known: &Known<'_>, reader: &mut Reader) {
    if known.groups.contains(name.as_str()) {
        return;
    }
    let near = nearest(name.as_str(), &known.groups, reader);
    let finding =
        Diagnostic::error(rules::UNKNOWN_GROUP, name.span, format!("unknown group `{}`{near}", name.as_str()));
    reader.report(match name.as_str() {
        "everyone" => finding.help("for whoever can log in write `allow: everyone`, without brackets"),
        name => finding.help(format!("add `{name}: {{}}` under `groups`")),
    });
}

/// Reports a reference to a cluster that does not exist.
fn cluster_exists(name: &Spanned<Label>, known: &Known<'_>, reader: &mut Reader) {
    if known.clusters.contains(name.as_str()) {
        return;
    }
    let near = nearest(name.as_str(), &known.clusters, reader);
    let message = format!("unknown cluster `{}`{near}", name.as_str());
    let finding = Diagnostic::error(rules::UNKNOWN_CLUSTER, name.span, message);
    reader.report(finding.help(format!("add `{}` to `flux.clusters`", name.as_str())));
}

/// `, did you mean …?`; the candidates in order, so that the answer is always the same.
fn nearest(name: &str, candidates: &HashSet<&str>, reader: &mut Reader) -> String {
    let mut candidates: Vec<_> = candidates.iter().copied().collect();
    candidates.sort_unstable();
    reader.did_you_mean(name, candidates)
}
