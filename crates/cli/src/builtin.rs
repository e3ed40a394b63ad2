//! The templates that labtree brings with it.

use include_dir::{Dir, DirEntry, include_dir};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// Every built-in template: its path under `templates/`, with `/`, and its text.
pub(crate) fn templates() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut open = vec![&TEMPLATES];
    while let Some(folder) = open.pop() {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(below) => open.push(below),
                DirEntry::File(file) => found.extend(file.path().to_str().zip(file.contents_utf8())),
            }
        }
    }
    found.sort_unstable();
    found
}
