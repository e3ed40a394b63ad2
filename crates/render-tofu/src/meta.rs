//! `meta.tf` and `backend.pg.tfbackend`: versions, addresses, and where the state is kept.

use diagnostic::{Derived, Diagnostic};
use inventory::State;
use lab::Lab;
use template::{Placed, Templates, context};
use tree::Tree;

use crate::pins::Pins;
use crate::{keep, text};

pub(crate) fn render(lab: &Lab<'_>, pins: &Pins, templates: &Templates, tree: &mut Tree, found: &mut Vec<Diagnostic>) {
    let vault = &lab.inventory.vault;
    let token = &lab.identity.token.vault;
    let context = context! {
        authentik_url => Placed::from(&lab.identity.url),
        vault_address => text(&vault.address),
        vault_mount => text(&vault.mount),
        token_path => Placed::from(&token.path),
        token_key => Placed::from(token.keys[0]),
        token_is_ephemeral => pins.ephemeral,
        ..pins.versions()
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/meta.tf.j2", &[], context, found));

    let state = &lab.inventory.tofu.state;
    let context = context! {
        conn_str => Placed::from(&connection(state)),
        schema => text(&state.schema),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/backend.pg.tfbackend.j2", &[], context, found));
}

/// Without a user and a password, which come from the environment; without a written mode, so does that.
fn connection(state: &State) -> Derived<String> {
    let host = state.host.as_str();
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let mut connection = format!("postgres://{host}:{}/{}", state.port.number(), state.database.value);
    let mut from = vec![state.host.span, state.port.span, state.database.span];
    if let Some(mode) = &state.sslmode {
        connection.push_str("?sslmode=");
        connection.push_str(mode.as_str());
        from.push(mode.span);
    }
    Derived::new(connection, from)
}
