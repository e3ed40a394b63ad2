//! The disk of this machine, below one folder.

use std::cell::RefCell;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{FileType, MetadataExt as _, OpenOptions, OpenOptionsExt as _, Permissions, PermissionsExt as _};
use cap_std::fs_utf8::Dir;
use rustix::fs::{Access, AtFlags};
use rustix::io::Errno;
use tree::{Found, Obstacle};

use super::error::reason;
use super::{Disk, Entry, Folder, Kind, LARGEST, LockNews, RunLock, Share};

/// A folder of this machine, as a capability: the kernel resolves every path below the open folder
/// (`openat2` with `RESOLVE_BENEATH` on Linux, step by step elsewhere), so a symlink that leaves it is an error.
#[derive(Debug)]
pub struct RealDisk {
    root: Dir,
    /// The root again, open for locking.
    handle: File,
    /// The folder that was written in last: writing goes folder by folder, and a name in an open folder costs the
    /// kernel no way through the tree.
    last: RefCell<Option<(Utf8PathBuf, Dir)>>,
}

impl RealDisk {
    /// The folder `root`, which may itself be a symlink.
    pub fn open(root: &Utf8Path) -> io::Result<Self> {
        let handle = File::open(if root == "" { Utf8Path::new(".") } else { root })?;
        if !handle.metadata()?.is_dir() {
            return Err(Errno::NOTDIR.into());
        }
        let root = Dir::from_std_file(handle.try_clone()?);
        Ok(Self { root, handle, last: RefCell::default() })
    }

    /// What `act` does with the open folder of `path` and the last name of `path`.
    fn in_folder<T>(&self, path: &Utf8Path, act: impl FnOnce(&Dir, &str) -> io::Result<T>) -> io::Result<T> {
        let name = path.file_name().ok_or(Errno::INVAL)?;
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        if folder == "" {
            return act(&self.root, name);
        }
        let mut last = self.last.borrow_mut();
        let dir = match last.take() {
            Some((open, dir)) if open == folder => dir,
            _ => self.root.open_dir(folder)?,
        };
        let (_, dir) = last.insert((folder.to_owned(), dir));
        act(dir, name)
    }

    /// What stands at `path`, seen step by step after opening it failed with `error`.
    fn obstacle(&self, path: &Utf8Path, error: io::Error) -> io::Result<Found> {
        let mut above: Vec<&Utf8Path> = path.ancestors().skip(1).filter(|above| *above != "").collect();
        above.reverse();
        for above in above {
            match self.folder(above)? {
                Folder::Missing => return Ok(Found::Absent),
                Folder::Obstacle(by) => return Ok(Found::Obstacle(by)),
                Folder::Writable | Folder::ReadOnly => {}
            }
        }
        let by = match self.root.symlink_metadata(path) {
            Ok(metadata) => match kind(metadata.file_type()) {
                Kind::Folder => Obstacle::Folder { holds: Vec::new(), empty: Vec::new() },
                Kind::Symlink => Obstacle::Symlink,
                Kind::Special => Obstacle::Special,
                Kind::File if is_forbidden(&error) => Obstacle::Unreadable(reason(&error)),
                Kind::File => return Err(error),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Absent),
            Err(error) if is_forbidden(&error) => Obstacle::Unreadable(reason(&error)),
            Err(error) => return Err(error),
        };
        Ok(Found::Obstacle(by))
    }
}

impl Disk for RealDisk {
    fn read(&self, path: &Utf8Path) -> io::Result<Found> {
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true); // so that opening a pipe does not wait
        let mut file = match self.root.open_with(path, &options) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Absent),
            Err(error) => return self.obstacle(path, error),
        };
        let metadata = file.metadata()?;
        let size = metadata.len();
        match kind(metadata.file_type()) {
            Kind::Folder => return Ok(Found::Obstacle(Obstacle::Folder { holds: Vec::new(), empty: Vec::new() })),
            Kind::Symlink => return Ok(Found::Obstacle(Obstacle::Symlink)),
            Kind::Special => return Ok(Found::Obstacle(Obstacle::Special)),
            Kind::File if size > LARGEST => return Ok(Found::Obstacle(Obstacle::TooLarge(LARGEST >> 20))),
            Kind::File => {}
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(Found::File(bytes))
    }

    fn folder(&self, path: &Utf8Path) -> io::Result<Folder> {
        if path == "" {
            return access(&self.root);
        }
        match self.root.symlink_metadata(path).map(|metadata| kind(metadata.file_type())) {
            Ok(Kind::Folder) => {}
            Ok(Kind::Symlink) => match self.root.metadata(path) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Ok(Folder::Obstacle(Obstacle::FileAbove(path.to_owned()))),
                Err(_) => return Ok(Folder::Obstacle(Obstacle::SymlinkAbove(path.to_owned()))),
            },
            Ok(Kind::File | Kind::Special) => return Ok(Folder::Obstacle(Obstacle::FileAbove(path.to_owned()))),
            Err(error) if is_forbidden(&error) => return Ok(Folder::ReadOnly),
            Err(error) => {
                let above = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
                    || leads_out(&error)
                    || Errno::from_io_error(&error) == Some(Errno::LOOP);
                return if above { Ok(Folder::Missing) } else { Err(error) };
            }
        }
        access(&self.root.open_dir(path)?)
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<Entry>> {
        let path = if path == "" { Utf8Path::new(".") } else { path };
        let entries = self.root.as_cap_std().read_dir(path.as_std_path())?;
        let mut found: Vec<Entry> = entries
            .map(|entry| {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                Ok(Entry { name, kind: kind(entry.file_type()?) })
            })
            .collect::<io::Result<_>>()?;
        found.sort();
        Ok(found)
    }

    fn follow(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        Ok(self.root.canonicalize(path).ok()) // to nothing, out of the root, in a circle: it leads nowhere
    }

    fn create_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.root.create_dir(path)
    }

    fn write_new(&self, path: &Utf8Path, bytes: &[u8], like: Option<&Utf8Path>) -> io::Result<()> {
        self.in_folder(path, |folder, name| {
            let like = like.and_then(|like| folder.symlink_metadata(like.file_name()?).ok());
            let mode = like.map(|metadata| metadata.mode() & 0o7777);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(mode.unwrap_or(0o666) & 0o777);
            let mut file = folder.open_with(name, &options)?;
            let written = file.write_all(bytes).and_then(|()| match mode {
                Some(mode) => file.set_permissions(Permissions::from_mode(mode)), // the umask may have cut it
                None => Ok(()),
            });
            if written.is_err() {
                let _ = folder.remove_file(name); // the first error is the one to tell
            }
            written
        })
    }

    fn allow_running(&self, path: &Utf8Path) -> io::Result<()> {
        self.in_folder(path, |folder, name| {
            let mode = folder.symlink_metadata(name)?.mode() & 0o777;
            folder.set_permissions(name, Permissions::from_mode(mode | (mode & 0o444) >> 2))
        })
    }

    fn sync(&self, path: &Utf8Path) -> io::Result<()> {
        match self.in_folder(path, |folder, name| folder.open(name)?.sync_data()) {
            Err(error) if knows_no(&error) => Ok(()), // then there is no way to be safer
            synced => synced,
        }
    }

    fn replace(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let to = to.file_name().ok_or(Errno::INVAL)?;
        self.in_folder(from, |folder, from| folder.rename(from, folder, to))
    }

    fn rename_new(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let to = to.file_name().ok_or(Errno::INVAL)?;
        self.in_folder(from, |folder, from| {
            #[cfg(any(target_os = "linux", target_vendor = "apple"))]
            match rustix::fs::renameat_with(folder, from, folder, to, rustix::fs::RenameFlags::NOREPLACE) {
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {} // some network file systems
                done => return Ok(done?),
            }
            match folder.symlink_metadata(to) {
                Ok(_) => Err(Errno::EXIST.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => folder.rename(from, folder, to),
                Err(error) => Err(error),
            }
        })
    }

    fn remove_file(&self, path: &Utf8Path) -> io::Result<()> {
        self.in_folder(path, |folder, name| folder.remove_file(name))
    }

    fn remove_folder(&self, path: &Utf8Path) -> io::Result<()> {
        self.last.take();
        self.root.remove_dir(path)
    }

    fn lock(&self, share: Share, news: &mut dyn FnMut(LockNews)) -> io::Result<RunLock> {
        self.last.take();
        let handle = &self.handle;
        let attempt = match share {
            Share::Alone => handle.try_lock(),
            Share::WithReaders => handle.try_lock_shared(),
        };
        let locked = match attempt {
            Ok(()) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                news(LockNews::Busy);
                match share {
                    Share::Alone => handle.lock(),
                    Share::WithReaders => handle.lock_shared(),
                }
            }
        };
        match locked {
            Ok(()) => Ok(RunLock(Some(handle.try_clone()?))),
            Err(error) if knows_no(&error) => {
                news(LockNews::Unsupported(error));
                Ok(RunLock(None))
            }
            Err(error) => Err(error),
        }
    }
}

fn kind(file_type: FileType) -> Kind {
    if file_type.is_file() {
        Kind::File
    } else if file_type.is_dir() {
        Kind::Folder
    } else if file_type.is_symlink() {
        Kind::Symlink
    } else {
        Kind::Special
    }
}

/// Whether entries can be made in `folder` and removed from it.
fn access(folder: &Dir) -> io::Result<Folder> {
    match rustix::fs::accessat(folder, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::empty()) {
        Ok(()) => Ok(Folder::Writable),
        Err(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Ok(Folder::ReadOnly),
        Err(error) => Err(error.into()),
    }
}

/// Whether the system forbids it; what leads out of the root has the same kind, but is no word of the system.
fn is_forbidden(error: &io::Error) -> bool {
    error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_some()
}

fn leads_out(error: &io::Error) -> bool {
    error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// Whether the file system lacks what was asked for. NFS locks only what is open for writing, which a folder never is.
fn knows_no(error: &io::Error) -> bool {
    error.kind() == ErrorKind::Unsupported
        || matches!(Errno::from_io_error(error), Some(Errno::BADF | Errno::NOLCK | Errno::INVAL | Errno::NOTSUP))
}
