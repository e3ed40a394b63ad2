//! Schemas that a person imported: the folder that holds them, and the verbs on it.

mod import;
mod list;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, Sources, Span};
use schema::Package;
use schema::kubernetes::Imported;
use tree::{Found, Obstacle};

pub(crate) use import::run as import;
pub(crate) use list::run as list;

use crate::disk::{Disk, DiskError, Doing, Kind};
use crate::failure::Failure;
use crate::settings::Settings;

/// The folder of the kinds of Kubernetes, in that of the schemas.
const KINDS: &str = "kinds";
/// The folder of providers.
const PROVIDERS: &str = "providers";

/// What was imported.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    /// The kinds of the person's own cluster.
    pub kinds: Imported,
    /// The files of these.
    pub kind_files: Vec<Utf8PathBuf>,
    /// The providers, each at one version.
    pub packages: Vec<Package>,
    /// The files of these.
    pub package_files: Vec<Utf8PathBuf>,
}

impl Schemas {
    /// Reads what was imported. A file that is not as it was written is pushed to `found`; one that labtree has not
    /// written is passed over.
    ///
    /// # Errors
    /// The disk fails.
    pub(crate) fn read(
        disk: &impl Disk,
        settings: &Settings,
        sources: &mut Sources,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Self, Failure> {
        let mut broken = |path: &Utf8Path, why: &str| {
            let file = sources.add(path.as_str(), "");
            found.push(
                Diagnostic::error("broken-schema", Span::new(file, 0..0), format!("`{path}` cannot be read: {why}"))
                    .help("run `labtree schema import` again"),
            );
        };
        let folder = settings.schemas();
        let (mut kind_files, mut texts) = (Vec::new(), Vec::new());
        for (path, text) in json_files(disk, &folder.join(KINDS))? {
            match Imported::check(&text) {
                Some(Ok(())) => {
                    kind_files.push(path);
                    texts.push(text);
                }
                Some(Err(why)) => broken(&path, why),
                None => {}
            }
        }
        let (mut package_files, mut packages) = (Vec::new(), Vec::new());
        for (path, text) in json_files(disk, &folder.join(PROVIDERS))? {
            match Package::read(text) {
                Some(Ok(package)) => {
                    package_files.push(path);
                    packages.push(package);
                }
                Some(Err(why)) => broken(&path, why),
                None => {}
            }
        }
        Ok(Self { kinds: Imported::read(texts), kind_files, packages, package_files })
    }
}

/// The texts of the files in `folder` that end in `.json`, in order; none if there is no such folder.
fn json_files(disk: &impl Disk, folder: &Utf8Path) -> Result<Vec<(Utf8PathBuf, String)>, Failure> {
    let mut files = Vec::new();
    match disk.read(folder).map_err(DiskError::at(Doing::Read, folder))? {
        Found::Obstacle(Obstacle::Folder { .. }) => {}
        _ => return Ok(files),
    }
    for entry in disk.list(folder).map_err(DiskError::at(Doing::Read, folder))? {
        let path = folder.join(&entry.name);
        if entry.kind != Kind::File || path.extension() != Some("json") {
            continue;
        }
        let found = disk.read(&path).map_err(DiskError::at(Doing::Read, &path))?;
        let Found::File(bytes) = found else { continue };
        if let Ok(text) = String::from_utf8(bytes) {
            files.push((path, text));
        }
    }
    Ok(files)
}
