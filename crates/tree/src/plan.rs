//! What to change so that the disk holds what is wanted, and what a person's edit forbids.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

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
        let mut pending: Option<Lock> = None;
        for step in &self.steps {
            let (Change::Create { text } | Change::Update { text, .. }) = step.change else { continue };
            let mut known = self.known(step.path).settled();
            known.pending.insert(Digest::of(text));
            pending.get_or_insert_with(|| self.settled.clone()).set(step.path, known);
        }
        let pending = pending.as_mut()?;
        for step in &self.steps {
            if matches!(step.change, Change::Delete { .. } | Change::Forget) {
                pending.set(step.path, self.known(step.path).settled());
            }
        }
        Some(std::mem::take(pending))
    }

    fn known(&self, path: &Utf8Path) -> Known {
        self.lock.get(path).cloned().unwrap_or_default()
    }
}

/// Every path that [`plan`] must be told about: what is wanted and what was rendered before, in order.
pub fn places<'a>(wanted: &'a Tree, lock: &'a Lock) -> BTreeSet<&'a Utf8Path> {
    wanted.iter().map(|(path, _)| path).chain(lock.iter().map(|(path, _)| path)).collect()
}

/// Decides for every path that is wanted or was rendered before.
///
/// A file is labtree's own if `lock` knows its digest or if it is as wanted; anything else a person wrote, and it
/// is overwritten or deleted only with `force`. Not even `force` replaces what is no file.
pub fn plan<'a>(wanted: &'a Tree, on_disk: &'a OnDisk, lock: &'a Lock, force: bool) -> Plan<'a> {
    let decide = Decide { on_disk, force };
    let mut settled = Lock::default();
    let mut steps = Vec::with_capacity(wanted.len());
    let mut deleted = BTreeSet::new();
    for (path, known) in lock.iter().filter(|(path, _)| wanted.get(path).is_none()) {
        let change = decide.unwanted(path, known);
        match change {
            Change::Delete { .. } => drop(deleted.insert(path.to_owned())),
            Change::Forget => {}
            _ => settled.set(path, known.settled()),
        }
        steps.push(Step { path, change });
    }
    let mut above: Option<&Utf8Path> = None; // in order of paths, what lies under a path follows right behind it
    for (path, file) in wanted.iter() {
        let known = lock.get(path);
        let change = match above.filter(|above| path.starts_with(above)) {
            Some(above) => Change::Blocked { by: Obstacle::WantedAbove(above.to_owned()) },
            None => {
                above = Some(path);
                decide.wanted(path, &file.text, known, &deleted)
            }
        };
        match change {
            Change::Keep | Change::Create { .. } | Change::Update { .. } => settled
                .set(path, Known { rendered: BTreeSet::from([Digest::of(&file.text)]), pending: BTreeSet::new() }),
            _ => settled.set(path, known.map(Known::settled).unwrap_or_default()),
        }
        steps.push(Step { path, change });
    }
    steps.sort_by_key(|step| step.path);
    Plan { steps, lock, settled }
}

struct Decide<'a> {
    on_disk: &'a OnDisk,
    force: bool,
}

impl<'a> Decide<'a> {
    fn unwanted(&self, path: &Utf8Path, known: &Known) -> Change<'a> {
        match self.found(path) {
            Found::Absent | Found::Obstacle(Obstacle::Folder { .. } | Obstacle::FileAbove(_)) => Change::Forget,
            Found::File(was) if self.force || is_own(known, was) => Change::Delete { was },
            Found::File(was) => Change::Edited { text: None, was },
            Found::Obstacle(by @ Obstacle::Unreadable(_)) => Change::Blocked { by: by.clone() },
            Found::Obstacle(by) => Change::Replaced { by },
        }
    }

    fn wanted(
        &self,
        path: &Utf8Path,
        text: &'a str,
        known: Option<&Known>,
        deleted: &BTreeSet<Utf8PathBuf>,
    ) -> Change<'a> {
        if let Some(fault) = path_fault(path.as_str()) {
            return Change::Blocked { by: Obstacle::BadPath(fault) };
        }
        match (self.found(path), known) {
            (Found::Absent, _) => Change::Create { text },
            (Found::File(was), _) if was == text.as_bytes() => Change::Keep,
            (Found::File(was), Some(known)) if self.force || is_own(known, was) => Change::Update { text, was },
            (Found::File(was), Some(_)) => Change::Edited { text: Some(text), was },
            (Found::File(was), None) if self.force => Change::Update { text, was },
            (Found::File(was), None) => Change::Foreign { text, was },
            (Found::Obstacle(Obstacle::FileAbove(file)), _) if deleted.contains(file) => Change::Create { text },
            (Found::Obstacle(Obstacle::Folder { holds }), _)
                if !holds.is_empty() && holds.iter().all(|held| deleted.contains(held)) =>
            {
                Change::Create { text }
            }
            (Found::Obstacle(by), _) => Change::Blocked { by: by.clone() },
        }
    }

    fn found(&self, path: &Utf8Path) -> &'a Found {
        self.on_disk.get(path).unwrap_or(&Found::Absent)
    }
}

/// Whether nothing in `bytes` is a person's work: the text is known, or git put known texts side by side in it
/// because it could not merge them.
fn is_own(known: &Known, bytes: &[u8]) -> bool {
    known.contains(Digest::of(bytes))
        || conflict::sides(bytes).is_some_and(|sides| sides.iter().all(|side| known.contains(Digest::of(side))))
}

#[cfg(test)]
mod tests;
