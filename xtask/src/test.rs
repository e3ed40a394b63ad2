//! `cargo xtask test`: all tests, and no snapshot that none of them reads.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Failure, repository, say};

/// Runs the tests of the whole workspace, or those that `rest` names, and prints how many there were.
pub(crate) fn run(rest: &[OsString]) -> Result<bool, Failure> {
    let references = tempfile::NamedTempFile::new()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .current_dir(repository())
        .args(["test", "--workspace", "--locked"])
        .args(rest)
        .env("INSTA_UPDATE", "no")
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", references.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        let line = line?;
        if let Some((ok, bad)) = counts(&line) {
            passed += ok;
            failed += bad;
        }
        say(line);
    }
    let mut good = child.wait()?.success();
    if good && rest.is_empty() {
        for snapshot in unreferenced(&fs::read_to_string(references.path())?)? {
            say(format!("no test reads the snapshot {snapshot}; delete it"));
            good = false;
        }
    }
    say(format!("{passed} passed, {failed} failed"));
    Ok(good && passed > 0)
}

/// The numbers in `test result: ok. 12 passed; 0 failed; …`.
fn counts(line: &str) -> Option<(usize, usize)> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut numbers = numbers.split("; ").filter_map(|part| part.split_once(' ')?.0.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// The committed snapshots that `references`, one path a line, does not name.
fn unreferenced(references: &str) -> Result<Vec<Utf8PathBuf>, Failure> {
    let canonical = |path: &str| Utf8Path::new(path).canonicalize_utf8().ok();
    let read: BTreeSet<_> = references.lines().filter_map(canonical).collect();
    let mut found = Vec::new();
    let mut open = vec![repository().join("crates"), repository().join("xtask")];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8()? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => open.push(entry.path().to_owned()),
                false
                    if entry.path().extension() == Some("snap")
                        && !read.contains(&entry.path().canonicalize_utf8()?) =>
                {
                    found.push(entry.path().strip_prefix(repository())?.to_owned());
                }
                false => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_result_line_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(counts(line), Some((12, 3)));
        assert_eq!(counts("test tests::a ... ok"), None);
    }
}
