//! `cargo xtask docs`: files made from the code.

use std::fs;

use catalog::Catalog;
use diagnostic::Sources;

use crate::{Failure, repository, say};

/// Folders of pages in which nothing else lies: of the rules, and of the entries of the catalog.
const RULES: &str = "docs/rules";
const CATALOG: &str = "docs/catalog";

/// Writes each file that differs; with `check` only says which do. `true` if all are as they should be.
pub(crate) fn run(check: bool) -> Result<bool, Failure> {
    let mut files = vec![
        ("schemas/inventory.schema.json".to_owned(), inventory::schema_text()),
        ("schemas/findings.schema.json".to_owned(), report::findings_schema()),
        ("schemas/labtree.schema.json".to_owned(), labtree::settings_schema()),
        ("schemas/catalog.schema.json".to_owned(), catalog::schema_text()),
        ("docs/inventory.md".to_owned(), inventory::reference()),
        ("docs/catalog.md".to_owned(), catalog::reference()),
        ("docs/opentofu-functions.md".to_owned(), resolve_tofu::functions_page()),
    ];
    let pages = labtree::catalogue::pages().into_iter();
    files.extend(pages.map(|(name, text)| (format!("{RULES}/{name}"), text)));
    files.extend(entries());
    let mut differing = 0;
    for path in [stale(RULES, &files)?, stale(CATALOG, &files)?].concat() {
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

/// The pages of the catalog: the list, and one for each entry.
fn entries() -> Vec<(String, String)> {
    let mut sources = Sources::default();
    let catalog = Catalog::load(&mut sources, catalog::builtin(), [], &mut Vec::new());
    let pages = catalog.iter().map(|entry| (format!("{CATALOG}/{}.md", entry.key), catalog::page(entry, &sources)));
    std::iter::once((format!("{CATALOG}/README.md"), catalog::index(catalog.iter()))).chain(pages).collect()
}

/// Pages in `folder` of what is no more.
fn stale(folder: &str, files: &[(String, String)]) -> Result<Vec<String>, Failure> {
    let place = repository().join(folder);
    if !place.is_dir() {
        return Ok(Vec::new());
    }
    let mut stale = Vec::new();
    for entry in place.read_dir_utf8()? {
        let path = format!("{folder}/{}", entry?.file_name());
        if !files.iter().any(|(known, _)| *known == path) {
            stale.push(path);
        }
    }
    stale.sort();
    Ok(stale)
}
