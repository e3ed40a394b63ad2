//! Which settings there are. The reader and the schema for the editor both follow from this.

/// A setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its key.
    pub key: &'static str,
    /// What the editor shows.
    pub about: &'static str,
    /// What it takes.
    pub shape: Shape,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A severity.
    Severity,
    /// Rules with the severity of each, or `off`.
    Levels,
    /// Patterns of paths.
    Globs,
    /// A file or a folder.
    Path,
    /// Folders.
    Folders,
    /// More settings.
    Table(&'static [Setting]),
}

/// All of them.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "fail-on",
        about: "The least severity of a finding that ends a run with status 1. Default: `error`.",
        shape: Shape::Severity,
    },
    Setting {
        key: "exclude",
        about: "Paths that `labtree check` does not look at, from the root on. `*` stands for part of a name, `**` for \
                any folders between; a pattern that fits a folder excludes all that lies in it.",
        shape: Shape::Globs,
    },
    Setting {
        key: "baseline",
        about: "The file that `labtree check --write-baseline` writes what is found to, and that keeps `labtree check` \
                silent about it. Default: `labtree.baseline`.",
        shape: Shape::Path,
    },
    Setting {
        key: "schemas",
        about: "The folder that `labtree schema import` writes to, and that is read from. Default: `schemas`.",
        shape: Shape::Path,
    },
    Setting {
        key: "rules",
        about: "Another severity for a rule, or `off`. `labtree rules` lists every rule. An error that keeps a file from \
                being read stays one.",
        shape: Shape::Levels,
    },
    Setting { key: "flux", about: "How Flux is followed.", shape: Shape::Table(FLUX) },
    Setting { key: "tofu", about: "How OpenTofu's files are read.", shape: Shape::Table(TOFU) },
];

const FLUX: &[Setting] = &[Setting {
    key: "roots",
    about: "The folders that Flux begins at, one for each cluster. Without it, these are the paths of `gotk-sync.yaml`, \
            of a FluxInstance, or of the Flux Kustomizations that no other one applies.",
    shape: Shape::Folders,
}];

const TOFU: &[Setting] = &[Setting {
    key: "roots",
    about: "The folders that OpenTofu is run in. Without it, these are all folders with OpenTofu files that no module \
            call leads to.",
    shape: Shape::Folders,
}];
