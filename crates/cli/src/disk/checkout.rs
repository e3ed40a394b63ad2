//! A working tree with what git keeps of it elsewhere.

use std::cell::LazyCell;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use tree::{Found, Obstacle};

use super::{Disk, Entry, Folder, GitDisk, LockNews, RunLock, Share};

/// A disk, and what is read where nothing stands on it. What is changed is changed on the disk.
pub struct Checkout<'a, D> {
    disk: &'a D,
    kept: Option<GitDisk<'a>>,
    tracked: Tracked<'a>,
}

/// What git's index holds, which is listed once somebody asks; none where it cannot be read.
type Tracked<'a> = LazyCell<Option<GitDisk<'a>>, Box<dyn FnOnce() -> Option<GitDisk<'a>> + 'a>>;

impl<'a, D> Checkout<'a, D> {
    /// `disk`, with what git has `kept` in place of it, and what it has `tracked`.
    pub fn new(disk: &'a D, kept: Option<GitDisk<'a>>, tracked: impl FnOnce() -> Option<GitDisk<'a>> + 'a) -> Self {
        Self { disk, kept, tracked: LazyCell::new(Box::new(tracked)) }
    }
}

impl<D: Disk> Disk for Checkout<'_, D> {
    fn read(&self, path: &Utf8Path) -> io::Result<Found> {
        let there = self.disk.read(path)?;
        let (Found::Absent | Found::Obstacle(Obstacle::FileAbove(_)), Some(kept)) = (&there, &self.kept) else {
            return Ok(there);
        };
        match kept.read(path) {
            Ok(Found::Absent) => Ok(there),
            Err(_) if kept.lacks_files() => Ok(there), // in a clone with `--filter`, only its name is known
            read => read,
        }
    }

    fn folder(&self, path: &Utf8Path) -> io::Result<Folder> {
        self.disk.folder(path)
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>> {
        let listed = self.disk.list(path);
        let Some(Ok(kept)) = self.kept.as_ref().map(|kept| kept.list(path)) else { return listed };
        let mut entries = match listed {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            listed => listed?,
        };
        entries.extend(kept);
        entries.sort_by(|one, other| one.name.cmp(&other.name)); // what stands on the disk stays the first
        entries.dedup_by(|later, first| later.name == first.name);
        Ok(entries)
    }

    fn follow(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        self.disk.follow(path)
    }

    fn is_tracked(&self, path: &Utf8Path) -> bool {
        self.tracked.as_ref().is_some_and(|tracked| tracked.is_tracked(path))
    }

    fn create_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.disk.create_folder(path)
    }

    fn write_new(&self, path: &Utf8Path, bytes: &[u8], like: Option<&Utf8Path>) -> io::Result<()> {
        self.disk.write_new(path, bytes, like)
    }

    fn allow_running(&self, path: &Utf8Path) -> io::Result<()> {
        self.disk.allow_running(path)
    }

    fn sync(&self, path: &Utf8Path) -> io::Result<()> {
        self.disk.sync(path)
    }

    fn replace(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.disk.replace(from, to)
    }

    fn rename_new(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.disk.rename_new(from, to)
    }

    fn remove_file(&self, path: &Utf8Path) -> io::Result<()> {
        self.disk.remove_file(path)
    }

    fn remove_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.disk.remove_folder(path)
    }

    fn lock(&self, share: Share, news: &mut dyn FnMut(LockNews)) -> io::Result<RunLock> {
        self.disk.lock(share, news)
    }
}
