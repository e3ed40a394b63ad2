//! The kinds that a cluster knows.

use std::fmt;

use diagnostic::Span;
use manifest::{Value, split_api_version};

use super::check::Check;
use super::imported::Imported;
use super::served::{self, Known, Served};
use super::source::{Source, sources};
use super::{Misfit, Sort, metadata};
use crate::Version;

/// The kinds of a cluster with a certain release of Flux.
#[derive(Clone, Debug)]
pub struct Kinds {
    flux: Option<Version>,
    imported: Imported,
}

/// Where a schema comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The project: `kubernetes`, `flux`, `traefik`; of what was imported the API group.
    pub project: &'static str,
    /// The version of it that has the schema. Of all but Flux it is the one that the table was derived from, whatever
    /// runs in the cluster; none of what was imported.
    pub version: Option<Version>,
}

/// A version of a kind.
#[derive(Clone, Debug)]
pub struct Kind {
    origin: Origin,
    /// Whether a later release is in use than the one that the schema is of.
    is_later: bool,
    pub(super) source: &'static Source,
    /// The number of its schema's node.
    pub(super) schema: usize,
    namespaced: bool,
    group: String,
    name: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.project),
            None => write!(f, "{}, as imported", self.project),
        }
    }
}

impl Kinds {
    /// Those with the release of Flux that is in use; `None` where it is not known, which is taken for the newest.
    ///
    /// A release that the table does not have is judged as the one before it, as patch releases bring no fields. Of a
    /// later minor release than the table knows, nothing is said that it may have added: fields, values and rules.
    pub fn new(flux: Option<&Version>) -> Self {
        Self { flux: flux.cloned(), imported: Imported::default() }
    }

    /// The same with what a person imported, which takes the place of what is known of its API groups.
    pub fn with(self, imported: Imported) -> Self {
        Self { imported, ..self }
    }

    /// The tables in which an API group is looked for.
    fn tables(&self, group: &str) -> &'static [Source] {
        self.imported.of_group(group).map_or(sources(), std::slice::from_ref)
    }

    /// Everything that is known of a kind.
    fn versions(&self, group: &str, kind: &str) -> Vec<Known> {
        match self.imported.of_group(group) {
            Some(table) => served::of_table(table, group, kind).collect(),
            None => served::versions(group, kind).collect(),
        }
    }

    /// The schema of a version of a kind: `get("apps/v1", "Deployment")`. `None` if nothing is known of it, or if the
    /// release of Flux in use does not serve it, which [`Kinds::served`] tells.
    pub fn get(&self, api_version: &str, kind: &str) -> Option<Kind> {
        let name = format!("{api_version} {kind}");
        let group = split_api_version(api_version).0;
        let (source, entry) = self.tables(group).iter().find_map(|source| Some((source, source.entry(&name)?)))?;
        let position = self.position(source);
        let stretch = entry.at(source, position).filter(|stretch| stretch.served)?;
        let version = source.releases.get(position).cloned().or_else(|| source.version.parse().ok());
        let is_later = self.flux.as_ref().zip(source.releases.last()).is_some_and(|(flux, newest)| {
            let minor = |version: &Version| (version.segments()[0], version.segments()[1]);
            minor(flux) > minor(newest)
        });
        Some(Kind {
            is_later,
            origin: Origin { project: source.project, version },
            source,
            schema: stretch.schema,
            namespaced: entry.namespaced?,
            group: group.to_owned(),
            name: kind.to_owned(),
        })
    }

    /// The kinds of that `apiVersion` that are served, by which a misspelt one is known; none if nothing is known of
    /// it. Lists (`List`, `ConfigMapList`) are not among them.
    pub fn of(&self, api_version: &str) -> Vec<&'static str> {
        let tables = self.tables(split_api_version(api_version).0);
        let all = tables.iter().flat_map(|source| source.names().map(move |name| (source, name)));
        all.filter_map(|(source, name)| {
            let kind = name.strip_prefix(api_version)?.strip_prefix(' ')?;
            let entry = source.entry(name)?;
            entry.at(source, self.position(source)).is_some_and(|stretch| stretch.served).then_some(kind)
        })
        .collect()
    }

    /// Whether the API server takes objects of that version, and what to write instead where it does not.
    pub fn served(&self, group: &str, version: &str, kind: &str) -> Served {
        served::served(&self.versions(group, kind), group, version, |source| self.position(source))
    }

    /// Whether objects of that kind lie in a namespace, whatever their version; `None` if nothing is known of it.
    pub fn is_namespaced(&self, group: &str, kind: &str) -> Option<bool> {
        self.versions(group, kind).into_iter().find_map(|(source, name, _)| source.entry(name)?.namespaced)
    }

    /// Whether that version is the one that objects are kept in, whichever they were written in.
    pub fn is_stored(&self, group: &str, version: &str, kind: &str) -> bool {
        let found = self.versions(group, kind).into_iter().find(|(_, _, other)| *other == version);
        let entry = found.and_then(|(source, name, _)| Some((source, source.entry(name)?)));
        entry.is_some_and(|(source, entry)| entry.is_stored(source, self.position(source)))
    }

    /// The position of the release in use among those of `source`.
    fn position(&self, source: &Source) -> usize {
        let last = source.releases.len().saturating_sub(1);
        let Some(flux) = &self.flux else { return last };
        source.releases.iter().rposition(|release| release <= flux).unwrap_or(0)
    }
}

impl Kind {
    /// Where its schema comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether objects of it lie in a namespace.
    pub fn is_namespaced(&self) -> bool {
        self.namespaced
    }

    /// What in `object` the API server would not take, in the order of the places.
    ///
    /// What is unknown fits everything. `status` is not looked at, nor is `sops`, which is gone when Flux has
    /// decrypted a file; what `sops` encrypted fits everything. A field that is null counts as not written.
    pub fn check(&self, object: &Value) -> Vec<Misfit> {
        let mut check = Check::new(self.source, object);
        check.object(self.source.node(self.schema), object, place(object));
        metadata::check_name(&mut check, &self.group, &self.name, object);
        let mut found = check.found;
        if self.is_later {
            found.retain(|misfit| matches!(misfit.sort, Sort::WrongType | Sort::Missing));
        }
        found.sort_by_key(|misfit| (misfit.span, misfit.sort));
        found.dedup();
        found
    }
}

/// Where a person adds what an object lacks.
fn place(object: &Value) -> Span {
    object.get("kind").unwrap_or(object).span
}
