//! `cargo xtask abort`: runs killed at moments spread over their length, each completed by the next one.

mod verbs;

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Failure, release_binary, say, synthetic};

/// How many runs are killed, and how many of those must have left a partly written tree.
const KILLS: u32 = 200;
/// How often that is done again on a machine so busy that too few were killed in the middle.
const ROUNDS: u32 = 4;
const PARTLY: u32 = 50;
const APPS: usize = 200;
/// How many runs are measured; even, so that the last one leaves the tree of the first inventory.
const MEASURED: usize = 6;

/// Files a person has a hand in: one that labtree rendered, and one of the person's own beside it.
const EDITED: &str = "flux/apps/base/app-0000/kustomization.yaml";
const OWN: &str = "flux/apps/base/app-0000/notes.md";
const EDIT: &str = "# edited by hand\nresources: []\n";

/// A tree's files with their bytes.
type Files = BTreeMap<Utf8PathBuf, Vec<u8>>;

/// Kills, completes and compares; `true` if every run was completed and enough had been partly written.
pub(crate) fn run() -> Result<bool, Failure> {
    let labtree = release_binary()?;
    let folder = tempfile::tempdir()?;
    let folder = Utf8PathBuf::try_from(folder.path().to_owned())?;
    Ok(kill_generate(&labtree, &folder)? & verbs::kill(&labtree, &folder)?)
}

fn kill_generate(labtree: &Utf8Path, folder: &Utf8Path) -> Result<bool, Failure> {
    let inventories = [synthetic::inventory(APPS, "space"), synthetic::inventory(APPS + 10, "room")];
    let mut cold = Vec::new();
    for (index, inventory) in inventories.iter().enumerate() {
        cold.push(cold_run(labtree, &folder.join(format!("cold{index}")), inventory)?);
    }
    let lab = folder.join("lab");
    fs::create_dir_all(&lab)?;
    fs::write(lab.join("inventory.yaml"), &inventories[0])?;
    generate(labtree, &lab)?;
    fs::write(lab.join(EDITED), EDIT)?;
    fs::write(lab.join(OWN), EDIT)?;
    let (mut kills, mut partly) = (0, 0);
    while partly < PARTLY && kills < ROUNDS * KILLS {
        let length = measure(labtree, &lab, &inventories)?;
        say(format!("a run takes {:.0} ms; killing {KILLS}", length.as_secs_f64() * 1000.0));
        for kill in 0..KILLS {
            let now = (kill as usize + 1) % 2;
            fs::write(lab.join("inventory.yaml"), &inventories[now])?;
            killed_run(labtree, &lab, length * kill / KILLS)?;
            partly += u32::from(is_partly_written(&lab, &cold)?);
            generate(labtree, &lab)?;
            if let Some(fault) = compare(&files(&lab)?, &cold[now]) {
                say(format!("kill {kill}, completed by the next run: {fault}"));
                return Ok(false);
            }
        }
        kills += KILLS;
    }
    say(format!("{kills} runs killed, {partly} of them with a partly written tree; every next run completed it"));
    Ok(partly >= PARTLY)
}

fn cold_run(labtree: &Utf8Path, folder: &Utf8Path, inventory: &str) -> Result<Files, Failure> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("inventory.yaml"), inventory)?;
    generate(labtree, folder)?;
    files(folder)
}

/// How long a run takes that changes nearly every file: the shortest of a few, since the machine is noisy.
fn measure(labtree: &Utf8Path, lab: &Utf8Path, inventories: &[String; 2]) -> Result<Duration, Failure> {
    let mut length = Duration::MAX;
    for inventory in inventories.iter().rev().cycle().take(MEASURED) {
        fs::write(lab.join("inventory.yaml"), inventory)?;
        let start = Instant::now();
        generate(labtree, lab)?;
        length = length.min(start.elapsed());
    }
    Ok(length)
}

/// A run to its end: status 0, or 1 where it leaves an edit alone.
fn generate(labtree: &Utf8Path, lab: &Utf8Path) -> Result<(), Failure> {
    let output = command(labtree, lab, &["generate"]).stderr(Stdio::piped()).output()?;
    match output.status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(format!("a run ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()),
    }
}

fn killed_run(labtree: &Utf8Path, lab: &Utf8Path, after: Duration) -> Result<(), Failure> {
    let mut child = command(labtree, lab, &["generate"]).stderr(Stdio::null()).spawn()?;
    std::thread::sleep(after);
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn command(labtree: &Utf8Path, lab: &Utf8Path, verb: &[&str]) -> Command {
    let mut command = Command::new(labtree);
    command.args(verb).args(["--quiet", "--root", lab.as_str()]).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Whether some files are of the one inventory and some of the other, or a temporary file was left.
fn is_partly_written(lab: &Utf8Path, cold: &[Files]) -> Result<bool, Failure> {
    let (mut old, mut new) = (false, false);
    for (path, bytes) in files(lab)? {
        if path.as_str().ends_with(".labtree~") {
            return Ok(true);
        }
        let [first, second] = [0, 1].map(|side| cold[side].get(&path));
        if first != second && is_rendered(&path) {
            old |= first == Some(&bytes);
            new |= second == Some(&bytes);
        }
    }
    Ok(old && new)
}

/// How `found` differs from `cold`, the person's files apart, which must be as the person left them.
fn compare(found: &Files, cold: &Files) -> Option<String> {
    for path in [EDITED, OWN].map(Utf8Path::new) {
        if found.get(path).map(Vec::as_slice) != Some(EDIT.as_bytes()) {
            return Some(format!("`{path}` is not as the person left it"));
        }
    }
    let all = found.keys().chain(cold.keys()).filter(|path| is_rendered(path));
    let differing = all.into_iter().find(|path| found.get(*path) != cold.get(*path));
    differing.map(|path| format!("`{path}` differs from a cold run"))
}

/// Whether a path is labtree's alone. The lock knows the edited file by another digest.
fn is_rendered(path: &Utf8Path) -> bool {
    ![EDITED, OWN, "inventory.yaml", "labtree.lock"].contains(&path.as_str())
}

fn files(root: &Utf8Path) -> Result<Files, Failure> {
    let mut found = Files::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8()? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.into_path());
            } else {
                found.insert(entry.path().strip_prefix(root)?.to_owned(), fs::read(entry.path())?);
            }
        }
    }
    Ok(found)
}
