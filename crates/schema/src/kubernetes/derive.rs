//! How tables of kinds are made: those in `schemas/kinds/`, and those that a person imports.

mod definitions;
mod table;

pub use definitions::{definition, node};
pub use table::{Facts, Table};
