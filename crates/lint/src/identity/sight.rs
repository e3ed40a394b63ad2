//! What may happen to an instance out of sight: in another root, or through a module that is not here.

use manifest::Value as Given;
use resolve_tofu::{Instance, Mode, Subject, Value};

use crate::flux::authentik;
use crate::tofu::Root;
use crate::{File, Kind, Repo};

/// Whether something that is not seen may refer to `instance`: a part of the root is missing, a data source of any root
/// may look it up, or [`may_be_known_elsewhere`].
pub(crate) fn is_out_of_sight(repo: &Repo<'_>, root: &Root<'_>, instance: &Instance<'_>) -> bool {
    !root.is_whole || !instance.certain || is_looked_up(repo, instance) || may_be_known_elsewhere(repo, root, instance)
}

/// Whether something outside of the roots may refer to `instance`: an output hands it out, a blueprint names it, or it was
/// on the server before.
pub(crate) fn may_be_known_elsewhere(repo: &Repo<'_>, root: &Root<'_>, instance: &Instance<'_>) -> bool {
    is_handed_out(root, instance) || root.was_there_before(instance) || is_in_blueprint(repo, instance)
}

/// Whether a blueprint of authentik names `instance`.
fn is_in_blueprint(repo: &Repo<'_>, instance: &Instance<'_>) -> bool {
    let names: Vec<_> = ["slug", "name"].into_iter().filter_map(|name| instance.known_string(name)).collect();
    may_be_in_blueprint(repo, &names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>())
}

/// Whether a blueprint of authentik may have one of `names`, or anything where there is none: one that a root applies, or
/// one among the YAML of the repository. Of a blueprint that lies on the server nothing is known, but for those that
/// authentik brings along.
pub(crate) fn may_be_in_blueprint(repo: &Repo<'_>, names: &[&str]) -> bool {
    const BROUGHT: [&str; 4] = ["default/", "example/", "migrations/", "system/"];
    let names_it = |text: &str| names.is_empty() || names.iter().any(|name| text.contains(name));
    let applies = |blueprint: &Instance<'_>| match (blueprint.argument("content"), blueprint.known_string("path")) {
        (Some(content), _) if !content.value.is_null() => content.value.as_text().is_none_or(names_it),
        (_, Some(path)) => !BROUGHT.iter().any(|folder| path.value.starts_with(folder)),
        _ => true,
    };
    let is_blueprint = |text: &str| text.contains("model: authentik_");
    let is_written = |file: &File| {
        let text = &repo.sources.get(file.id).text;
        is_blueprint(text) && names_it(text)
    };
    repo.tofu.roots.iter().any(|root| root.of("authentik_blueprint").any(applies))
        || repo.files.of(Kind::Yaml).any(is_written)
}

/// Whether authentik is given blueprints that the repository does not have: the chart mounts Secrets, or ConfigMaps that
/// nothing in the cluster makes.
pub(crate) fn has_blueprints_elsewhere(repo: &Repo<'_>) -> bool {
    authentik::releases(repo).iter().any(|release| {
        let listed = |key: &str| release.value(&["blueprints", key]);
        let is_here = |name: &Given| {
            let namespace = release.namespace();
            name.text().is_some_and(|name| release.cluster.find("", "ConfigMap", namespace, name).is_some())
        };
        listed("secrets").is_some_and(|list| list.is_unknown() || !list.items().is_empty())
            || listed("configMaps").is_some_and(|list| list.is_unknown() || !list.items().iter().all(is_here))
    })
}

/// Whether a handle of `instance` leaves through an output of `root`: its `id`, its `uuid`, or the whole of it.
fn is_handed_out(root: &Root<'_>, instance: &Instance<'_>) -> bool {
    root.resolved.outputs.values().any(|output| may_hold(output, instance, 0))
}

/// Whether a handle of `instance` may be in `value`.
fn may_hold(value: &Value, instance: &Instance<'_>, depth: usize) -> bool {
    if depth > 32 {
        return true;
    }
    if let Some(elements) = value.as_elements() {
        return elements.iter().any(|element| may_hold(element, instance, depth + 1));
    }
    if let Some(entries) = value.as_entries() {
        return entries.values().any(|entry| may_hold(entry, instance, depth + 1));
    }
    match value.provenance() {
        Some(provenance) => match &*provenance.of {
            Subject::Resource { address, .. } => {
                let part = provenance.path.first().map_or("", String::as_str);
                address == instance.address() && ["", "*", "id", "uuid"].contains(&part)
            }
            Subject::Variable { .. } | Subject::Module { .. } => false,
        },
        // Text that is put together may hold it.
        None => !value.is_known(),
    }
}

/// Whether a data source may find `instance`: one of its kind, of several of it, of its configuration, or of any stage.
fn is_looked_up(repo: &Repo<'_>, instance: &Instance<'_>) -> bool {
    let kind = instance.kind();
    let is_stage = kind.starts_with("authentik_stage_");
    let finds = |data: &str| {
        let more = data.strip_prefix(kind);
        more.is_some_and(|more| ["", "s", "_config"].contains(&more)) || is_stage && data == "authentik_stage"
    };
    let looks = |root: &Root<'_>| {
        let data = root.resolved.instances.iter().filter(|one| one.resource.mode == Mode::Data && finds(one.kind()));
        data.into_iter().any(|data| {
            let differs = |key: &str| match (data.known_string(key), instance.known_string(key)) {
                (Some(asked), Some(is)) => asked.value != is.value,
                _ => false,
            };
            !["name", "slug", "domain"].iter().any(|key| differs(key))
        })
    };
    repo.tofu.roots.iter().any(looks)
}
