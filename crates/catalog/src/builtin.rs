//! The entries that labtree brings with it.

use include_dir::{Dir, include_dir};

static CATALOG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../catalog");

/// Every built-in entry: the name of its file, `grafana.yaml`, and its text.
pub fn builtin() -> impl Iterator<Item = (&'static str, &'static str)> {
    CATALOG.files().filter_map(|file| file.path().to_str().zip(file.contents_utf8()))
}
