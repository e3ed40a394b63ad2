//! What a build keeps while it runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, FileId, Span, Spanned, did_you_mean};
use syntax::yaml::{self, Document};

use crate::files::{Files, Known};
use crate::openapi::OpenApi;
use crate::strategic::Refusal;
use crate::{MISSING_RESOURCE, OUTSIDE_KUSTOMIZATION, Options, path};

/// The state of a build.
pub(crate) struct Run<'a> {
    pub(crate) files: &'a Files<'a>,
    pub(crate) options: Options,
    pub(crate) found: Vec<Diagnostic>,
    /// The paths of the files that are taken in.
    pub(crate) used: BTreeSet<String>,
    /// The targets of patches that select an object, or may do so.
    pub(crate) patched: BTreeSet<Span>,
    /// Whether something unknown, or something that was refused, belongs to what is built.
    pub(crate) is_open: bool,
    pub(crate) api: Arc<OpenApi>,
    pub(crate) has_own_api: bool,
    /// The folders of the kustomizations that are being built, the outermost first.
    pub(crate) stack: Vec<Utf8PathBuf>,
    /// What `buildMetadata` of the outermost kustomization asks for.
    pub(crate) build_metadata: Vec<String>,
}

/// A file that a kustomization names.
pub(crate) enum Found<'a> {
    /// Its documents.
    Yaml(FileId, Documents<'a>),
    /// It is there, or somewhere else, and nothing more is known.
    Unknown,
}

/// The documents of a file: those that were read before, or just now.
pub(crate) enum Documents<'a> {
    Known(&'a [Document]),
    Read(Vec<Document>),
}

impl std::ops::Deref for Documents<'_> {
    type Target = [Document];

    fn deref(&self) -> &[Document] {
        match self {
            Self::Known(documents) => documents,
            Self::Read(documents) => documents,
        }
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(files: &'a Files<'a>, options: &Options) -> Self {
        Self {
            files,
            options: options.clone(),
            found: Vec::new(),
            used: BTreeSet::new(),
            patched: BTreeSet::new(),
            is_open: false,
            api: OpenApi::kubernetes(),
            has_own_api: false,
            stack: Vec::new(),
            build_metadata: Vec::new(),
        }
    }

    /// Notes that the file at `path` is taken in.
    pub(crate) fn uses(&mut self, path: &Utf8Path) {
        if !self.used.contains(path.as_str()) {
            self.used.insert(path.to_string());
        }
    }

    /// Tells `refusal` under `rule`.
    pub(crate) fn refuse(&mut self, rule: &'static str, refusal: Refusal) {
        self.found.push(Diagnostic::error(rule, refusal.span, refusal.message));
    }

    /// The documents of the text `id`; `None` if it is no YAML, which is told.
    pub(crate) fn parse(&mut self, id: FileId) -> Option<Vec<Document>> {
        yaml::parse_all(id, self.files.text(id)).map_err(|fault| self.found.push(fault)).ok()
    }

    /// The path of the file that `named` names from `folder`, if it is there; what is wrong with it is told.
    pub(crate) fn locate(&mut self, folder: &Utf8Path, named: &Spanned<String>) -> Option<Utf8PathBuf> {
        let path = path::join(folder, named).filter(|path| self.files.is_file(path) && !named.is_empty());
        let Some(path) = path else {
            self.missing(folder, named);
            return None;
        };
        self.uses(&path);
        if self.options.stay_inside && !path.starts_with(folder) {
            let message = format!("`{}` lies outside the folder of this kustomization", named.value);
            self.found.push(
                Diagnostic::error(OUTSIDE_KUSTOMIZATION, named.span, message)
                    .help("move it into the folder, or name a kustomization that lies beside it"),
            );
        }
        Some(path)
    }

    /// What stands in the file that `named` names from `folder`; `None` if it is missing or no YAML, which is told.
    pub(crate) fn yaml(&mut self, folder: &Utf8Path, named: &Spanned<String>) -> Option<Found<'a>> {
        if path::is_remote_file(named) {
            self.is_open = true;
            return Some(Found::Unknown);
        }
        let path = self.locate(folder, named)?;
        self.yaml_at(&path)
    }

    /// What stands in the file at `path`.
    pub(crate) fn yaml_at(&mut self, path: &Utf8Path) -> Option<Found<'a>> {
        self.uses(path);
        match self.files.get(path)? {
            Known::Yaml(id, documents) => Some(Found::Yaml(id, Documents::Known(documents))),
            Known::Text(id) => {
                let documents = self.parse(id);
                self.is_open |= documents.is_none();
                Some(Found::Yaml(id, Documents::Read(documents?)))
            }
            Known::Broken(_) | Known::Opaque => {
                self.is_open = true;
                Some(Found::Unknown)
            }
        }
    }

    /// Tells that nothing is where `named` points to.
    pub(crate) fn missing(&mut self, folder: &Utf8Path, named: &Spanned<String>) {
        self.is_open = true;
        let joined = path::join(folder, named);
        let near = joined.as_deref().and_then(|path| {
            let names = self.files.names_in(path.parent()?);
            let near = did_you_mean(path.file_name()?, names.iter().copied());
            (!near.is_empty()).then_some(near)
        });
        if joined.as_deref().is_some_and(|path| self.files.is_left_out(path)) {
            let message = format!("`{}` is left out of the source by `.sourceignore`", named.value);
            let fault = Diagnostic::error(MISSING_RESOURCE, named.span, message);
            self.found.push(fault.help("take it out of `.sourceignore`, or do not name it here"));
            return;
        }
        if joined.as_deref().is_some_and(|path| self.files.is_link(path)) {
            let message = format!("`{}` leads over a symlink, and Flux leaves those out of the source", named.value);
            let fault = Diagnostic::error(MISSING_RESOURCE, named.span, message);
            self.found.push(fault.help("name what it leads to, or put a file there"));
            return;
        }
        let message = match joined {
            _ if named.is_empty() => "an empty path names nothing".to_owned(),
            None => format!("`{}` leads out of the repository", named.value),
            Some(_) => format!("`{}` is not there{}", named.value, near.unwrap_or_default()),
        };
        self.found.push(Diagnostic::error(MISSING_RESOURCE, named.span, message));
    }
}
