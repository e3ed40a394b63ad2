//! `cargo xtask bench check --root DIR`: what `check` costs beside reading and parsing the same files.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use labtree::check::judge;
use labtree::disk::RealDisk;

use super::{Used, measure, ms};
use crate::{Failure, executables, release_binary, say};

/// How often each is run. The more often, the more likely one of the runs is not disturbed.
const ROUNDS: usize = 25;

/// Measures `check` of `root` and prints the table.
pub(crate) fn run(root: &Utf8Path) -> Result<bool, Failure> {
    let labtree = release_binary()?;
    let parse = executables(&["build", "--package", "syntax", "--example", "parse", "--release"], &[])?;
    let parse = parse.into_iter().next_back().ok_or("cargo named no example")?;
    let folder = tempfile::tempdir()?;
    let list = Utf8PathBuf::try_from(folder.path().join("files"))?;
    // Another process finds the files out: what this one has in memory counts as its children's at their start.
    let listed =
        Command::new(std::env::current_exe()?).args(["bench", "files", "--root", root.as_str()]).output()?.stdout;
    let files = listed.iter().filter(|byte| **byte == b'\n').count();
    fs::write(&list, listed)?;
    let mut base = Command::new(parse);
    base.arg(&list);
    let mut check = Command::new(labtree);
    check.args(["check", "--quiet", "--root", root.as_str()]);
    say(format!("{files} files; the least of {ROUNDS} runs"));
    say("");
    say("| | time, ms | of all processors, ms | peak memory, MB | instructions, M |");
    say("| --- | ---: | ---: | ---: | ---: |");
    let (mut of_base, mut of_check) = (Least::default(), Least::default());
    for _ in 0..ROUNDS {
        of_base.take(&measure(&mut base)?, &[0])?;
        of_check.take(&measure(&mut check)?, &[0, 1])?;
    }
    of_base.instructions = instructions(&base)?;
    of_check.instructions = instructions(&check)?;
    of_base.say("reading and parsing");
    of_check.say("`check`");
    of_check.say_ratio(&of_base);
    Ok(true)
}

/// Prints the files whose text `check` reads below `root`, one path a line.
pub(crate) fn files(root: &Utf8Path) -> Result<bool, Failure> {
    let disk = RealDisk::open(root).map_err(|error| format!("{root}: {error}"))?;
    let judged = judge(&disk, "labtree").map_err(|failure| format!("{root}: {failure}"))?;
    judged.files.iter().filter(|file| file.kind.is_read()).for_each(|file| say(root.join(&file.path)));
    Ok(true)
}

/// The least of several runs.
#[derive(Default)]
struct Least {
    time: Option<Duration>,
    processor: Option<Duration>,
    memory: Option<u64>,
    /// None where no valgrind is there to count them.
    instructions: Option<u64>,
}

fn less<T: Ord>(known: &mut Option<T>, new: T) {
    if known.as_ref().is_none_or(|known| new < *known) {
        *known = Some(new);
    }
}

impl Least {
    fn take(&mut self, used: &Used, wanted: &[i32]) -> Result<(), Failure> {
        if !used.status.is_some_and(|status| wanted.contains(&status)) {
            return Err(format!("a run ended with {:?}", used.status).into());
        }
        less(&mut self.time, used.time);
        less(&mut self.processor, used.processor);
        less(&mut self.memory, used.memory);
        Ok(())
    }

    /// All figures, in the order of the table.
    fn figures(&self) -> [Option<f64>; 4] {
        let millions = |figure: Option<u64>| figure.map(|figure| figure as f64 / 1e6);
        [self.time.map(ms), self.processor.map(ms), millions(self.memory), millions(self.instructions)]
    }

    fn say(&self, name: &str) {
        row(name, self.figures(), "");
    }

    fn say_ratio(&self, base: &Self) {
        let ratios = self.figures().into_iter().zip(base.figures()).map(|(one, base)| Some(one? / base?));
        row("ratio", ratios, " ×");
    }
}

fn row(name: &str, figures: impl IntoIterator<Item = Option<f64>>, unit: &str) {
    let digits = if unit.is_empty() { 1 } else { 2 };
    let cells = figures.into_iter().map(|figure| figure.map_or("?".to_owned(), |it| format!("{it:.digits$}{unit}")));
    say(format!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | ")));
}

/// How many instructions `command` takes, all threads together; none where there is no valgrind.
fn instructions(command: &Command) -> Result<Option<u64>, Failure> {
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .stdout(Stdio::null())
        .output();
    match counted {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        counted => {
            let said = String::from_utf8(counted?.stderr)?;
            let total = said.lines().find_map(|line| line.split_once("Collected : "));
            Ok(total.and_then(|(_, number)| number.trim().parse().ok()))
        }
    }
}
