//! `cargo xtask bench generate`: what a run, and a run of `check`, cost beside copying and hashing the same files.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::ms;
use crate::{Failure, release_binary, say, synthetic};

const SIZES: [usize; 4] = [10, 100, 1000, 5000];

/// The figures of one size.
struct Row {
    apps: usize,
    files: usize,
    cold: Duration,
    unchanged: Duration,
    edit: Duration,
    check: Duration,
    judge: Duration,
    copy_cold: Duration,
    copy_again: Duration,
    hash: Duration,
    memory: u64,
}

/// Measures all sizes and prints the table.
pub(crate) fn run() -> Result<bool, Failure> {
    let labtree = release_binary()?;
    let mut rows = Vec::new();
    for apps in SIZES {
        say(format!("measuring {apps} apps …"));
        rows.push(measure(&labtree, apps)?);
    }
    print(&rows);
    Ok(true)
}

fn measure(labtree: &Utf8Path, apps: usize) -> Result<Row, Failure> {
    let rounds = (2000 / apps).clamp(3, 15);
    let folder = tempfile::tempdir()?;
    let folder = Utf8PathBuf::try_from(folder.path().to_owned())?;
    let plain = synthetic::inventory(apps, "space");
    let edited = plain.replace("https://app-0003.", "https://other.");
    let mut row = Row {
        apps,
        files: 0,
        cold: Duration::MAX,
        unchanged: Duration::MAX,
        edit: Duration::MAX,
        check: Duration::MAX,
        judge: Duration::MAX,
        copy_cold: Duration::MAX,
        copy_again: Duration::MAX,
        hash: Duration::MAX,
        memory: 0,
    };
    let least = |figure: &mut Duration, round: Result<Duration, Failure>| -> Result<(), Failure> {
        *figure = (*figure).min(round?);
        Ok(())
    };
    for round in 0..rounds {
        // Fresh folders each time: a file system that has just deleted thousands of files is slow to make new ones.
        let (lab, copy) = (folder.join(format!("lab{round}")), folder.join(format!("copy{round}")));
        fs::create_dir(&lab)?;
        fs::create_dir(&copy)?;
        fs::write(lab.join("inventory.yaml"), &plain)?;
        least(&mut row.cold, labtree_run(labtree, &lab, &["generate"], &mut row.memory))?;
        least(&mut row.copy_cold, time(|| cp(&lab, &copy)))?;
        for _ in 0..2 {
            least(&mut row.unchanged, labtree_run(labtree, &lab, &["generate"], &mut row.memory))?;
            least(&mut row.check, labtree_run(labtree, &lab, &["generate", "--check"], &mut row.memory))?;
            least(&mut row.judge, labtree_run(labtree, &lab, &["check"], &mut row.memory))?;
            least(&mut row.copy_again, time(|| cp(&lab, &copy)))?;
            least(&mut row.hash, time(|| hash(&lab).map(drop)))?;
        }
        for text in [&edited, &plain] {
            fs::write(lab.join("inventory.yaml"), text)?;
            least(&mut row.edit, labtree_run(labtree, &lab, &["generate"], &mut row.memory))?;
        }
        row.files = hash(&lab)?;
    }
    Ok(row)
}

/// The time of one run, which must succeed; `memory` is raised to its peak in bytes.
fn labtree_run(labtree: &Utf8Path, lab: &Utf8Path, verb: &[&str], memory: &mut u64) -> Result<Duration, Failure> {
    let used = super::measure(&mut super::command(labtree, verb, lab))?;
    if used.status != Some(0) {
        return Err(format!("`labtree {}` ended with {:?}", verb.join(" "), used.status).into());
    }
    *memory = (*memory).max(used.memory);
    Ok(used.time)
}

fn time(act: impl FnOnce() -> Result<(), Failure>) -> Result<Duration, Failure> {
    let start = Instant::now();
    act()?;
    Ok(start.elapsed())
}

/// `cp -rT`, as a process of its own as labtree is.
fn cp(from: &Utf8Path, to: &Utf8Path) -> Result<(), Failure> {
    let status = Command::new("cp").args(["-rT", from.as_str(), to.as_str()]).status()?;
    if status.success() { Ok(()) } else { Err(format!("`cp` ended with {status}").into()) }
}

/// Reads and hashes every file below `folder`; how many there are.
fn hash(folder: &Utf8Path) -> Result<usize, Failure> {
    let mut count = 0;
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            count += hash(entry.path())?;
        } else {
            std::hint::black_box(Sha256::digest(fs::read(entry.path())?));
            count += 1;
        }
    }
    Ok(count)
}

fn print(rows: &[Row]) {
    say("");
    say("times in ms, the least of several runs; in brackets × `cp -rT` of the same files");
    say("(cold: into an empty folder; the others: into an existing copy)");
    say("");
    say("| apps | files | cold | unchanged | one edit | --check | `check` | cp cold | cp again | hash | peak memory |");
    say("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        let beside = |time: Duration, copy: Duration| {
            format!("{:.1} ({:.2} ×)", ms(time), time.as_secs_f64() / copy.as_secs_f64())
        };
        say(format!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.1} | {:.1} | {:.1} | {:.1} MB |",
            row.apps,
            row.files,
            beside(row.cold, row.copy_cold),
            beside(row.unchanged, row.copy_again),
            beside(row.edit, row.copy_again),
            beside(row.check, row.copy_again),
            beside(row.judge, row.copy_again),
            ms(row.copy_cold),
            ms(row.copy_again),
            ms(row.hash),
            row.memory as f64 / 1e6,
        ));
    }
    say("");
    say("| from | to | cold, × per doubling | unchanged, × per doubling |");
    say("| ---: | ---: | ---: | ---: |");
    for pair in rows.windows(2) {
        let doublings = (pair[1].apps as f64 / pair[0].apps as f64).log2();
        let growth =
            |before: Duration, after: Duration| (after.as_secs_f64() / before.as_secs_f64()).powf(1.0 / doublings);
        let (cold, unchanged) = (growth(pair[0].cold, pair[1].cold), growth(pair[0].unchanged, pair[1].unchanged));
        say(format!("| {} | {} | {cold:.2} | {unchanged:.2} |", pair[0].apps, pair[1].apps));
    }
}
