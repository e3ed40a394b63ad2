//! What commands use, as a table.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Used, measure, ms};
use crate::{Failure, say};

/// How often each command is run. The more often, the more likely one of the runs is not disturbed.
pub(super) const ROUNDS: usize = 25;

/// A command to measure.
pub(super) struct Row {
    name: &'static str,
    command: Command,
    /// What it may end with.
    wanted: &'static [i32],
    least: Least,
}

impl Row {
    pub(super) fn new(name: &'static str, command: Command, wanted: &'static [i32]) -> Self {
        Self { name, command, wanted, least: Least::default() }
    }
}

/// Measures all `rows` by turns, and prints the least of each, with how many times the first one that is.
pub(super) fn print(mut rows: Vec<Row>) -> Result<bool, Failure> {
    for _ in 0..ROUNDS {
        for row in &mut rows {
            row.least.take(&measure(&mut row.command)?, row.wanted)?;
        }
    }
    for row in &mut rows {
        row.least.instructions = instructions(&row.command)?;
    }
    say("");
    say("| | time, ms | of all processors, ms | peak memory, MB | instructions, M |");
    say("| --- | ---: | ---: | ---: | ---: |");
    let base = rows.first().map(|row| row.least.figures()).unwrap_or_default();
    for row in &rows {
        let cells = row.least.figures().into_iter().zip(base).map(|(figure, base)| match (figure, base) {
            (Some(figure), Some(base)) => format!("{figure:.1} ({:.2} ×)", figure / base),
            _ => "?".to_owned(),
        });
        say(format!("| {} | {} |", row.name, cells.collect::<Vec<_>>().join(" | ")));
    }
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
