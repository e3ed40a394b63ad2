//! `cargo xtask bench staged`: what `check --staged` costs in a lab of many apps, beside reading and parsing its files.

use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::table::{ROUNDS, Row, print};
use super::{command, parse};
use crate::{Failure, lab, release_binary, say, synthetic};

/// What a person changes before a commit.
const BEFORE: &str = "https://app-0003.";
const AFTER: &str = "https://other.";

/// Makes labs of `apps` apps, stages a change in each, and prints the table.
pub(crate) fn run(apps: usize) -> Result<bool, Failure> {
    let labtree = release_binary()?;
    let folder = tempfile::tempdir()?;
    let below = |name| Utf8PathBuf::try_from(folder.path().join(name));
    let (fine, broken, old) = (below("fine")?, below("broken")?, below("old")?);
    for folder in [&fine, &broken, &old] {
        make(&labtree, folder, apps)?;
    }
    change(&labtree, &fine, true)?;
    change(&labtree, &broken, false)?;
    change(&labtree, &old, false)?;
    git(&old, &["commit", "--quiet", "--message", "Forget to generate"])?;
    let (parse, files) = parse(&fine, folder.path())?;
    let mut version = Command::new(&labtree);
    version.arg("--version");
    say(format!("{apps} apps, {files} files; the least of {ROUNDS} runs, with how many times the first row it is"));
    let staged = ["check", "--staged"];
    print(vec![
        Row::new("reading and parsing", parse, &[0]),
        Row::new("`--version`", version, &[0]),
        Row::new("`check`", command(&labtree, &["check"], &fine), &[0]),
        Row::new("`check --staged`", command(&labtree, &staged, &fine), &[0]),
        Row::new("`check --staged` that finds what is new", command(&labtree, &staged, &broken), &[1]),
        Row::new("`check --staged` that finds what was there before", command(&labtree, &staged, &old), &[0]),
    ])
}

/// A git repository in `folder` with a lab of `apps` apps.
fn make(labtree: &Utf8Path, folder: &Utf8Path, apps: usize) -> Result<(), Failure> {
    fs::create_dir(folder)?;
    fs::write(folder.join("inventory.yaml"), synthetic::inventory(apps, "space"))?;
    copy_written(&lab().join("flux"), &folder.join("flux"))?;
    succeed(&mut command(labtree, &["generate"], folder))?;
    git(folder, &["init", "--quiet"])?;
    git(folder, &["add", "--all"])?;
    git(folder, &["commit", "--quiet", "--message", "Begin"])
}

/// Stages a change of the inventory in `folder`, with what follows from it, or without.
fn change(labtree: &Utf8Path, folder: &Utf8Path, is_generated: bool) -> Result<(), Failure> {
    let inventory = folder.join("inventory.yaml");
    fs::write(&inventory, fs::read_to_string(&inventory)?.replace(BEFORE, AFTER))?;
    if is_generated {
        succeed(&mut command(labtree, &["generate"], folder))?;
    }
    git(folder, &["add", "--all"])
}

/// Copies what a person wrote below `from`: where Flux begins, and what the rendered files lean on.
fn copy_written(from: &Utf8Path, to: &Utf8Path) -> Result<(), Failure> {
    for entry in from.read_dir_utf8()? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_written(entry.path(), &to)?;
            continue;
        }
        let text = fs::read_to_string(entry.path())?;
        if !text.starts_with("# rendered by") {
            fs::create_dir_all(to.parent().ok_or("a file lies in a folder")?)?;
            fs::write(to, text)?;
        }
    }
    Ok(())
}

fn git(folder: &Utf8Path, arguments: &[&str]) -> Result<(), Failure> {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=alex", "-c", "user.email=alex@example.org", "-C", folder.as_str()]);
    succeed(git.args(arguments))
}

fn succeed(command: &mut Command) -> Result<(), Failure> {
    let done = command.output()?;
    let said = || format!("{command:?}: {}{}", done.status, String::from_utf8_lossy(&done.stderr));
    if done.status.success() { Ok(()) } else { Err(said().into()) }
}
