//! `main.tf`: what all apps share. It changes only with the levels of groups, and with the first and the last
//! LDAP app.

use diagnostic::Diagnostic;
use inventory::OutpostService;
use lab::{Group, Lab};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{keep, word};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    refuse_several_parents(lab, pins, found);
    let highest = lab.groups.iter().map(|group| group.level).max().unwrap_or(0);
    let level = |number: usize| context! { number, below => (0..number).collect::<Vec<_>>() };
    let context = context! {
        has => pins.has(),
        has_levels => highest > 0,
        levels => (1..=highest).map(level).collect::<Vec<_>>(),
        moves => lab.groups.iter().flat_map(moves).collect::<Vec<_>>(),
        has_ldap_apps => lab.ldap_apps().next().is_some(),
        outpost => outpost(lab),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/main.tf.j2", &[], context, found));
}

/// A group that gets its first parent is another resource from then on. OpenTofu is told, level by level, so that
/// the group stays, and the people in it.
fn moves(group: &Group<'_>) -> Vec<Value> {
    let step = |from: usize| context! { from, to => from + 1, group => Placed::from(&group.name) };
    (0..group.level).map(step).collect()
}

fn outpost(lab: &Lab<'_>) -> Value {
    let Some(service) = &lab.identity.ldap else { return context! {} };
    let settings = &service.settings.outpost;
    context! {
        name => Placed::from(service.outpost),
        is_managed => settings.service.value == OutpostService::Kubernetes,
        service_type => word(settings.service_type.as_str(), settings.service_type.span),
    }
}

/// Groups have several parents from provider 2025.12.0 on, and one before.
fn refuse_several_parents(lab: &Lab<'_>, pins: &Pins, found: &mut Vec<Diagnostic>) {
    if pins.release.has("authentik_group", "parents") {
        return;
    }
    for group in &lab.groups {
        let [_, second, ..] = group.entry.parents.as_slice() else { continue };
        found.push(
            Diagnostic::error(
                "several-parents",
                second.span,
                format!(
                    "`{}` has several parents, and provider {} takes one",
                    group.name.value,
                    pins.release.version()
                ),
            )
            .related(lab.inventory.tofu.providers.authentik.span, "the release is pinned here")
            .help("keep one parent, or pin the provider to `~> 2025.12.0` or newer"),
        );
    }
}
