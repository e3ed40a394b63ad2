//! Which groups lie above and below each other: members of a group count as members of those above it.

use std::collections::{BTreeMap, BTreeSet};

use lab::Group;

/// The groups of a lab with those above and below each, itself among them.
pub(crate) struct Hierarchy<'l> {
    above: BTreeMap<&'l str, BTreeSet<&'l str>>,
    below: BTreeMap<&'l str, BTreeSet<&'l str>>,
}

impl<'l> Hierarchy<'l> {
    pub(crate) fn of(groups: &'l [Group<'_>]) -> Self {
        let parents: BTreeMap<&str, &[_]> =
            groups.iter().map(|group| (group.name.value.as_str(), group.parents.as_slice())).collect();
        let mut above = BTreeMap::new();
        let mut below = BTreeMap::<_, BTreeSet<_>>::new();
        for name in parents.keys() {
            let mut seen = BTreeSet::new();
            let mut open = vec![*name];
            while let Some(next) = open.pop() {
                if seen.insert(next) {
                    below.entry(next).or_default().insert(*name);
                    open.extend(parents.get(next).into_iter().copied().flatten().map(|parent| parent.value.as_str()));
                }
            }
            above.insert(*name, seen);
        }
        Self { above, below }
    }

    /// `name` and the groups above it, by name.
    pub(crate) fn above(&self, name: &str) -> impl Iterator<Item = &'l str> {
        self.above.get(name).into_iter().flatten().copied()
    }

    /// `name` and the groups below it, by name.
    pub(crate) fn below(&self, name: &str) -> impl Iterator<Item = &'l str> {
        self.below.get(name).into_iter().flatten().copied()
    }
}
