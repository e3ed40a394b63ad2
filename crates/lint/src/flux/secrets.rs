//! The Secrets of a cluster: which are made and by what, which are read and by what, and what else may make one.

mod app_template;
mod made;
mod read;
mod sight;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Severity, Span, Spanned};
use resolve_flux::Cluster;

use crate::Repo;
pub(crate) use sight::Chance;
use sight::Sight;

/// The clusters of `repo`, each with its Secrets.
pub(crate) fn in_clusters<'r>(repo: &'r Repo<'_>) -> impl Iterator<Item = (&'r Cluster, &'r Secrets)> {
    let clusters = &repo.flux.clusters;
    let all = || clusters.iter().map(|cluster| Secrets::of(repo, cluster)).collect();
    clusters.iter().zip(repo.flux.secrets.get_or_init(all))
}

/// The Secrets of a cluster.
#[derive(Debug)]
pub(crate) struct Secrets {
    /// What reads Secrets, in the order of the objects.
    pub(crate) reads: Vec<Read>,
    made: BTreeMap<(String, String), Vec<Made>>,
    sight: Sight,
}

/// Something that makes a Secret.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// What makes it, as people call it: ``ExternalSecret `grafana-oidc` ``.
    pub(crate) by: String,
    /// Where the name of the Secret is written.
    pub(crate) place: Span,
    /// Its keys.
    pub(crate) keys: Keys,
}

/// The keys of a Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// These, and no others.
    Known(BTreeSet<String>),
    /// Any.
    Open,
}

/// Something that reads a Secret.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// What reads it: ``HelmRelease `grafana` ``.
    pub(crate) by: String,
    /// The namespace that it is looked for in.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) name: Spanned<String>,
    /// The key that is wanted, if one is.
    pub(crate) key: Option<Spanned<String>>,
    /// Whether it, or the key, need not be there.
    pub(crate) is_optional: bool,
    /// How bad it is where nothing makes it; none where the reader is not known to take it for a Secret's name, as a value
    /// of a chart only looks like one.
    pub(crate) severity: Option<Severity>,
}

impl Secrets {
    /// Those of `cluster`.
    fn of(repo: &Repo<'_>, cluster: &Cluster) -> Self {
        let mut made = BTreeMap::<_, Vec<_>>::new();
        for object in &cluster.objects {
            for (name, one) in made::by(object) {
                made.entry((namespace(object).to_owned(), name)).or_default().push(one);
            }
        }
        let reads = cluster.objects.iter().flat_map(|object| read::by(repo, cluster, object)).collect();
        Self { reads, made, sight: Sight::of(repo, cluster) }
    }

    /// What makes the Secret `name` in `namespace`.
    pub(crate) fn made(&self, namespace: &str, name: &str) -> &[Made] {
        self.made.get(&(namespace.to_owned(), name.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The names of all that are made in `namespace`.
    pub(crate) fn names_in(&self, namespace: &str) -> impl Iterator<Item = &str> {
        self.made.keys().filter(move |(one, _)| one == namespace).map(|(_, name)| name.as_str())
    }

    /// The namespaces other than `namespace` in which the Secret `name` is made, with what makes it.
    pub(crate) fn made_beside<'s>(&'s self, namespace: &'s str, name: &'s str) -> Vec<(&'s str, &'s Made)> {
        let others = self.made.iter().filter(|((space, one), _)| space != namespace && one == name);
        others.filter_map(|((space, _), made)| Some((space.as_str(), made.first()?))).collect()
    }

    /// The chance that something else makes the Secret `name` in `namespace`.
    pub(crate) fn chance(&self, namespace: &str, name: &str) -> Chance {
        self.sight.chance(namespace, name)
    }
}

/// The one of `candidates` that `name` was meant to be: a slip of up to two letters, and not another word or number.
pub(crate) fn slip<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let is_slip = |other: &&str| {
        let (one, two) = (name.as_bytes(), other.as_bytes());
        let before = one.iter().zip(two).take_while(|(one, two)| one == two).count();
        let most = one.len().min(two.len()) - before;
        let after = one.iter().rev().zip(two.iter().rev()).take_while(|(one, two)| one == two).count().min(most);
        let rest = [&one[before..one.len() - after], &two[before..two.len() - after]];
        let ends_word = |text: &[u8], at: usize| text.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let is_word = before == 0 || ends_word(one, before - 1);
        let is_word = is_word && ends_word(one, one.len() - after) && ends_word(two, two.len() - after);
        let has_digit = rest.iter().any(|rest| rest.iter().any(u8::is_ascii_digit));
        rest.iter().all(|rest| rest.len() <= 2) && !has_digit && (!is_word || rest.iter().any(|rest| rest.is_empty()))
    };
    diagnostic::nearest(name, candidates.into_iter().filter(is_slip))
}

/// The namespace of `object`; kustomize-controller puts what has none into `default`.
fn namespace(object: &resolve_flux::Object) -> &str {
    object.namespace().unwrap_or("default")
}
