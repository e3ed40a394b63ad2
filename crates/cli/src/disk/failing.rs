//! A disk that fails at a chosen operation, for tests.

use std::cell::Cell;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use tree::Found;

use super::{Disk, Entry, Folder, LockNews, RunLock, Share};

/// A disk that fails before its k-th operation, counted from 0. Writing a file counts twice: it may fail before the
/// file is made, and with half of the bytes written.
#[derive(Debug)]
pub struct FailingDisk<'a, D> {
    disk: &'a D,
    fails_at: usize,
    fault: Fault,
    operations: Cell<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Nothing works from then on, as if the process had been killed.
    Death,
    /// One operation fails with an error of this kind.
    Once(ErrorKind),
}

impl<'a, D> FailingDisk<'a, D> {
    /// `disk`, on which nothing works any more from the `k`-th operation on: what then lies on it is what a killed
    /// process leaves.
    pub fn dies_at(disk: &'a D, k: usize) -> Self {
        Self { disk, fails_at: k, fault: Fault::Death, operations: Cell::new(0) }
    }

    /// `disk`, whose `k`-th operation fails with an error of this kind; everything else works.
    pub fn fails_at(disk: &'a D, k: usize, kind: ErrorKind) -> Self {
        Self { disk, fails_at: k, fault: Fault::Once(kind), operations: Cell::new(0) }
    }

    /// Whether the operation that fails has been reached.
    pub fn has_failed(&self) -> bool {
        self.operations.get() > self.fails_at
    }

    /// How many operations there were.
    pub fn operations(&self) -> usize {
        self.operations.get()
    }

    /// Counts an operation, which may be the one that fails.
    fn step(&self) -> io::Result<()> {
        let operation = self.operations.get();
        self.operations.set(operation + 1);
        match self.fault {
            Fault::Death if operation >= self.fails_at => Err(io::Error::other("the process was killed")),
            Fault::Once(kind) if operation == self.fails_at => Err(kind.into()),
            _ => Ok(()),
        }
    }
}

impl<D: Disk> Disk for FailingDisk<'_, D> {
    fn read(&self, path: &Utf8Path) -> io::Result<Found> {
        self.step()?;
        self.disk.read(path)
    }

    fn folder(&self, path: &Utf8Path) -> io::Result<Folder> {
        self.step()?;
        self.disk.folder(path)
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.step()?;
        self.disk.list(path)
    }

    fn follow(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        self.step()?;
        self.disk.follow(path)
    }

    fn create_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.create_folder(path)
    }

    fn write_new(&self, path: &Utf8Path, bytes: &[u8], like: Option<&Utf8Path>) -> io::Result<()> {
        self.step()?;
        let Err(error) = self.step() else { return self.disk.write_new(path, bytes, like) };
        if matches!(self.fault, Fault::Death) {
            self.disk.write_new(path, &bytes[..bytes.len() / 2], like)?;
        }
        Err(error)
    }

    fn allow_running(&self, path: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.allow_running(path)
    }

    fn sync(&self, path: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.sync(path)
    }

    fn replace(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.replace(from, to)
    }

    fn rename_new(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.rename_new(from, to)
    }

    fn remove_file(&self, path: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.remove_file(path)
    }

    fn remove_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.step()?;
        self.disk.remove_folder(path)
    }

    fn lock(&self, share: Share, news: &mut dyn FnMut(LockNews)) -> io::Result<RunLock> {
        self.disk.lock(share, news)
    }
}
