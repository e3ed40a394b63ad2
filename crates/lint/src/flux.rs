//! The clusters of a repository: what Flux will run in each.

pub(crate) mod app_template;
pub(crate) mod authentik;
pub(crate) mod chart;
pub(crate) mod host;
mod misfits;
pub(crate) mod pods;
pub(crate) mod references;
pub(crate) mod routes;
pub(crate) mod secrets;
mod setting;
pub(crate) mod vault;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use camino::Utf8PathBuf;
use diagnostic::{Diagnostic, Sources, Spanned};
use resolve_flux::{Cluster, clusters};
use schema::kubernetes::Imported;

use crate::{Content, File, Files};
pub(crate) use misfits::report;
use misfits::{Known, Refused};
use secrets::Secrets;

/// What Flux will run.
#[derive(Debug, Default)]
pub struct Flux {
    /// The clusters, in order of the folders that Flux begins at.
    pub clusters: Vec<Cluster>,
    /// The kinds that a person imported from a cluster.
    pub imported: Imported,
    known: OnceLock<Vec<Known>>,
    refused: OnceLock<Vec<Refused>>,
    secrets: OnceLock<Vec<Secrets>>,
    authentik: OnceLock<Vec<authentik::Place>>,
}

/// The files of a repository as kustomizations are built from them.
pub fn view<'a>(sources: &'a Sources, files: &'a Files) -> kustomize::Files<'a> {
    let mut view = kustomize::Files::new(sources);
    if !files.left_out.is_empty() && !have_own_rules(sources, files) {
        view.leave_out(&files.left_out);
    }
    for name in files.names.iter().filter(|name| files.get(name).is_none()) {
        view.add_opaque(name.clone());
    }
    files.closed.iter().for_each(|folder| view.add_closed(folder));
    files.links.keys().for_each(|link| view.add_link(link.as_str()));
    for file in files.iter() {
        match &file.content {
            Content::Yaml(documents) => view.add_yaml(file.id, documents),
            Content::Broken(_) => view.add_broken(file.id),
            Content::Hcl(_) | Content::Text if file.kind.is_read() => view.add_text(file.id),
            Content::Hcl(_) | Content::Text => view.add_opaque(file.path.clone()),
        }
    }
    view
}

/// Whether a source may say in its `ignore` what is left out of it, which goes before `.sourceignore`: then nobody knows
/// which source it is.
fn have_own_rules(sources: &Sources, files: &Files) -> bool {
    let mut documents = files.iter().flat_map(File::yaml);
    documents.any(|document| {
        let kind = document.root.get("kind").and_then(|kind| kind.scalar()).map(|kind| kind.text.as_str());
        let text = sources.slice(document.root.span);
        let is_source = text.contains("GitRepository") || text.contains("OCIRepository");
        is_source
            && kind != Some("CustomResourceDefinition")
            && (text.contains("ignore:") || text.contains("/spec/ignore"))
    })
}

/// The files that no rule reads so far, and whose text kustomizations put into ConfigMaps and Secrets.
pub fn taken_in(files: &Files) -> BTreeSet<Utf8PathBuf> {
    let yaml = files.iter().map(|file| (file.path.as_path(), file.yaml()));
    let taken = kustomize::taken_in(yaml, |path| files.names.contains(path.as_str()));
    taken.into_iter().filter(|path| files.get(path).is_none()).collect()
}

impl Flux {
    /// Follows Flux from the folders `roots`, or from those that the repository tells. What is wrong with what is built,
    /// whatever the rules say, is pushed to `found`.
    pub fn resolve(
        view: &kustomize::Files<'_>,
        roots: Option<&[Spanned<String>]>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        Self { clusters: clusters(view, roots, found), ..Self::default() }
    }
}
