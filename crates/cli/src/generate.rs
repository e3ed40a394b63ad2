//! `labtree generate`: what follows from the inventory, written to the disk or compared with it.

use camino::Utf8Path;
use tree::{Lock, Plan, Tree};

use crate::apply::{apply, remove_drafts_of};
use crate::args::{Format, Generate};
use crate::disk::{Disk, LockNews, RunLock, Share, read_lock, read_on_disk, reason};
use crate::failure::Failure;
use crate::input::{Input, inventory_files};
use crate::refusal::refusals;
use crate::summary::{Mode, Summary};
use crate::terminal::Terminal;
use crate::{Outcome, summary};

/// Renders the lab on `disk`, and writes what changed; with `check` or `dry_run` it only says what would.
///
/// # Errors
/// The lab cannot be read, or a place cannot be written. What was not reached yet is as before.
pub fn run(disk: &impl Disk, arguments: &Generate, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let mode = Mode::of(arguments);
    let share = if mode == Mode::Write { Share::Alone } else { Share::WithReaders };
    let _alone = run_lock(disk, share, terminal)?;
    let files = inventory_files(disk)?;
    let mut input = Input::of(disk, &files)?;
    let Some(wanted) = input.render() else {
        match arguments.format {
            Format::Text => input.report(terminal),
            Format::Json => terminal.print(summary::nothing_rendered(&mut input, mode).to_string()),
        }
        return Ok(Outcome::Findings);
    };
    let lock = read_lock(disk)?;
    let on_disk = read_on_disk(disk, &wanted, &lock)?;
    let plan = tree::plan(&wanted, &on_disk, &lock, arguments.force);
    refuse_blocked(&plan)?;
    let refused = refusals(&mut input.sources, &wanted, &plan, terminal.program);
    input.found.extend(refused);
    if mode == Mode::Write {
        files.iter().try_for_each(|file| remove_drafts_of(disk, Utf8Path::new(&file.path)))?;
        apply(disk, &plan)?;
    }
    finish(&mut input, &wanted, &plan, &lock, arguments, terminal)
}

/// Keeps other runs out, as far as `share` says.
pub(crate) fn run_lock(disk: &impl Disk, share: Share, terminal: &mut Terminal) -> Result<RunLock, Failure> {
    let mut tell = |news: LockNews| match news {
        LockNews::Busy => terminal.note("another labtree is at work on this lab; waiting for it"),
        LockNews::Unsupported(error) => {
            let reason = reason(&error);
            terminal.note(format!("note: this file system has no locks ({reason}), so run one labtree at a time"));
        }
    };
    disk.lock(share, &mut tell).map_err(|error| {
        Failure::usage(format!("cannot lock the root: {}", reason(&error)), "look whether the root can be read")
    })
}

/// All places that keep the plan from being applied, in one failure.
pub(crate) fn refuse_blocked(plan: &Plan<'_>) -> Result<(), Failure> {
    let blocked: Vec<_> = plan.blocked().collect();
    let Some((_, first)) = blocked.first() else { return Ok(()) };
    let lines: Vec<_> = blocked.iter().map(|(path, by)| format!("`{path}` {by}")).collect();
    Err(Failure::usage(format!("{}; nothing was written", lines.join("\n       ")), first.help()))
}

fn finish(
    input: &mut Input,
    wanted: &Tree,
    plan: &Plan<'_>,
    lock: &Lock,
    arguments: &Generate,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let summary = Summary { plan, wanted, mode: Mode::of(arguments), full: arguments.diff };
    let differs = plan.changes().next().is_some() || *lock != plan.settled;
    match arguments.format {
        Format::Json => terminal.print(summary.json(input, differs).to_string()),
        Format::Text => {
            input.report(terminal);
            summary.show(&input.sources, differs, terminal);
        }
    }
    let outcome = input.outcome();
    Ok(if arguments.check && differs { Outcome::Findings } else { outcome })
}
