//! The verbs that edit the inventory, killed before and behind the moment at which the inventory is another.

use std::fs;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::{APPS, Files, KILLS, PARTLY, ROUNDS, cold_run, command, files};
use crate::{Failure, say, synthetic};

/// The last leaves the lab as the first found it.
const VERBS: [&[&str]; 3] = [
    &[
        "new",
        "app",
        "wiki",
        "--no-catalog",
        "--url",
        "https://wiki.example.org",
        "--oidc",
        "--redirect-uri",
        "/callback",
        "--allow",
        "family",
        "--namespace",
        "wiki",
        "--category",
        "Tools",
    ],
    &["rename", "app", "wiki", "pages"],
    &["remove", "app", "pages"],
];
/// How often each is measured.
const MEASURED: usize = 2;

/// How long a verb takes: until the inventory is another, and from then on.
#[derive(Clone, Copy)]
struct Length {
    before: Duration,
    behind: Duration,
}

/// Kills each verb and has a person type it again, and `generate` where it says that it is done; `true` if that was
/// always as if no run had been killed, and enough had been partly written.
pub(super) fn kill(labtree: &Utf8Path, folder: &Utf8Path) -> Result<bool, Failure> {
    let lab = folder.join("verbs");
    let mut states = vec![cold_run(labtree, &lab, &synthetic::inventory(APPS, "space"))?];
    let mut lengths = [Length { before: Duration::MAX, behind: Duration::MAX }; VERBS.len()];
    for _ in 0..MEASURED {
        states.truncate(1);
        for (verb, length) in VERBS.iter().zip(&mut lengths) {
            let measured = stopped(labtree, &lab, verb, None)?;
            length.before = length.before.min(measured.before);
            length.behind = length.behind.min(measured.behind);
            states.push(files(&lab)?);
        }
        if let Some(fault) = differs(&states[0], &states[VERBS.len()]) {
            say(format!("added, renamed and removed again: {fault}"));
            return Ok(false);
        }
    }
    let (mut kills, mut partly) = (0, 0);
    while kills < KILLS || (partly < PARTLY && kills < ROUNDS * KILLS) {
        let at = kills as usize % VERBS.len(); // the lab is as the verb before left it
        let (verb, Length { before, behind }) = (VERBS[at], lengths[at]);
        let share = |length: Duration| length * (kills % KILLS) / KILLS;
        // Only behind the edit is the tree partly written.
        let moment = if kills % 4 == 0 { (false, share(before)) } else { (true, share(behind)) };
        stopped(labtree, &lab, verb, Some(moment))?;
        let left = files(&lab)?;
        partly += u32::from(left != states[at] && left != states[at + 1]);
        let mut answers = vec![answer(labtree, &lab, verb)?];
        if !answers[0].status.success() {
            answers.push(answer(labtree, &lab, &["generate"])?);
        }
        if let Some(fault) = differs(&files(&lab)?, &states[at + 1]) {
            say(format!("`{}`, killed and typed again (kill {kills}): {fault}", verb[..3].join(" ")));
            for Output { status, stderr, .. } in answers {
                say(format!("{status}: {}", String::from_utf8_lossy(&stderr).trim_end()));
            }
            return Ok(false);
        }
        kills += 1;
    }
    say(format!("{kills} verbs killed, {partly} of them with a partly written tree; typed again, each was done"));
    Ok(partly >= PARTLY)
}

/// A run to its end, and what it told the person.
fn answer(labtree: &Utf8Path, lab: &Utf8Path, verb: &[&str]) -> Result<Output, Failure> {
    Ok(command(labtree, lab, verb).stderr(Stdio::piped()).output()?)
}

/// Runs `verb` until a moment, counted from the start or from when the inventory is another, or to its end; how long it
/// ran.
fn stopped(
    labtree: &Utf8Path,
    lab: &Utf8Path,
    verb: &[&str],
    moment: Option<(bool, Duration)>,
) -> Result<Length, Failure> {
    let written = || fs::metadata(lab.join("inventory.yaml")).and_then(|metadata| metadata.modified());
    let was = written()?;
    let start = Instant::now();
    let mut child = command(labtree, lab, verb).stderr(Stdio::null()).spawn()?;
    let mut edited = None;
    let ended = loop {
        if edited.is_none() && written()? != was {
            edited = Some(start.elapsed());
        }
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        match moment {
            Some((false, after)) if start.elapsed() >= after => break None,
            Some((true, after)) if edited.is_some_and(|edited| start.elapsed() >= edited + after) => break None,
            _ => {}
        }
    };
    if ended.is_none() {
        child.kill()?;
        child.wait()?;
    } else if moment.is_none() && !ended.is_some_and(|status| status.success()) {
        return Err(format!("`{}` ended with {ended:?}", verb.join(" ")).into());
    }
    let whole = start.elapsed();
    let before = edited.unwrap_or(whole);
    Ok(Length { before, behind: whole - before })
}

/// The first path at which two labs differ.
fn differs(one: &Files, other: &Files) -> Option<String> {
    let path = one.keys().chain(other.keys()).find(|path| one.get(*path) != other.get(*path))?;
    Some(format!("`{path}` is not as without a kill"))
}
