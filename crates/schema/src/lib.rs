//! Which arguments a provider's resource types and data sources have, at each of its releases, and what the kinds of
//! Kubernetes look like.
//!
//! The facts stand in `schemas/`, embedded and read on demand: a type is parsed when somebody asks for it.
//! [`Version`] and [`Constraint`] follow Go's `go-version`, as OpenTofu does.

mod allowed;
mod chart;
mod constraint;
pub mod derive;
pub mod kubernetes;
pub mod package;
mod provider;
mod release;
mod stamp;
mod successor;
mod version;

pub use allowed::{Allowed, Share};
pub use chart::{Published, authentik_chart};
pub use constraint::{Constraint, NoConstraint};
pub use package::{Block, Package};
pub use provider::{Attribute, Kind, Mode, Provider, Type};
pub use release::Release;
pub use successor::{Successor, successor_of_argument, successor_of_type};
pub use version::{NoVersion, Version};
