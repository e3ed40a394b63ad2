//! Every path of a repository but those that git ignores.
//!
//! What git ignores, and does not keep all the same, is no part of the repository, and neither is what lies in a
//! submodule. `.gitignore` files count from the root down, and so does `.git/info/exclude`; what lies above the root or in
//! the person's own settings of git does not, so that a repository is judged alike on every machine.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::ErrorKind;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobSet, GlobSetBuilder};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use tree::Found;

use crate::disk::{Disk, DiskError, Doing, Entry, Kind, reason};
use crate::failure::Failure;
use crate::settings::{SETTINGS_PATH, Settings};

/// Folders that are never looked into, whether git ignores them or not.
const PASSED_OVER: [&str; 3] = [".git", ".terraform", "node_modules"];

/// The paths of a repository.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The paths of the files, in order of their texts.
    pub files: BTreeSet<String>,
    /// The files that the settings exclude: they are there, and nobody looks at them.
    pub excluded: BTreeSet<String>,
    /// The folders that are other git repositories, such as submodules: they are there, and nobody looks into them.
    pub closed: BTreeSet<String>,
    /// What git ignores.
    pub ignored: Rules,
    /// The symlinks, with where they lead if that is inside of the root. They are not followed.
    pub links: BTreeMap<Utf8PathBuf, Option<Utf8PathBuf>>,
    /// The folders that may not be read, and why.
    pub unreadable: BTreeMap<Utf8PathBuf, String>,
}

/// Walks through the whole of `disk`.
///
/// # Errors
/// The disk fails, or the settings exclude by too many patterns.
pub(crate) fn walk(disk: &impl Disk, settings: &Settings) -> Result<Walked, Failure> {
    let excluded = excluded(settings)?;
    let mut walked = Walked::default();
    let outermost =
        Ignored { folder: Utf8PathBuf::new(), rules: rules(disk, ".git/info/exclude".into())?, above: None };
    let outermost = Arc::new(outermost);
    walked.ignored.add(&outermost);
    let mut open = vec![(Utf8PathBuf::new(), outermost, false, false)];
    let neighbours = Neighbours::of(disk)?;
    while let Some((folder, above, around_is_excluded, around_is_ignored)) = open.pop() {
        let entries = match disk.list(&folder) {
            Err(_) if around_is_excluded => continue,
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                walked.unreadable.insert(folder, reason(&error));
                continue;
            }
            listed => listed.map_err(DiskError::at(Doing::Read, &folder))?,
        };
        if folder != "" && neighbours.have(&folder, &entries) {
            walked.closed.insert(folder.into_string());
            continue;
        }
        let has_rules =
            !around_is_excluded && entries.iter().any(|entry| entry.name == ".gitignore" && entry.kind == Kind::File);
        let ignored = match has_rules {
            true => {
                let rules = rules(disk, &folder.join(".gitignore"))?;
                let ignored = Arc::new(Ignored { folder: folder.clone(), rules, above: Some(above) });
                walked.ignored.add(&ignored);
                ignored
            }
            false => above,
        };
        for entry in entries {
            let path = folder.join(&entry.name);
            let is_folder = entry.kind == Kind::Folder;
            let is_passed_over = is_folder && PASSED_OVER.contains(&entry.name.as_str());
            let is_ignored = around_is_ignored || ignored.ignores(&path, is_folder);
            if is_passed_over || is_ignored && !disk.is_tracked(&path) {
                continue;
            }
            let is_excluded = around_is_excluded || excluded.is_match(&path);
            match entry.kind {
                Kind::Folder => open.push((path, Arc::clone(&ignored), is_excluded, is_ignored)),
                Kind::File if is_excluded => drop(walked.excluded.insert(path.into_string())),
                _ if is_excluded => {}
                Kind::File => drop(walked.files.insert(path.into_string())),
                Kind::Symlink => {
                    let target = disk.follow(&path).map_err(DiskError::at(Doing::Read, &path))?;
                    walked.links.insert(path, target);
                }
                Kind::Special => {}
            }
        }
    }
    Ok(walked)
}

/// What is known of other git repositories below the root.
struct Neighbours {
    /// Whether the root is the top of a repository.
    is_top: bool,
    /// The submodules of that.
    submodules: BTreeSet<String>,
}

impl Neighbours {
    fn of(disk: &impl Disk) -> Result<Self, Failure> {
        let read = |path: &Utf8Path| disk.read(path).map_err(DiskError::at(Doing::Read, path));
        let is_top = !matches!(read(".git".into())?, Found::Absent);
        let submodules = match read(".gitmodules".into())? {
            Found::File(bytes) => paths(&String::from_utf8_lossy(&bytes)).collect(),
            Found::Absent | Found::Obstacle(_) => BTreeSet::new(),
        };
        Ok(Self { is_top, submodules })
    }

    /// Whether the `folder` in which `entries` lie is one of them. Git keeps no empty folder, but makes one for a
    /// submodule that is not checked out; where the root is not the top, nobody knows what is a submodule.
    fn have(&self, folder: &Utf8Path, entries: &[Entry]) -> bool {
        match entries.iter().find(|entry| entry.name == ".git") {
            // Repositories that lie side by side, and in none, are judged as one.
            Some(entry) => entry.kind == Kind::File || self.is_top,
            None => entries.is_empty() && (!self.is_top || self.submodules.contains(folder.as_str())),
        }
    }
}

/// The folders of submodules that a file `.gitmodules` names.
fn paths(text: &str) -> impl Iterator<Item = String> {
    let settings = text.lines().filter_map(|line| line.split_once('='));
    let paths = settings.filter(|(key, _)| key.trim() == "path");
    paths.map(|(_, path)| path.trim().trim_matches('"').trim_end_matches('/').to_owned())
}

/// What the settings exclude: a pattern that fits a folder excludes all that lies in it.
fn excluded(settings: &Settings) -> Result<GlobSet, Failure> {
    let mut set = GlobSetBuilder::new();
    for glob in &settings.exclude {
        set.add(glob.clone());
    }
    set.build().map_err(|error| {
        let message = format!("`exclude` in `{SETTINGS_PATH}` holds too many patterns: {}", error.kind());
        Failure::usage(message, "name folders instead of the files in them")
    })
}

/// The rules of all folders that have some.
#[derive(Debug, Default)]
pub(crate) struct Rules(HashMap<Utf8PathBuf, Arc<Ignored>>);

impl Rules {
    fn add(&mut self, ignored: &Arc<Ignored>) {
        self.0.insert(ignored.folder.clone(), Arc::clone(ignored));
    }

    /// Whether git ignores the file `path`, or a folder on the way to it.
    pub(crate) fn hides(&self, path: &Utf8Path) -> bool {
        path.ancestors().filter(|part| *part != "").any(|part| {
            let around = part.ancestors().skip(1).find_map(|around| self.0.get(around));
            around.is_some_and(|rules| rules.ignores(part, part != path))
        })
    }
}

/// The rules of a folder, and those above it.
#[derive(Debug)]
struct Ignored {
    folder: Utf8PathBuf,
    rules: Gitignore,
    above: Option<Arc<Ignored>>,
}

impl Ignored {
    /// Whether git ignores `path`: the innermost rule that fits decides. A folder above that is ignored is never
    /// walked through, so only `path` itself is asked about.
    fn ignores(&self, path: &Utf8Path, is_folder: bool) -> bool {
        let mut next = Some(self);
        while let Some(ignored) = next {
            let below = path.strip_prefix(&ignored.folder).unwrap_or(path);
            match ignored.rules.matched(below, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => next = ignored.above.as_deref(),
            }
        }
        false
    }
}

/// The rules in the file `path`; none if there is no such file. A line that is no rule is passed over, as by git.
fn rules(disk: &impl Disk, path: &Utf8Path) -> Result<Gitignore, Failure> {
    let bytes = match disk.read(path).map_err(DiskError::at(Doing::Read, path))? {
        Found::File(bytes) => bytes,
        Found::Absent | Found::Obstacle(_) => return Ok(Gitignore::empty()),
    };
    let mut builder = GitignoreBuilder::new("");
    for line in String::from_utf8_lossy(&bytes).lines() {
        let _ = builder.add_line(None, line);
    }
    Ok(builder.build().unwrap_or_else(|_| Gitignore::empty()))
}

#[cfg(test)]
mod tests;
