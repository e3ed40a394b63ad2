//! `meta.tf` and `backend.pg.tfbackend`: versions, addresses, and where the state is kept.

use diagnostic::{Derived, Diagnostic};
use inventory::{SslMode, State};
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
        conn_str => Placed::from(&connection(state, found)),
        schema => text(&state.schema),
    };
    keep(tree, templates.render("tofu/tf-deploy/authentik/backend.pg.tfbackend.j2", &[], context, found));
}

/// Without a user and a password, which come from the environment.
fn connection(state: &State, found: &mut Vec<Diagnostic>) -> Derived<String> {
    let host = state.host.as_str();
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let (port, database) = (state.port.number(), &state.database.value);
    let sslmode = sslmode(state, found);
    Derived::new(
        format!("postgres://{host}:{port}/{database}?sslmode={sslmode}"),
        [state.host.span, state.port.span, state.database.span, state.sslmode.span],
    )
}

/// OpenTofu's PostgreSQL library cannot try encryption and go on without it: it refuses `prefer` and `allow` when
/// it starts. Where nobody wrote a mode, its own default is taken.
fn sslmode(state: &State, found: &mut Vec<Diagnostic>) -> &'static str {
    let mode = &state.sslmode;
    if !matches!(mode.value, SslMode::Prefer | SslMode::Allow) {
        return mode.as_str();
    }
    if mode.span != state.span {
        found.push(
            Diagnostic::error(
                "unsupported-sslmode",
                mode.span,
                format!("OpenTofu does not know the sslmode `{}` for its state", mode.as_str()),
            )
            .help("write `require`, or `disable` for a server without TLS"),
        );
    }
    SslMode::Require.as_str()
}
