//! What to say when a plan cannot be carried out.

use std::fmt;

use camino::Utf8PathBuf;
use tree::Obstacle;

use super::Applied;
use crate::disk::DiskError;

/// Why a plan was not carried out.
#[derive(Debug)]
pub enum ApplyError {
    /// Files cannot stand where they should. Nothing was written.
    Blocked(Vec<(Utf8PathBuf, Obstacle)>),
    /// Something happened in the middle. Nothing is lost; the next run completes the tree.
    Stopped {
        /// What happened.
        cause: Cause,
        /// What was done before.
        applied: Applied,
        /// The files that are still as they were.
        left: Vec<Utf8PathBuf>,
    },
}

/// What keeps a file from being written or deleted.
#[derive(Debug)]
pub enum Cause {
    /// The disk refused.
    Disk(DiskError),
    /// Somebody else wrote or removed the file since it was read for the plan.
    Changed(Utf8PathBuf),
}

impl From<DiskError> for Cause {
    fn from(error: DiskError) -> Self {
        Cause::Disk(error)
    }
}

impl Cause {
    /// What a person does about it.
    pub fn help(&self) -> String {
        match self {
            Cause::Disk(error) => error.help(),
            Cause::Changed(_) => "look at what changed".to_owned(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Disk(error) => error.fmt(f),
            Cause::Changed(path) => write!(f, "`{path}` changed while labtree was at work"),
        }
    }
}

impl std::error::Error for Cause {}

impl ApplyError {
    /// What a person does about it.
    pub fn help(&self) -> String {
        match self {
            ApplyError::Blocked(places) => places.first().map(|(_, by)| by.help()).unwrap_or_default(),
            ApplyError::Stopped { cause, .. } => {
                format!("{}, then run `labtree generate` again: it completes the rest", cause.help())
            }
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApplyError::Blocked(places) => {
                for (path, by) in places {
                    write!(f, "`{path}` {by}; ")?;
                }
                write!(f, "nothing was written")
            }
            ApplyError::Stopped { cause, applied, left } => match (applied.files.len(), left.len()) {
                (0, _) => write!(f, "{cause}; no file was changed"),
                (done, left) => write!(f, "{cause}; {done} of {} files were changed", done + left),
            },
        }
    }
}

impl std::error::Error for ApplyError {}
