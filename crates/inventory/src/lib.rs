//! The inventory: the one description of a lab that everything else follows from.
//!
//! The types in [`model`] are the document: their fields are its keys, their doc comments the hover text of
//! the editor and the reference page. Every value knows the [`Span`](diagnostic::Span) it was written at.

mod model;
mod record;
mod text;
mod value;
mod words;

pub use model::*;
pub use text::*;
pub use value::{Entries, Entry, Value};
pub use words::*;
