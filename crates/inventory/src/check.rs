//! What an inventory must be beyond the form of its values, without knowing Flux or OpenTofu.

mod app;
mod flux;
mod former;
mod group;
mod identity;
mod ldap;
mod redirect;
mod values;

use std::collections::HashSet;

use diagnostic::{Diagnostic, Spanned};

pub use redirect::strict_redirect;

use crate::read::Reader;
use crate::{GroupName, Inventory, Label, rules};

/// Checks everything. What follows from a stand-in is dropped by the reader.
pub(crate) fn all(inventory: &Inventory, reader: &mut Reader) {
    let known = Known {
        groups: Names::of(inventory.groups.iter().map(|group| group.name.as_str())),
        clusters: Names::of(inventory.flux.clusters.iter().map(|cluster| cluster.as_str())),
    };
    flux::check(inventory, &known, reader);
    identity::check(inventory, &known, reader);
    group::check(inventory, &known, reader);
    ldap::check(inventory, reader);
    for app in &inventory.apps {
        app::check(app, &known, reader);
    }
    former::check(inventory, reader);
}

/// The names that other parts of the inventory refer to.
struct Known<'i> {
    groups: Names<'i>,
    clusters: Names<'i>,
}

/// Names to look up, and to compare a mistyped one with in the order written.
struct Names<'i> {
    all: HashSet<&'i str>,
    written: Vec<&'i str>,
}

impl<'i> Names<'i> {
    fn of(names: impl Iterator<Item = &'i str>) -> Self {
        let written: Vec<_> = names.collect();
        Self { all: written.iter().copied().collect(), written }
    }

    fn has(&self, name: &str) -> bool {
        self.all.contains(name)
    }

    fn did_you_mean(&self, name: &str, reader: &mut Reader) -> String {
        reader.did_you_mean(name, self.written.iter().copied())
    }
}

/// Reports a reference to a group that does not exist.
fn group_exists(name: &Spanned<GroupName>, known: &Known<'_>, reader: &mut Reader) {
    if known.groups.has(name.as_str()) {
        return;
    }
    let near = known.groups.did_you_mean(name.as_str(), reader);
    let finding =
        Diagnostic::error(rules::UNKNOWN_GROUP, name.span, format!("unknown group `{}`{near}", name.as_str()));
    reader.report(match name.as_str() {
        name if name.eq_ignore_ascii_case("everyone") => {
            finding.help("for whoever can log in write `allow: everyone`, without brackets")
        }
        _ if !near.is_empty() => finding,
        name => finding.help(format!("add `{name}: {{}}` under `groups`")),
    });
}

/// Reports a reference to a cluster that does not exist.
fn cluster_exists(name: &Spanned<Label>, known: &Known<'_>, reader: &mut Reader) {
    if known.clusters.has(name.as_str()) {
        return;
    }
    let near = known.clusters.did_you_mean(name.as_str(), reader);
    let message = format!("unknown cluster `{}`{near}", name.as_str());
    let finding = Diagnostic::error(rules::UNKNOWN_CLUSTER, name.span, message);
    reader.report(match near.is_empty() {
        true => finding.help(format!("add `{}` to `flux.clusters`", name.as_str())),
        false => finding,
    });
}
