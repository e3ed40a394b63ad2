//! Which groups lie above and below each other: members of a group count as members of those above it.

use std::collections::{BTreeMap, BTreeSet};

use inventory::Inventory;

/// The groups of a lab with those above and below each, itself among them.
#[derive(Debug)]
pub struct Hierarchy<'i> {
    above: BTreeMap<&'i str, BTreeSet<&'i str>>,
    below: BTreeMap<&'i str, BTreeSet<&'i str>>,
}

impl<'i> Hierarchy<'i> {
    pub(crate) fn of(inventory: &'i Inventory) -> Self {
        let groups = inventory.groups.iter();
        let parents: BTreeMap<&str, &[_]> =
            groups.map(|group| (group.name.as_str(), group.value.parents.as_slice())).collect();
        let mut above = BTreeMap::new();
        let mut below = BTreeMap::<_, BTreeSet<_>>::new();
        for name in parents.keys() {
            let mut seen = BTreeSet::new();
            let mut open = vec![*name];
            while let Some(next) = open.pop() {
                if seen.insert(next) {
                    below.entry(next).or_default().insert(*name);
                    open.extend(parents.get(next).into_iter().copied().flatten().map(|parent| parent.as_str()));
                }
            }
            above.insert(*name, seen);
        }
        Self { above, below }
    }

    /// `name` and the groups above it, by name.
    pub fn above(&self, name: &str) -> impl Iterator<Item = &'i str> {
        self.above.get(name).into_iter().flatten().copied()
    }

    /// `name` and the groups below it, by name.
    pub fn below(&self, name: &str) -> impl Iterator<Item = &'i str> {
        self.below.get(name).into_iter().flatten().copied()
    }
}
