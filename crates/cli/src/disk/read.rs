//! What the disk holds, as far as rendering is concerned.

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
    let mut on_disk = OnDisk::new();
    for path in tree::places(wanted, lock) {
        if tree::path_fault(path.as_str()).is_some() {
            continue; // the plan refuses it
        }
        let mut found = disk.read(path).map_err(DiskError::at(Doing::Read, path))?;
        if let Found::Obstacle(Obstacle::Folder { holds }) = &mut found {
            fill(disk, path, lock, holds)?;
        }
        on_disk.insert(path.to_owned(), found);
    }
    Ok(on_disk)
}

/// Adds what lies in `folder` to `holds`, as far as the first thing that the lock does not know; says whether that
/// was reached.
fn fill(disk: &impl Disk, folder: &Utf8Path, lock: &Lock, holds: &mut Vec<Utf8PathBuf>) -> Result<bool, DiskError> {
    let entries = disk.list(folder).map_err(DiskError::at(Doing::Read, folder))?;
    if entries.is_empty() {
        holds.push(folder.to_owned());
        return Ok(true);
    }
    for entry in entries {
        let path = folder.join(&entry.name);
        let stranger = if entry.kind == Kind::Folder {
            fill(disk, &path, lock, holds)?
        } else {
            let stranger = lock.get(&path).is_none();
            holds.push(path);
            stranger
        };
        if stranger {
            return Ok(true);
        }
    }
    Ok(false)
}
