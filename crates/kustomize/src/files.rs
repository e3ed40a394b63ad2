//! The files that kustomizations are built from: a view of a repository by path, which never touches a disk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{FileId, Sources, Spanned};
use syntax::yaml::Document;

use crate::patch::Inline;

/// Patches by their text and whether it is trimmed.
type Inlines = HashMap<(Spanned<String>, bool), Rc<Inline>>;

/// The files of a repository, by their path relative to its root, with `/`.
#[derive(Clone, Debug)]
pub struct Files<'a> {
    sources: &'a Sources,
    /// By the text of the path: comparing paths part by part takes many times as long.
    files: BTreeMap<String, Known<'a>>,
    folders: BTreeSet<String>,
    /// The folders of which nobody knows what lies in them.
    closed: BTreeSet<String>,
    /// The symlinks, which are no part of a source.
    links: BTreeSet<String>,
    /// The paths of the files that are not in the source: to a kustomization they are not there.
    left_out: Option<&'a BTreeSet<String>>,
    /// The patches that were read so far.
    pub(crate) inline: RefCell<Inlines>,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    /// YAML that was read already.
    Yaml(FileId, &'a [Document]),
    /// A text that was not read yet.
    Text(FileId),
    /// A text that is not what its name says, which was told already.
    Broken(FileId),
    /// That it is there.
    Opaque,
}

impl<'a> Files<'a> {
    /// No file yet; their texts are among `sources`.
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            files: BTreeMap::new(),
            folders: BTreeSet::from([String::new()]),
            closed: BTreeSet::new(),
            links: BTreeSet::new(),
            left_out: None,
            inline: RefCell::default(),
        }
    }

    /// Has the files at these paths, which are added or will be, be no part of the source: a `.sourceignore` says so.
    pub fn leave_out(&mut self, paths: &'a BTreeSet<String>) {
        self.left_out = Some(paths);
    }

    /// Adds the YAML file `id`, in which `documents` stand.
    pub fn add_yaml(&mut self, id: FileId, documents: &'a [Document]) {
        self.add(self.path_of(id), Known::Yaml(id, documents));
    }

    /// Adds the file `id`, which is read where a kustomization names it.
    pub fn add_text(&mut self, id: FileId) {
        self.add(self.path_of(id), Known::Text(id));
    }

    /// Adds the file `id`, which cannot be read as what it is; its faults are not told again.
    pub fn add_broken(&mut self, id: FileId) {
        self.add(self.path_of(id), Known::Broken(id));
    }

    /// Adds a file that exists, and whose content is not text or was not read: what is made of it stays unknown.
    pub fn add_opaque(&mut self, path: impl Into<Utf8PathBuf>) {
        self.add(path.into(), Known::Opaque);
    }

    /// Adds a folder of which nobody knows what lies in it, such as a submodule: whatever is named in it may be there.
    pub fn add_closed(&mut self, folder: &str) {
        self.list_folders(folder);
        self.folders.insert(folder.to_owned());
        self.closed.insert(folder.to_owned());
    }

    /// Adds a symlink, which Flux leaves out of the source, so that nothing is there.
    pub fn add_link(&mut self, path: &str) {
        self.links.insert(path.to_owned());
    }

    /// Whether `path` is a symlink, or leads over one.
    pub fn is_link(&self, path: &Utf8Path) -> bool {
        !self.links.is_empty() && path.ancestors().any(|around| self.links.contains(around.as_str()))
    }

    fn path_of(&self, id: FileId) -> Utf8PathBuf {
        Utf8PathBuf::from(&self.sources.get(id).path)
    }

    fn add(&mut self, path: Utf8PathBuf, known: Known<'a>) {
        if !self.leaves_out(path.as_str()) {
            self.list_folders(path.as_str());
        }
        self.files.insert(path.into_string(), known);
    }

    /// Notes the folders around `path`.
    fn list_folders(&mut self, path: &str) {
        let mut inner = path;
        while let Some((around, _)) = inner.rsplit_once('/') {
            if !self.folders.insert(around.to_owned()) {
                break;
            }
            inner = around;
        }
    }

    fn leaves_out(&self, path: &str) -> bool {
        self.left_out.is_some_and(|paths| paths.contains(path))
    }

    /// Whether the file at `path`, or all of the folder there, is in the repository and not in the source.
    pub fn is_left_out(&self, path: &Utf8Path) -> bool {
        let Some(paths) = self.left_out else { return false };
        let start = start_of(path);
        let is_folder = || paths.range(start.clone()..).next().is_some_and(|below| below.starts_with(&start));
        paths.contains(path.as_str()) || !self.is_folder(path) && is_folder()
    }

    /// The file at `path`.
    pub(crate) fn get(&self, path: &Utf8Path) -> Option<Known<'a>> {
        if self.is_closed(path) {
            return Some(Known::Opaque);
        }
        self.files.get(path.as_str()).copied().filter(|_| !self.leaves_out(path.as_str()))
    }

    /// Whether any file lies in `folder`, at any depth, or may lie there. The root is the empty path.
    pub fn is_folder(&self, folder: &Utf8Path) -> bool {
        self.folders.contains(folder.as_str()) || self.is_closed(folder)
    }

    /// Whether a file stands at `path`, or may stand there.
    pub fn is_file(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path.as_str()) && !self.leaves_out(path.as_str()) || self.is_closed(path)
    }

    /// Whether `path` is a folder of which nobody knows what lies in it, or leads into one.
    fn is_closed(&self, path: &Utf8Path) -> bool {
        !self.closed.is_empty() && path.ancestors().any(|around| self.closed.contains(around.as_str()))
    }

    /// Whether there is something in `folder`, at any depth, that nobody knows.
    pub(crate) fn is_partly_closed(&self, folder: &Utf8Path) -> bool {
        self.closed.iter().any(|closed| Utf8Path::new(closed).starts_with(folder))
    }

    /// The YAML files, with the documents in each, in order of their paths; also those that are left out of the source.
    pub fn yaml(&self) -> impl Iterator<Item = (&Utf8Path, &'a [Document])> {
        self.files.iter().filter_map(|(path, known)| match known {
            Known::Yaml(_, documents) => Some((Utf8Path::new(path), *documents)),
            _ => None,
        })
    }

    /// The documents of the YAML file at `path`.
    pub fn yaml_at(&self, path: &Utf8Path) -> Option<&'a [Document]> {
        match self.files.get(path.as_str())? {
            Known::Yaml(_, documents) => Some(documents),
            _ => None,
        }
    }

    /// The folders that lie in `folder` itself, from the root of the repository.
    pub fn folders_in(&self, folder: &Utf8Path) -> Vec<&Utf8Path> {
        let start = start_of(folder);
        let below = self.folders.range(start.clone()..).take_while(|path| path.starts_with(&start));
        let is_in = |path: &&Utf8Path| !path.as_str().is_empty() && path.parent() == Some(folder);
        below.map(Utf8Path::new).filter(is_in).collect()
    }

    /// The texts that all places point into.
    pub fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The text of the file `id`.
    pub(crate) fn text(&self, id: FileId) -> &'a str {
        &self.sources.get(id).text
    }

    /// What a file is called by itself, of all files and folders that lie in `folder`, in order.
    pub(crate) fn names_in(&self, folder: &Utf8Path) -> BTreeSet<&str> {
        let start = start_of(folder).len();
        self.texts_below(folder).filter_map(|path| path[start..].split('/').next()).collect()
    }

    /// The folders and files below `folder`, at any depth, in order; a folder comes before what lies in it.
    pub(crate) fn below(&self, folder: &Utf8Path) -> Vec<&Utf8Path> {
        let mut all: Vec<_> = self.texts_below(folder).map(Utf8Path::new).collect();
        all.sort_unstable();
        all
    }

    fn texts_below(&self, folder: &Utf8Path) -> impl Iterator<Item = &str> {
        let start = start_of(folder);
        let paths = self.files.range(start.clone()..).map(|(path, _)| path.as_str());
        paths.take_while(move |path| path.starts_with(&start)).filter(|path| !self.leaves_out(path))
    }
}

/// What the paths of everything in `folder` start with.
fn start_of(folder: &Utf8Path) -> String {
    if folder.as_str().is_empty() { String::new() } else { format!("{folder}/") }
}
