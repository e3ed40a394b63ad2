//! What a commit holds, or is about to hold: files that lie in git's database and nowhere else.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use git2::{ErrorCode, IndexEntry, IndexEntryExtendedFlag, Odb, Oid};
use tree::{Found, Obstacle};

use super::{Disk, Entry, Folder, Kind, LARGEST, LockNews, RunLock, Share};

/// So many symlinks lead from one to the next before it counts as a circle, as on Linux.
const HOPS: usize = 40;

/// The files of an index below one of its folders. Nothing can be changed.
pub struct GitDisk<'r> {
    database: Odb<'r>,
    nodes: HashMap<String, Node>,
    lacks_files: Cell<bool>,
}

enum Node {
    File(Oid),
    /// A file that stands here in place of the index's own.
    Text(Vec<u8>),
    Folder(Vec<Entry>),
    Symlink(Oid),
}

impl Node {
    fn kind(&self) -> Kind {
        match self {
            Node::File(_) | Node::Text(_) => Kind::File,
            Node::Folder(_) => Kind::Folder,
            Node::Symlink(_) => Kind::Symlink,
        }
    }
}

impl<'r> GitDisk<'r> {
    /// What `entries` of an index hold below `folder`, which is `""` or ends in `/`. A file that is only announced
    /// (`git add --intent-to-add`) is not there yet. A submodule is a folder in which nothing lies, for what it holds lies
    /// in another database. A name that is not UTF-8 is listed, and leads to nothing.
    pub fn new(database: Odb<'r>, entries: impl IntoIterator<Item = IndexEntry>, folder: &str) -> Self {
        let nodes = HashMap::from([(String::new(), Node::Folder(Vec::new()))]);
        let mut disk = Self { database, nodes, lacks_files: Cell::new(false) };
        for entry in entries {
            let Some(path) = entry.path.strip_prefix(folder.as_bytes()) else { continue };
            if entry.flags_extended & IndexEntryExtendedFlag::INTENT_TO_ADD.bits() != 0 {
                continue;
            }
            let node = match entry.mode & 0o170_000 {
                0o120_000 => Node::Symlink(entry.id),
                0o160_000 => Node::Folder(Vec::new()),
                _ => Node::File(entry.id),
            };
            match str::from_utf8(path) {
                Ok(path) => disk.put(path, node),
                Err(_) => disk.list_in_folder(&String::from_utf8_lossy(path), node.kind()),
            }
        }
        disk
    }

    /// Puts `bytes` in the place of the file `path`, or takes it away.
    pub fn replace_file(&mut self, path: &str, bytes: Option<Vec<u8>>) {
        if self.nodes.remove(path).is_some() {
            let (folder, name) = split(path);
            if let Some(Node::Folder(entries)) = self.nodes.get_mut(folder) {
                entries.retain(|entry| entry.name != name);
            }
        }
        if let Some(bytes) = bytes {
            self.put(path, Node::Text(bytes));
        }
    }

    fn put(&mut self, path: &str, node: Node) {
        self.list_in_folder(path, node.kind());
        self.nodes.insert(path.to_owned(), node);
    }

    /// Lists `path` in its folder, and each new folder above in its own.
    fn list_in_folder(&mut self, path: &str, kind: Kind) {
        let (mut path, mut kind) = (path, kind);
        loop {
            let (folder, name) = split(path);
            let entry = Entry { name: name.to_owned(), kind };
            if let Some(Node::Folder(entries)) = self.nodes.get_mut(folder) {
                entries.push(entry);
                return;
            }
            self.nodes.insert(folder.to_owned(), Node::Folder(vec![entry]));
            (path, kind) = (folder, Kind::Folder);
        }
    }

    /// The paths of its files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let is_file = |node: &Node| matches!(node, Node::File(_) | Node::Text(_));
        self.nodes.iter().filter(move |(_, node)| is_file(node)).map(|(path, _)| path.as_str())
    }

    /// Whether a file was to be read whose text git's database does not have, as in a clone with `--filter`.
    pub fn lacks_files(&self) -> bool {
        self.lacks_files.get()
    }

    fn blob(&self, id: Oid) -> io::Result<Vec<u8>> {
        let object = self.database.read(id).map_err(|error| {
            self.lacks_files.set(self.lacks_files.get() || error.code() == ErrorCode::NotFound);
            io::Error::other(error.message().to_owned())
        })?;
        Ok(object.data().to_vec())
    }

    /// Where `path` leads when every symlink on the way is followed; `None` if that is nothing, or outside.
    fn resolve(&self, path: &Utf8Path) -> io::Result<Option<String>> {
        let mut open: Vec<String> = path.as_str().split('/').rev().map(str::to_owned).collect();
        let (mut whole, mut hops) = (String::new(), 0);
        while let Some(part) = open.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." if whole.is_empty() => return Ok(None),
                ".." => whole.truncate(split(&whole).0.len()),
                name => {
                    let next = if whole.is_empty() { name.to_owned() } else { format!("{whole}/{name}") };
                    match self.nodes.get(&next) {
                        Some(Node::Symlink(id)) => {
                            hops += 1;
                            let target = String::from_utf8(self.blob(*id)?).unwrap_or_default();
                            if hops > HOPS || target.is_empty() || target.starts_with('/') {
                                return Ok(None);
                            }
                            open.extend(target.split('/').rev().map(str::to_owned));
                        }
                        Some(Node::Folder(_)) => whole = next,
                        Some(Node::File(_) | Node::Text(_)) if open.is_empty() => whole = next,
                        Some(_) | None => return Ok(None),
                    }
                }
            }
        }
        Ok(Some(whole))
    }

    /// What stands at `path` when the way there leads over no node of its own.
    fn beside(&self, path: &Utf8Path) -> io::Result<Found> {
        let mut above: Vec<&Utf8Path> = path.ancestors().skip(1).filter(|above| *above != "").collect();
        above.reverse();
        for above in above {
            match self.nodes.get(above.as_str()) {
                Some(Node::Folder(_)) => {}
                Some(Node::File(_) | Node::Text(_)) => {
                    return Ok(Found::Obstacle(Obstacle::FileAbove(above.to_owned())));
                }
                Some(Node::Symlink(_)) => {
                    return match self.resolve(above)? {
                        Some(folder) => {
                            let below = path.strip_prefix(above).unwrap_or(path);
                            self.read(&Utf8PathBuf::from(folder).join(below))
                        }
                        None => Ok(Found::Obstacle(Obstacle::SymlinkAbove(above.to_owned()))),
                    };
                }
                None => break,
            }
        }
        Ok(Found::Absent)
    }
}

/// The folder and the name in it.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn refused<T>() -> io::Result<T> {
    Err(ErrorKind::ReadOnlyFilesystem.into())
}

impl Disk for GitDisk<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Found> {
        let bytes = match self.nodes.get(path.as_str()) {
            None => return self.beside(path),
            Some(Node::Text(bytes)) => bytes.clone(),
            Some(Node::File(id)) => self.blob(*id)?,
            Some(Node::Folder(_)) => {
                return Ok(Found::Obstacle(Obstacle::Folder { holds: Vec::new(), empty: Vec::new() }));
            }
            Some(Node::Symlink(_)) => return Ok(Found::Obstacle(Obstacle::Symlink)),
        };
        Ok(match u64::try_from(bytes.len()) {
            Ok(size) if size <= LARGEST => Found::File(bytes),
            _ => Found::Obstacle(Obstacle::TooLarge(LARGEST >> 20)),
        })
    }

    fn folder(&self, path: &Utf8Path) -> io::Result<Folder> {
        Ok(match self.resolve(path)?.and_then(|path| self.nodes.get(&path)) {
            Some(Node::Folder(_)) => Folder::ReadOnly,
            Some(_) => Folder::Obstacle(Obstacle::FileAbove(path.to_owned())),
            None => Folder::Missing,
        })
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>> {
        match self.nodes.get(path.as_str()) {
            Some(Node::Folder(entries)) => {
                let mut entries = entries.clone();
                entries.sort();
                Ok(entries)
            }
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn follow(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        Ok(self.resolve(path)?.map(Utf8PathBuf::from))
    }

    fn is_tracked(&self, path: &Utf8Path) -> bool {
        self.nodes.contains_key(path.as_str())
    }

    fn create_folder(&self, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn write_new(&self, _: &Utf8Path, _: &[u8], _: Option<&Utf8Path>) -> io::Result<()> {
        refused()
    }

    fn allow_running(&self, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn sync(&self, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn replace(&self, _: &Utf8Path, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn rename_new(&self, _: &Utf8Path, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn remove_file(&self, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    fn remove_folder(&self, _: &Utf8Path) -> io::Result<()> {
        refused()
    }

    /// Nobody can change what it holds.
    fn lock(&self, _: Share, _: &mut dyn FnMut(LockNews)) -> io::Result<RunLock> {
        Ok(RunLock(None))
    }
}
