//! The few things that labtree does to a disk, so that a test can hold it in memory or let it fail.
//!
//! All paths are relative to the root, with `/`; `""` is the root itself.

mod checkout;
mod error;
mod failing;
mod git;
mod memory;
mod read;
mod real;
mod write;

use std::fs::File;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
pub use checkout::Checkout;
pub(crate) use error::reason;
pub use error::{DiskError, Doing};
pub use failing::FailingDisk;
pub use git::GitDisk;
pub use memory::MemoryDisk;
pub use read::{LockError, read_lock, read_on_disk};
pub use real::RealDisk;
use tree::{Found, Obstacle};
pub(crate) use write::{put, write_new};

/// No rendered file comes near; what is larger is not read, whoever put it there. In bytes.
const LARGEST: u64 = 64 << 20;

/// A folder and what lies in it. Nothing outside can be read or written, whatever symlinks say.
pub trait Disk {
    /// What stands at `path`; a symlink there is not followed. What lies in a folder is not looked at.
    fn read(&self, path: &Utf8Path) -> io::Result<Found>;

    /// Whether `path` is a folder, and whether files can be made in it. A symlink to a folder inside is a folder.
    fn folder(&self, path: &Utf8Path) -> io::Result<Folder>;

    /// What lies in the folder `path`, in order of names.
    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>>;

    /// Where the symlink `path` leads, through any others, if that is a file or a folder inside the root.
    fn follow(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>>;

    /// Whether git keeps the file `path`, or one in the folder `path`: then it is part of the repository, whatever
    /// `.gitignore` says.
    fn is_tracked(&self, _path: &Utf8Path) -> bool {
        false
    }

    /// Makes the folder `path` in a folder that is there.
    fn create_folder(&self, path: &Utf8Path) -> io::Result<()>;

    /// Makes the file `path` with these bytes; that something stands there is an error. Its permissions are those
    /// of its sibling `like`, or the usual ones. When the bytes cannot be written, no file is left.
    fn write_new(&self, path: &Utf8Path, bytes: &[u8], like: Option<&Utf8Path>) -> io::Result<()>;

    /// Lets everybody run the file `path` who may read it.
    fn allow_running(&self, path: &Utf8Path) -> io::Result<()>;

    /// Waits until the bytes of the file `path` are safe from a power cut.
    fn sync(&self, path: &Utf8Path) -> io::Result<()>;

    /// Gives the file `from` the name of its sibling `to`, which is replaced in the same instant.
    fn replace(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()>;

    /// Gives the file `from` the name `to` in the same folder; that something stands there is an error.
    fn rename_new(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()>;

    /// Removes the file `path`.
    fn remove_file(&self, path: &Utf8Path) -> io::Result<()>;

    /// Removes the folder `path`; that something lies in it is an error.
    fn remove_folder(&self, path: &Utf8Path) -> io::Result<()>;

    /// Keeps other runs out until the [`RunLock`] is dropped, however the process ends. While another run is at
    /// work, this says so once through `news` and waits. Taken a second time in one process on a second disk of
    /// the same root, it waits for ever.
    fn lock(&self, share: Share, news: &mut dyn FnMut(LockNews)) -> io::Result<RunLock>;
}

/// What stands where a folder is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Nothing, or one of the folders above is no folder.
    Missing,
    /// A folder in which files can be made and removed.
    Writable,
    /// A folder in which nothing can be changed.
    ReadOnly,
    /// Something else.
    Obstacle(Obstacle),
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name; what is not UTF-8 in it is shown as `�`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What something in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symlink, wherever it leads.
    Symlink,
    /// A pipe, a socket or a device.
    Special,
}

/// Who else may be at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Nobody: for a run that writes.
    Alone,
    /// Others that only read: for a run that must not see half of what another one writes.
    WithReaders,
}

/// What there is to say while a run-lock is taken.
#[derive(Debug)]
pub enum LockNews {
    /// Another run is at work; this one waits.
    Busy,
    /// The file system of the root knows no locks; this run goes on without one.
    Unsupported(io::Error),
}

/// Keeps other runs out while it lives.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct RunLock(Option<File>);

impl Drop for RunLock {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            let _ = file.unlock(); // the process's end releases it otherwise
        }
    }
}

#[cfg(test)]
mod tests;
