//! What the kinds of Kubernetes look like: its own, Flux's at each release, and those of a homelab's usual operators.
//!
//! ```text
//! Kinds::new(release of Flux) ─ get("apps/v1", "Deployment") ─► Kind ─ check(object) ─► misfits with their places
//! ```
//!
//! What a person imported of their own cluster takes the place of what is known of the same API group.
//!
//! An object is judged as an API server does that is asked to be strict (`kubectl apply --validate=strict`): by the
//! structural schema of its kind. The facts stand in `schemas/kinds/`; of a schema only the nodes are read that an
//! object has something for.

mod check;
pub mod derive;
mod format;
mod imported;
mod junction;
mod kinds;
mod metadata;
mod misfit;
mod node;
mod rules;
mod scalar;
mod served;
mod source;
#[cfg(test)]
mod tests;

pub use imported::{Import, Imported, Listed, import, tables};
pub use kinds::{Kind, Kinds, Origin};
pub use misfit::{Misfit, Sort};
pub use served::Served;
