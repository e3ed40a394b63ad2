//! A file's text with where it came from.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{FileId, Span};

/// One file of a [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The whole text.
    pub text: String,
    /// Who wrote it.
    pub origin: Origin,
}

/// Who wrote a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person.
    Written,
    /// labtree, from a template.
    Rendered {
        /// The template's path under `templates/`: `flux/apps/base/__app__/kustomization.yaml.j2`.
        template: String,
        /// Which part follows from which place.
        map: SourceMap,
    },
}

/// Where each part of a rendered text came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Stretches of the rendered text (bytes, in order of their start) with the inventory place each follows
    /// from. A value that follows from several places has one entry for each, the one to edit first.
    pub values: Vec<(std::ops::Range<u32>, Span)>,
    /// For each line of the rendered text, the template line that produced its beginning.
    pub lines: Vec<TemplateLine>,
}

/// A line of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateLine {
    /// The template, as a source: an included part has its own.
    pub template: FileId,
    /// The line in it, from 1.
    pub line: u32,
}

/// Files by their path relative to the root, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<Utf8PathBuf, File>,
}

impl Tree {
    /// Puts `file` at `path`; the file that was there before is handed back.
    pub fn insert(&mut self, path: impl Into<Utf8PathBuf>, file: File) -> Option<File> {
        self.files.insert(path.into(), file)
    }

    /// Takes in all files of `other`; where both have a path, `other` wins.
    pub fn extend(&mut self, other: Tree) {
        self.files.extend(other.files);
    }

    /// Keeps the files that `keep` answers `true` for.
    pub fn retain(&mut self, mut keep: impl FnMut(&Utf8Path, &File) -> bool) {
        self.files.retain(|path, file| keep(path, file));
    }

    /// The file at `path`.
    pub fn get(&self, path: impl AsRef<Utf8Path>) -> Option<&File> {
        self.files.get(path.as_ref())
    }

    /// All files in order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Utf8Path, &File)> {
        self.files.iter().map(|(path, file)| (path.as_path(), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
