//! Which versions of a kind the API server takes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::source::{Source, sources};
use crate::Version;

/// What the API server does with a version of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// Nothing is known of the kind.
    Unknown,
    /// It takes it.
    Yes,
    /// It takes it, and says that another is to be used.
    Deprecated {
        /// What it says.
        warning: String,
        /// The `apiVersion` to write.
        instead: Option<String>,
    },
    /// It refuses it. Of projects other than Flux that is said of the version that [`super::Origin`] tells.
    No {
        /// The last release that took it, of Flux or of Kubernetes, if one did before.
        until: Option<Version>,
        /// The first release that takes it, if one does later.
        from: Option<Version>,
        /// The `apiVersion` to write.
        instead: Option<String>,
    },
}

/// What is known of a version of a kind: its table, its name there, and the version.
pub(super) type Known = (&'static Source, &'static str, &'static str);

/// Everything that labtree itself knows of a kind.
pub(super) fn versions(group: &str, kind: &str) -> impl Iterator<Item = Known> {
    static KINDS: LazyLock<HashMap<&str, Vec<(&str, Known)>>> = LazyLock::new(|| {
        let mut kinds = HashMap::<_, Vec<_>>::new();
        for (source, name) in sources().iter().flat_map(|source| source.names().map(move |name| (source, name))) {
            if let Some((group, version, kind)) = parts(name) {
                kinds.entry(kind).or_default().push((group, (source, name, version)));
            }
        }
        kinds
    });
    let called = KINDS.get(kind).into_iter().flatten();
    called.filter(move |(its_group, _)| *its_group == group).map(|(_, known)| *known)
}

/// Everything that a table knows of a kind.
pub(super) fn of_table(source: &'static Source, group: &str, kind: &str) -> impl Iterator<Item = Known> {
    source.names().filter_map(move |name| {
        let (its_group, version, its_kind) = parts(name)?;
        (its_group == group && its_kind == kind).then_some((source, name, version))
    })
}

/// Group, version and kind of `group/version Kind`.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let (api_version, kind) = name.split_once(' ')?;
    let (group, version) = manifest::split_api_version(api_version);
    Some((group, version, kind))
}

/// What becomes of `group/version` of a kind of which this is `known`, at the release at `position` of its table.
pub(super) fn served(known: &[Known], group: &str, version: &str, position: impl Fn(&Source) -> usize) -> Served {
    let Some((source, _, _)) = known.first().copied() else { return Served::Unknown };
    let now = position(source);
    let instead = known
        .iter()
        .filter(|(_, _, other)| *other != version)
        .filter(|(source, name, _)| {
            let entry = source.entry(name);
            let stretch = entry.as_ref().and_then(|entry| entry.at(source, now));
            stretch.is_some_and(|stretch| stretch.served && stretch.deprecated.is_none())
        })
        .max_by_key(|(_, _, other)| rank(other))
        .map(|(_, _, other)| if group.is_empty() { (*other).to_owned() } else { format!("{group}/{other}") });
    let entry = known.iter().find(|(_, _, other)| *other == version).and_then(|(source, name, _)| source.entry(name));
    let Some(entry) = entry else { return Served::No { until: None, from: None, instead } };
    if let Some(until) = &entry.until {
        return Served::No { until: until.parse().ok(), from: None, instead: entry.instead.or(instead) };
    }
    match entry.at(source, now).filter(|stretch| stretch.served) {
        Some(stretch) => match &stretch.deprecated {
            Some(warning) => Served::Deprecated { warning: warning.clone(), instead },
            None => Served::Yes,
        },
        None => {
            let served = entry.served(source);
            let release = |position: &usize| source.releases.get(*position).cloned();
            Served::No {
                until: served.iter().rev().find(|position| **position < now).and_then(release),
                from: served.iter().find(|position| **position > now).and_then(release),
                instead,
            }
        }
    }
}

/// How Kubernetes orders versions: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`.
fn rank(version: &str) -> (Reverse<u8>, u32, u32) {
    let bare = version.strip_prefix('v').unwrap_or(version);
    let end = bare.find(|c: char| !c.is_ascii_digit()).unwrap_or(bare.len());
    let (major, rest) = bare.split_at(end);
    let number = |text: &str| text.parse().unwrap_or(0);
    let (stage, minor) = match (rest.strip_prefix("beta"), rest.strip_prefix("alpha")) {
        _ if rest.is_empty() => (0, 0),
        (Some(minor), _) => (1, number(minor)),
        (_, Some(minor)) => (2, number(minor)),
        _ => (3, 0),
    };
    (Reverse(stage), number(major), minor)
}
