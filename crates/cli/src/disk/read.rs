//! What the disk holds, as far as rendering is concerned.

use std::collections::BTreeSet;
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use tree::{Damage, Found, LOCK_PATH, Lock, Obstacle, OnDisk, Tree};

use super::{Disk, DiskError, Doing, Kind};

/// Why the lock cannot be had.
#[derive(Debug)]
pub enum LockError {
    /// Its text is damaged; here it is for showing the place.
    Damaged {
        /// Where and how.
        damage: Damage,
        /// The text, with `�` for what is not UTF-8.
        text: String,
    },
    /// Something that is no readable file stands in its place.
    Obstacle(Obstacle),
    /// The disk refused.
    Disk(DiskError),
}

impl LockError {
    /// What a person does about it.
    pub fn help(&self) -> String {
        match self {
            LockError::Damaged { .. } => Damage::HELP.to_owned(),
            LockError::Obstacle(by) => by.help(),
            LockError::Disk(error) => error.help(),
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockError::Damaged { damage, .. } => damage.fmt(f),
            LockError::Obstacle(by) => write!(f, "`{LOCK_PATH}` {by}"),
            LockError::Disk(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LockError {}

/// The lock in the root; an empty one where there is none yet.
pub fn read_lock(disk: &impl Disk) -> Result<Lock, LockError> {
    let path = Utf8Path::new(LOCK_PATH);
    match disk.read(path).map_err(DiskError::at(Doing::Read, path)).map_err(LockError::Disk)? {
        Found::Absent => Ok(Lock::default()),
        Found::File(bytes) => Lock::parse_bytes(&bytes)
            .map_err(|damage| LockError::Damaged { damage, text: String::from_utf8_lossy(&bytes).into_owned() }),
        Found::Obstacle(by) => Err(LockError::Obstacle(by)),
    }
}

/// What stands at every path that is wanted or was rendered before: all that [`tree::plan`] asks about.
pub fn read_on_disk(disk: &impl Disk, wanted: &Tree, lock: &Lock) -> Result<OnDisk, DiskError> {
    let mut on_disk = Vec::new();
    for path in tree::places(wanted, lock) {
        if tree::path_fault(path.as_str()).is_some() {
            continue; // the plan refuses it
        }
        let mut found = disk.read(path).map_err(DiskError::at(Doing::Read, path))?;
        if let Found::Obstacle(Obstacle::Folder { holds, empty }) = &mut found {
            Inside { disk, lock, drafts: lock.drafts().collect(), holds, empty }.look(path)?;
        }
        on_disk.push((path.to_owned(), found));
    }
    Ok(OnDisk::from_iter(on_disk)) // they are in order, which is the quick way to make a map
}

/// What lies in a folder that stands where a file should.
struct Inside<'a, D> {
    disk: &'a D,
    lock: &'a Lock,
    drafts: BTreeSet<Utf8PathBuf>,
    holds: &'a mut Vec<Utf8PathBuf>,
    empty: &'a mut Vec<Utf8PathBuf>,
}

impl<D: Disk> Inside<'_, D> {
    /// Looks through `folder` as far as the first file that is a person's own, and says whether there is one.
    fn look(&mut self, folder: &Utf8Path) -> Result<bool, DiskError> {
        let entries = self.disk.list(folder).map_err(DiskError::at(Doing::Read, folder))?;
        if entries.is_empty() {
            self.empty.push(folder.to_owned());
        }
        for entry in entries {
            let path = folder.join(&entry.name);
            let is_own = if entry.kind == Kind::Folder {
                self.look(&path)?
            } else {
                let is_own = self.lock.get(&path).is_none() && !self.drafts.contains(&path);
                self.holds.push(path);
                is_own
            };
            if is_own {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
