//! What can be wrong with a kustomization, by rule id.

/// What can be wrong with a kustomization: each id with its page, in Markdown without a heading. Its first
/// paragraph is one sentence.
pub const RULES: &[(&str, &str)] = &[
    (AMBIGUOUS_REFERENCE, include_str!("rules/ambiguous-reference.md")),
    (DUPLICATE_OBJECT, include_str!("rules/duplicate-object.md")),
    (EMPTY_KUSTOMIZATION, include_str!("rules/empty-kustomization.md")),
    (INVALID_GENERATOR, include_str!("rules/invalid-generator.md")),
    (INVALID_PATCH, include_str!("rules/invalid-patch.md")),
    (INVALID_REPLACEMENT, include_str!("rules/invalid-replacement.md")),
    (INVALID_RESOURCE, include_str!("rules/invalid-resource.md")),
    (INVALID_SELECTOR, include_str!("rules/invalid-selector.md")),
    (KUSTOMIZATION_CYCLE, include_str!("rules/kustomization-cycle.md")),
    (KUSTOMIZATION_KIND, include_str!("rules/kustomization-kind.md")),
    (KUSTOMIZATION_VALUE, include_str!("rules/kustomization-value.md")),
    (MISSING_RESOURCE, include_str!("rules/missing-resource.md")),
    (PATCH_FAILS, include_str!("rules/patch-fails.md")),
    (PATCH_WITHOUT_TARGET, include_str!("rules/patch-without-target.md")),
    (SEVERAL_KUSTOMIZATIONS, include_str!("rules/several-kustomizations.md")),
    (UNKNOWN_KUSTOMIZATION_FIELD, include_str!("rules/unknown-kustomization-field.md")),
    (UNUSABLE_FIELD, include_str!("rules/unusable-field.md")),
];

pub(crate) const AMBIGUOUS_REFERENCE: &str = "ambiguous-reference";
pub(crate) const DUPLICATE_OBJECT: &str = "duplicate-object";
pub(crate) const EMPTY_KUSTOMIZATION: &str = "empty-kustomization";
pub(crate) const INVALID_GENERATOR: &str = "invalid-generator";
pub(crate) const INVALID_PATCH: &str = "invalid-patch";
pub(crate) const INVALID_REPLACEMENT: &str = "invalid-replacement";
pub(crate) const INVALID_RESOURCE: &str = "invalid-resource";
pub(crate) const INVALID_SELECTOR: &str = "invalid-selector";
pub(crate) const KUSTOMIZATION_CYCLE: &str = "kustomization-cycle";
pub(crate) const KUSTOMIZATION_KIND: &str = "kustomization-kind";
pub(crate) const KUSTOMIZATION_VALUE: &str = "kustomization-value";
pub(crate) const MISSING_RESOURCE: &str = "missing-resource";
/// It has no page, for `labtree check` never tells it: Flux takes such a file.
pub(crate) const OUTSIDE_KUSTOMIZATION: &str = "outside-kustomization";
pub(crate) const PATCH_FAILS: &str = "patch-fails";
pub(crate) const PATCH_WITHOUT_TARGET: &str = "patch-without-target";
pub(crate) const SEVERAL_KUSTOMIZATIONS: &str = "several-kustomizations";
pub(crate) const UNKNOWN_KUSTOMIZATION_FIELD: &str = "unknown-kustomization-field";
pub(crate) const UNUSABLE_FIELD: &str = "unusable-field";
