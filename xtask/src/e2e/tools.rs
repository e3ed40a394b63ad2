//! Where the tools are: in a folder that the environment names, or in the cache, which is filled when it lacks one.

mod go;
mod node;
mod python;

use std::fs;
use std::process::Command;

use camino::Utf8PathBuf;

use crate::{Failure, repository};

/// A folder with programs that are ready: `tofu`, `kustomize`, `kubeconform`.
const READY: &str = "LABTREE_E2E_TOOLS";

/// The tools.
#[derive(Debug)]
pub(crate) struct Tools {
    cache: Utf8PathBuf,
}

impl Tools {
    /// Those of this machine.
    pub(crate) fn new() -> Result<Self, Failure> {
        let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| repository().join("target"), Utf8PathBuf::from);
        let cache = target.join("e2e-tools");
        fs::create_dir_all(&cache)?;
        Ok(Self { cache })
    }

    /// A folder in which something is kept between runs.
    pub(crate) fn kept(&self, name: &str) -> Utf8PathBuf {
        self.cache.join(name)
    }
}

fn ready(name: &str) -> Option<Utf8PathBuf> {
    let folder = Utf8PathBuf::from(std::env::var(READY).ok()?);
    Some(folder.join(name)).filter(|path| path.exists())
}

/// Standard output of a command that must succeed.
fn run(command: &mut Command) -> Result<String, Failure> {
    let done = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !done.status.success() {
        let text = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
        return Err(format!("{command:?}: {}\n{text}", done.status).into());
    }
    Ok(String::from_utf8(done.stdout)?)
}
