//! `cargo xtask bench`: what a run costs beside the least that any program would have to do for it.
//!
//! The machine is noisy, so every figure is the least of several runs, and every claim is a ratio within one run.

pub(crate) mod check;
pub(crate) mod generate;
pub(crate) mod staged;
mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;
use wait4::Wait4;

use crate::{Failure, executables};

/// What a process used.
#[derive(Clone, Copy, Debug)]
struct Used {
    /// From its start to its end.
    time: Duration,
    /// Of all its threads together, in the kernel too.
    processor: Duration,
    /// The most memory that it had at once, in bytes.
    memory: u64,
    /// What it ended with; none if a signal ended it.
    status: Option<i32>,
}

/// Runs `command`, whose output nobody reads, and measures it.
fn measure(command: &mut Command) -> Result<Used, Failure> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let used = child.wait4()?;
    let time = start.elapsed();
    let rusage = used.rusage;
    Ok(Used { time, processor: rusage.utime + rusage.stime, memory: rusage.maxrss, status: used.status.code() })
}

/// In milliseconds.
fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// `labtree` with `verb` on the folder `root`.
fn command(labtree: &Utf8Path, verb: &[&str], root: &Utf8Path) -> Command {
    let mut command = Command::new(labtree);
    command.args(verb).args(["--quiet", "--root", root.as_str()]);
    command
}

/// A program that reads and parses what `check` reads below `root`, and how many files these are. The list of them is
/// written into `folder`.
fn parse(root: &Utf8Path, folder: &Path) -> Result<(Command, usize), Failure> {
    let parse = executables(&["build", "--package", "syntax", "--example", "parse", "--release"], &[])?;
    let mut parse = Command::new(parse.into_iter().next_back().ok_or("cargo named no example")?);
    // Another process finds the files out: what this one has in memory counts as its children's at their start.
    let listed =
        Command::new(std::env::current_exe()?).args(["bench", "files", "--root", root.as_str()]).output()?.stdout;
    let list = folder.join("files");
    fs::write(&list, &listed)?;
    parse.arg(list);
    Ok((parse, listed.iter().filter(|byte| **byte == b'\n').count()))
}
