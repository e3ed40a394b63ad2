//! What to change so that the disk holds what is wanted, and what a person's edit forbids.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::conflict;
use crate::{Digest, Found, Known, Lock, Obstacle, OnDisk, Tree, path_fault};

/// What is to become of one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// The file is as wanted already, whoever wrote it: it is not touched.
    Keep,
    /// Nothing stands there yet, or a person deleted it.
    Create {
        /// What to write.
        text: &'a str,
    },
    /// labtree's own file has another text now.
    Update {
        /// What to write.
        text: &'a str,
        /// What stands there.
        was: &'a [u8],
    },
    /// labtree's own file is not wanted any more.
    Delete {
        /// What stands there.
        was: &'a [u8],
    },
    /// The file is neither wanted nor there: the lock forgets it, and folders that it left empty go.
    Forget,
    /// Refused: a person edited the rendered file. It is neither overwritten nor deleted, and stays in the lock,
    /// so that it is labtree's own again once it is put back.
    Edited {
        /// What would be written; `None` if the file would be deleted.
        text: Option<&'a str>,
        /// What stands there.
        was: &'a [u8],
    },
    /// Refused: a file that labtree never wrote stands where a rendered one should.
    Foreign {
        /// What would be written.
        text: &'a str,
        /// What stands there.
        was: &'a [u8],
    },
    /// Refused: a rendered file is not wanted any more, and a person put something else than a file in its place.
    Replaced {
        /// What that is.
        by: &'a Obstacle,
    },
    /// Nothing at all can be applied: no file can stand there.
    Blocked {
        /// Why not.
        by: Obstacle,
    },
}

impl Change<'_> {
    /// Whether a file is written or deleted.
    pub fn touches(&self) -> bool {
        matches!(self, Change::Create { .. } | Change::Update { .. } | Change::Delete { .. })
    }

    /// Whether a person's work stands in the way and is left alone.
    pub fn is_refused(&self) -> bool {
        matches!(self, Change::Edited { .. } | Change::Foreign { .. } | Change::Replaced { .. })
    }
}

/// A path with what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The path, relative to the root.
    pub path: &'a Utf8Path,
    /// What is to become of it.
    pub change: Change<'a>,
}

/// What to do about every path that is wanted or was rendered before.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// One step for each path, in order of paths.
    pub steps: Vec<Step<'a>>,
    /// The lock that the plan was made with.
    pub lock: &'a Lock,
    /// The lock once every step is done.
    pub settled: Lock,
}

impl<'a> Plan<'a> {
    /// The steps that write or delete a file.
    pub fn changes(&self) -> impl Iterator<Item = &Step<'a>> {
        self.steps.iter().filter(|step| step.change.touches())
    }

    /// The steps where a person's work is left alone.
    pub fn refused(&self) -> impl Iterator<Item = &Step<'a>> {
        self.steps.iter().filter(|step| step.change.is_refused())
    }

    /// The places that keep the whole plan from being applied.
    pub fn blocked(&self) -> impl Iterator<Item = (&'a Utf8Path, &Obstacle)> {
        self.steps.iter().filter_map(|step| match &step.change {
            Change::Blocked { by } => Some((step.path, by)),
            _ => None,
        })
    }

    /// Whether the disk and the lock are as wanted: nothing to do, refused or in the way.
    pub fn is_clean(&self) -> bool {
        self.steps.iter().all(|step| step.change == Change::Keep) && *self.lock == self.settled
    }

    /// The lock to write before the first file is: beside what was known stands what is about to be written, so
    /// that a run stopped at any instant leaves no file that looks like a person's. `None` if no file is written.
    pub fn pending(&self) -> Option<Lock> {
        let writes = |step: &Step<'_>| matches!(step.change, Change::Create { .. } | Change::Update { .. });
        if !self.steps.iter().any(writes) {
            return None;
        }
        let noted = self.steps.iter().map(|step| {
            let known = || self.lock.get(step.path).map(Known::settled).unwrap_or_default();
            let known = match step.change {
                Change::Create { text } | Change::Update { text, .. } => {
                    Known { pending: vec![Digest::of(text)], ..known() }
                }
                Change::Delete { .. } | Change::Forget => known(),
                _ => self.settled.get(step.path).cloned().unwrap_or_default(),
            };
            (step.path.to_owned(), known)
        });
        Some(noted.collect())
    }
}

/// A path that is wanted or was rendered before.
struct Place<'a> {
    path: &'a Utf8Path,
    text: Option<&'a str>,
    known: Option<&'a Known>,
}

/// All of them in order. Everything here is in order already, so that a step forward on either side is enough.
fn merged<'a>(wanted: &'a Tree, lock: &'a Lock) -> impl Iterator<Item = Place<'a>> {
    let (mut wanted, mut lock) = (wanted.iter().peekable(), lock.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (wanted.peek(), lock.peek()) {
            (Some((wanted, _)), Some((known, _))) => wanted.cmp(known),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let file = if order.is_le() { wanted.next() } else { None };
        let known = if order.is_ge() { lock.next() } else { None };
        let path = file.map(|(path, _)| path).or(known.map(|(path, _)| path))?;
        Some(Place { path, text: file.map(|(_, file)| file.text.as_str()), known: known.map(|(_, known)| known) })
    })
}

/// Every path that [`plan`] must be told about: what is wanted and what was rendered before, in order.
pub fn places<'a>(wanted: &'a Tree, lock: &'a Lock) -> impl Iterator<Item = &'a Utf8Path> {
    merged(wanted, lock).map(|place| place.path)
}

/// Decides for every path that is wanted or was rendered before.
///
/// A file is labtree's own if `lock` knows its digest or if it is as wanted; anything else a person wrote, and it
/// is overwritten or deleted only with `force`. Not even `force` replaces what is no file.
pub fn plan<'a>(wanted: &'a Tree, on_disk: &'a OnDisk, lock: &'a Lock, force: bool) -> Plan<'a> {
    let mut on_disk = on_disk.iter().peekable();
    let places: Vec<(Place<'a>, &'a Found)> = merged(wanted, lock)
        .map(|place| {
            while on_disk.next_if(|(path, _)| path.as_path() < place.path).is_some() {}
            let found = on_disk.next_if(|(path, _)| path.as_path() == place.path);
            (place, found.map_or(&Found::Absent, |(_, found)| found))
        })
        .collect();

    let unwanted = |(place, found): &(Place<'a>, &'a Found)| match (place.text, place.known) {
        (None, Some(known)) => Some((place.path, decide_unwanted(found, known, force))),
        _ => None,
    };
    let unwanted: Vec<_> = places.iter().filter_map(unwanted).collect();
    let mut way = Way { deleted: BTreeSet::new(), forgotten: BTreeSet::new(), lock };
    for (path, change) in &unwanted {
        match change {
            Change::Delete { .. } => drop(way.deleted.insert(path)),
            Change::Forget => drop(way.forgotten.insert(path)),
            _ => {}
        }
    }

    let mut unwanted = unwanted.into_iter();
    let mut above: Option<&Utf8Path> = None; // in order of paths, what lies under a path follows right behind it
    let mut noted = Vec::with_capacity(places.len());
    let mut steps = Vec::with_capacity(places.len());
    for (Place { path, text, known }, found) in places {
        let change = match (text, above.filter(|above| path.starts_with(above))) {
            (None, _) => unwanted.next().map_or(Change::Forget, |(_, change)| change),
            (Some(_), Some(above)) => Change::Blocked { by: Obstacle::WantedAbove(above.to_owned()) },
            (Some(text), None) => {
                above = Some(path);
                decide_wanted(path, text, found, known, &way, force)
            }
        };
        let settled = match (&change, text) {
            (Change::Keep | Change::Create { .. } | Change::Update { .. }, Some(text)) => {
                Known { rendered: vec![Digest::of(text)], pending: Vec::new() }
            }
            (Change::Delete { .. } | Change::Forget, _) => Known::default(),
            _ => known.map(Known::settled).unwrap_or_default(),
        };
        noted.push((path.to_owned(), settled));
        steps.push(Step { path, change });
    }
    Plan { steps, lock, settled: noted.into_iter().collect() }
}

fn decide_unwanted<'a>(found: &'a Found, known: &Known, force: bool) -> Change<'a> {
    match found {
        Found::Absent | Found::Obstacle(Obstacle::Folder { .. } | Obstacle::FileAbove(_)) => Change::Forget,
        Found::File(was) if force || is_own(known, was) => Change::Delete { was },
        Found::File(was) => Change::Edited { text: None, was },
        Found::Obstacle(by @ (Obstacle::Unreadable(_) | Obstacle::TooLarge(_))) => Change::Blocked { by: by.clone() },
        Found::Obstacle(by) => Change::Replaced { by },
    }
}

fn decide_wanted<'a>(
    path: &Utf8Path,
    text: &'a str,
    found: &'a Found,
    known: Option<&Known>,
    way: &Way<'_>,
    force: bool,
) -> Change<'a> {
    if let Some(fault) = path_fault(path.as_str()) {
        return Change::Blocked { by: Obstacle::BadPath(fault) };
    }
    match (found, known) {
        (Found::Absent, _) => Change::Create { text },
        (Found::File(was), _) if was == text.as_bytes() || *unix_lines(was) == *text.as_bytes() => Change::Keep,
        (Found::File(was), Some(known)) if force || is_own(known, was) => Change::Update { text, was },
        (Found::File(was), Some(_)) => Change::Edited { text: Some(text), was },
        (Found::File(was), None) if force => Change::Update { text, was },
        (Found::File(was), None) => Change::Foreign { text, was },
        (Found::Obstacle(by), _) if way.is_cleared_of(by) => Change::Create { text },
        (Found::Obstacle(by), _) => Change::Blocked { by: by.clone() },
    }
}

/// What will be out of the way once the unwanted files are gone.
struct Way<'a> {
    deleted: BTreeSet<&'a Utf8Path>,
    forgotten: BTreeSet<&'a Utf8Path>,
    lock: &'a Lock,
}

impl Way<'_> {
    /// Whether `by` is all labtree's own: a file that is deleted, or a folder in which nothing lies but what is
    /// deleted, what a stopped run left, and folders made for rendered files.
    fn is_cleared_of(&self, by: &Obstacle) -> bool {
        match by {
            Obstacle::FileAbove(file) => self.deleted.contains(file.as_path()),
            Obstacle::Folder { holds, empty } => {
                let is_own =
                    |file: &Utf8Path| self.deleted.contains(file) || self.lock.drafts().any(|draft| draft == file);
                let was_made = |folder| self.deleted.iter().chain(&self.forgotten).any(|path| path.starts_with(folder));
                holds.iter().all(|file| is_own(file)) && empty.iter().all(was_made)
            }
            _ => false,
        }
    }
}

/// `bytes` with the line ends that labtree writes: git makes those of Windows of them where `core.autocrlf` says so, and
/// commits them as they were.
pub fn unix_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return Cow::Borrowed(bytes);
    }
    let is_extra = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|at| !is_extra(*at)).map(|at| bytes[at]).collect()
}

/// Whether nothing in `bytes` is a person's work: the text is known, or git put known texts side by side in it
/// because it could not merge them.
fn is_own(known: &Known, bytes: &[u8]) -> bool {
    let bytes = &*unix_lines(bytes);
    known.contains(Digest::of(bytes))
        || conflict::sides(bytes).is_some_and(|sides| sides.iter().all(|side| known.contains(Digest::of(side))))
}

#[cfg(test)]
mod tests;
