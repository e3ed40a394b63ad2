//! `labtree fmt`: OpenTofu's files, laid out as `tofu fmt` lays them out.

use camino::Utf8Path;
use diagnostic::{Sources, any_error};
use lint::{Kind, Written, keeps_its_layout};
use syntax::hcl;
use tree::Origin;

use crate::apply::write_file;
use crate::args::Fmt;
use crate::check::only;
use crate::disk::{Disk, DiskError, Doing, Share};
use crate::failure::Failure;
use crate::generate::run_lock;
use crate::input::{outcome, settings, take_in, unreadable_folder};
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::walk::walk;
use crate::{Outcome, diff};

/// Lays out the files on `disk` that `arguments` name, or all; with `check` it only says which would change. A file that
/// cannot be read is a finding, and is left alone; so is one with a comment that allows its layout.
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
    let only = only(disk, standing, (&walked.files, &walked.closed), &arguments.paths)?;
    let is_meant = |path: &Utf8Path| only.is_empty() || only.iter().any(|only| path.starts_with(only));
    let unreadable = walked.unreadable.iter().filter(|(folder, _)| is_meant(folder));
    found.extend(unreadable.map(|(folder, reason)| unreadable_folder(&mut sources, folder, reason)));
    let (mut read, mut changed, mut kept) = (0, 0, 0);
    for path in walked.files.iter().map(Utf8Path::new).filter(|path| is_meant(path)) {
        let Some(kind) = Kind::of(path, &walked.files).filter(|kind| kind.is_laid_out()) else { continue };
        let there = disk.read(path).map_err(DiskError::at(Doing::Read, path))?;
        let Some(id) = take_in(there, path, &mut sources, &mut found) else { continue };
        let text = &sources.get(id).text;
        let parsed = hcl::parse(id, text);
        if !parsed.found.is_empty() {
            found.extend(parsed.found);
            continue;
        }
        read += 1;
        let laid_out = hcl::layout(text, &parsed.body);
        if laid_out == **text {
            continue;
        }
        if keeps_its_layout(&sources, Written { path: path.to_owned(), id, kind, origin: Origin::Written }) {
            kept += 1;
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
    let total = total(changed, read, arguments.check, terminal.program) + &left_alone(kept);
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

/// How many files are not laid out because a comment in them allows that.
fn left_alone(kept: usize) -> String {
    match kept {
        0 => String::new(),
        1 => "; 1 file is left alone, as a comment in it says".to_owned(),
        _ => format!("; {kept} files are left alone, as comments in them say"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;
    use crate::args::{Color, Global};
    use crate::disk::{FailingDisk, MemoryDisk};

    const FILES: [(&str, &str); 2] = [("tofu/groups.tf", "a=1\n"), ("tofu/main.tf", "locals {\nb=1\n}\n")];
    const LAID_OUT: [&str; 2] = ["a = 1\n", "locals {\n  b = 1\n}\n"];

    fn lay_out(disk: &impl Disk) -> Result<Outcome, Failure> {
        let standing = Standing { root: "/".into(), here: "/".into() };
        let mut terminal = Terminal::new(&Global { root: None, color: Color::Never, quiet: true }, "labtree");
        run(disk, &standing, &Fmt::default(), &mut terminal)
    }

    /// That each file is as it was or laid out, and whether a draft lies beside them.
    #[track_caller]
    fn assert_whole(disk: &MemoryDisk) -> bool {
        let contents = disk.contents();
        for ((path, was), is) in FILES.iter().zip(LAID_OUT) {
            let text = str::from_utf8(&contents[*path]).expect("it is UTF-8");
            assert!(text == *was || text == is, "{path} holds {text:?}");
        }
        contents.len() > FILES.len()
    }

    #[test]
    fn a_run_that_fails_anywhere_says_so_and_leaves_whole_files() {
        for k in 0.. {
            let disk = MemoryDisk::of(FILES);
            let failing = FailingDisk::fails_at(&disk, k, ErrorKind::StorageFull);
            let ended = lay_out(&failing);
            assert_eq!(ended.is_err(), failing.has_failed(), "at operation {k}");
            assert!(!assert_whole(&disk), "at operation {k} a draft was left");
            if ended.is_ok() {
                return;
            }
        }
    }

    #[test]
    fn a_run_that_is_killed_anywhere_is_completed_by_the_next() {
        for k in 0.. {
            let disk = MemoryDisk::of(FILES);
            let failing = FailingDisk::dies_at(&disk, k);
            let ended = lay_out(&failing);
            assert_whole(&disk);
            lay_out(&disk).expect("nothing stands in the way");
            let texts: Vec<_> = disk.contents().into_values().collect();
            assert_eq!(texts, LAID_OUT.map(Vec::from), "killed at operation {k}");
            if !failing.has_failed() {
                ended.expect("nothing failed");
                return;
            }
        }
    }
}
