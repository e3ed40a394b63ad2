//! What an OpenTofu root will declare, evaluated statically.
//!
//! [`Modules::load`] reads every module folder of a repository from [`Files`], a view that touches no disk. [`check`]
//! reports what is wrong with a module whatever values it is given. [`Modules::roots`] names the folders that OpenTofu
//! is run in, and [`evaluate`] evaluates one of them with all modules below it into a [`Root`]: every resource instance
//! with its address, every argument with its [`Value`].
//!
//! Nothing is guessed: what only a provider, a person or the clock can say is unknown, and what is computed of it is.
//! Three things lie beside a value and never change what is made of it:
//!
//! - **The place that made it**, [`Value::made_by`]: the innermost literal, map entry or call that a person would edit,
//!   wherever it stands. It survives names, inputs and outputs of modules, `for`, indexing, conversions and functions
//!   that gather or choose, so a finding inside a module can point at the entry in the caller's map.
//! - **The provenance of an unknown value**, [`Value::provenance`]: which attribute of which resource instance it is
//!   (or which variable without a value, or which output of a module that is not here). It survives the same things,
//!   and whatever computes a new value drops it. [`Root::references`] reads it: for
//!   `protocol_provider = authentik_provider_ldap.this.id` it answers with that provider.
//! - **Whether it is sensitive or ephemeral.**
//!
//! A resource is an unknown value with the provenance of the instance. A step to one of its attributes gives what is
//! written for it, and otherwise an unknown value with that path; without the provider's schema no more can be said.
//!
//! A fault is reported once, where it stands, and its value is unknown, so that it brings no further findings. Work and
//! depth are limited: what lies beyond is unknown, and [`Root::complete`] says so.

mod check;
mod config;
mod eval;
mod every;
mod files;
mod functions;
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
pub use files::{Files, Ignored};
pub use functions::functions_page;
pub use modules::{Modules, Source};
pub use reference::{Reference, Target, references};
pub use root::{Argument, Configured, Content, Instance, Key, Nested, Root, evaluate};
pub use rules::RULES;
pub use value::{Provenance, Subject, Type, Value};
