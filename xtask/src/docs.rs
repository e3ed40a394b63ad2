//! `cargo xtask docs`: files made from the code.

use std::fs;

use crate::{Failure, repository, say};

/// Writes each file that differs; with `check` only says which do. `true` if all are as they should be.
pub(crate) fn run(check: bool) -> Result<bool, Failure> {
    let files =
        [("schemas/inventory.schema.json", inventory::schema_text()), ("docs/inventory.md", inventory::reference())];
    let mut differing = 0;
    for (path, text) in files {
        let place = repository().join(path);
        if fs::read_to_string(&place).is_ok_and(|there| there == text) {
            continue;
        }
        differing += 1;
        if check {
            say(format!("  differs  {path}"));
        } else {
            fs::create_dir_all(place.parent().expect("every file lies in a folder"))?;
            fs::write(&place, text)?;
            say(format!("  changed  {path}"));
        }
    }
    match (differing, check) {
        (0, _) => say("the pages and schemas are as the code says"),
        (count, true) => say(format!("{count} files differ from the code; run `cargo xtask docs` and commit")),
        (_, false) => {}
    }
    Ok(!check || differing == 0)
}
