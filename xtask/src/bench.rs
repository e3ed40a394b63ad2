//! `cargo xtask bench`: what a run costs beside the least that any program would have to do for it.
//!
//! The machine is noisy, so every figure is the least of several runs, and every claim is a ratio within one run.

pub(crate) mod check;
pub(crate) mod generate;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Failure;

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
