//! `cargo xtask corpus`: what `labtree check` finds in repositories that others wrote.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Severity, Sources};
use labtree::check::{Judged, judge};
use labtree::disk::RealDisk;

use crate::{Failure, say};

/// A folder whose folders are checked-out repositories.
const CORPUS: &str = "LABTREE_CORPUS";

/// The findings of one rule and one severity, by repository.
type Rows<'r> = BTreeMap<(&'r str, Severity), BTreeMap<&'r str, usize>>;

/// A repository and what was found in it.
struct Repository {
    name: String,
    judged: Judged,
}

/// Checks every repository and prints the findings of each rule, then all errors, or all findings of `rule`.
pub(crate) fn run(rule: Option<&str>) -> Result<bool, Failure> {
    if let Some(rule) = rule
        && !labtree::catalogue::all().iter().any(|entry| entry.id == rule)
    {
        return Err(format!("there is no rule `{rule}`; `cargo xtask rules` lists them").into());
    }
    let folder = folder()?.ok_or_else(|| format!("{}, then run this again", unset()))?;
    let repositories = repositories(&folder)?.into_iter().map(check).collect::<Result<Vec<_>, _>>()?;
    let is_meant = |finding: &&Diagnostic| match rule {
        Some(rule) => finding.rule == rule,
        None => true,
    };
    table(&repositories, is_meant);
    say("");
    for Repository { name, judged: Judged { sources, found, .. } } in &repositories {
        let is_shown = |finding: &&Diagnostic| rule.is_some() || finding.severity == Severity::Error;
        for finding in found.iter().filter(is_meant).filter(is_shown) {
            say(line(name, sources, finding));
        }
    }
    Ok(true)
}

/// The folder of the corpus, if the environment names one.
pub(crate) fn folder() -> Result<Option<Utf8PathBuf>, Failure> {
    let Some(folder) = std::env::var_os(CORPUS).filter(|folder| !folder.is_empty()) else { return Ok(None) };
    let folder = Utf8PathBuf::try_from(std::path::PathBuf::from(folder))?;
    if folder.is_dir() {
        Ok(Some(folder))
    } else {
        Err(format!("{CORPUS} names `{folder}`, which is no folder").into())
    }
}

/// What to set when there is no corpus.
pub(crate) fn unset() -> String {
    format!("set {CORPUS} to a folder whose folders are checked-out repositories")
}

/// The repositories in `folder`, in order of their names.
pub(crate) fn repositories(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        if path.is_dir() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("no folder lies in `{folder}`").into());
    }
    found.sort();
    Ok(found)
}

fn check(folder: Utf8PathBuf) -> Result<Repository, Failure> {
    let disk = RealDisk::open(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let judged = judge(&disk, "labtree").map_err(|failure| format!("{folder}: {failure}"))?;
    let name = folder.file_name().unwrap_or(folder.as_str()).to_owned();
    Ok(Repository { name, judged })
}

/// How often each rule is broken in each repository, as Markdown.
fn table(repositories: &[Repository], is_meant: impl Fn(&&Diagnostic) -> bool) {
    let mut rows = Rows::new();
    for Repository { name, judged } in repositories {
        for finding in judged.found.iter().filter(|finding| is_meant(finding)) {
            *rows.entry((finding.rule, finding.severity)).or_default().entry(name).or_default() += 1;
        }
    }
    let cells = |first: String, count: &dyn Fn(&Repository) -> usize| {
        let counts: Vec<usize> = repositories.iter().map(count).collect();
        let shown = counts.iter().map(|count| if *count == 0 { " ".to_owned() } else { count.to_string() });
        let shown: Vec<String> = shown.collect();
        format!("| {first} | {} | {} |", shown.join(" | "), counts.iter().sum::<usize>())
    };
    let names: Vec<_> = repositories.iter().map(|repository| repository.name.as_str()).collect();
    say(format!("| rule | {} | total |", names.join(" | ")));
    say(format!("| --- |{} ---: |", " ---: |".repeat(names.len())));
    for ((rule, severity), counts) in &rows {
        let count = |repository: &Repository| counts.get(repository.name.as_str()).copied().unwrap_or_default();
        say(cells(format!("{} `{rule}`", severity.name()), &count));
    }
    let total = |repository: &Repository| repository.judged.found.iter().filter(|finding| is_meant(finding)).count();
    say(cells("all findings".to_owned(), &total));
    say(cells("files looked at".to_owned(), &|repository| repository.judged.files.iter().len()));
}

/// `repository/path:line: rule: message`, with what a terminal would do shown instead.
fn line(name: &str, sources: &Sources, finding: &Diagnostic) -> String {
    let span = finding.primary.span;
    let (path, line) = (sources.path(span), sources.location(span).line);
    let text = format!("{name}/{path}:{line}: {}: {}", finding.rule, finding.message);
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
