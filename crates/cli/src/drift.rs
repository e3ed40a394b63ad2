//! What the inventory renders, against what stands in the repository.

use camino::Utf8Path;
use diagnostic::{Diagnostic, Span};
use tree::{Change, Lock, OnDisk, Plan, Step, Tree};

use crate::diff;
use crate::disk::{Disk, LockError, read_lock, read_on_disk};
use crate::failure::Failure;
use crate::input::{INVENTORY_PATH, Input};
use crate::origin::{at, of_change};
use crate::refusal::refusals;

/// How many of the files that differ are named.
const NAMED: usize = 5;

/// What `labtree generate` would do or refuse to do on `disk`, where `wanted` is rendered; and what was read for that.
///
/// # Errors
/// The disk cannot be read.
pub(crate) fn drift(
    disk: &impl Disk,
    input: &mut Input,
    wanted: &Tree,
    program: &str,
) -> Result<(Vec<Diagnostic>, OnDisk), Failure> {
    let lock = match read_lock(disk) {
        Ok(lock) => lock,
        Err(LockError::Damaged { damage, text }) => {
            let file = input.sources.add(tree::LOCK_PATH, text);
            return Ok((vec![damage.diagnostic(file)], OnDisk::new()));
        }
        Err(error) => return Err(error.into()),
    };
    let on_disk = read_on_disk(disk, wanted, &lock)?;
    let plan = tree::plan(wanted, &on_disk, &lock, false);
    let mut found = refusals(&mut input.sources, wanted, &plan, program);
    for (path, by) in plan.blocked() {
        let file = input.sources.add(path.as_str(), "");
        let message = format!("`{path}` {by}");
        found.push(Diagnostic::error("foreign-file", Span::new(file, 0..0), message).help(by.help()));
    }
    found.extend(stale(input, wanted, &plan, &lock, program));
    Ok((found, on_disk))
}

/// One finding for all files that are not as rendered and that no person edited.
fn stale(input: &mut Input, wanted: &Tree, plan: &Plan<'_>, lock: &Lock, program: &str) -> Option<Diagnostic> {
    let steps: Vec<_> = plan.changes().collect();
    let help = format!("run `{program} generate` and commit");
    let start = |input: &mut Input, path: &str, was: &[u8]| {
        let file = input.sources.add(path, String::from_utf8_lossy(was).into_owned());
        Span::new(file, 0..0)
    };
    let Some(first) = steps.first() else {
        let is_up_to_date = *lock == plan.settled || plan.refused().next().is_some() || plan.blocked().next().is_some();
        return (!is_up_to_date).then(|| {
            let span = start(input, tree::LOCK_PATH, lock.to_text().as_bytes());
            Diagnostic::error("drift", span, "`labtree.lock` is not up to date").help(help)
        });
    };
    let subject = if steps.len() == 1 { "1 file differs".to_owned() } else { format!("{} files differ", steps.len()) };
    let message = format!("{subject} from `{INVENTORY_PATH}`");
    let (span, text) = match entry(input, wanted, first) {
        Some(entry) => (entry, format!("`{}` follows from here", first.path)),
        None => (start(input, first.path.as_str(), was(first)), what(first).to_owned()),
    };
    let names: Vec<_> = steps.iter().take(NAMED).map(|step| format!("`{}` {}", step.path, what(step))).collect();
    let more = match steps.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more; `{program} generate --check` shows them all"),
    };
    let named = if steps.len() == 1 { String::new() } else { format!(": {}{more}", names.join(", ")) };
    Some(Diagnostic::error("drift", span, message).label(text).help(format!("{help}{named}")))
}

fn what(step: &Step<'_>) -> &'static str {
    match step.change {
        Change::Create { .. } => "is not there",
        Change::Delete { .. } => "is no longer rendered",
        _ => "is not as rendered",
    }
}

fn was<'a>(step: &Step<'a>) -> &'a [u8] {
    match step.change {
        Change::Update { was, .. } | Change::Delete { was } => was,
        _ => b"",
    }
}

/// The entry that the first difference of a file follows from.
fn entry(input: &Input, wanted: &Tree, step: &Step<'_>) -> Option<Span> {
    let path: &Utf8Path = step.path;
    let file = wanted.get(path)?;
    match step.change {
        Change::Create { .. } => at(file, 0..file.text.len()).first().copied(),
        Change::Update { was, .. } => {
            let hunks = diff::hunks(was, file.text.as_bytes());
            of_change(&input.sources, file, &hunks.first()?.new).values.first().copied()
        }
        _ => None,
    }
}
