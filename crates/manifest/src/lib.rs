//! Kubernetes objects as values: what stands in YAML once it is read, each part with the place a person edits.
//!
//! A [`Value`] is what kustomize patches, what Flux substitutes in, and what rules and schemas look at. Its places
//! stay with its parts wherever they are merged to, so that a finding in a built object points at the line that
//! brought the part.

mod identity;
mod read;
#[cfg(test)]
mod tests;
mod value;

pub use identity::{Identity, split_api_version};
pub use read::{Reading, read, scalar};
pub use value::{Content, Entry, Value};
