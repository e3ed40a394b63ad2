//! Tests of labtree as a whole.

#![allow(clippy::unwrap_used)] // clippy sees a test's own code, but not what it calls

mod abort;
