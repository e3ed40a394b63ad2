//! A YAML document as types: one definition is the type, its reader, its JSON Schema and its reference page.
//!
//! [`record!`], [`words!`] and [`texts!`] define mappings with fixed keys, values that are one of a few words, and
//! texts that have a form. Reading is total: every fault is reported at its place, and replaced by a stand-in.
//! What a kind of document has of its own is its [`Document`](read::Document).

mod example;
pub mod field;
pub mod keys;
pub mod read;
mod record;
mod reference;
pub mod rules;
mod sample;
pub mod schema;
mod section;
pub mod shape;
mod text;
mod value;
pub mod words;

pub use diagnostic::{Span, Value};
pub use record::{absent, shape_of};
pub use reference::{Known, reference};
pub use rules::RULES;
pub use sample::Sample;
pub use section::{Section, text_at};
pub use serde_json::Value as Json;
pub use syntax::yaml::{Node, Scalar as YamlScalar};
pub use value::{Entries, Entry, written_at};
