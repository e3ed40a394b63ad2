//! What every app has on the page, however it logs people in, and the example of a new one.

use diagnostic::{Derived, Spanned};
use lab::{App, Lab, Role, SecretReference};
use template::{Placed, Value, context};

use crate::client;
use crate::text;
use crate::words::href;

/// Name, address, groups, and where the credentials lie.
pub(crate) fn context_of(lab: &Lab<'_>, app: &App<'_>) -> Value {
    let address = app.entry.url.derive(ToString::to_string);
    let credentials = app.credentials();
    let secret = app.flux.as_ref().and_then(|flux| {
        let is_its = |secret: &&SecretReference| secret.vault.path.value == credentials.path.value;
        flux.secrets.iter().find(is_its)
    });
    let template = secret.and_then(|secret| secret.template.as_ref());
    context! {
        name => Placed::text(&app.name),
        slug => Placed::text(&app.slug),
        url => Placed::text(&href(&address)),
        address => Placed::text(&address),
        has_description => app.entry.description.is_some(),
        description => optional(app.entry.description.as_ref()),
        is_for_everyone => app.allow.is_none(),
        is_for_nobody => app.allow.as_ref().is_some_and(Vec::is_empty),
        groups => app.allow.as_ref().map(|groups| Value::from(Placed::list(groups))),
        has_roles => !app.roles.held.is_empty(),
        roles => app.roles.held.iter().map(role).collect::<Vec<_>>(),
        vault_path => Placed::text(&below_mount(lab, &credentials.path)),
        vault_keys => Placed::list(credentials.keys.iter().copied()),
        has_secret => secret.is_some(),
        secret => secret.map(|secret| Value::from(Placed::text(&secret.name))),
        namespace => secret.map(|secret| Value::from(Placed::text(&secret.namespace))),
        has_secret_keys => template.is_some(),
        secret_keys => template.map(|made| Value::from(Placed::list(made.keys.iter().map(|key| &key.name)))),
        has_client => app.client.is_some(),
        client => app.client.as_ref().map(client::context_of),
    }
}

fn role(role: &Role) -> Value {
    context! {
        name => Placed::text(&role.name),
        is_for_nobody => role.groups.is_empty(),
        groups => Placed::list(&role.groups),
    }
}

/// A Vault path as people type it: with its mount before it.
pub(crate) fn below_mount(lab: &Lab<'_>, path: &Derived<String>) -> Derived<String> {
    let mount = &lab.store.mount;
    Derived::new(format!("{}/{}", mount.value, path.value), path.from.iter().chain(&mount.from).copied())
}

/// The entry that shows how an app is added, in the lab's own words.
pub(crate) fn example(lab: &Lab<'_>) -> Value {
    let domain = &lab.inventory.lab.domain;
    let group =
        lab.groups.iter().find(|group| group.invite).or_else(|| lab.groups.iter().find(|group| !group.superuser));
    context! {
        url => Placed::text(&domain.derive(|domain| format!("https://paperless.{domain}"))),
        has_group => group.is_some(),
        group => group.map(|group| Value::from(Placed::text(&group.name))),
        vault_path => Placed::text(&below_mount(lab, &Derived::fixed("apps/paperless/oidc".to_owned()))),
        secret => Placed::fixed("paperless-oidc"),
    }
}

fn optional<T: ToString>(value: Option<&Spanned<T>>) -> Option<Value> {
    value.map(|value| Value::from(text(value)))
}
