//! What all judges work with: the tools, the labs, and a mirror of providers that holds the stand-in.

use std::cell::OnceCell;
use std::fs;
use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::labs::Lab;
use super::tools::Tools;
use crate::{Failure, binary};

/// The releases that the stand-in is there for. Which it is, its folder tells it.
const MIRRORED: [&str; 4] = [
    "goauthentik/authentik/2025.10.1",
    "goauthentik/authentik/2026.2.1",
    "goauthentik/authentik/2026.5.0",
    "hashicorp/vault/5.3.0",
];

/// A place to work, which goes with it.
pub(crate) struct Bench {
    pub(crate) tools: Tools,
    folder: Utf8PathBuf,
    /// OpenTofu's settings, once the mirror they name is there.
    settings: OnceCell<Utf8PathBuf>,
    _folder: TempDir,
}

/// OpenTofu and the settings that it is run with.
pub(crate) struct Tofu {
    program: Utf8PathBuf,
    settings: Utf8PathBuf,
}

impl Tofu {
    /// What it leaves when it runs in `folder` with `arguments` and more in its environment. It asks nobody.
    pub(crate) fn run(
        &self,
        folder: &Utf8Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Output, Failure> {
        let done = Command::new(&self.program)
            .current_dir(folder)
            .envs(environment.iter().copied())
            .args(arguments)
            .env("TF_CLI_CONFIG_FILE", &self.settings)
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .output();
        Ok(done.map_err(|error| format!("{}: {error}", self.program))?)
    }
}

impl Bench {
    /// An empty one.
    pub(crate) fn new() -> Result<Self, Failure> {
        let held = tempfile::tempdir()?;
        let folder = Utf8PathBuf::try_from(held.path().to_owned())?;
        Ok(Self { tools: Tools::new()?, folder, settings: OnceCell::new(), _folder: held })
    }

    /// A new empty folder; `name` is how its own begins.
    pub(crate) fn folder(&self, name: &str) -> Result<Utf8PathBuf, Failure> {
        let folder = tempfile::Builder::new().prefix(&format!("{name}-")).tempdir_in(&self.folder)?.keep();
        Ok(Utf8PathBuf::try_from(folder)?)
    }

    /// OpenTofu with the mirror of this bench.
    pub(crate) fn tofu(&self) -> Result<Tofu, Failure> {
        Ok(Tofu { program: self.tools.tofu()?, settings: self.settings()?.to_owned() })
    }

    /// Every lab, rendered anew.
    pub(crate) fn labs(&self) -> Result<Vec<Lab>, Failure> {
        super::labs::ALL.iter().map(|(name, inventory)| self.lab(name, &inventory())).collect()
    }

    /// A lab of that inventory, rendered.
    pub(crate) fn lab(&self, name: &str, inventory: &str) -> Result<Lab, Failure> {
        Lab::render(name, self.folder(name)?, inventory)
    }

    /// The file with OpenTofu's settings: providers come from the mirror and from nowhere else.
    pub(crate) fn settings(&self) -> Result<&Utf8Path, Failure> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let stand_in = binary("stand-in", &[])?;
        let mirror = self.folder("mirror")?;
        for provider in MIRRORED {
            let name = provider.split('/').nth(1).unwrap_or_default();
            let platform = format!("linux_{}", if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" });
            let place = mirror.join("registry.opentofu.org").join(provider).join(platform);
            fs::create_dir_all(&place)?;
            fs::copy(&stand_in, place.join(format!("terraform-provider-{name}")))?;
        }
        let settings = self.folder.join("tofurc");
        let text = format!(
            "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{ path = {:?} }}\n}}\n",
            mirror.as_str()
        );
        fs::write(&settings, text)?;
        Ok(self.settings.get_or_init(|| settings))
    }
}
