//! What is rendered for the example lab, and what is left out or different where the inventory says so.

mod apps;
mod authentik;
mod clusters;

/// The example lab with each `(old, new)` of `edits` made to its inventory.
#[track_caller]
fn rendered(edits: &[(&str, &str)]) -> sample::Sample {
    sample::rendered(edits, crate::render)
}
