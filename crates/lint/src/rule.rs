//! What a rule is, and how one is written down.

use diagnostic::Severity;

use crate::{Findings, Page, Repo};

/// A rule: what it says, how much that weighs, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// The id, which names what is wrong: `duplicate-yaml-key`. Its file has the same name.
    pub id: &'static str,
    /// How much a finding weighs, unless the rule says otherwise of one.
    pub severity: Severity,
    /// What it is about.
    pub family: Family,
    /// Its page, as the lines of its doc comment.
    pub docs: &'static str,
    /// Reports every place where the repository breaks it.
    pub check: fn(&Repo<'_>, &mut Findings<'_>),
}

impl Rule {
    /// Its page, to be read.
    pub fn page(&self) -> Page {
        Page::of(self.docs)
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Who may log in, and how.
    Identity,
    /// OpenTofu.
    Tofu,
    /// What the clusters run.
    Flux,
    /// Secrets and the references to them.
    Secrets,
    /// The repository as a whole: what is committed, what was rendered, labtree's own comments.
    Repository,
    /// The inventory.
    Inventory,
    /// What YAML itself forbids.
    Yaml,
    /// What is rendered, and the templates that it is rendered from.
    Rendering,
    /// `labtree.toml`.
    Settings,
}

impl Family {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Identity,
        Self::Tofu,
        Self::Flux,
        Self::Secrets,
        Self::Repository,
        Self::Inventory,
        Self::Yaml,
        Self::Rendering,
        Self::Settings,
    ];

    /// Its name: `identity`.
    pub fn name(self) -> &'static str {
        match self {
            Family::Identity => "identity",
            Family::Tofu => "tofu",
            Family::Flux => "flux",
            Family::Secrets => "secrets",
            Family::Repository => "repository",
            Family::Inventory => "inventory",
            Family::Yaml => "yaml",
            Family::Rendering => "rendering",
            Family::Settings => "settings",
        }
    }
}

/// Makes the static `RULE` of a file: doc comment, id, severity, family and check.
macro_rules! rule {
    ($(#[doc = $line:literal])+ $id:literal, $severity:ident, $family:ident, $check:path) => {
        $(#[doc = $line])+
        pub(crate) static RULE: $crate::Rule = $crate::Rule {
            id: $id,
            severity: ::diagnostic::Severity::$severity,
            family: $crate::Family::$family,
            docs: concat!($($line, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use rule;
