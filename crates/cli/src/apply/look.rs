//! Looks at every place before the first write.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use tree::{Change, Found, LOCK_PATH, Lock, Obstacle, Plan};

use super::{Cause, LOCK_DRAFT, Stop};
use crate::disk::{Disk, DiskError, Doing, Folder};

/// What was seen.
pub(super) struct Looked {
    /// The lock's bytes, if there is one.
    pub(super) lock: Option<Vec<u8>>,
    /// Whether a stopped run left a lock that it had not yet renamed.
    pub(super) stale_draft: bool,
    /// The folders to make, each behind the one that it lies in.
    pub(super) missing: BTreeSet<Utf8PathBuf>,
}

/// Looks at every place that `plan` writes to; all that stand in the way are told at once.
pub(super) fn look(disk: &impl Disk, plan: &Plan<'_>) -> Result<Looked, Stop> {
    let mut blocked: Vec<(Utf8PathBuf, Obstacle)> =
        plan.blocked().map(|(path, by)| (path.to_owned(), by.clone())).collect();
    let deleted = plan.steps.iter().filter(|step| matches!(step.change, Change::Delete { .. })).map(|step| step.path);
    let mut folders = Folders { deleted: deleted.collect(), seen: BTreeMap::new(), missing: BTreeSet::new() };

    let path = Utf8Path::new(LOCK_PATH);
    let lock = match disk.read(path).map_err(DiskError::at(Doing::Read, path))? {
        Found::Absent => None,
        Found::File(bytes) => Some(bytes),
        Found::Obstacle(by) => {
            blocked.push((path.to_owned(), by));
            None
        }
    };
    for step in plan.changes() {
        if let Some(by) = folders.obstacle(disk, step.path.parent().unwrap_or(Utf8Path::new("")))? {
            blocked.push((step.path.to_owned(), by));
        }
    }
    let has_work = plan.changes().next().is_some() || *plan.lock != plan.settled;
    if has_work && let Some(by) = folders.obstacle(disk, Utf8Path::new(""))? {
        blocked.push((path.to_owned(), by));
    }
    if !blocked.is_empty() {
        blocked.sort_by(|(one, _), (other, _)| one.cmp(other));
        return Err(Stop::Blocked(blocked));
    }
    let planned_with = lock.as_ref().map_or_else(|| Ok(Lock::default()), |bytes| Lock::parse_bytes(bytes));
    if planned_with.as_ref() != Ok(plan.lock) {
        return Err(Cause::Changed(path.to_owned()).into());
    }

    let draft = Utf8Path::new(LOCK_DRAFT);
    let stale_draft = match disk.read(draft).map_err(DiskError::at(Doing::Read, draft))? {
        Found::Absent => false,
        Found::File(bytes)
            if bytes.starts_with(Lock::TITLE.as_bytes()) || Lock::TITLE.as_bytes().starts_with(&bytes) =>
        {
            true
        }
        _ if has_work => {
            let taken = std::io::ErrorKind::AlreadyExists.into();
            return Err(DiskError::at(Doing::Write, draft)(taken).into());
        }
        _ => false,
    };
    Ok(Looked { lock, stale_draft, missing: folders.missing })
}

/// The folders looked at so far.
struct Folders<'a> {
    /// Files that will be out of the way.
    deleted: BTreeSet<&'a Utf8Path>,
    seen: BTreeMap<Utf8PathBuf, Option<Obstacle>>,
    missing: BTreeSet<Utf8PathBuf>,
}

impl Folders<'_> {
    /// What keeps files from being made in `folder`, which itself may still have to be made.
    fn obstacle(&mut self, disk: &impl Disk, folder: &Utf8Path) -> Result<Option<Obstacle>, DiskError> {
        if let Some(seen) = self.seen.get(folder) {
            return Ok(seen.clone());
        }
        let obstacle = match disk.folder(folder).map_err(DiskError::at(Doing::Read, folder))? {
            Folder::Writable => None,
            Folder::ReadOnly => Some(Obstacle::ReadOnly(folder.to_owned())),
            Folder::Obstacle(Obstacle::FileAbove(file)) if self.deleted.contains(file.as_path()) => {
                self.missing_folder(disk, folder)?
            }
            Folder::Obstacle(by) => Some(by),
            Folder::Missing => self.missing_folder(disk, folder)?,
        };
        self.seen.insert(folder.to_owned(), obstacle.clone());
        Ok(obstacle)
    }

    fn missing_folder(&mut self, disk: &impl Disk, folder: &Utf8Path) -> Result<Option<Obstacle>, DiskError> {
        self.missing.insert(folder.to_owned());
        match folder.parent() {
            Some(above) => self.obstacle(disk, above),
            None => Ok(Some(Obstacle::ReadOnly(folder.to_owned()))), // the root itself is gone
        }
    }
}
