//! The store: the object that says how the operator reaches Vault, and the service accounts it does so with.

use diagnostic::{Derived, Diagnostic};
use inventory::{StoreAuth, StoreKind};
use lab::Lab;
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::keep;

const FOLDER: &str = "flux/infrastructure/base/secret-store";

/// Renders the files of the store of `lab`, which logs in to Vault with `auth`.
pub(crate) fn render(
    lab: &Lab<'_>,
    auth: &StoreAuth,
    templates: &Templates,
    tree: &mut Tree,
    found: &mut Vec<Diagnostic>,
) {
    let context = context_of(lab, auth);
    let mut files: Vec<_> = match lab.store.entry.kind.value {
        StoreKind::ClusterSecretStore => vec!["clustersecretstore.yaml"],
        StoreKind::SecretStore => vec!["secretstores.yaml"],
        StoreKind::VaultAuth => vec!["vaultauth.yaml", "vaultconnection.yaml"],
    };
    if !accounts(lab, auth).is_empty() {
        files.insert(0, "serviceaccounts.yaml");
        files.sort_unstable();
    }
    for file in &files {
        keep(tree, templates.render(&format!("{FOLDER}/{file}.j2"), &[], context.clone(), found));
    }
    let context = context! { files => Placed::list(files) };
    keep(tree, templates.render(&format!("{FOLDER}/kustomization.yaml.j2"), &[], context, found));
}

fn context_of(lab: &Lab<'_>, auth: &StoreAuth) -> Value {
    let store = &lab.store.entry;
    let namespaces = lab.secret_namespaces();
    let home = store.namespace.as_ref().map(|namespace| namespace.derive(ToString::to_string));
    let guests: Vec<_> = match &home {
        Some(home) => namespaces.iter().filter(|namespace| namespace.value != home.value).cloned().collect(),
        None => Vec::new(),
    };
    let account = &auth.service_account;
    context! {
        vault => context! { address => text(&lab.inventory.vault.address) },
        store => context! {
            name => text(&store.name),
            mount => Placed::text(&lab.store.mount),
            has_path => store.path.is_some(),
            homes => home.map_or_else(|| list(&namespaces), |home| list(&[home])),
        },
        auth => context! {
            mount => text(&auth.mount),
            role => text(&auth.role),
            service_account => text(&account.name),
            service_account_namespace => text(&account.namespace),
        },
        has_guests => !guests.is_empty(),
        guests => list(&guests),
        accounts => list(&accounts(lab, auth)),
    }
}

/// The namespaces that need a service account of their own: an operator takes it from the namespace that it works
/// for, unless the store serves the whole cluster. The one that the inventory names is there already.
fn accounts(lab: &Lab<'_>, auth: &StoreAuth) -> Vec<Derived<String>> {
    if lab.store.entry.kind.value == StoreKind::ClusterSecretStore {
        return Vec::new();
    }
    let given = auth.service_account.namespace.as_str();
    lab.secret_namespaces().into_iter().filter(|namespace| namespace.value != given).collect()
}

fn text<T: ToString>(value: &diagnostic::Spanned<T>) -> Placed {
    Placed::text(&value.derive(ToString::to_string))
}

fn list(names: &[Derived<String>]) -> Placed {
    Placed::list(names)
}
