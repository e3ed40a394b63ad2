//! Where the person stands, and which folder is meant.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use tree::LOCK_PATH;

use crate::disk::reason;
use crate::failure::Failure;
use crate::input::INVENTORY_PATH;
use crate::settings::SETTINGS_PATH;

/// The root and the current folder, as absolute paths.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) root: Utf8PathBuf,
    pub(crate) here: Utf8PathBuf,
}

impl Standing {
    /// With this root; as far as the paths can be told.
    pub(crate) fn at(root: &Utf8Path) -> Self {
        let root = root.canonicalize_utf8().unwrap_or_default();
        let here = current_folder().ok().and_then(|here| here.canonicalize_utf8().ok());
        Self { here: here.unwrap_or_else(|| root.clone()), root }
    }

    /// `path`, from the current folder on, as one from the root on; `None` if it lies elsewhere.
    pub(crate) fn below_root(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let mut whole = Utf8PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Utf8Component::ParentDir => drop(whole.pop()),
                Utf8Component::CurDir => {}
                part => whole.push(part),
            }
        }
        if let Ok(below) = whole.strip_prefix(&self.root) {
            return Some(below.to_owned());
        }
        // The way may lead over symlinks, and what it ends at need not be in the folder, but in a commit.
        whole.ancestors().find_map(|around| {
            let real = around.canonicalize_utf8().ok()?;
            let rest = whole.strip_prefix(around).ok()?;
            Some(real.join(rest).strip_prefix(&self.root).ok()?.to_owned())
        })
    }

    /// Where the root lies in the git repository around it, with a `/` behind; `""` if it is the repository, or in none.
    pub(crate) fn folder_in_repository(&self) -> String {
        let repository = self.root.ancestors().find(|folder| folder.join(".git").exists());
        match repository.and_then(|repository| self.root.strip_prefix(repository).ok()) {
            Some(below) if below != "" => format!("{below}/"),
            _ => String::new(),
        }
    }
}

/// The nearest folder upwards that holds an inventory.
pub(crate) fn lab() -> Result<Utf8PathBuf, Failure> {
    let here = current_folder()?;
    here.ancestors().find(holds_lab).map(Utf8Path::to_owned).ok_or_else(|| {
        Failure::usage(
            format!("neither `{here}` nor a folder above it holds an inventory.yaml"),
            "`labtree init DIR` makes a lab; `--root DIR` names one elsewhere",
        )
    })
}

/// The lab around the current folder, or else the git repository around it, or else the folder itself.
pub(crate) fn repository() -> Result<Utf8PathBuf, Failure> {
    let here = current_folder()?;
    let repository = |folder: &&Utf8Path| folder.join(".git").exists();
    let found = here.ancestors().find(holds_lab).or_else(|| here.ancestors().find(repository));
    Ok(found.unwrap_or(&here).to_owned())
}

fn holds_lab(folder: &&Utf8Path) -> bool {
    [INVENTORY_PATH, SETTINGS_PATH, LOCK_PATH].iter().any(|name| folder.join(name).is_file())
}

fn current_folder() -> Result<Utf8PathBuf, Failure> {
    let help = "go to another folder, or name the lab with `--root`";
    let here = std::env::current_dir()
        .map_err(|error| Failure::usage(format!("cannot tell the current folder: {}", reason(&error)), help))?;
    Utf8PathBuf::from_path_buf(here).map_err(|here| {
        Failure::usage(format!("the path of the current folder is not UTF-8: {}", here.display()), help)
    })
}
