//! What to say when the disk refuses something.

use std::fmt;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

/// The disk refused something.
#[derive(Debug)]
pub struct DiskError {
    /// What was tried.
    pub doing: Doing,
    /// The place, relative to the root.
    pub path: Utf8PathBuf,
    /// What the system says.
    pub source: io::Error,
}

/// What is tried on the disk, as a word that follows "cannot".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading a file or a folder.
    Read,
    /// Writing a file.
    Write,
    /// Making a folder.
    CreateFolder,
    /// Removing a file.
    Remove,
    /// Removing a folder.
    RemoveFolder,
}

impl DiskError {
    /// For `map_err`: the error of doing `doing` at `path`.
    pub fn at(doing: Doing, path: &Utf8Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self { doing, path: path.to_owned(), source }
    }

    /// What a person does about it.
    pub fn help(&self) -> String {
        let path = &self.path;
        let folder = match path.parent() {
            None => ".",
            Some(folder) if folder == "" => ".",
            Some(folder) => folder.as_str(),
        };
        match self.source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space".to_owned(),
            ErrorKind::ReadOnlyFilesystem => "mount the file system writable".to_owned(),
            ErrorKind::PermissionDenied => match self.doing {
                Doing::Read => format!("make it readable for you: `chmod u+r {path}`"),
                _ => format!("make the folder writable for you: `chmod u+w {folder}`"),
            },
            ErrorKind::AlreadyExists | ErrorKind::IsADirectory => format!("move `{path}` away"),
            ErrorKind::NotADirectory => format!("look whether `{folder}` is a folder"),
            ErrorKind::NotFound => format!("look whether `{folder}` was moved or removed"),
            _ => "check the disk and its file system".to_owned(),
        }
    }
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doing = match self.doing {
            Doing::Read => "read",
            Doing::Write => "write",
            Doing::CreateFolder => "make the folder",
            Doing::Remove => "remove",
            Doing::RemoveFolder => "remove the folder",
        };
        write!(f, "cannot {doing} `{}`: {}", self.path, reason(&self.source))
    }
}

impl std::error::Error for DiskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// What the system says, as the end of a sentence: without the number, and in lower case.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_place_and_what_to_do() {
        let error = DiskError::at(Doing::Write, "flux/a.yaml".into())(io::Error::from_raw_os_error(28));
        assert_eq!(error.to_string(), "cannot write `flux/a.yaml`: no space left on device");
        assert_eq!(error.help(), "free some space");
        let error = DiskError::at(Doing::Remove, "a.yaml".into())(io::Error::from_raw_os_error(13));
        assert_eq!(error.to_string(), "cannot remove `a.yaml`: permission denied");
        assert_eq!(error.help(), "make the folder writable for you: `chmod u+w .`");
    }
}
