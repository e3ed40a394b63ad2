//! What follows from an inventory: **the one place that decides a name or a path**.
//!
//! The generators ask a [`Lab`] and never compose a name themselves, so that the Flux tree, the OpenTofu root,
//! the secret references and the page agree. Everything here is sorted by name, whatever the inventory's order.

mod app;
mod clash;
mod client;
mod cluster;
mod filter;
mod hierarchy;
mod identity;
mod oidc;
mod people;
mod role;
mod secret;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use catalog::Catalog;
use diagnostic::{Derived, Diagnostic, Span, Spanned};
use inventory::Inventory;

use app::Around;

pub use app::{App, FluxApp, LdapApp, Protocol, title};
pub use client::{Client, Setting};
pub use cluster::{Cluster, FluxKustomization, KustomizationFile, Store};
pub use diagnostic::Value;
pub use hierarchy::Hierarchy;
pub use identity::{Identity, LdapService};
pub use oidc::{Logout, OidcApp, RedirectUri, ScopeMapping};
pub use people::{Group, Invitation, User, group_resource};
pub use role::{ROLES_SCOPE, Role, RoleClaim, Roles};
pub use secret::{SecretReference, SecretTemplate, TemplateKey, TextPart, VaultSecret, Writer};

/// The folder of the namespaces, relative to the root of the repository.
pub const NAMESPACES: &str = "flux/infrastructure/base/namespaces";
/// The folder of authentik's objects.
pub const AUTHENTIK: &str = "flux/infrastructure/base/authentik";
/// The folder of the object that says how the operator of the secrets reaches Vault.
pub const SECRET_STORE: &str = "flux/infrastructure/base/secret-store";
/// The folder that holds a folder for each app of a cluster.
pub const APPS: &str = "flux/apps/base";
/// The OpenTofu root.
pub const TOFU_ROOT: &str = "tofu/tf-deploy/authentik";
/// The identity page.
pub const PAGE: &str = "docs/authentik.md";
/// The namespace of Flux itself, where its Kustomizations live.
pub const FLUX_NAMESPACE: &str = "flux-system";

/// A lab with everything that follows from its inventory.
#[derive(Debug)]
pub struct Lab<'i> {
    /// What it follows from.
    pub inventory: &'i Inventory,
    /// authentik: its addresses, names and secrets.
    pub identity: Identity<'i>,
    /// The object that says how the operator of the secrets reaches Vault.
    pub store: Store<'i>,
    /// The clusters, by name.
    pub clusters: Vec<Cluster>,
    /// The namespaces that labtree renders, each once, by name.
    pub namespaces: Vec<Derived<String>>,
    /// The groups, by name.
    pub groups: Vec<Group<'i>>,
    /// Which of them lie above and below each other.
    pub hierarchy: Hierarchy<'i>,
    /// The people that OpenTofu creates, by username.
    pub users: Vec<User<'i>>,
    /// The apps, by key.
    pub apps: Vec<App<'i>>,
}

impl<'i> Lab<'i> {
    /// Everything that follows from `inventory`, which [`inventory::parse`] found without errors, and from the entries
    /// of `catalog` that its apps refer to. What cannot be named or placed is pushed to `found` as an error.
    pub fn of(inventory: &'i Inventory, catalog: &'i Catalog, found: &mut Vec<Diagnostic>) -> Self {
        let identity = Identity::of(inventory);
        let store = Store::of(inventory);
        let groups = people::groups(inventory);
        let users = people::users(inventory, &groups);
        let hierarchy = Hierarchy::of(inventory);
        let around = Around { inventory, identity: &identity, catalog, groups: &groups, hierarchy: &hierarchy };
        let mut apps: Vec<_> = inventory.apps.iter().map(|entry| App::of(&around, entry, found)).collect();
        apps.sort_by(|one, other| one.slug.value.cmp(&other.slug.value));
        let namespaces = cluster::namespaces(inventory, &identity, &apps);
        clash::refuse_list_as_namespace(&namespaces, found);
        clash::refuse_second_authentik(&identity, &apps, found);
        let clusters = cluster::clusters(inventory, &identity, &store, &namespaces, &apps, found);
        Self { inventory, identity, store, clusters, namespaces, groups, hierarchy, users, apps }
    }

    /// The apps that log people in by OpenID Connect, by key.
    pub fn oidc_apps(&self) -> impl Iterator<Item = (&App<'i>, &OidcApp<'i>)> {
        self.apps.iter().filter_map(|app| match &app.protocol {
            Protocol::Oidc(oidc) => Some((app, oidc.as_ref())),
            Protocol::Ldap(_) => None,
        })
    }

    /// The apps that log people in by LDAP, by key.
    pub fn ldap_apps(&self) -> impl Iterator<Item = (&App<'i>, &LdapApp<'i>)> {
        self.apps.iter().filter_map(|app| match &app.protocol {
            Protocol::Ldap(ldap) => Some((app, ldap.as_ref())),
            Protocol::Oidc(_) => None,
        })
    }

    /// Every Vault path with its keys, who writes it and the Secrets that read it: first authentik's, then the
    /// apps' by key.
    pub fn vault_secrets(&self) -> impl Iterator<Item = &VaultSecret> {
        self.identity.vault_secrets().into_iter().chain(self.apps.iter().map(|app| app.credentials()))
    }

    /// Every Secret that an operator fills from Vault: first authentik's, then the apps' by key.
    pub fn secret_references(&self) -> impl Iterator<Item = &SecretReference> {
        let apps = self.apps.iter().filter_map(|app| app.flux.as_ref()).flat_map(|flux| &flux.secrets);
        self.identity.secrets().into_iter().chain(apps)
    }

    /// The namespaces that those Secrets are in, each once, by name.
    pub fn secret_namespaces(&self) -> Vec<Derived<String>> {
        let mut namespaces = BTreeMap::<&str, Vec<Span>>::new();
        for secret in self.secret_references() {
            namespaces.entry(&secret.namespace.value).or_default().extend(&secret.namespace.from);
        }
        let once = |(name, mut from): (&str, Vec<Span>)| {
            from.dedup();
            Derived::new(name.to_owned(), from)
        };
        namespaces.into_iter().map(once).collect()
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&Group<'i>> {
        self.groups.iter().find(|group| group.name.value == name)
    }
}

/// The file of the object called `name` in the folder it stands in: `monitoring.yaml`.
pub fn file_of(name: &Derived<String>) -> Derived<String> {
    Derived::new(format!("{}.yaml", name.value), name.from.clone())
}

/// `text` with the place of `at`: for names that follow from one key.
pub(crate) fn named<T: ToString>(at: &Spanned<T>, name: impl FnOnce(&str) -> String) -> Derived<String> {
    Derived::new(name(&at.value.to_string()), [at.span])
}
