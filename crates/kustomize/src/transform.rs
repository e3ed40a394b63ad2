//! What a kustomization changes in its objects.

pub(crate) mod follow;
pub(crate) mod images;
pub(crate) mod labels;
pub(crate) mod names;
pub(crate) mod namespace;
pub(crate) mod replacements;
pub(crate) mod replicas;
pub(crate) mod variables;
