//! Which references are rendered, by which operator, and with which store.

mod reference;
mod store;

/// The example lab with each `(old, new)` of `edits` made to its inventory.
#[track_caller]
fn rendered(edits: &[(&str, &str)]) -> sample::Sample {
    sample::rendered(edits, crate::render)
}
