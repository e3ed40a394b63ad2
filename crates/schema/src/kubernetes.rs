//! What the kinds of Kubernetes look like: its own, Flux's at each release, and those of a homelab's usual operators.
//!
//! ```text
//! Kinds::new(release of Flux) ─ get("apps/v1", "Deployment") ─► Kind ─ check(object) ─► misfits with their places
//! ```
//!
//! An object is judged as an API server does that is asked to be strict (`kubectl apply --validate=strict`): by the
//! structural schema of its kind. The facts stand in `schemas/kinds/`; of a schema only the nodes are read that an
//! object has something for.

mod check;
mod format;
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

pub use kinds::{Kind, Kinds, Origin};
pub use misfit::{Misfit, Sort};
pub use served::Served;
