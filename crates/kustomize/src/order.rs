//! The order of the objects of a build: by kind, as kustomize sorts them unless it is told otherwise.

use crate::object::{Gvk, Id};

/// The kinds that come first.
const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// The kinds that come last.
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// The kinds that come first and last.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) first: Vec<String>,
    pub(crate) last: Vec<String>,
}

impl Default for Order {
    fn default() -> Self {
        Self { first: FIRST.map(str::to_owned).to_vec(), last: LAST.map(str::to_owned).to_vec() }
    }
}

impl Order {
    fn rank(&self, kind: &str) -> isize {
        let last = self.last.iter().rposition(|last| last == kind).map(|at| 1 + at as isize);
        let first = || self.first.iter().rposition(|first| first == kind);
        last.or_else(|| first().map(|at| at as isize - self.first.len() as isize)).unwrap_or(0)
    }

    /// Sorts by kind, then by namespace and name.
    pub(crate) fn sort<T>(&self, items: &mut [T], id: impl Fn(&T) -> Id) {
        items.sort_by_cached_key(|item| {
            let Id { gvk, name, namespace } = id(item);
            let namespace = if namespace.is_empty() { "~X".to_owned() } else { namespace };
            (self.rank(&gvk.kind), written(&gvk), format!("{namespace}|{name}"))
        });
    }
}

fn written(gvk: &Gvk) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

/// What to sort kinds by, where kustomize sorts its own tables.
pub(crate) fn of_kind(gvk: &Gvk) -> (isize, String) {
    let last = LAST.iter().position(|last| *last == gvk.kind).map(|at| 1 + at as isize);
    let first = || FIRST.iter().position(|first| *first == gvk.kind).map(|at| at as isize - FIRST.len() as isize);
    (last.or_else(first).unwrap_or(0), written(gvk))
}
