//! What each cluster is told: its Flux Kustomizations, their order, and the namespaces.

use std::collections::BTreeMap;

use diagnostic::{Derived, Diagnostic};
use inventory::Inventory;

use crate::app::App;
use crate::identity::Identity;
use crate::{APPS, AUTHENTIK, FLUX_NAMESPACE, NAMESPACES, SECRET_STORE};

/// Namespaces that every cluster with Flux has.
const ALWAYS_THERE: [&str; 5] = ["default", FLUX_NAMESPACE, "kube-node-lease", "kube-public", "kube-system"];

/// A cluster of the repository.
#[derive(Debug)]
pub struct Cluster {
    /// Its name.
    pub name: Derived<String>,
    /// Its folder: `flux/clusters/home`.
    pub folder: Derived<String>,
    /// Its Flux Kustomizations, in the order they become ready.
    pub kustomizations: Vec<FluxKustomization>,
}

/// The file of a cluster's folder that a Flux Kustomization stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KustomizationFile {
    /// `namespaces.yaml`.
    Namespaces,
    /// `secret-store.yaml`.
    SecretStore,
    /// `authentik.yaml`.
    Authentik,
    /// `apps.yaml`, one document for each app.
    Apps,
}

/// A Flux Kustomization.
#[derive(Debug)]
pub struct FluxKustomization {
    /// The file it stands in.
    pub file: KustomizationFile,
    /// Its name.
    pub name: Derived<String>,
    /// The folder it applies: `./flux/infrastructure/base/authentik`.
    pub path: Derived<String>,
    /// The Flux Kustomizations that must be ready before it, by name.
    pub depends_on: Vec<Derived<String>>,
    /// For the store: where the cluster's auth method is mounted in Vault, if that is not what the folder says.
    pub auth_mount: Option<Derived<String>>,
}

/// The object that says how the operator of the secrets reaches Vault.
#[derive(Debug)]
pub struct Store<'i> {
    /// What the inventory says.
    pub entry: &'i inventory::Store,
    /// Whether labtree renders the object itself.
    pub rendered: bool,
    /// The name that references give: with its namespace before it, `<namespace>/<name>`, for `VaultAuth`.
    pub reference: Derived<String>,
    /// The KV mount.
    pub mount: Derived<String>,
    /// Whether a key of External Secrets starts with the mount, since the store has no path of its own.
    pub keys_start_with_mount: bool,
}

impl<'i> Store<'i> {
    pub(crate) fn of(inventory: &'i Inventory) -> Self {
        let entry = &inventory.flux.store;
        Self {
            entry,
            rendered: entry.auth.is_some(),
            reference: match &entry.namespace {
                Some(namespace) => {
                    Derived::new(format!("{}/{}", namespace.value, entry.name.value), [entry.name.span, namespace.span])
                }
                None => entry.name.derive(ToString::to_string),
            },
            mount: inventory.vault.mount.derive(ToString::to_string),
            keys_start_with_mount: entry.path.is_none(),
        }
    }

    /// The key of a `remoteRef` of External Secrets for `path`, which lies below the mount.
    pub fn key(&self, path: &Derived<String>) -> Derived<String> {
        if self.keys_start_with_mount {
            let from = path.from.iter().chain(&self.mount.from).copied();
            Derived::new(format!("{}/{}", self.mount.value, path.value), from)
        } else {
            path.clone()
        }
    }
}

/// The namespaces that labtree renders: authentik's and those of the apps, without
/// those that exist already. Each follows from every place that names it.
pub(crate) fn namespaces(inventory: &Inventory, identity: &Identity<'_>, apps: &[App<'_>]) -> Vec<Derived<String>> {
    let mut wanted = BTreeMap::<String, Vec<diagnostic::Span>>::new();
    let identity = &identity.settings.namespace;
    wanted.entry(identity.to_string()).or_default().push(identity.span);
    for app in apps {
        if let Some(flux) = &app.flux {
            wanted.entry(flux.namespace.value.clone()).or_default().extend(&flux.namespace.from);
        }
    }
    let existing = inventory.flux.existing_namespaces.iter().map(|name| name.as_str());
    for name in existing.chain(ALWAYS_THERE) {
        wanted.remove(name);
    }
    wanted.into_iter().map(|(name, from)| Derived::new(name, from)).collect()
}

pub(crate) fn clusters(
    inventory: &Inventory,
    identity: &Identity<'_>,
    store: &Store<'_>,
    namespaces: &[Derived<String>],
    apps: &[App<'_>],
    found: &mut Vec<Diagnostic>,
) -> Vec<Cluster> {
    let mut clusters: Vec<_> = inventory
        .flux
        .clusters
        .iter()
        .map(|name| Cluster {
            name: name.derive(ToString::to_string),
            folder: name.derive(|name| format!("flux/clusters/{name}")),
            kustomizations: kustomizations(inventory, identity, store, namespaces, apps, name.as_str()),
        })
        .collect();
    clusters.sort_by(|one, other| one.name.value.cmp(&other.name.value));
    refuse_taken_names(inventory, &clusters, found);
    clusters
}

/// In the order they become ready: namespaces, the store, authentik, the apps. Each waits for all before it and
/// for what the inventory names in `flux.after`.
fn kustomizations(
    inventory: &Inventory,
    identity: &Identity<'_>,
    store: &Store<'_>,
    namespaces: &[Derived<String>],
    apps: &[App<'_>],
    cluster: &str,
) -> Vec<FluxKustomization> {
    let mut ready: Vec<FluxKustomization> = Vec::new();
    let after: Vec<_> = inventory.flux.after.iter().map(|name| name.derive(ToString::to_string)).collect();
    if !namespaces.is_empty() {
        ready.push(FluxKustomization {
            file: KustomizationFile::Namespaces,
            name: Derived::fixed("namespaces".to_owned()),
            path: Derived::fixed(format!("./{NAMESPACES}")),
            depends_on: Vec::new(),
            auth_mount: None,
        });
    }
    let before = |ready: &[FluxKustomization]| {
        let mut names: Vec<_> = ready.iter().map(|one| one.name.clone()).chain(after.iter().cloned()).collect();
        names.sort_by(|one, other| one.value.cmp(&other.value));
        names.dedup_by(|one, other| one.value == other.value);
        names
    };
    if store.rendered {
        ready.push(FluxKustomization {
            file: KustomizationFile::SecretStore,
            name: Derived::fixed("secret-store".to_owned()),
            path: Derived::fixed(format!("./{SECRET_STORE}")),
            depends_on: before(&ready),
            auth_mount: auth_mount(inventory, cluster),
        });
    }
    if identity.cluster.value == cluster {
        ready.push(FluxKustomization {
            file: KustomizationFile::Authentik,
            name: Derived::fixed(identity.release.to_owned()),
            path: Derived::fixed(format!("./{AUTHENTIK}")),
            depends_on: before(&ready),
            auth_mount: None,
        });
    }
    let depends_on = before(&ready);
    for (app, flux) in apps.iter().filter_map(|app| Some((app, app.flux.as_ref()?))) {
        if flux.clusters.iter().any(|name| name.value == cluster) {
            ready.push(FluxKustomization {
                file: KustomizationFile::Apps,
                name: flux.kustomization.clone(),
                path: Derived::new(format!("./{APPS}/{}", app.slug.value), app.slug.from.clone()),
                depends_on: depends_on.clone(),
                auth_mount: None,
            });
        }
    }
    ready
}

/// Where the auth method of `cluster` is mounted, if it has one of its own.
fn auth_mount(inventory: &Inventory, cluster: &str) -> Option<Derived<String>> {
    let mounts = &inventory.flux.store.auth.as_ref()?.mounts;
    let own = mounts.iter().find(|entry| entry.name.as_str() == cluster)?;
    Some(own.value.derive(ToString::to_string))
}

/// `flux.after` names what exists already, so it cannot name what labtree renders.
fn refuse_taken_names(inventory: &Inventory, clusters: &[Cluster], found: &mut Vec<Diagnostic>) {
    for name in &inventory.flux.after {
        let rendered = clusters.iter().flat_map(|cluster| &cluster.kustomizations);
        if let Some(own) = rendered.into_iter().find(|own| own.name.value == name.as_str()) {
            let mut finding = Diagnostic::error(
                "rendered-name-in-after",
                name.span,
                format!("the Flux Kustomization `{}` is rendered by labtree, so it does not exist already", name.value),
            )
            .help("take it out of `flux.after`; what labtree renders waits for it by itself");
            if let Some(span) = own.name.from.first() {
                finding = finding.related(*span, "it follows from this entry");
            }
            found.push(finding);
        }
    }
}
