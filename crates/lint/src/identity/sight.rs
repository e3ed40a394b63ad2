//! What may happen to an instance out of sight: in another root, or through a module that is not here.

use resolve_tofu::Instance;

use crate::Repo;
use crate::tofu::Root;

/// Whether something that is not seen may refer to `instance`: a part of the root is missing, an output hands it out,
/// or a data source of any root may look it up.
pub(crate) fn is_out_of_sight(repo: &Repo<'_>, root: &Root<'_>, instance: &Instance<'_>) -> bool {
    !root.is_whole || !instance.certain || is_handed_out(root, instance) || is_looked_up(repo, instance)
}

/// Whether an output of the root is a part of `instance`.
fn is_handed_out(root: &Root<'_>, instance: &Instance<'_>) -> bool {
    root.resolved.outputs.values().any(|output| {
        let parts = output.provenance_within();
        parts.iter().any(|part| part.address() == Some(instance.address()))
    })
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
