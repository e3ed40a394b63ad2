//! The files of a repository, read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, FileId, Sources, Span};
use resolve_tofu::Ignored;
use syntax::{hcl, yaml};
use tree::Origin;

use crate::threads::side_by_side;
use crate::{Kind, comments};

/// Folders whose files are for tests or to show something.
const SHOWN: [&str; 12] = [
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "fixtures",
    "samples",
    "test",
    "testdata",
    "tests",
    "testing",
    "tutorials",
];

/// So many files are read before another thread has started.
const FEW: usize = 32;

/// A file that was read from the disk, before anything is known of it but its place.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its path relative to the root, with `/`.
    pub path: Utf8PathBuf,
    /// Its text among the sources; empty for a kind that is not read.
    pub id: FileId,
    /// What it is.
    pub kind: Kind,
    /// Who wrote it.
    pub origin: Origin,
}

/// A file that rules look at.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path relative to the root, with `/`.
    pub path: Utf8PathBuf,
    /// Its text among the sources.
    pub id: FileId,
    /// What it is.
    pub kind: Kind,
    /// Who wrote it.
    pub origin: Origin,
    /// What stands in it.
    pub content: Content,
    /// The comments that speak to labtree.
    pub(crate) comments: Vec<Span>,
}

/// What stands in a file.
#[derive(Clone, Debug)]
pub enum Content {
    /// YAML documents, none for a text of blanks and comments.
    Yaml(Vec<yaml::Document>),
    /// OpenTofu's language, as far as it could be read.
    Hcl(hcl::Parsed),
    /// A text that is not what its name says, and why.
    Broken(Vec<Diagnostic>),
    /// A text that no rule walks.
    Text,
}

impl File {
    /// A place at the very start, for what is to be said of the file as a whole.
    pub fn start(&self) -> Span {
        Span::new(self.id, 0..0)
    }

    /// Whether it is for tests, or to show something: nothing runs on what stands in it.
    pub(crate) fn is_shown(&self) -> bool {
        let has_word = |name: &str| ["example", "sample", "template", "tmpl"].iter().any(|word| name.contains(word));
        self.path.file_name().is_some_and(has_word) || self.path.iter().any(|part| SHOWN.contains(&part))
    }

    /// What keeps it, or a part of it, from being read.
    pub fn faults(&self) -> &[Diagnostic] {
        match &self.content {
            Content::Broken(faults) => faults,
            Content::Hcl(parsed) => &parsed.found,
            Content::Yaml(_) | Content::Text => &[],
        }
    }

    /// The YAML documents in it; none if it is no YAML.
    pub fn yaml(&self) -> &[yaml::Document] {
        match &self.content {
            Content::Yaml(documents) => documents,
            _ => &[],
        }
    }
}

/// The files of a repository by their paths, in order of the texts of those.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// By the text of the path: comparing paths part by part takes many times as long.
    files: BTreeMap<String, File>,
    by_id: HashMap<FileId, String>,
    /// The texts of all paths, also of what no rule reads.
    pub names: BTreeSet<String>,
    /// Those that a `.sourceignore` keeps out of the source that Flux fetches.
    pub left_out: BTreeSet<String>,
    /// The folders of which nobody knows what lies in them: whatever is named in one may be there.
    pub closed: BTreeSet<String>,
    /// What git ignores.
    pub ignored: Ignored,
    /// Symlinks, with where they lead if that is inside of the root.
    pub links: BTreeMap<Utf8PathBuf, Option<Utf8PathBuf>>,
}

impl Files {
    /// Reads the texts of `written`. `names` are all paths of the repository.
    pub fn read(sources: &Sources, written: impl IntoIterator<Item = Written>, names: BTreeSet<String>) -> Self {
        let written: Vec<Written> = written.into_iter().collect();
        let files = side_by_side(&written, FEW, |written| file(sources, written.clone()));
        let files: BTreeMap<_, _> = files.into_iter().map(|file| (file.path.to_string(), file)).collect();
        let by_id = files.iter().map(|(path, file)| (file.id, path.clone())).collect();
        Self { files, by_id, names, ..Self::default() }
    }

    /// Adds the text of one more file.
    pub fn add(&mut self, sources: &Sources, written: Written) {
        let path = written.path.to_string();
        self.by_id.insert(written.id, path.clone());
        self.files.insert(path, file(sources, written));
    }

    /// The file at `path`, if rules look at it.
    pub fn get(&self, path: impl AsRef<Utf8Path>) -> Option<&File> {
        self.files.get(path.as_ref().as_str())
    }

    /// The file whose text is the source `id`.
    pub fn by_id(&self, id: FileId) -> Option<&File> {
        self.files.get(self.by_id.get(&id)?)
    }

    /// Whether nobody knows what stands at `path`.
    pub fn is_closed(&self, path: impl AsRef<Utf8Path>) -> bool {
        path.as_ref().ancestors().any(|around| self.closed.contains(around.as_str()))
    }

    /// The paths that symlinks lead to files by, each with the path of the file, where that is known.
    pub(crate) fn linked(&self) -> Vec<(String, Option<&str>)> {
        let mut linked = Vec::new();
        for (link, target) in &self.links {
            let Some(target) = target.as_deref().filter(|target| !self.is_closed(target)) else {
                linked.push((link.to_string(), None));
                continue;
            };
            if let Some(file) = self.names.get(target.as_str()) {
                linked.push((link.to_string(), Some(file.as_str())));
            } else if !link.starts_with(target) {
                let start = format!("{target}/");
                let below = self.names.range(start.clone()..).take_while(|path| path.starts_with(&start));
                linked.extend(below.map(|file| (format!("{link}/{}", &file[start.len()..]), Some(file.as_str()))));
            }
        }
        linked
    }

    /// All of them in order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &File> {
        self.files.values()
    }

    /// Those of one kind, in order of their paths.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &File> {
        self.iter().filter(move |file| file.kind == kind)
    }
}

fn file(sources: &Sources, written: Written) -> File {
    let Written { path, id, kind, origin } = written;
    let text = &sources.get(id).text;
    let content = match kind {
        Kind::Yaml | Kind::Inventory => match yaml::parse_all(id, text) {
            Ok(documents) => Content::Yaml(documents),
            Err(_) if is_template(text) => Content::Text,
            Err(fault) => Content::Broken(vec![fault]),
        },
        Kind::Tofu | Kind::TofuTest | Kind::Tfvars | Kind::Tfbackend | Kind::ProviderLock => {
            Content::Hcl(hcl::parse(id, text))
        }
        _ => Content::Text,
    };
    let comments = comments::to_labtree(kind, &content, id, text);
    File { path, id, kind, origin, content, comments }
}

/// Whether a text is a template of another tool: a line, or a value, begins with `{{` or `{%`. Only asked of what is no
/// YAML.
fn is_template(text: &str) -> bool {
    let begins = |text: &str| ["{{", "{%"].iter().any(|open| text.trim_start().starts_with(open));
    let value = |line: &str| [": ", "- "].iter().any(|before| line.split(before).skip(1).any(begins));
    text.lines().any(|line| begins(line) || value(line))
}
