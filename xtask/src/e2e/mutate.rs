//! `cargo xtask e2e mutate`: each line of each template is left out once, and somebody must notice.
//!
//! A line that nobody misses is either not needed or not judged. The ones that may go stand in `survivors.txt`, each
//! with the reason; any other that survives is a fault, and so is one that stands there and is caught.

mod catchers;
mod judges;
mod survivors;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::Utf8Path;

use super::Bench;
use crate::{Failure, repository, say};
use catchers::{Catchers, GOLDEN, Place};
use survivors::Survivors;

/// A template without one of its lines.
#[derive(Debug)]
struct Mutant {
    /// The path of the template below `templates/`.
    template: String,
    /// The line that is left out, from 1.
    line: usize,
    /// What it says.
    text: String,
    /// What the template says without it.
    rest: String,
}

impl Mutant {
    /// Whether the line is a comment in the language that is rendered: no program reads it.
    fn is_comment(&self) -> bool {
        (self.text == "#" || self.text.starts_with("# ")) && !self.template.ends_with(".md.j2")
    }
}

/// Leaves out each line of the templates whose paths start with one of `prefixes`, or of all, and says who noticed.
pub(super) fn run(bench: &Bench, prefixes: &[String]) -> Result<bool, Failure> {
    let mutants = mutants(prefixes)?;
    let survivors = Survivors::read()?;
    let catchers = Catchers::new(bench)?;
    say(format!("{} lines to leave out …", mutants.len()));
    let caught = catch_all(&catchers, &mutants)?;
    Ok(report(&mutants, &caught, &survivors))
}

/// All of them, in the order of templates and lines. A line without text means nothing, and is not counted.
fn mutants(prefixes: &[String]) -> Result<Vec<Mutant>, Failure> {
    let root = repository().join("templates");
    let (mut found, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8()? {
            let path = entry?.into_path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let template = path.strip_prefix(&root)?.to_string();
            if prefixes.is_empty() || prefixes.iter().any(|prefix| template.starts_with(prefix.as_str())) {
                of_template(&template, &fs::read_to_string(&path)?, &mut found);
            }
        }
    }
    found.sort_by(|one: &Mutant, other| (&one.template, one.line).cmp(&(&other.template, other.line)));
    Ok(found)
}

fn of_template(template: &str, text: &str, found: &mut Vec<Mutant>) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let rest = [&lines[..index], &lines[index + 1..]].concat().concat();
        let text = line.trim().to_owned();
        found.push(Mutant { template: template.to_owned(), line: index + 1, text, rest });
    }
}

/// Who caught each mutant; on all cores.
fn catch_all(catchers: &Catchers, mutants: &[Mutant]) -> Result<Vec<Option<String>>, Failure> {
    let next = AtomicUsize::new(0);
    let caught = Mutex::new(vec![None; mutants.len()]);
    let failed = Mutex::new(None);
    let workers = std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let work = || -> Result<(), String> {
                    let place = Place::new(catchers).map_err(|failure| failure.to_string())?;
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(mutant) = mutants.get(index) else { return Ok(()) };
                        let by = place.catch(mutant).map_err(|failure| failure.to_string())?;
                        caught.lock().expect("no worker panics")[index] = by;
                        if index % 100 == 99 {
                            say(format!("{} of {} …", index + 1, mutants.len()));
                        }
                    }
                };
                if let Err(failure) = work() {
                    next.store(mutants.len(), Ordering::Relaxed);
                    *failed.lock().expect("no worker panics") = Some(failure);
                }
            });
        }
    });
    match failed.into_inner().expect("no worker panics") {
        Some(failure) => Err(failure.into()),
        None => Ok(caught.into_inner().expect("no worker panics")),
    }
}

/// Prints who caught how many, and each that nobody did; `false` where that is not as the list says.
fn report(mutants: &[Mutant], caught: &[Option<String>], survivors: &Survivors) -> bool {
    let mut by_catcher: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut good, mut comments) = (true, 0);
    let mut survived = BTreeSet::new();
    for (mutant, by) in mutants.iter().zip(caught) {
        let by = by.as_deref().unwrap_or("nobody");
        if [GOLDEN, "nobody"].contains(&by) && mutant.is_comment() {
            comments += 1;
            continue;
        }
        *by_catcher.entry(by.split_once(' ').filter(|_| by != GOLDEN).map_or(by, |(family, _)| family)).or_default() +=
            1;
        if [GOLDEN, "nobody"].contains(&by) {
            survived.insert((mutant.template.as_str(), mutant.text.as_str()));
            if survivors.reason(&mutant.template, &mutant.text).is_none() {
                good = false;
                say(format!("survives: templates/{}:{}: {}", mutant.template, mutant.line, mutant.text));
            }
        }
    }
    for (template, text) in survivors.all() {
        let judged = mutants.iter().any(|mutant| mutant.template == template);
        if judged && !survived.contains(&(template, text)) {
            good = false;
            say(format!("caught, or gone, and still in the list of survivors: templates/{template}: {text}"));
        }
    }
    print(mutants.len() - comments, comments, &by_catcher);
    good
}

fn print(all: usize, comments: usize, by_catcher: &BTreeMap<&str, usize>) {
    let share = |count: usize| 100.0 * count as f64 / all.max(1) as f64;
    say("");
    say("| noticed by | lines | share |");
    say("| --- | ---: | ---: |");
    for (catcher, count) in by_catcher {
        say(format!("| {catcher} | {count} | {:.1} % |", share(*count)));
    }
    let missed: usize = [GOLDEN, "nobody"].iter().filter_map(|name| by_catcher.get(name)).sum();
    let caught = all - missed;
    say(format!("\n{caught} of {all} lines are missed by a judge or a test: {:.1} %", share(caught)));
    say(format!("{comments} more are comments in what is rendered, which only the {GOLDEN} can miss"));
}

/// Writes the file `path` below `folder`, and the folders it lies in.
fn put(folder: &Utf8Path, path: impl AsRef<Utf8Path>, text: &str) -> Result<(), Failure> {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder"))?;
    Ok(fs::write(path, text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_with_text_is_left_out_once() {
        let mut found = Vec::new();
        of_template("a.j2", "one\n\n  two\nthree", &mut found);
        let all: Vec<_> =
            found.iter().map(|mutant| (mutant.line, mutant.text.as_str(), mutant.rest.as_str())).collect();
        assert_eq!(all, [(1, "one", "\n  two\nthree"), (3, "two", "one\n\nthree"), (4, "three", "one\n\n  two\n")]);
    }
}
