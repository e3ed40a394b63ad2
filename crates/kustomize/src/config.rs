//! Which fields of which objects the transformations of a kustomization change: those of kustomize, and more that
//! `configurations:` and `crds:` add.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use diagnostic::Diagnostic;
use manifest::Value;

use crate::object::{Gvk, scalar_at};
use crate::openapi::lines;
use crate::{KUSTOMIZATION_VALUE, order};

const FIELDS: &str = include_str!("../data/fields.txt");
const REFERENCES: &str = include_str!("../data/references.txt");

static DEFAULT: LazyLock<Arc<Config>> = LazyLock::new(|| Arc::new(Config::built_in()));

/// A field of some objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    /// The objects.
    pub(crate) gvk: Gvk,
    /// Its path, with `/`.
    pub(crate) path: String,
    /// Whether it is made where it is missing.
    pub(crate) create: bool,
}

/// Fields by the name of what changes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    fields: BTreeMap<String, Vec<FieldSpec>>,
    /// What is named, and the fields that name it.
    pub(crate) references: Vec<(Gvk, Vec<FieldSpec>)>,
}

fn gvk(words: &[&str]) -> Gvk {
    let word = |at: usize| words.get(at).filter(|word| **word != "-").copied().unwrap_or_default().to_owned();
    Gvk { group: word(0), version: word(1), kind: word(2) }
}

impl Config {
    /// That of kustomize.
    pub(crate) fn standard() -> Arc<Self> {
        Arc::clone(&DEFAULT)
    }

    fn built_in() -> Self {
        let mut config = Self::default();
        for line in lines(FIELDS) {
            let words: Vec<&str> = line.split(' ').collect();
            let spec = FieldSpec { gvk: gvk(&words[1..]), path: words[4].to_owned(), create: words.len() > 5 };
            config.fields.entry(words[0].to_owned()).or_default().push(spec);
        }
        for line in lines(REFERENCES) {
            let words: Vec<&str> = line.split(' ').collect();
            let spec = FieldSpec { gvk: gvk(&words[4..]), path: words[7].to_owned(), create: false };
            let named = gvk(&words);
            match config.references.iter_mut().find(|(known, _)| *known == named) {
                Some((_, specs)) => specs.push(spec),
                None => config.references.push((named, vec![spec])),
            }
        }
        config.sort();
        config
    }

    fn sort(&mut self) {
        for specs in self.fields.values_mut() {
            specs.sort_by_cached_key(|spec| order::of_kind(&spec.gvk));
        }
        self.references.sort_by_cached_key(|(gvk, _)| order::of_kind(gvk));
    }

    /// The fields of the list `name`.
    pub(crate) fn fields(&self, name: &str) -> &[FieldSpec] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// The configuration that `value` describes.
    pub(crate) fn read(value: &Value, found: &mut Vec<Diagnostic>) -> Self {
        let mut config = Self::default();
        for entry in value.entries() {
            if entry.key.value == "nameReference" {
                for reference in entry.value.items() {
                    config.add_references(gvk_of(reference), specs(reference.get("fieldSpecs"), found));
                }
            } else {
                for spec in specs(Some(&entry.value), found) {
                    config.add(&entry.key.value, spec);
                }
            }
        }
        config.sort();
        config
    }

    /// Adds a field to the list `name`, unless it is there; whether it contradicts one that is.
    pub(crate) fn add(&mut self, name: &str, spec: FieldSpec) -> bool {
        let specs = self.fields.entry(name.to_owned()).or_default();
        merge_one(specs, spec)
    }

    pub(crate) fn add_references(&mut self, named: Gvk, specs: Vec<FieldSpec>) {
        match self.references.iter_mut().find(|(known, _)| *known == named) {
            Some((_, known)) => {
                for spec in specs {
                    merge_one(known, spec);
                }
            }
            None => self.references.push((named, specs)),
        }
    }

    /// Both in one; the names of the lists in which they contradict each other go to `conflicts`.
    pub(crate) fn merge(one: &Arc<Self>, two: &Arc<Self>, conflicts: &mut Vec<String>) -> Arc<Self> {
        // Into an empty one, too: of what is left in order, a field of some kind hides that of all kinds behind it.
        if Arc::ptr_eq(one, two) || two.is_empty() {
            return Arc::clone(one);
        }
        if one.is_empty() && Arc::ptr_eq(two, &DEFAULT) {
            return Arc::clone(two);
        }
        let mut merged = Self::clone(one);
        for (name, specs) in &two.fields {
            for spec in specs {
                if merged.add(name, spec.clone()) {
                    conflicts.push(name.clone());
                }
            }
        }
        for (named, specs) in &two.references {
            merged.add_references(named.clone(), specs.clone());
        }
        merged.sort();
        Arc::new(merged)
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.references.is_empty()
    }
}

/// Adds `spec` unless it is there; whether it contradicts one that is.
pub(crate) fn merge_one(specs: &mut Vec<FieldSpec>, spec: FieldSpec) -> bool {
    match specs.iter().find(|known| known.path == spec.path && known.gvk.is_selected(&spec.gvk)) {
        Some(known) => known.create != spec.create,
        None => {
            specs.push(spec);
            false
        }
    }
}

fn gvk_of(value: &Value) -> Gvk {
    Gvk { group: scalar_at(value, "group"), version: scalar_at(value, "version"), kind: scalar_at(value, "kind") }
}

/// The fields that a list describes.
pub(crate) fn specs(list: Option<&Value>, found: &mut Vec<Diagnostic>) -> Vec<FieldSpec> {
    let items = list.map(Value::items).unwrap_or_default().iter();
    items
        .filter_map(|item| {
            let path = scalar_at(item, "path");
            if path.is_empty() {
                found.push(Diagnostic::error(KUSTOMIZATION_VALUE, item.span, "a field needs a `path`"));
                return None;
            }
            let create = item.get("create").and_then(Value::bool).unwrap_or(false);
            Some(FieldSpec { gvk: gvk_of(item), path, create })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_is_the_same_once_it_is_merged() {
        let standard = Config::standard();
        let again = Arc::new(Config::clone(&standard));
        let merged = Config::merge(&Arc::default(), &again, &mut Vec::new());
        assert_eq!(merged.fields, standard.fields);
        assert_eq!(merged.references, standard.references);
    }
}
