//! `cargo xtask docs`: files made from the code.

use std::fs;

use crate::{Failure, repository, say};

/// The folder of the rules' pages, in which nothing else lies.
const RULES: &str = "docs/rules";

/// Writes each file that differs; with `check` only says which do. `true` if all are as they should be.
pub(crate) fn run(check: bool) -> Result<bool, Failure> {
    let mut files = vec![
        ("schemas/inventory.schema.json".to_owned(), inventory::schema_text()),
        ("schemas/findings.schema.json".to_owned(), report::findings_schema()),
        ("schemas/labtree.schema.json".to_owned(), labtree::settings_schema()),
        ("docs/inventory.md".to_owned(), inventory::reference()),
        ("docs/opentofu-functions.md".to_owned(), resolve_tofu::functions_page()),
    ];
    let pages = labtree::catalogue::pages().into_iter();
    files.extend(pages.map(|(name, text)| (format!("{RULES}/{name}"), text)));
    let mut differing = 0;
    for path in stale(&files)? {
        differing += 1;
        if !check {
            fs::remove_file(repository().join(&path))?;
        }
        say(format!("  {}  {path}", if check { "differs" } else { "removed" }));
    }
    for (path, text) in files {
        let place = repository().join(&path);
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

/// Pages of rules that are no more.
fn stale(files: &[(String, String)]) -> Result<Vec<String>, Failure> {
    let folder = repository().join(RULES);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut stale = Vec::new();
    for entry in folder.read_dir_utf8()? {
        let path = format!("{RULES}/{}", entry?.file_name());
        if !files.iter().any(|(known, _)| *known == path) {
            stale.push(path);
        }
    }
    stale.sort();
    Ok(stale)
}
