//! `main.tf`: what all apps share. It changes only with the groups, and with the first and the last LDAP app.

use diagnostic::{Derived, Diagnostic};
use inventory::OutpostService;
use lab::{Group, Lab};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{keep, word};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    refuse_several_parents(lab, pins, found);
    let context = context! {
        has => pins.has(),
        has_groups => !lab.groups.is_empty(),
        groups => lab.groups.iter().map(group).collect::<Vec<_>>(),
        has_ldap_apps => lab.ldap_apps().next().is_some(),
        outpost => outpost(lab),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/main.tf.j2", &[], context, found));
}

fn group(group: &Group<'_>) -> Value {
    let parents = group
        .parents
        .iter()
        .map(|parent| Placed::from(&Derived::new(lab::group_resource(&parent.value), parent.from.iter().copied())));
    context! {
        name => Placed::from(&group.name),
        resource => Placed::from(&group.resource),
        has_parents => !group.parents.is_empty(),
        parents => parents.collect::<Vec<_>>(),
    }
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
