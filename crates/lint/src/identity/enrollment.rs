//! Flows that write users.

use resolve_tofu::Instance;

use crate::tofu::{Root, StageBinding};

/// The resource type of a stage that writes a user.
pub(crate) const USER_WRITE: &str = "authentik_stage_user_write";

/// The flows of that designation with their stages, where all of them are known.
pub(crate) fn flows<'r, 'a>(
    root: &'r Root<'a>,
    designation: &'r str,
) -> impl Iterator<Item = (&'r Instance<'a>, Vec<StageBinding<'r, 'a>>)> {
    root.flows(designation).filter_map(|flow| Some((flow, root.stages_of(flow)?)))
}

/// The stages of `kind` among `stages`.
pub(crate) fn of_kind<'s, 'r, 'a>(
    stages: &'s [StageBinding<'r, 'a>],
    kind: &'s str,
) -> impl Iterator<Item = &'r Instance<'a>> + use<'s, 'r, 'a> {
    stages.iter().filter_map(move |one| one.stage.managed(kind))
}

/// Whether every stage is declared in the root, so that none of another kind can be among them.
pub(crate) fn are_declared(stages: &[StageBinding<'_, '_>]) -> bool {
    stages.iter().all(|one| one.stage.instance().is_some_and(|stage| stage.kind().starts_with("authentik_stage_")))
}
