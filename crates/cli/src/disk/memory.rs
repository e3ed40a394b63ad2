//! A disk in memory, for tests.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use tree::{Found, Obstacle};

use super::{Disk, Entry, Folder, Kind, LockNews, RunLock, Share};

/// A disk in memory. Symlinks lead nowhere.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    nodes: RefCell<BTreeMap<Utf8PathBuf, Node>>,
    read_only: BTreeSet<Utf8PathBuf>,
    writes: Cell<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    File { bytes: Vec<u8>, write: u64 },
    Folder,
    Symlink,
    Special,
}

impl MemoryDisk {
    /// A disk with these files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let disk = Self::default();
        for (path, text) in files {
            disk.put(path, text);
        }
        disk
    }

    /// Puts a file down as a person would, with the folders above it.
    pub fn put(&self, path: impl AsRef<Utf8Path>, bytes: impl AsRef<[u8]>) {
        let node = Node::File { bytes: bytes.as_ref().to_vec(), write: self.next_write() };
        self.put_node(path.as_ref(), node);
    }

    /// Puts down something else than a file.
    pub fn put_other(&self, path: impl AsRef<Utf8Path>, kind: Kind) {
        let node = match kind {
            Kind::File => Node::File { bytes: Vec::new(), write: self.next_write() },
            Kind::Folder => Node::Folder,
            Kind::Symlink => Node::Symlink,
            Kind::Special => Node::Special,
        };
        self.put_node(path.as_ref(), node);
    }

    /// Takes away whatever stands at `path`.
    pub fn take(&self, path: impl AsRef<Utf8Path>) {
        self.nodes.borrow_mut().remove(path.as_ref());
    }

    /// Forbids changes in the folder `path`.
    pub fn protect(&mut self, path: impl Into<Utf8PathBuf>) {
        self.read_only.insert(path.into());
    }

    /// All files with their bytes; a folder in which nothing lies stands there with a `/` behind it, and anything
    /// else with a `?`.
    pub fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let nodes = self.nodes.borrow();
        let is_empty = |path: &Utf8Path| !nodes.keys().any(|other| other.parent() == Some(path));
        let shown = nodes.iter().filter_map(|(path, node)| match node {
            Node::File { bytes, .. } => Some((path.to_string(), bytes.clone())),
            Node::Folder => is_empty(path).then(|| (format!("{path}/"), Vec::new())),
            Node::Symlink | Node::Special => Some((format!("{path}?"), Vec::new())),
        });
        shown.collect()
    }

    /// Which write made the file at `path`: as long as the number stays, nobody wrote it again.
    pub fn write_of(&self, path: impl AsRef<Utf8Path>) -> Option<u64> {
        match self.nodes.borrow().get(path.as_ref()) {
            Some(Node::File { write, .. }) => Some(*write),
            _ => None,
        }
    }

    /// How many files were written so far.
    pub fn writes(&self) -> u64 {
        self.writes.get()
    }

    fn next_write(&self) -> u64 {
        self.writes.set(self.writes.get() + 1);
        self.writes.get()
    }

    fn put_node(&self, path: &Utf8Path, node: Node) {
        let mut nodes = self.nodes.borrow_mut();
        for above in path.ancestors().skip(1).filter(|above| *above != "") {
            nodes.insert(above.to_owned(), Node::Folder);
        }
        nodes.insert(path.to_owned(), node);
    }

    /// Whether something can be made or removed at `path`.
    fn check(&self, path: &Utf8Path) -> io::Result<()> {
        let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
        match self.folder(folder)? {
            Folder::Writable => Ok(()),
            Folder::Missing => Err(ErrorKind::NotFound.into()),
            Folder::ReadOnly => Err(ErrorKind::PermissionDenied.into()),
            Folder::Obstacle(_) => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn file_at(&self, path: &Utf8Path) -> io::Result<Node> {
        match self.nodes.borrow().get(path) {
            None => Err(ErrorKind::NotFound.into()),
            Some(Node::Folder) => Err(ErrorKind::IsADirectory.into()),
            Some(node) => Ok(node.clone()),
        }
    }
}

impl Disk for MemoryDisk {
    fn read(&self, path: &Utf8Path) -> io::Result<Found> {
        let mut above: Vec<&Utf8Path> = path.ancestors().skip(1).collect();
        above.reverse();
        for above in above {
            match self.folder(above)? {
                Folder::Missing => return Ok(Found::Absent),
                Folder::Obstacle(by) => return Ok(Found::Obstacle(by)),
                Folder::Writable | Folder::ReadOnly => {}
            }
        }
        Ok(match self.nodes.borrow().get(path) {
            None => Found::Absent,
            Some(Node::File { bytes, .. }) => Found::File(bytes.clone()),
            Some(Node::Folder) => Found::Obstacle(Obstacle::Folder { holds: Vec::new(), empty: Vec::new() }),
            Some(Node::Symlink) => Found::Obstacle(Obstacle::Symlink),
            Some(Node::Special) => Found::Obstacle(Obstacle::Special),
        })
    }

    fn folder(&self, path: &Utf8Path) -> io::Result<Folder> {
        Ok(match self.nodes.borrow().get(path) {
            _ if self.read_only.contains(path) => Folder::ReadOnly,
            _ if path == "" => Folder::Writable,
            None => Folder::Missing,
            Some(Node::Folder) => Folder::Writable,
            Some(Node::Symlink) => Folder::Obstacle(Obstacle::SymlinkAbove(path.to_owned())),
            Some(Node::File { .. } | Node::Special) => Folder::Obstacle(Obstacle::FileAbove(path.to_owned())),
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>> {
        let nodes = self.nodes.borrow();
        if path != "" && nodes.get(path) != Some(&Node::Folder) {
            return Err(ErrorKind::NotADirectory.into());
        }
        let entries = nodes.iter().filter(|(entry, _)| entry.parent() == Some(path)).map(|(entry, node)| Entry {
            name: entry.file_name().unwrap_or_default().to_owned(),
            kind: match node {
                Node::File { .. } => Kind::File,
                Node::Folder => Kind::Folder,
                Node::Symlink => Kind::Symlink,
                Node::Special => Kind::Special,
            },
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort();
        Ok(entries)
    }

    fn follow(&self, _path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        Ok(None)
    }

    fn create_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.check(path)?;
        if self.nodes.borrow().contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.nodes.borrow_mut().insert(path.to_owned(), Node::Folder);
        Ok(())
    }

    fn write_new(&self, path: &Utf8Path, bytes: &[u8], _like: Option<&Utf8Path>) -> io::Result<()> {
        self.check(path)?;
        if self.nodes.borrow().contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let node = Node::File { bytes: bytes.to_vec(), write: self.next_write() };
        self.nodes.borrow_mut().insert(path.to_owned(), node);
        Ok(())
    }

    fn allow_running(&self, path: &Utf8Path) -> io::Result<()> {
        self.file_at(path).map(drop)
    }

    fn sync(&self, path: &Utf8Path) -> io::Result<()> {
        self.file_at(path).map(drop)
    }

    fn replace(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.check(to)?;
        let node = self.file_at(from)?;
        let mut nodes = self.nodes.borrow_mut();
        if nodes.get(to) == Some(&Node::Folder) {
            return Err(ErrorKind::IsADirectory.into());
        }
        nodes.remove(from);
        nodes.insert(to.to_owned(), node);
        Ok(())
    }

    fn rename_new(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        if self.nodes.borrow().contains_key(to) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.replace(from, to)
    }

    fn remove_file(&self, path: &Utf8Path) -> io::Result<()> {
        self.check(path)?;
        self.file_at(path)?;
        self.nodes.borrow_mut().remove(path);
        Ok(())
    }

    fn remove_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.check(path)?;
        let mut nodes = self.nodes.borrow_mut();
        match nodes.get(path) {
            None => return Err(ErrorKind::NotFound.into()),
            Some(Node::Folder) => {}
            Some(_) => return Err(ErrorKind::NotADirectory.into()),
        }
        if nodes.keys().any(|other| other.parent() == Some(path)) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        nodes.remove(path);
        Ok(())
    }

    fn lock(&self, _share: Share, _news: &mut dyn FnMut(LockNews)) -> io::Result<RunLock> {
        Ok(RunLock(None))
    }
}
