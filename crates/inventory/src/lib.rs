//! The inventory: the one description of a lab that everything else follows from.
//!
//! The types are the document: their fields are its keys, their doc comments the hover text of
//! the editor and the reference page. Every value knows the [`Span`](diagnostic::Span) it was written at.
//! [`parse`] reads it and reports every fault at once.

mod allow;
mod check;
pub mod edit;
mod example;
mod file;
mod form;
mod measure;
mod model;
mod reference;
mod rules;
mod schema;
mod secret;
#[cfg(test)]
mod tests;
mod text;
mod words;

use document::{field, keys, read, shape};

pub use allow::Allow;
pub use check::strict_redirect;
pub use document::{Entries, Entry, Value, written_at};
pub use example::EXAMPLE;
pub use file::{InventoryFile, MAX_FILE, parse};
pub use measure::{Duration, Port, Size};
pub use model::*;
pub use reference::reference;
pub use rules::RULES;
pub use schema::{json_schema, schema_text};
pub use text::*;
pub use words::*;
