//! Which arguments a provider's resource types and data sources have, at each of its releases.
//!
//! The facts stand in `schemas/`, embedded and read on demand: a type is parsed when somebody asks for it.
//! [`Version`] and [`Constraint`] follow Go's `go-version`, as OpenTofu does.

mod constraint;
pub mod derive;
mod provider;
mod release;
mod version;

pub use constraint::{Constraint, NoConstraint};
pub use provider::{Attribute, Kind, Mode, Provider, Type};
pub use release::Release;
pub use version::{NoVersion, Version};
