//! A provider for OpenTofu that stands in for `goauthentik/authentik` and `hashicorp/vault`, which are on no registry.
//!
//! It has the arguments of the real one, refuses at apply what authentik was seen to refuse, and keeps what it is given
//! in a file, so that a plan, an import and a destroy find a server that remembers. OpenTofu starts it from a mirror of
//! providers; the folder that it lies in says which provider and which release it is.

mod api;
mod authentik;
mod place;
mod plan;
mod service;
mod shape;
mod store;
mod text;
mod transport;
mod value;
mod vault;
mod wire;

use std::io::Write;
use std::process::ExitCode;

use place::{Place, Which};
use service::Service;
use store::Store;

/// What OpenTofu sets for the programs that it starts.
const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";
/// The file that the objects are kept in.
const STORE: &str = "STAND_IN_STORE";
/// Set where OpenTofu wants the connection encrypted.
const CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "stand-in: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    if std::env::var_os(COOKIE).is_none() {
        return Err("this is a provider; OpenTofu starts it".to_owned());
    }
    if std::env::var_os(CERTIFICATE).is_some() {
        return Err("this provider speaks without encryption; set TF_DISABLE_PLUGIN_TLS=1".to_owned());
    }
    let place = Place::of(std::env::args_os().next().ok_or("it was started without a name")?)?;
    let api: Box<dyn api::Api> = match place.which {
        Which::Authentik => Box::new(authentik::Authentik::at(&place.release)?),
        Which::Vault => Box::new(vault::Vault::new()),
    };
    let store = std::env::var_os(STORE).map(|path| Store::at(path.into()));
    transport::serve(Service::new(api, store))
}
