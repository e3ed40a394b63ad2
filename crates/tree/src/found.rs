//! What stands on the disk where a rendered file stands or should stand.

use std::collections::BTreeMap;
use std::fmt;

use camino::Utf8PathBuf;

/// What stands at each path that [`plan`](crate::plan) asks about. A path that is not in it counts as absent.
pub type OnDisk = BTreeMap<Utf8PathBuf, Found>;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A file with these bytes, UTF-8 or not.
    File(Vec<u8>),
    /// Something that is no file, or cannot be seen.
    Obstacle(Obstacle),
}

/// What keeps a file from standing at a path. As text it continues "`path` …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A folder, with what lies in it at any depth; paths are relative to the root. A reader may stop behind the
    /// first thing that no run of labtree can have put there.
    Folder {
        /// What lies in it and is no folder.
        holds: Vec<Utf8PathBuf>,
        /// The folders in it, or itself, in which nothing lies.
        empty: Vec<Utf8PathBuf>,
    },
    /// A symlink, wherever it leads.
    Symlink,
    /// A pipe, a socket or a device.
    Special,
    /// A file that cannot be read, and the reason.
    Unreadable(String),
    /// A file of more than this many MiB, which is not read.
    TooLarge(u64),
    /// A file stands where one of the folders above should be.
    FileAbove(Utf8PathBuf),
    /// One of the folders above is a symlink that leads out of the root, or to nothing.
    SymlinkAbove(Utf8PathBuf),
    /// The folder it lies in may not be written.
    ReadOnly(Utf8PathBuf),
    /// No rendered file may have this path, and why.
    BadPath(&'static str),
    /// Two rendered files are in each other's way: the other one is wanted where a folder is needed.
    WantedAbove(Utf8PathBuf),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Folder { .. } => write!(f, "is a folder"),
            Obstacle::Symlink => write!(f, "is a symlink"),
            Obstacle::Special => write!(f, "is neither a file nor a folder"),
            Obstacle::TooLarge(limit) => write!(f, "is larger than {limit} MiB"),
            Obstacle::Unreadable(reason) => write!(f, "cannot be read: {reason}"),
            Obstacle::FileAbove(file) => write!(f, "cannot stand there: `{file}` is a file, not a folder"),
            Obstacle::SymlinkAbove(link) => {
                write!(f, "cannot stand there: `{link}` is a symlink that leads out of the root or to nothing")
            }
            Obstacle::ReadOnly(folder) if folder == "" => write!(f, "cannot be changed: the root may not be written"),
            Obstacle::ReadOnly(folder) => write!(f, "cannot be changed: the folder `{folder}` may not be written"),
            Obstacle::BadPath(fault) => write!(f, "cannot be rendered: its path {fault}"),
            Obstacle::WantedAbove(file) => {
                write!(f, "cannot be rendered: `{file}` is rendered as a file, and is needed as a folder")
            }
        }
    }
}

impl Obstacle {
    /// What a person does about it.
    pub fn help(&self) -> String {
        match self {
            Obstacle::Folder { .. } | Obstacle::Symlink | Obstacle::Special | Obstacle::TooLarge(_) => {
                "move it away, so that the rendered file can stand there".to_owned()
            }
            Obstacle::Unreadable(_) => "make it readable, or move it away".to_owned(),
            Obstacle::FileAbove(path) | Obstacle::SymlinkAbove(path) => {
                format!("move `{path}` away, so that a folder can stand there")
            }
            Obstacle::ReadOnly(folder) if folder == "" => "make the root writable for you: `chmod u+w .`".to_owned(),
            Obstacle::ReadOnly(folder) => format!("make the folder writable for you: `chmod u+w {folder}`"),
            Obstacle::BadPath(_) => "change the template's path, or the name that it is made from".to_owned(),
            Obstacle::WantedAbove(_) => "give one of the two another path".to_owned(),
        }
    }
}
