//! What can be wrong with what a cluster is told to run, by rule id.

/// What can be wrong with what a cluster is told to run, by rule id.
pub const RULES: &[(&str, &str)] = &[
    (BROKEN_SUBSTITUTION, "Flux cannot replace a variable in an object."),
    (MISSING_PATH, "A Flux Kustomization applies a folder that is not there."),
    (UNSET_VARIABLE, "An object names a variable that its Flux Kustomization does not set."),
];

pub(crate) const BROKEN_SUBSTITUTION: &str = "broken-substitution";
pub(crate) const MISSING_PATH: &str = "missing-path";
pub(crate) const UNSET_VARIABLE: &str = "unset-variable";
