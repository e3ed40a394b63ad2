//! One file for each Secret that an operator fills from Vault.

use diagnostic::Diagnostic;
use inventory::SecretOperator;
use lab::{Lab, SecretReference};
use template::{Placed, Templates, Value, context};
use tree::Tree;

use crate::keep;

const AUTHENTIK: &str = "flux/infrastructure/base/authentik/__secret__.yaml.j2";
const APP: &str = "flux/apps/base/__app__/__secret__.yaml.j2";

pub(crate) fn render(lab: &Lab<'_>, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let store = store(lab);
    for secret in lab.identity.secrets() {
        let names = [("secret", secret.name.value.as_str())];
        keep(tree, templates.render(AUTHENTIK, &names, context_of(lab, secret, &store), found));
    }
    for (app, flux) in lab.apps.iter().filter_map(|app| Some((app, app.flux.as_ref()?))) {
        for secret in &flux.secrets {
            let names = [("app", app.slug.value.as_str()), ("secret", secret.name.value.as_str())];
            keep(tree, templates.render(APP, &names, context_of(lab, secret, &store), found));
        }
    }
}

/// What every reference says about the store.
fn store(lab: &Lab<'_>) -> Value {
    let store = &lab.store;
    context! {
        kind => Placed::text(&store.entry.kind.derive(|kind| kind.as_str())),
        name => Placed::text(&store.entry.name.derive(ToString::to_string)),
        reference => Placed::text(&store.reference),
        mount => Placed::text(&store.mount),
    }
}

fn context_of(lab: &Lab<'_>, secret: &SecretReference, store: &Value) -> Value {
    let operator = lab.inventory.flux.secrets.value;
    let path = match operator {
        SecretOperator::ExternalSecrets => lab.store.key(&secret.vault.path),
        SecretOperator::VaultSecretsOperator => secret.vault.path.clone(),
    };
    context! {
        external_secrets => operator == SecretOperator::ExternalSecrets,
        store => store.clone(),
        secret => context! {
            name => Placed::text(&secret.name),
            namespace => Placed::text(&secret.namespace),
            path => Placed::text(&path),
            keys => Placed::list(secret.vault.keys.iter().copied()),
        },
    }
}
