//! What an OpenTofu root will declare, evaluated statically.

mod check;
mod config;
mod eval;
mod every;
mod files;
mod json;
mod modules;
mod parse;
mod reference;
mod respan;
mod root;
mod rules;
mod value;

pub use check::check;
pub use config::*;
pub use files::Files;
pub use modules::{Modules, Source};
pub use reference::{Reference, Target, references};
pub use root::{Argument, Configured, Content, Instance, Key, Nested, Root, evaluate};
pub use rules::RULES;
pub use value::{Provenance, Subject, Type, Value};
