//! What can be wrong with a kustomization, by rule id.

/// What can be wrong with a kustomization, by rule id.
pub const RULES: &[(&str, &str)] = &[
    (AMBIGUOUS_REFERENCE, "A name in an object may mean several objects of a kustomization."),
    (DUPLICATE_OBJECT, "A kustomization has an object twice."),
    (EMPTY_KUSTOMIZATION, "A kustomization says nothing."),
    (INVALID_GENERATOR, "A kustomization generates a ConfigMap or Secret that cannot be made."),
    (INVALID_PATCH, "A patch is neither a strategic merge patch nor a JSON patch."),
    (INVALID_REPLACEMENT, "A replacement or variable has no source, or nowhere to go."),
    (INVALID_RESOURCE, "A file that a kustomization names holds something else than Kubernetes objects."),
    (INVALID_SELECTOR, "A selector is no regular expression, or no selector of labels."),
    (KUSTOMIZATION_CYCLE, "A kustomization contains itself."),
    (KUSTOMIZATION_KIND, "A component is used as a base, or a base as a component."),
    (KUSTOMIZATION_VALUE, "A kustomization has a value that kustomize does not take."),
    (MISSING_RESOURCE, "A kustomization names a file or folder that is not there."),
    (OUTSIDE_KUSTOMIZATION, "A kustomization names a file outside its folder."),
    (PATCH_FAILS, "A patch does not fit the object that it changes."),
    (PATCH_WITHOUT_TARGET, "A patch changes no object."),
    (SEVERAL_KUSTOMIZATIONS, "A folder has several kustomizations."),
    (UNKNOWN_KUSTOMIZATION_FIELD, "A kustomization has a field that kustomize does not know."),
    (UNUSABLE_FIELD, "A field that a kustomization changes is of another kind in an object."),
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
pub(crate) const OUTSIDE_KUSTOMIZATION: &str = "outside-kustomization";
pub(crate) const PATCH_FAILS: &str = "patch-fails";
pub(crate) const PATCH_WITHOUT_TARGET: &str = "patch-without-target";
pub(crate) const SEVERAL_KUSTOMIZATIONS: &str = "several-kustomizations";
pub(crate) const UNKNOWN_KUSTOMIZATION_FIELD: &str = "unknown-kustomization-field";
pub(crate) const UNUSABLE_FIELD: &str = "unusable-field";
