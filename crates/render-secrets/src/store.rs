//! The store: the object that says how the operator reaches Vault, and the service accounts it does so with.

use diagnostic::{Derived, Diagnostic, Spanned};
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
    let accounts = accounts(lab, auth);
    let mut files = match lab.store.entry.kind.value {
        StoreKind::ClusterSecretStore => vec!["clustersecretstore.yaml"],
        StoreKind::VaultAuth => vec!["vaultauth.yaml", "vaultconnection.yaml"],
        // The inventory refuses `auth` for it.
        StoreKind::SecretStore => return,
    };
    if !accounts.is_empty() {
        files.insert(0, "serviceaccounts.yaml");
    }
    let context = context_of(lab, auth, &accounts);
    for file in &files {
        keep(tree, templates.render(&format!("{FOLDER}/{file}.j2"), &[], context.clone(), found));
    }
    let context = context! { files => Placed::list(files) };
    keep(tree, templates.render(&format!("{FOLDER}/kustomization.yaml.j2"), &[], context, found));
}

fn context_of(lab: &Lab<'_>, auth: &StoreAuth, accounts: &[Derived<String>]) -> Value {
    let store = &lab.store.entry;
    let home = store.namespace.as_ref();
    let is_guest = |namespace: &Derived<String>| home.is_some_and(|home| home.as_str() != namespace.value);
    let guests: Vec<_> = lab.secret_namespaces().into_iter().filter(is_guest).collect();
    let account = &auth.service_account;
    context! {
        vault => context! { address => text(&lab.inventory.vault.address) },
        store => context! {
            name => text(&store.name),
            namespace => home.map(|home| Value::from(text(home))),
            has_path => store.path.is_some(),
            path => store.path.as_ref().map(|path| Value::from(text(path))),
        },
        auth => context! {
            mount => text(&auth.mount),
            role => text(&auth.role),
            service_account => text(&account.name),
            service_account_namespace => text(&account.namespace),
        },
        has_guests => !guests.is_empty(),
        guests => Placed::list(&guests),
        accounts => Placed::list(accounts),
    }
}

/// The namespaces that need a service account of their own: the Vault Secrets Operator takes it from the namespace
/// of each Secret. The one that the inventory names is there already.
fn accounts(lab: &Lab<'_>, auth: &StoreAuth) -> Vec<Derived<String>> {
    if lab.store.entry.kind.value != StoreKind::VaultAuth {
        return Vec::new();
    }
    let given = auth.service_account.namespace.as_str();
    lab.secret_namespaces().into_iter().filter(|namespace| namespace.value != given).collect()
}

fn text<T: ToString>(value: &Spanned<T>) -> Placed {
    Placed::text(&value.derive(ToString::to_string))
}
