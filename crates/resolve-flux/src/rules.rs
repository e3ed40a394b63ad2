//! What can be wrong with what a cluster is told to run, by rule id.

/// What can be wrong with what a cluster is told to run: each id with its page, in Markdown without a heading. Its first
/// paragraph is one sentence.
pub const RULES: &[(&str, &str)] = &[
    (BROKEN_SUBSTITUTION, include_str!("rules/broken-substitution.md")),
    (MISSING_PATH, include_str!("rules/missing-path.md")),
    (UNSET_VARIABLE, include_str!("rules/unset-variable.md")),
];

pub(crate) const BROKEN_SUBSTITUTION: &str = "broken-substitution";
pub(crate) const MISSING_PATH: &str = "missing-path";
pub(crate) const UNSET_VARIABLE: &str = "unset-variable";
