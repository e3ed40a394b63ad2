//! `cargo xtask bench check --root DIR`: what `check` costs beside reading and parsing the same files.

use camino::Utf8Path;
use labtree::check::judge;
use labtree::disk::RealDisk;

use super::table::{ROUNDS, Row, print};
use super::{command, parse};
use crate::{Failure, release_binary, say};

/// Measures `check` of `root` and prints the table.
pub(crate) fn run(root: &Utf8Path) -> Result<bool, Failure> {
    let folder = tempfile::tempdir()?;
    let (parse, files) = parse(root, folder.path())?;
    let check = command(&release_binary()?, &["check"], root);
    say(format!("{files} files; the least of {ROUNDS} runs, with how many times the first row it is"));
    print(vec![Row::new("reading and parsing", parse, &[0]), Row::new("`check`", check, &[0, 1])])
}

/// Prints the files whose text `check` reads below `root`, one path a line.
pub(crate) fn files(root: &Utf8Path) -> Result<bool, Failure> {
    let disk = RealDisk::open(root).map_err(|error| format!("{root}: {error}"))?;
    let judged = judge(&disk, "labtree").map_err(|failure| format!("{root}: {failure}"))?;
    judged.files.iter().filter(|file| file.kind.is_read()).for_each(|file| say(root.join(&file.path)));
    Ok(true)
}
