//! The files that modules are read from: a view of a repository by path, which never touches a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use diagnostic::{FileId, Sources};
use syntax::hcl::Body;

/// The files of a repository, by their path relative to its root, with `/`.
#[derive(Clone, Debug)]
pub struct Files<'a> {
    sources: &'a Sources,
    texts: BTreeMap<String, FileId>,
    opaque: BTreeSet<String>,
    closed: Closed,
    ignored: Ignored,
    parsed: BTreeMap<FileId, &'a Body>,
}

/// Which paths git ignores: a file that is named there may lie where OpenTofu runs. Of itself it ignores none.
#[derive(Clone)]
pub struct Ignored(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl Ignored {
    /// Those that `ignores` answers `true` for: paths from the root of the repository, with `/`.
    pub fn by(ignores: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(ignores))
    }
}

impl Default for Ignored {
    fn default() -> Self {
        Self::by(|_| false)
    }
}

impl fmt::Debug for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ignored")
    }
}

impl<'a> Files<'a> {
    /// The files `ids` of `sources`; others of its texts are not part of the repository.
    pub fn new(sources: &'a Sources, ids: impl IntoIterator<Item = FileId>) -> Self {
        let texts = ids.into_iter().map(|id| (sources.get(id).path.clone(), id)).collect();
        let (opaque, closed, ignored, parsed) = Default::default();
        Self { sources, texts, opaque, closed, ignored, parsed }
    }

    /// Adds a file that exists, and whose content is not text or was not read: what is made of it stays unknown.
    pub fn add_opaque(&mut self, path: impl Into<String>) {
        self.opaque.insert(path.into());
    }

    /// Has the file `id` stand at `path` too, where a symlink leads to it.
    pub fn add_link(&mut self, path: impl Into<String>, id: FileId) {
        self.texts.insert(path.into(), id);
    }

    /// Adds a folder of which nobody knows what lies in it, such as a submodule: whatever is named in it may be there.
    pub fn add_closed(&mut self, folder: impl Into<String>) {
        self.closed.0.insert(folder.into());
    }

    /// Takes what git ignores as what may be there.
    pub fn set_ignored(&mut self, ignored: Ignored) {
        self.ignored = ignored;
    }

    /// Takes the file `id` as read already, `body` is what stands in it; its faults are not told again.
    pub fn add_parsed(&mut self, id: FileId, body: &'a Body) {
        self.parsed.insert(id, body);
    }

    /// What stands in the file `id`, if it was read already.
    pub(crate) fn parsed(&self, id: FileId) -> Option<&'a Body> {
        self.parsed.get(&id).copied()
    }

    /// The text at `path`.
    pub fn text(&self, path: &str) -> Option<(FileId, &'a str)> {
        let id = *self.texts.get(path)?;
        Some((id, &self.sources.get(id).text))
    }

    /// The text of the file `id`.
    pub(crate) fn text_of(&self, id: FileId) -> &'a str {
        &self.sources.get(id).text
    }

    /// Whether a file stands at `path`, or may stand there.
    pub fn exists(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.opaque.contains(path) || self.closed.leads_into(path)
    }

    /// Whether git ignores `path`.
    pub(crate) fn is_ignored(&self, path: &str) -> bool {
        (self.ignored.0)(path)
    }

    /// The folders of which nobody knows what lies in them.
    pub(crate) fn closed(&self) -> &Closed {
        &self.closed
    }

    /// Whether there is something in `folder`, at any depth, that nobody knows. The root is the empty path.
    pub(crate) fn is_partly_closed(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        self.closed.leads_into(folder)
            || self.closed.0.iter().any(|closed| folder.is_empty() || closed.starts_with(&prefix))
    }

    /// The folders that hold configuration whose text was not read, in order.
    pub(crate) fn opaque_folders(&self, is_configuration: impl Fn(&str) -> bool) -> BTreeSet<String> {
        let parts = self.opaque.iter().map(|path| path.rsplit_once('/').unwrap_or(("", path)));
        parts.filter(|(_, name)| is_configuration(name)).map(|(folder, _)| folder.to_owned()).collect()
    }

    /// Whether any file lies in `folder`, at any depth. The root is the empty path.
    pub fn is_folder(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }

    /// The paths relative to `folder` of all files in it, at any depth, in order.
    pub fn below<'b>(&'b self, folder: &str) -> impl Iterator<Item = &'b str> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut all: Vec<&str> = Vec::new();
        let texts = self.texts.range(prefix.clone()..).map(|(path, _)| path);
        all.extend(texts.take_while(|path| path.starts_with(&prefix)).map(|path| &path[prefix.len()..]));
        let opaque = self.opaque.range(prefix.clone()..);
        all.extend(opaque.take_while(|path| path.starts_with(&prefix)).map(|path| &path[prefix.len()..]));
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }

    /// The texts that lie in `folder` itself: their names, in order.
    pub(crate) fn texts_in(&self, folder: &str) -> Vec<(&str, FileId)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.texts
            .range(prefix.clone()..)
            .take_while(|(path, _)| path.starts_with(&prefix))
            .map(|(path, id)| (&path[prefix.len()..], *id))
            .filter(|(name, _)| !name.contains('/'))
            .collect()
    }

    /// Every folder that holds a text, in order.
    pub(crate) fn folders(&self) -> BTreeSet<&str> {
        self.texts.keys().map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect()
    }
}

/// Folders of which nobody knows what lies in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closed(BTreeSet<String>);

impl Closed {
    /// Whether `path` is one of them, or lies in one.
    pub(crate) fn leads_into(&self, path: &str) -> bool {
        let mut way = (!self.0.is_empty()).then_some(path);
        while let Some(folder) = way {
            if self.0.contains(folder) {
                return true;
            }
            way = folder.rsplit_once('/').map(|(around, _)| around);
        }
        false
    }
}

/// `path` as seen from `folder`, without `.` and `..`; `None` if it leads out of the root.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_as_the_disk_would() {
        let cases = [
            ("tofu/home", "./modules/ldap", Some("tofu/home/modules/ldap")),
            ("tofu/home", "../modules//ldap/", Some("tofu/modules/ldap")),
            ("", "policies/a.py", Some("policies/a.py")),
            ("tofu", "..", Some("")),
            ("tofu", "../../etc", None),
        ];
        for (folder, path, joined) in cases {
            assert_eq!(join(folder, path).as_deref(), joined, "{path} from {folder}");
        }
    }
}
