//! What may happen to an instance out of sight: in another root, or through a module that is not here.

use resolve_tofu::{Instance, Mode, Subject, Value};

use crate::Repo;
use crate::tofu::Root;

/// Whether something that is not seen may refer to `instance`: a part of the root is missing, an output hands it out, a
/// data source of any root may look it up, or it was on the server before.
pub(crate) fn is_out_of_sight(repo: &Repo<'_>, root: &Root<'_>, instance: &Instance<'_>) -> bool {
    !root.is_whole
        || !instance.certain
        || root.was_there_before(instance)
        || is_handed_out(root, instance)
        || is_looked_up(repo, instance)
}

/// Whether a handle of `instance` leaves through an output of `root`: its `id`, its `uuid`, or the whole of it.
pub(crate) fn is_handed_out(root: &Root<'_>, instance: &Instance<'_>) -> bool {
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
        Some(provenance) => match &provenance.of {
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
