//! All module folders of a repository, which calls which, and which of them are roots.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Span};
use syntax::hcl::{Expression, Kind};

use crate::config::{self, Module, ModuleCall};
use crate::files::{Closed, Files, join};

/// The module folders of a repository.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    by_folder: BTreeMap<String, Module>,
    /// The folders that hold configuration whose text was not read.
    opaque: BTreeSet<String>,
    closed: Closed,
}

/// Where the `source` of a module call leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// To this folder of the repository.
    Local(String),
    /// To a folder that is not in the repository, or holds no configuration; how it would be called.
    Missing(String),
    /// To a registry, a git repository or anything else that is not here or was not read: what it declares is unknown.
    Remote(String),
    /// It is not written out, or is not an address.
    Unknown,
}

impl Modules {
    /// Reads every folder that holds configuration, but those below a folder whose name begins with a dot, such as
    /// OpenTofu's own `.terraform`. Faults in the files are pushed to `found`.
    pub fn load(files: &Files<'_>, found: &mut Vec<Diagnostic>) -> Self {
        let by_folder = files
            .folders()
            .into_iter()
            .filter(|folder| !folder.split('/').any(|part| part.starts_with('.')))
            .filter(|folder| config::is_config_folder(files, folder))
            .map(|folder| (folder.to_owned(), config::load(files, folder, found)))
            .collect();
        Self { by_folder, opaque: files.opaque_folders(config::is_config_file), closed: files.closed().clone() }
    }

    /// The module in `folder`.
    pub fn get(&self, folder: &str) -> Option<&Module> {
        self.by_folder.get(folder)
    }

    /// Whether all of the configuration in `folder` was read.
    pub fn is_whole(&self, folder: &str) -> bool {
        !self.opaque.contains(folder)
    }

    /// All modules in order of their folders.
    pub fn iter(&self) -> impl Iterator<Item = &Module> {
        self.by_folder.values()
    }

    /// Where `call`, which stands in the module of `folder`, leads, as far as `source` is written out.
    pub fn source(&self, folder: &str, call: &ModuleCall) -> Source {
        match call.source.as_ref().map(|source| &source.kind) {
            Some(Kind::Text(text)) => self.source_of(folder, text),
            _ => Source::Unknown,
        }
    }

    /// Where `text`, as the source of a call in `folder`, leads.
    pub(crate) fn source_of(&self, folder: &str, text: &str) -> Source {
        let is_local =
            |prefix: &str| text.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !is_local(".") && !is_local("..") {
            return Source::Remote(text.to_owned());
        }
        match join(folder, text) {
            Some(path) if self.by_folder.contains_key(&path) => Source::Local(path),
            Some(path) if self.opaque.contains(&path) || self.closed.leads_into(&path) => {
                Source::Remote(text.to_owned())
            }
            Some(path) => Source::Missing(path),
            None => Source::Missing(text.to_owned()),
        }
    }

    /// The folders that OpenTofu is run in: no other module calls them, and they have a backend, a provider
    /// configuration or a lock file.
    pub fn roots(&self, files: &Files<'_>) -> Vec<&str> {
        let called: BTreeSet<String> = self
            .iter()
            .flat_map(|module| module.calls.values().map(move |call| self.source(&module.folder, call)))
            .filter_map(|source| match source {
                Source::Local(folder) => Some(folder),
                _ => None,
            })
            .collect();
        self.iter()
            .filter(|module| !called.contains(&module.folder))
            .filter(|module| {
                let lock = ".terraform.lock.hcl";
                let lock = if module.folder.is_empty() { lock.to_owned() } else { format!("{}/{lock}", module.folder) };
                module.backend.is_some()
                    || module.cloud.is_some()
                    || !module.providers.is_empty()
                    || files.exists(&lock)
            })
            .map(|module| module.folder.as_str())
            .collect()
    }

    /// Whether any module of the repository calls `folder`.
    pub fn is_called(&self, folder: &str) -> bool {
        self.iter().any(|module| {
            module.calls.values().any(|call| self.source(&module.folder, call) == Source::Local(folder.to_owned()))
        })
    }

    /// Reports module calls that lead nowhere, and modules that call themselves, directly or through others.
    pub fn check_sources(&self, found: &mut Vec<Diagnostic>) {
        for module in self.iter() {
            for call in module.calls.values() {
                let Some(source) = &call.source else { continue };
                match self.source(&module.folder, call) {
                    Source::Missing(path) => found.push(
                        Diagnostic::error(
                            "missing-module",
                            source.span,
                            format!(
                                "`module.{}` is called from `{path}`, which holds no configuration",
                                call.name.value
                            ),
                        )
                        .help("write the path of a folder with `.tf` files, relative to this one"),
                    ),
                    Source::Remote(text) if is_bare_path(&text) => found.push(
                        Diagnostic::error(
                            "invalid-module-source",
                            source.span,
                            format!("`{text}` is neither a path nor an address of a module"),
                        )
                        .help(format!("a path begins with a dot: `./{text}`")),
                    ),
                    _ => {}
                }
            }
        }
        self.check_cycles(found);
    }

    fn check_cycles(&self, found: &mut Vec<Diagnostic>) {
        // Depth first over an explicit stack; a folder on the path that is met again closes a circle.
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for start in self.by_folder.keys() {
            let mut path: Vec<(&str, Vec<(&str, Span)>)> = vec![(start, self.calls_of(start))];
            if done.contains(start.as_str()) {
                continue;
            }
            while let Some((folder, next)) = path.last_mut() {
                let folder = *folder;
                let Some((callee, span)) = next.pop() else {
                    done.insert(folder);
                    path.pop();
                    continue;
                };
                if let Some(at) = path.iter().position(|(on_path, _)| *on_path == callee) {
                    let circle: Vec<String> = path[at..]
                        .iter()
                        .map(|(folder, _)| *folder)
                        .chain([callee])
                        .map(|f| format!("`{f}`"))
                        .collect();
                    let message = format!("the module calls itself: {}", circle.join(" → "));
                    found.push(Diagnostic::error("module-cycle", span, message));
                } else if !done.contains(callee) {
                    path.push((callee, self.calls_of(callee)));
                }
            }
        }
    }

    fn calls_of(&self, folder: &str) -> Vec<(&str, Span)> {
        let Some(module) = self.get(folder) else { return Vec::new() };
        module
            .calls
            .values()
            .filter_map(|call| match self.source(folder, call) {
                Source::Local(callee) => {
                    let (callee, _) = self.by_folder.get_key_value(&callee)?;
                    Some((callee.as_str(), call.source.as_ref().map_or(call.header, |source: &Expression| source.span)))
                }
                _ => None,
            })
            .collect()
    }
}

/// Whether OpenTofu can make nothing of a source: words with slashes that are not the three or four of a registry,
/// and nothing that an address has.
fn is_bare_path(text: &str) -> bool {
    let (package, _) = text.split_once("//").unwrap_or((text, ""));
    let parts = package.split('/').count();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    !package.starts_with('/') && package.chars().all(plain) && !(3..=4).contains(&parts)
}
