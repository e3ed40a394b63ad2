//! What an OpenTofu root will declare, evaluated statically.

mod check;
mod config;
mod every;
mod files;
mod json;
mod modules;
mod parse;
mod reference;
mod rules;

pub use check::check;
pub use config::*;
pub use files::Files;
pub use modules::{Modules, Source};
pub use reference::{Reference, Target, references};
pub use rules::RULES;
