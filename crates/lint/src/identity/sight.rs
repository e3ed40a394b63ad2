//! What may happen to an instance out of sight: in another root, or through a module that is not here.

use resolve_tofu::{Instance, Subject, Value};

use crate::Repo;
use crate::tofu::Root;

/// Whether something that is not seen may refer to `instance`: a part of the root is missing, an output hands it out,
/// or a data source of any root may look it up.
pub(crate) fn is_out_of_sight(repo: &Repo<'_>, root: &Root<'_>, instance: &Instance<'_>) -> bool {
    !root.is_whole || !instance.certain || is_handed_out(root, instance) || is_looked_up(repo, instance)
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

/// Whether a data source of the same kind may find `instance`.
fn is_looked_up(repo: &Repo<'_>, instance: &Instance<'_>) -> bool {
    let looks = |root: &Root<'_>| {
        root.resolved.data(instance.kind()).any(|data| {
            let differs = |key: &str| match (data.known_string(key), instance.known_string(key)) {
                (Some(asked), Some(is)) => asked.value != is.value,
                _ => false,
            };
            !["name", "slug", "domain"].iter().any(|key| differs(key))
        })
    };
    repo.tofu.roots.iter().any(looks)
}
