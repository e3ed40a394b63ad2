//! Which provider this is, and at which release: the folders of a mirror say so.

use std::ffi::OsString;
use std::path::Path;

/// A provider of the mirror.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) which: Which,
    pub(crate) release: String,
}

/// The providers that there is a stand-in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Authentik,
    Vault,
}

impl Place {
    /// The place of the program at `path`: `…/<namespace>/<type>/<version>/<platform>/<file>`.
    pub(crate) fn of(path: OsString) -> Result<Self, String> {
        let path = Path::new(&path);
        let folders: Vec<_> = path.iter().rev().skip(1).take(4).filter_map(|folder| folder.to_str()).collect();
        let which = match folders.as_slice() {
            [_, _, "authentik", "goauthentik"] => Which::Authentik,
            [_, _, "vault", "hashicorp"] => Which::Vault,
            _ => return Err(format!("{} is the place of no provider that this one stands in for", path.display())),
        };
        Ok(Self { which, release: folders[1].to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_say_which_provider_it_is() {
        let path = ".terraform/providers/registry.opentofu.org/goauthentik/authentik/2026.5.0/linux_amd64/provider";
        assert_eq!(Place::of(path.into()), Ok(Place { which: Which::Authentik, release: "2026.5.0".to_owned() }));
        let path = "/mirror/registry.opentofu.org/hashicorp/vault/5.3.0/linux_amd64/provider";
        assert_eq!(Place::of(path.into()), Ok(Place { which: Which::Vault, release: "5.3.0".to_owned() }));
        assert!(Place::of("target/debug/stand-in".into()).is_err());
    }
}
