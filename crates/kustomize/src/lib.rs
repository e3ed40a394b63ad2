//! What `kustomize build` makes of a kustomization, without running it: the same objects, each part of them with the
//! place that a person edits, and everything that is wrong in one go.
//!
//! [`build()`] builds the kustomization of a folder, [`overlay`] what Flux builds of a folder. What only the network, a
//! chart or a program could tell stays unknown, and the [`Build`] is not complete then.

mod bag;
mod build;
mod config;
mod crds;
mod embed;
mod field;
mod file;
mod files;
mod flux;
mod generate;
mod hash;
mod json;
mod json6902;
mod metadata;
mod object;
mod openapi;
mod order;
mod patch;
mod path;
mod plugins;
mod read;
mod references;
mod rules;
mod run;
mod selector;
mod shape;
mod strategic;
mod taken_in;
mod transform;

use std::collections::BTreeSet;

use camino::Utf8Path;
use diagnostic::{Diagnostic, Span};

pub use file::NAMES;
pub use files::Files;
pub use flux::overlay;
pub use object::Object;
pub use openapi::is_cluster_wide;
pub use rules::RULES;
use rules::*;
pub use taken_in::taken_in;

/// What stands in a name for the digest of a content that is not known.
pub const UNKNOWN_HASH: &str = "unknown";

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether a file outside the folder of the kustomization that names it is refused: `kustomize build` does so unless
    /// it is called with `--load-restrictor LoadRestrictionsNone`; Flux does not.
    pub stay_inside: bool,
}

/// What a kustomization builds.
#[derive(Debug)]
pub struct Build {
    /// The objects, in the order in which kustomize prints them.
    pub objects: Vec<Object>,
    /// What is wrong.
    pub found: Vec<Diagnostic>,
    /// Whether nothing is missing: no part comes from the network, from a chart, or from a file that cannot be read.
    pub is_complete: bool,
    /// The paths of the files that it is built from, as far as they are there.
    pub files: BTreeSet<String>,
    /// The targets of patches that select an object, or may do so: a patch that many builds share need not fit each.
    pub patched: BTreeSet<Span>,
}

/// Builds the kustomization in `folder`, as `kustomize build` does; `None` if there is none.
pub fn build(files: &Files<'_>, folder: &Utf8Path, options: &Options) -> Option<Build> {
    let mut run = run::Run::new(files, options);
    file::find(&run, folder)?;
    let kustomization = build::root(&mut run, folder);
    Some(build::outermost(run, kustomization, None))
}

/// Whether `folder` has a kustomization of its own.
pub fn has_kustomization(files: &Files<'_>, folder: &Utf8Path) -> bool {
    file::find(&run::Run::new(files, &Options::default()), folder).is_some()
}

#[cfg(test)]
mod tests;
