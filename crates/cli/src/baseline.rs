//! `labtree.baseline`: what was found before labtree came, and is kept silent about until it is mended.
//!
//! One finding a line and in order, so that git merges it line by line: path, rule, digest of the line in the file,
//! how many there are, and what was said, with tabs between.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::Utf8Path;
use diagnostic::{Diagnostic, Severity, Span, any_error};

use crate::Outcome;
use crate::apply::{remove_file, write_file};
use crate::check::Judged;
use crate::disk::{Disk, write_new};
use crate::earlier::{DIGITS, Earlier, Mark};
use crate::failure::Failure;
use crate::input::{add, outcome, read};
use crate::settings::SETTINGS_PATH;
use crate::terminal::Terminal;

/// How every baseline begins.
const TITLE: &str = "# What `labtree check` found before";
const HEAD: &str = "\
# What `labtree check` found before, and keeps silent about until it is mended: path, rule, digest of the line, how many,
# message. `labtree check --write-baseline` writes this file anew.
";

/// How git marks the two sides of a conflict.
const CONFLICT: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Takes out of `judged` what the baseline on `disk` knows, and reports entries that stand for nothing any more. How
/// many findings were taken out; `None` where there is no baseline.
///
/// # Errors
/// The baseline cannot be read.
pub(crate) fn apply(disk: &impl Disk, judged: &mut Judged, program: &str) -> Result<Option<usize>, Failure> {
    let path = judged.settings.baseline_path().to_owned();
    let Some(bytes) = read(disk, Utf8Path::new(&path))? else {
        if let Some(named) = &judged.settings.baseline {
            let message = format!("there is no `{path}`");
            let help = format!("`{program} check --write-baseline` makes it");
            judged.found.push(Diagnostic::error("wrong-setting", named.span, message).help(help));
        }
        return Ok(None);
    };
    let mut faults = Vec::new();
    let Some((file, text)) = add(&mut judged.sources, &path, bytes, &mut faults) else {
        judged.found.extend(faults);
        return Ok(None);
    };
    let entries = parse(&text, |line| Span::new(file, line), program, &mut faults);
    let mut earlier = Earlier::default();
    for (mark, count, _) in &entries {
        earlier.add(mark.clone(), *count);
    }
    let before = judged.found.len();
    let kept: Vec<_> = judged.found.extract_if(.., |finding| judged.faults.contains(finding)).collect();
    earlier.take_from(&judged.sources, &judged.files.names, &mut judged.found);
    judged.found.extend(kept);
    let taken = before - judged.found.len();
    // What cannot be read hides what else would be found.
    if !any_error(&judged.found) && faults.is_empty() {
        let severity = judged.settings.levels.get("unused-baseline").copied().unwrap_or(Some(Severity::Warning));
        let left: BTreeMap<&Mark, usize> = earlier.iter().collect();
        let unused = entries.iter().filter_map(|entry| Some((entry, *left.get(&entry.0)?)));
        if let Some(severity) = severity {
            faults.extend(unused.map(|(entry, left)| Diagnostic { severity, ..unused_entry(entry, left, program) }));
        }
    }
    judged.found.extend(faults);
    report::sort(&judged.sources, &mut judged.found);
    Ok(Some(taken))
}

fn unused_entry((mark, count, span): &(Mark, usize, Span), left: usize, program: &str) -> Diagnostic {
    let Mark { path, rule, .. } = mark;
    let message = match left {
        left if left >= *count => format!("`{rule}` is not found in `{path}` any more"),
        left => format!("`{rule}` is found {} times in `{path}`, not {count} times", count - left),
    };
    Diagnostic::warning("unused-baseline", *span, message).help(format!("run `{program} check --write-baseline`"))
}

/// Writes what was found to the baseline on `disk`.
///
/// # Errors
/// The disk fails.
pub(crate) fn write(disk: &impl Disk, judged: &Judged, terminal: &mut Terminal) -> Result<Outcome, Failure> {
    let path = judged.settings.baseline_path().to_owned();
    if !judged.faults.is_empty() {
        terminal.write(&report::text(&judged.sources, &judged.faults, terminal.style));
        terminal.say(format!("`{path}` is not written: what cannot be read hides what else would be found"));
        return Ok(outcome(&judged.faults, Severity::Error));
    }
    let (place, text) = (Utf8Path::new(&path), to_text(&Earlier::of(&judged.sources, &judged.found)));
    let was = read(disk, place)?;
    let is_none = |was: &Vec<u8>| !was.is_empty() && !was.starts_with(TITLE.as_bytes());
    if judged.settings.baseline.is_some() && was.as_ref().is_some_and(is_none) {
        let help = format!("name another file by `baseline` in {SETTINGS_PATH}, or move it away");
        return Err(Failure::usage(format!("`{path}` is there already, and is no baseline"), help));
    }
    match (judged.found.len(), was) {
        (0, None) => terminal.say("nothing found: no baseline is needed"),
        (0, Some(was)) => {
            remove_file(disk, place, &was)?;
            terminal.say(format!("nothing found: `{path}` is removed"));
        }
        (_, Some(was)) if was == text.as_bytes() => terminal.say(format!("`{path}` is up to date")),
        (count, was) => {
            match was {
                Some(was) => write_file(disk, place, &text, Some(&was))?,
                None => write_new(disk, place, &text)?,
            }
            let findings = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
            terminal.say(format!("`{path}` holds {findings} now; from here on, only what is new is shown"));
        }
    }
    Ok(Outcome::Clean)
}

fn to_text(findings: &Earlier) -> String {
    let mut text = HEAD.to_owned();
    for (mark, count) in findings.iter() {
        let Mark { path, rule, line, message } = mark;
        let _ = writeln!(text, "{}\t{rule}\t{line}\t{count}\t{}", escaped(path), escaped(message));
    }
    text
}

/// The entries of a baseline with their places, which `span` makes of bytes. Lines that are none are pushed to `found`.
fn parse(
    text: &str,
    span: impl Fn(std::ops::Range<usize>) -> Span,
    program: &str,
    found: &mut Vec<Diagnostic>,
) -> Vec<(Mark, usize, Span)> {
    let (mut entries, mut at) = (Vec::new(), 0);
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let place = span(at..at + line.len());
        at += whole.len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match entry(line) {
            Ok((mark, count)) => entries.push((mark, count, place)),
            Err(message) => {
                let help = format!("`{program} check --write-baseline` writes the file anew");
                found.push(Diagnostic::error("malformed-baseline", place, message).help(help));
            }
        }
    }
    entries
}

fn entry(line: &str) -> Result<(Mark, usize), String> {
    if CONFLICT.iter().any(|mark| line.starts_with(mark)) {
        return Err("this is a conflict of git, not an entry".to_owned());
    }
    let parts: Vec<_> = line.split('\t').collect();
    let [path, rule, digest, count, message] = parts[..] else {
        return Err(format!("an entry has 5 parts with tabs between, and this has {}", parts.len()));
    };
    if digest.len() != DIGITS || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!("`{digest}` is no digest of {DIGITS} digits"));
    }
    let count = count.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("`{count}` is no count"))?;
    let mark = Mark { path: plain(path), rule: rule.to_owned(), line: digest.to_owned(), message: plain(message) };
    Ok((mark, count))
}

/// `text` without line breaks and tabs.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// What `escaped` was given.
fn plain(text: &str) -> String {
    let (mut plain, mut letters) = (String::with_capacity(text.len()), text.chars());
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (letter, false) => plain.push(letter),
            (_, true) => match letters.next() {
                Some('t') => plain.push('\t'),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
        }
    }
    plain
}
