//! `labtree check`: everything below the root, judged.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, FileId, Severity, Sources, Spanned, any_error, did_you_mean};
use lint::flux::{self, Flux};
use lint::tofu::{self, Tofu};
use lint::{File, Files, Kind, Repo, Written};
use resolve_tofu::{Ignored, Modules};
use tree::{Found, OnDisk, Origin, Tree};

use crate::args::{Check, CheckFormat};
use crate::disk::{Disk, DiskError, Doing, Share};
use crate::drift::drift;
use crate::earlier::Before;
use crate::failure::Failure;
use crate::generate::run_lock;
use crate::git::{Git, checkout};
use crate::input::{INVENTORY_FOLDER, INVENTORY_PATH, Input, document, outcome, take_in, unreadable_folder};
use crate::schemas::Schemas;
use crate::settings::Settings;
use crate::source_ignore::left_out;
use crate::standing::Standing;
use crate::terminal::Terminal;
use crate::walk::{Walked, walk};
use crate::{Outcome, baseline, catalogue};

/// A repository with everything that was found in it.
#[derive(Debug)]
pub struct Judged {
    /// Every text that a finding points into.
    pub sources: Sources,
    /// What was found, sorted.
    pub found: Vec<Diagnostic>,
    /// What of it keeps the settings, the inventory or the templates from being read.
    pub faults: Vec<Diagnostic>,
    /// How labtree is to behave.
    pub settings: Settings,
    /// The files that were looked at.
    pub files: Files,
    /// What each cluster runs.
    pub flux: Flux,
}

/// Judges everything below the root of `disk`; `program` is what a person types to run labtree.
///
/// # Errors
/// Something cannot be read.
pub fn judge(disk: &impl Disk, program: &str) -> Result<Judged, Failure> {
    let mut input = Input::of_repository(disk)?;
    let walked = walk(disk, &input.settings)?;
    let wanted = input.render();
    let (faults, mut found): (Vec<_>, Vec<_>) =
        std::mem::take(&mut input.found).into_iter().partition(|finding| finding.severity == Severity::Error);
    let mut on_disk = OnDisk::new();
    if let Some(wanted) = &wanted {
        let (drifted, there) = drift(disk, &mut input, wanted, program)?;
        found.extend(drifted);
        on_disk = there;
    }
    let schemas = Schemas::read(disk, &input.settings, &mut input.sources, &mut found)?;
    let (files, all_read) = read(disk, on_disk, &mut input.sources, walked, wanted.as_ref(), &mut found)?;
    found.extend(unknown_roots(&input.settings, &files));
    let flux_roots = clusters(&input.settings, &files, &mut found);
    let is_broken = |file: &File| !file.faults().is_empty();
    let view = tofu::view(&input.sources, &files);
    let modules = Modules::load(&view, &mut found);
    let roots = input.settings.tofu_folders();
    let mut in_tofu = Vec::new();
    let (mut tofu, mut flux) = lint::beside(
        || Tofu::resolve(&input.sources, &files, &view, &modules, roots.as_deref(), &mut in_tofu),
        || Flux::resolve(&flux::view(&input.sources, &files), flux_roots.as_deref(), &mut found),
    );
    found.extend(in_tofu);
    flux.imported = schemas.kinds;
    tofu.run_by(tofu::Server::of(input.inventory.as_ref(), &files, &flux), &input.sources, &files);
    tofu.packages = &schemas.packages;
    let repo = Repo {
        sources: &input.sources,
        inventory: input.inventory.as_ref(),
        files: &files,
        tofu: &tofu,
        flux: &flux,
        allows: &lint::allows(&input.sources, &files),
        known: catalogue::known(),
        levels: &input.settings.levels,
        is_complete: all_read && faults.is_empty() && !any_error(&found) && !files.iter().any(is_broken),
    };
    let mut found = lint::run(&repo, found);
    found.extend_from_slice(&faults); // what cannot be read can be neither allowed nor turned off
    report::sort(&input.sources, &mut found);
    // The process ends with the verb; to take it all apart again would be a tenth of the work.
    std::mem::forget(tofu);
    Ok(Judged { sources: input.sources, found, faults, settings: input.settings, files, flux })
}

/// Judges the repository on `disk`, or what is staged of it, and reports what is asked for.
///
/// # Errors
/// Something cannot be read, or `arguments` names a path or a commit that is not there.
pub(crate) fn run(
    disk: &impl Disk,
    standing: &Standing,
    arguments: &Check,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    if arguments.staged {
        let mut git = Git::around(&standing.root)?;
        let parents = git.parents()?;
        return run_on(&git.staged()?, Some(Before { git: &git, commits: parents }), standing, arguments, terminal);
    }
    let share = if arguments.write_baseline { Share::Alone } else { Share::WithReaders };
    let _others = run_lock(disk, share, terminal)?;
    let git = Git::around(&standing.root).ok(); // without git, the files are all there is
    let disk = &checkout(disk, git.as_ref())?;
    match &arguments.since {
        Some(rev) => {
            let git = Git::around(&standing.root)?;
            let commits = vec![git.fork(rev)?];
            run_on(disk, Some(Before { git: &git, commits }), standing, arguments, terminal)
        }
        None => run_on(disk, None, standing, arguments, terminal),
    }
}

fn run_on(
    disk: &impl Disk,
    before: Option<Before<'_>>,
    standing: &Standing,
    arguments: &Check,
    terminal: &mut Terminal,
) -> Result<Outcome, Failure> {
    let mut judged = judge(disk, terminal.program)?;
    if arguments.write_baseline {
        return baseline::write(disk, &judged, terminal);
    }
    let known = match arguments.settings.no_baseline {
        true => None,
        false => baseline::apply(disk, &mut judged, terminal.program)?,
    };
    let mut earlier = known.unwrap_or_default();
    let only = only(disk, standing, (&judged.files.names, &judged.files.closed), &arguments.paths)?;
    if !only.is_empty() {
        let is_meant = |span| only.iter().any(|path| Utf8Path::new(judged.sources.path(span)).starts_with(path));
        judged.found.retain(|finding| {
            is_meant(finding.primary.span) || finding.related.iter().any(|label| is_meant(label.span))
        });
    }
    let fail_on = arguments.settings.fail_on.map_or(judged.settings.fail_on, Severity::from);
    let least = match (arguments.show, arguments.format) {
        (Some(show), _) => show.into(),
        (None, CheckFormat::Text | CheckFormat::Json) => Severity::Hint,
        (None, _) => Severity::Warning,
    };
    judged.found.retain(|finding| finding.severity >= least.min(fail_on)); // what ends the run is always shown
    if let Some(before) = &before {
        earlier += before.take_from(disk, &mut judged, terminal.program)?;
    }
    let Judged { sources, found, files, flux, .. } = judged;
    let outcome = outcome(&found, fail_on);
    let total = || total(&sources, &found, files.iter().len(), earlier);
    match arguments.format {
        CheckFormat::Text => {
            terminal.write(&report::text(&sources, &found, terminal.style));
            terminal.say(total());
        }
        CheckFormat::Json => {
            let mut document = document(&sources, &found);
            document["summary"]["checked"] = files.iter().len().into();
            terminal.print(document.to_string());
        }
        CheckFormat::Sarif => {
            let rules: Vec<_> = catalogue::all().iter().map(catalogue::Entry::about).collect();
            let folder = standing.folder_in_repository();
            let version = env!("CARGO_PKG_VERSION");
            let is_compared = before.is_some() || known.is_some();
            terminal.print(report::sarif(&sources, &found, &rules, version, &folder, is_compared).to_string());
        }
        CheckFormat::Gitlab => {
            terminal.print(report::gitlab(&sources, &found, &standing.folder_in_repository()).to_string());
        }
        CheckFormat::Junit => terminal.write(&report::junit(&sources, &found, &standing.folder_in_repository())),
        CheckFormat::Github => {
            terminal.write(&report::github(&sources, &found, &standing.folder_in_repository()));
            terminal.say(total());
            let many = |severity| found.iter().filter(|finding| finding.severity == severity).count() > report::SHOWN;
            if [Severity::Error, Severity::Warning, Severity::Hint].into_iter().any(many) {
                terminal.say(format!("GitHub shows the first {} of each severity; this log has all", report::SHOWN));
            }
        }
    }
    std::mem::forget((sources, files, flux)); // as in `judge`
    Ok(outcome)
}

/// The files that rules look at, read, and whether these are all of them. What is `on_disk` is read already. What no
/// run can read is pushed to `found`.
pub(crate) fn read(
    disk: &impl Disk,
    mut on_disk: OnDisk,
    sources: &mut Sources,
    walked: Walked,
    wanted: Option<&Tree>,
    found: &mut Vec<Diagnostic>,
) -> Result<(Files, bool), Failure> {
    let mut all_read = true;
    let known: BTreeMap<String, FileId> = sources.iter().map(|(id, source)| (source.path.clone(), id)).collect();
    found.extend(walked.unreadable.iter().map(|(folder, reason)| unreadable_folder(sources, folder, reason)));
    let mut written = Vec::new();
    for path in walked.files.iter().map(Utf8Path::new) {
        let Some(kind) = kind(path, &walked.files, &known) else { continue };
        let id = match known.get(path.as_str()) {
            Some(id) => *id,
            None if !kind.is_read() => sources.add(path.as_str(), ""),
            None => {
                let read = || disk.read(path).map_err(DiskError::at(Doing::Read, path));
                let there = on_disk.remove(path).map_or_else(read, Ok)?;
                let Some(id) = take_in(there, path, sources, found) else {
                    all_read = false;
                    continue;
                };
                id
            }
        };
        let rendered = wanted.and_then(|wanted| wanted.get(path));
        let origin = match rendered {
            Some(file) if file.text == *sources.get(id).text => file.origin.clone(),
            _ => Origin::Written,
        };
        written.push(Written { path: path.to_owned(), id, kind, origin });
    }
    let mut names = walked.files;
    names.extend(walked.excluded.iter().cloned());
    let mut files = Files::read(sources, written, names);
    files.links = walked.links;
    files.closed = walked.closed;
    let ignored = walked.ignored;
    files.ignored = Ignored::by(move |path| ignored.hides(Utf8Path::new(path)));
    files.left_out = left_out(disk, &files.names)?;
    for path in flux::taken_in(&files).into_iter().filter(|path| !walked.excluded.contains(path.as_str())) {
        // What is no text is known by its name only.
        let Found::File(bytes) = disk.read(&path).map_err(DiskError::at(Doing::Read, &path))? else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let id = sources.add(path.as_str(), text);
        let origin = wanted.and_then(|wanted| wanted.get(&path)).map_or(Origin::Written, |file| file.origin.clone());
        files.add(sources, Written { path, id, kind: Kind::TakenIn, origin });
    }
    Ok((files, all_read))
}

/// The kind of the file at `path`. What was read as the inventory is part of it.
fn kind(path: &Utf8Path, names: &BTreeSet<String>, known: &BTreeMap<String, FileId>) -> Option<Kind> {
    let may_be = path == INVENTORY_PATH || path.starts_with(INVENTORY_FOLDER);
    if may_be && known.contains_key(path.as_str()) { Some(Kind::Inventory) } else { Kind::of(path, names) }
}

/// The root modules in the settings that are none.
fn unknown_roots(settings: &Settings, files: &Files) -> Vec<Diagnostic> {
    let is_tofu = |file: &&File| matches!(file.kind, Kind::Tofu | Kind::TofuJson);
    let folder =
        |file: &File| file.path.parent().map(|folder| if folder == "" { "." } else { folder.as_str() }.to_owned());
    let folders: BTreeSet<String> = files.iter().filter(is_tofu).filter_map(folder).collect();
    let is_none = |root: &&Spanned<String>| !folders.contains(&root.value) && !files.is_closed(&root.value);
    let roots = settings.tofu_roots.iter().flatten().filter(is_none);
    roots
        .map(|root| {
            let near = did_you_mean(&root.value, folders.iter().map(String::as_str));
            let message = format!("no OpenTofu file lies in `{}`{near}", root.value);
            Diagnostic::error("unknown-root", root.span, message)
        })
        .collect()
}

/// The folders in `flux.roots` that are there; the others are told.
fn clusters(settings: &Settings, files: &Files, found: &mut Vec<Diagnostic>) -> Option<Vec<Spanned<String>>> {
    let mut roots = settings.flux_roots.clone()?;
    let ancestors = files.names.iter().flat_map(|path| Utf8Path::new(path).ancestors().skip(1));
    let folders: BTreeSet<&str> = ancestors.map(Utf8Path::as_str).collect();
    let is_there = |root: &str| root == "." || folders.contains(root) || files.is_closed(root);
    for root in roots.extract_if(.., |root| !is_there(&root.value)) {
        let near = did_you_mean(&root.value, folders.iter().copied());
        found.push(Diagnostic::error("unknown-root", root.span, format!("there is no folder `{}`{near}", root.value)));
    }
    Some(roots)
}

/// The paths that are asked about, from the root on. `names` are all of the repository, and `closed` the folders in it
/// that are not looked into.
pub(crate) fn only(
    disk: &impl Disk,
    standing: &Standing,
    (names, closed): (&BTreeSet<String>, &BTreeSet<String>),
    paths: &[Utf8PathBuf],
) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut only = Vec::new();
    for path in paths {
        let Some(below) = standing.below_root(path) else {
            let help = "`--root DIR` names another root";
            return Err(Failure::usage(format!("`{path}` lies outside of the root `{}`", standing.root), help));
        };
        // A submodule itself is a path of this repository, and git names it where it changed.
        if let Some(other) = closed.iter().find(|folder| below != **folder && below.starts_with(folder)) {
            let other = if standing.here == standing.root { other.into() } else { standing.root.join(other) };
            let message = format!("`{path}` lies in another git repository, of which nothing is read");
            return Err(Failure::usage(message, format!("`--root {other}` looks there")));
        }
        let found = disk.read(&below).map_err(DiskError::at(Doing::Read, &below));
        if below != "" && matches!(found?, Found::Absent) {
            let near = did_you_mean(below.as_str(), names.iter().map(String::as_str));
            return Err(Failure::usage(
                format!("there is no `{below}` below the root{near}"),
                "name a file or a folder",
            ));
        }
        only.push(below);
    }
    Ok(only)
}

/// `2 errors and 1 warning in 67 files`; `earlier` are left out because they were there before.
fn total(sources: &Sources, found: &[Diagnostic], checked: usize, earlier: usize) -> String {
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let left_out = match earlier {
        0 => String::new(),
        1 => "; 1 finding that was there before is left out".to_owned(),
        _ => format!("; {earlier} findings that were there before are left out"),
    };
    let counts = [Severity::Error, Severity::Warning, Severity::Hint].map(|severity| {
        let count = found.iter().filter(|finding| finding.severity == severity).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.name()))
    });
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    let Some((last, others)) = counts.split_last() else {
        let nothing = if earlier == 0 { "nothing" } else { "nothing new" };
        return format!("{nothing} found in {}{left_out}", files(checked));
    };
    let counted = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    let places: BTreeSet<_> = found.iter().map(|finding| sources.path(finding.primary.span)).collect();
    format!("{counted} in {}; {} looked at{left_out}", files(places.len()), files(checked))
}

#[cfg(test)]
mod tests;
