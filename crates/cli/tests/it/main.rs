//! Tests of labtree as a whole.

#![allow(clippy::unwrap_used)] // clippy sees a test's own code, but not what it calls

mod abort;
mod check;
mod edits;
mod generate;
mod init;
mod lab;
mod settings;
mod templates;
mod why;
