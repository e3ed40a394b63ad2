//! What rules look at.

use std::collections::BTreeMap;

use diagnostic::{Severity, Sources};
use inventory::Inventory;

use crate::flux::Flux;
use crate::tofu::Tofu;
use crate::{Allow, Files};

/// A repository, read and resolved.
#[derive(Debug)]
pub struct Repo<'a> {
    /// Every text that a place can lie in.
    pub sources: &'a Sources,
    /// The inventory, if there is one without a fault.
    pub inventory: Option<&'a Inventory>,
    /// The files, with who wrote each.
    pub files: &'a Files,
    /// What OpenTofu will declare.
    pub tofu: &'a Tofu<'a>,
    /// What Flux will run.
    pub flux: &'a Flux,
    /// The comments that allow something.
    pub allows: &'a [Allow],
    /// Every id that a finding can have, wherever it is found.
    pub known: &'a Known,
    /// What the settings say about ids: another severity, or `None` for "off".
    pub levels: &'a BTreeMap<String, Option<Severity>>,
    /// Whether everything could be read; if not, what was not found may still be there.
    pub is_complete: bool,
}

/// Every id that a finding can have, in order, each once.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<&'static str>);

impl Known {
    /// These ids.
    pub fn of(ids: impl IntoIterator<Item = &'static str>) -> Self {
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }

    /// Whether `id` is one of them.
    pub fn has(&self, id: &str) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}
