//! `labtree fmt`: OpenTofu's files, laid out as `tofu fmt` lays them out.

use camino::Utf8Path;
use diagnostic::{Sources, any_error};
use lint::Kind;
use syntax::hcl;

use crate::apply::write_file;
use crate::args::Fmt;
use crate::check::only;
use crate::disk::{Disk, Share};
use crate::failure::Failure;
use crate::generate::run_lock;
use crate::input::{outcome, settings, take_in, unreadable_folder};
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::walk::walk;
use crate::{Outcome, diff};

/// Lays out the files on `disk` that `arguments` name, or all; with `check` it only says which would change. A file that
/// cannot be read is a finding, and is left alone.
///
/// # Errors
/// The disk fails, or `arguments` names a path that is not there. Each file is as before, or laid out as a whole.
pub(crate) fn run(
    disk: &impl Disk,
    standing: &Standing,
    arguments: &Fmt,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let share = if arguments.check { Share::WithReaders } else { Share::Alone };
    let _alone = run_lock(disk, share, terminal)?;
    let (mut sources, mut found) = (Sources::default(), Vec::new());
    let settings = settings(disk, &mut sources, &mut found)?;
    if any_error(&found) {
        terminal.findings(&sources, &found);
        return Ok(Outcome::Findings); // nobody knows what they were to exclude
    }
    let walked = walk(disk, &settings)?;
    let only = only(disk, standing, &walked.files, &arguments.paths)?;
    let is_meant = |path: &Utf8Path| only.is_empty() || only.iter().any(|only| path.starts_with(only));
    let unreadable = walked.unreadable.iter().filter(|(folder, _)| is_meant(folder));
    found.extend(unreadable.map(|(folder, reason)| unreadable_folder(&mut sources, folder, reason)));
    let is_laid_out = |path: &Utf8Path| Kind::of(path, &walked.files).is_some_and(Kind::is_laid_out);
    let (mut read, mut changed) = (0, 0);
    for path in walked.files.iter().filter(|path| is_meant(path) && is_laid_out(path)) {
        let Some(id) = take_in(disk, path, &mut sources, &mut found)? else { continue };
        read += 1;
        let text = &sources.get(id).text;
        let parsed = hcl::parse(id, text);
        if !parsed.found.is_empty() {
            found.extend(parsed.found);
            continue;
        }
        let laid_out = hcl::layout(text, &parsed.body);
        if laid_out == **text {
            continue;
        }
        changed += 1;
        if !arguments.check {
            write_file(disk, path, &laid_out, Some(text.as_bytes()))?;
        }
        let mut lines = vec![diff::visible(path.as_str())];
        if arguments.diff {
            lines.extend(
                diff::unified(path.as_str(), text, &laid_out).iter().map(|line| terminal.paint_difference(line)),
            );
        }
        lines.iter().for_each(|line| tell(line, arguments, terminal));
    }
    report::sort(&sources, &mut found);
    terminal.findings(&sources, &found);
    let total = total(changed, read, arguments.check, terminal.program);
    if changed == 0 {
        terminal.say(total)
    } else {
        tell(&total, arguments, terminal)
    }
    let outcome = outcome(&found, settings.fail_on);
    Ok(if arguments.check && changed > 0 { Outcome::Findings } else { outcome })
}

/// With `--check` what differs is what was asked for, so `--quiet` does not hide it.
fn tell(line: &str, arguments: &Fmt, terminal: &mut Terminal) {
    if arguments.check { terminal.print(line) } else { terminal.say(line) }
}

fn total(changed: usize, read: usize, check: bool, program: &str) -> String {
    let files = if read == 1 { "1 file" } else { &format!("{read} files") };
    match (changed, check) {
        (0, _) => format!("nothing to lay out anew in {files}"),
        (_, true) => format!("{changed} of {files} would be laid out anew; run `{program} fmt`"),
        (_, false) => format!("{changed} of {files} laid out anew"),
    }
}
