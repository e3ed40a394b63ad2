//! The verbs that edit the inventory, killed before and behind the moment at which the inventory is another.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use camino::Utf8Path;

use super::{APPS, Files, KILLS, PARTLY, ROUNDS, cold_run, command, files, generate};
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
    while partly < PARTLY && kills < ROUNDS * KILLS {
        for kill in 0..KILLS {
            let at = kill as usize % VERBS.len();
            let (verb, Length { before, behind }) = (VERBS[at], lengths[at]);
            let moment = if kill % 2 == 0 { (false, before * kill / KILLS) } else { (true, behind * kill / KILLS) };
            stopped(labtree, &lab, verb, Some(moment))?;
            let left = files(&lab)?;
            partly += u32::from(left != states[at] && left != states[at + 1]);
            let again = command(labtree, &lab, verb).stderr(Stdio::null()).status()?;
            if !again.success() {
                generate(labtree, &lab)?;
            }
            if let Some(fault) = differs(&files(&lab)?, &states[at + 1]) {
                say(format!("`{}`, killed and typed again: {fault}", verb[..3].join(" ")));
                return Ok(false);
            }
        }
        kills += KILLS;
    }
    say(format!("{kills} verbs killed, {partly} of them with a partly written tree; typed again, each was done"));
    Ok(partly >= PARTLY)
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
