//! The templates that are tested.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A folder of templates to test in place of this repository's.
const INSTEAD: &str = "LABTREE_TEST_TEMPLATES";

/// Every template, its path below `templates/` with its text. They are read when the first test asks, so that
/// `cargo xtask e2e mutate` can put broken ones in their place without compiling anything.
pub(crate) fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    static READ: LazyLock<Vec<(String, String)>> = LazyLock::new(read);
    READ.iter().map(|(path, text)| (path.as_str(), text.as_str()))
}

fn read() -> Vec<(String, String)> {
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    let root = env::var_os(INSTEAD).map_or_else(ours, PathBuf::from);
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("the templates can be listed") {
            let path = entry.expect("the templates can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("it lies below").to_str().expect("it is UTF-8").to_owned();
                found.push((name, fs::read_to_string(path).expect("a template can be read")));
            }
        }
    }
    found.sort();
    found
}
