//! What a cluster will run: Flux followed from where it begins, kustomizations built, variables replaced.
//!
//! [`clusters`] finds where Flux begins in a repository, and gives for each cluster the Flux Kustomizations that it
//! applies and the objects that they build, each part with the place a person edits. What can only be known in the
//! cluster stays unknown, and says so.

mod cluster;
mod follow;
mod kustomization;
mod release;
mod resource_set;
mod roots;
mod rules;
mod substitute;
#[cfg(test)]
mod tests;
mod unsaid;
mod values;

pub use cluster::{Applied, Cluster, Object, Share};
pub use follow::clusters;
pub use kustomization::{FLUX_KUSTOMIZATION, Reference};
pub use release::Release;
pub use roots::Beginning;
pub use rules::RULES;
pub use substitute::Variables;
pub use values::{Values, values};
