//! What a run reads of a lab: settings, inventory, templates of its own.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use catalog::Catalog;
use diagnostic::{Diagnostic, FileId, Severity, Sources, Span, any_error};
use inventory::{Inventory, InventoryFile};
use lint::flux::Flux;
use lint::tofu::Tofu;
use lint::{Files, Repo, Written};
use resolve_tofu::Modules;
use serde_json::{Value, json};
use template::Templates;
use tree::{Found, LOCK_PATH, Obstacle, Origin, Tree};

use crate::disk::{Disk, DiskError, Doing, Kind};
use crate::failure::Failure;
use crate::settings::{SETTINGS_PATH, Settings};
use crate::terminal::Terminal;
use crate::{Outcome, builtin, catalogue, render};

/// The inventory, or its first part.
pub(crate) const INVENTORY_PATH: &str = "inventory.yaml";
/// The folder of its other parts.
pub(crate) const INVENTORY_FOLDER: &str = "inventory";
/// The folder of the lab's own templates.
pub(crate) const TEMPLATES_FOLDER: &str = "templates";

/// A lab as it was read, with everything found about it so far.
pub struct Input {
    /// Every text that a finding can point into.
    pub sources: Sources,
    /// What was found.
    pub found: Vec<Diagnostic>,
    /// How labtree behaves in this lab.
    pub settings: Settings,
    /// The inventory, if it has no fault.
    pub inventory: Option<Inventory>,
    /// The built-in templates and the lab's own.
    pub templates: Templates,
    /// The built-in entries of the catalog and the lab's own.
    pub catalog: Catalog,
}

impl Input {
    /// Reads the lab on `disk`.
    ///
    /// # Errors
    /// There is no inventory, or something cannot be read. Faults of what was read are in [`Input::found`].
    pub fn read(disk: &impl Disk) -> Result<Self, Failure> {
        Self::of(disk, &inventory_files(disk)?)
    }

    /// Reads the lab on `disk` as it would be with these files as its inventory.
    pub(crate) fn of(disk: &impl Disk, files: &[InventoryFile]) -> Result<Self, Failure> {
        let (mut sources, mut found) = (Sources::default(), Vec::new());
        let settings = settings(disk, &mut sources, &mut found)?;
        let templates = templates(disk, &mut sources, &mut found)?;
        let catalog = read_catalog(disk, &mut sources, &mut found)?;
        let inventory = inventory::parse(&mut sources, files, &mut found);
        Ok(Self { sources, found, settings, inventory, templates, catalog })
    }

    /// Reads what there is on `disk`: a lab, or a repository without an inventory, of which only the settings count.
    ///
    /// # Errors
    /// Something cannot be read. Faults of what was read are in [`Input::found`].
    pub fn of_repository(disk: &impl Disk) -> Result<Self, Failure> {
        if is_lab(disk)? {
            return Self::read(disk);
        }
        let (mut sources, mut found) = (Sources::default(), Vec::new());
        let settings = settings(disk, &mut sources, &mut found)?;
        let templates = Templates::load(&mut sources, Vec::<(&str, &str)>::new(), Vec::new(), &mut found);
        Ok(Self { sources, found, settings, inventory: None, templates, catalog: Catalog::default() })
    }

    /// The tree that the lab should hold; `None` if a fault keeps it from being rendered.
    pub fn render(&mut self) -> Option<Tree> {
        let inventory = self.inventory.as_ref()?;
        let tree = render::render(inventory, &self.catalog, &self.templates, &self.sources, &mut self.found);
        (!any_error(&self.found)).then_some(tree)
    }

    /// Leaves out what the settings turn off or a comment of the inventory allows; an error stays what it is.
    fn settle(&mut self) {
        let found = std::mem::take(&mut self.found).into_iter();
        let (errors, others): (Vec<_>, Vec<_>) = found.partition(|finding| finding.severity == Severity::Error);
        self.found = errors;
        if others.is_empty() {
            return;
        }
        let of_inventory = |path: &str| path == INVENTORY_PATH || Utf8Path::new(path).starts_with(INVENTORY_FOLDER);
        let parts = self.sources.iter().filter(|(_, source)| of_inventory(&source.path)).map(|(id, source)| Written {
            path: source.path.as_str().into(),
            id,
            kind: lint::Kind::Inventory,
            origin: Origin::Written,
        });
        let files = Files::read(&self.sources, parts, BTreeSet::new());
        let modules = Modules::default();
        let repo = Repo {
            sources: &self.sources,
            inventory: self.inventory.as_ref(),
            files: &files,
            tofu: &Tofu::nothing(&modules),
            flux: &Flux::default(),
            allows: &lint::allows(&self.sources, &files),
            known: catalogue::known(),
            levels: &self.settings.levels,
            is_complete: false,
        };
        self.found.extend(lint::settle(&repo, others));
    }

    /// Prints what was found, sorted.
    pub fn report(&mut self, terminal: &mut Terminal) {
        self.settle();
        report::sort(&self.sources, &mut self.found);
        terminal.findings(&self.sources, &self.found);
    }

    /// What was found, sorted, for programs.
    pub fn document(&mut self) -> Value {
        self.settle();
        report::sort(&self.sources, &mut self.found);
        document(&self.sources, &self.found)
    }

    /// How a run ends that found this much.
    pub fn outcome(&self) -> Outcome {
        outcome(&self.found, self.settings.fail_on)
    }
}

/// `found` in the order given, for programs.
pub(crate) fn document(sources: &Sources, found: &[Diagnostic]) -> Value {
    json!({
        "version": 1,
        "findings": report::findings(sources, found),
        "summary": report::summary(sources, found),
    })
}

/// How a run ends that found this much, and fails on what weighs `fail_on` or more.
pub(crate) fn outcome(found: &[Diagnostic], fail_on: Severity) -> Outcome {
    let worst = found.iter().map(|finding| finding.severity).max();
    if worst >= Some(fail_on) { Outcome::Findings } else { Outcome::Clean }
}

/// Whether labtree was at work here, or is about to be: there is its lock, or an inventory. Ansible knows an
/// `inventory.yaml` too, and a folder of that name; in labtree's, one of the keys is `identity`.
pub(crate) fn is_lab(disk: &impl Disk) -> Result<bool, Failure> {
    if read(disk, Utf8Path::new(LOCK_PATH))?.is_some() {
        return Ok(true);
    }
    let mut paths = vec![Utf8PathBuf::from(INVENTORY_PATH)];
    let folder = Utf8Path::new(INVENTORY_FOLDER);
    if let Found::Obstacle(Obstacle::Folder { .. }) = disk.read(folder).map_err(DiskError::at(Doing::Read, folder))? {
        let entries = disk.list(folder).map_err(DiskError::at(Doing::Read, folder))?;
        let parts = entries.into_iter().filter(|entry| entry.kind == Kind::File && entry.name.ends_with(".yaml"));
        paths.extend(parts.map(|entry| folder.join(entry.name)));
    }
    for path in paths {
        let found = disk.read(&path).map_err(DiskError::at(Doing::Read, &path))?;
        let names_identity = |line: &[u8]| line.starts_with(b"identity:");
        if matches!(found, Found::File(bytes) if bytes.split(|byte| *byte == b'\n').any(names_identity)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The settings, or the usual ones if nobody wrote any. Their faults are pushed to `found`.
pub(crate) fn settings(
    disk: &impl Disk,
    sources: &mut Sources,
    found: &mut Vec<Diagnostic>,
) -> Result<Settings, Failure> {
    let Some(bytes) = read(disk, Utf8Path::new(SETTINGS_PATH))? else { return Ok(Settings::default()) };
    Ok(match add(sources, SETTINGS_PATH, bytes, found) {
        Some((file, text)) => Settings::parse(&text, file, found),
        None => Settings::default(),
    })
}

fn templates(disk: &impl Disk, sources: &mut Sources, found: &mut Vec<Diagnostic>) -> Result<Templates, Failure> {
    let mut own = Vec::new();
    for path in files_below(disk, Utf8Path::new(TEMPLATES_FOLDER))? {
        let Some(bytes) = read(disk, &path)? else { continue };
        match String::from_utf8(bytes) {
            Ok(text) => {
                let name = path.strip_prefix(TEMPLATES_FOLDER).expect("it was found below this folder");
                own.push((name.to_string(), text));
            }
            Err(error) => drop(add(sources, path.as_str(), error.into_bytes(), found)),
        }
    }
    Ok(Templates::load(sources, builtin::templates(), own, found))
}

/// The entries that labtree brings with it, and those in the lab's own folder.
pub(crate) fn read_catalog(
    disk: &impl Disk,
    sources: &mut Sources,
    found: &mut Vec<Diagnostic>,
) -> Result<Catalog, Failure> {
    let mut own = Vec::new();
    for path in files_below(disk, Utf8Path::new(catalog::FOLDER))? {
        let name = path.strip_prefix(catalog::FOLDER).expect("it was found below this folder");
        if path.extension() == Some("yml") {
            let message = format!("`{path}` is not read: the entries of the catalog end in `.yaml`");
            return Err(Failure::usage(message, format!("rename it to `{}`", path.with_extension("yaml"))));
        }
        if path.extension() != Some("yaml") {
            continue;
        }
        let Some(bytes) = read(disk, &path)? else { continue };
        match String::from_utf8(bytes) {
            Ok(text) => own.push((name.to_string(), text)),
            Err(error) => drop(add(sources, path.as_str(), error.into_bytes(), found)),
        }
    }
    Ok(Catalog::load(sources, catalog::builtin(), own, found))
}

/// The files of the inventory, `inventory.yaml` first.
pub(crate) fn inventory_files(disk: &impl Disk) -> Result<Vec<InventoryFile>, Failure> {
    let mut paths = vec![Utf8PathBuf::from(INVENTORY_PATH)];
    let misnamed = |path: &Utf8Path| {
        let message = format!("`{path}` is not read: the files of an inventory end in `.yaml`");
        Err(Failure::usage(message, format!("rename it to `{}`", path.with_extension("yaml"))))
    };
    for path in files_below(disk, Utf8Path::new(INVENTORY_FOLDER))? {
        match path.extension() {
            Some("yaml") => paths.push(path),
            Some("yml") => return misnamed(&path),
            _ => {}
        }
    }
    let mut files = Vec::new();
    for path in paths {
        if let Some(bytes) = read(disk, &path)? {
            files.push(InventoryFile { path: path.into_string(), bytes });
        }
    }
    if files.is_empty() {
        let near = Utf8Path::new(INVENTORY_PATH).with_extension("yml");
        if read(disk, &near)?.is_some() {
            return misnamed(&near);
        }
        let help = match read(disk, Utf8Path::new(LOCK_PATH))? {
            Some(_) => "`labtree.lock` tells that there was one: `git restore inventory.yaml` takes it back",
            None => "`labtree init DIR` makes a lab; `--root DIR` names one elsewhere",
        };
        return Err(Failure::usage(format!("there is no `{INVENTORY_PATH}` here"), help));
    }
    Ok(files)
}

/// The bytes of the file `path`; `None` if nothing stands there.
pub(crate) fn read(disk: &impl Disk, path: &Utf8Path) -> Result<Option<Vec<u8>>, Failure> {
    match disk.read(path).map_err(DiskError::at(Doing::Read, path))? {
        Found::Absent => Ok(None),
        Found::File(bytes) => Ok(Some(bytes)),
        Found::Obstacle(by) => Err(unread(path, &by)),
    }
}

/// Passing it over would render a lab without it, and delete what follows from it.
fn unread(path: &Utf8Path, by: &Obstacle) -> Failure {
    let of_inventory = path == INVENTORY_PATH || path.starts_with(INVENTORY_FOLDER);
    let help = match by {
        Obstacle::Symlink => "put what it leads to in its place: labtree reads through no symlink".to_owned(),
        Obstacle::Folder { .. } | Obstacle::Special => "put a file in its place".to_owned(),
        Obstacle::Unreadable(_) => "make it readable for you".to_owned(),
        // as the inventory itself says it of a file that the disk still reads
        Obstacle::TooLarge(_) if of_inventory => {
            let message = format!("`{path}` is larger than {} MiB", inventory::MAX_FILE >> 20);
            return Failure::usage(message, format!("split it over `{INVENTORY_FOLDER}/*.yaml`"));
        }
        _ => by.help(),
    };
    Failure::usage(format!("`{path}` {by}"), help)
}

/// Every file below `folder`, in order of paths; none if there is no such folder. Names that begin with a dot are
/// passed over.
fn files_below(disk: &impl Disk, folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        match disk.read(&folder).map_err(DiskError::at(Doing::Read, &folder))? {
            Found::Obstacle(Obstacle::Folder { .. }) => {}
            Found::Obstacle(by) => return Err(unread(&folder, &by)),
            Found::Absent | Found::File(_) => continue,
        }
        for entry in disk.list(&folder).map_err(DiskError::at(Doing::Read, &folder))? {
            match entry.kind {
                _ if entry.name.starts_with('.') => {}
                Kind::Folder => open.push(folder.join(entry.name)),
                Kind::File => found.push(folder.join(entry.name)),
                Kind::Symlink => return Err(unread(&folder.join(entry.name), &Obstacle::Symlink)),
                Kind::Special => return Err(unread(&folder.join(entry.name), &Obstacle::Special)),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Takes `bytes` in as the source `path`. What is not UTF-8 is a finding at its first bad byte.
pub(crate) fn add(
    sources: &mut Sources,
    path: &str,
    bytes: Vec<u8>,
    found: &mut Vec<Diagnostic>,
) -> Option<(FileId, String)> {
    match String::from_utf8(bytes) {
        Ok(text) => Some((sources.add(path, text.as_str()), text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(good);
            let text = String::from_utf8(bytes).expect("these bytes were found to be UTF-8");
            let file = sources.add(path, text);
            let message = format!("`{path}` is not UTF-8 from here on");
            found.push(Diagnostic::error("not-utf8", Span::new(file, good..good), message).help("save it as UTF-8"));
            None
        }
    }
}

/// Takes in as a source what stands at `path`; `None` if it went away in this instant, or if git keeps its text
/// elsewhere. Why it cannot be read is a finding.
pub(crate) fn take_in(
    there: Found,
    path: &Utf8Path,
    sources: &mut Sources,
    found: &mut Vec<Diagnostic>,
) -> Option<FileId> {
    match there {
        Found::File(bytes) if is_kept_elsewhere(&bytes) => None,
        Found::File(bytes) => add(sources, path.as_str(), bytes, found).map(|(id, _)| id),
        // A disk lists what it cannot name with `�` in it, and finds nothing of that name.
        Found::Absent if path.as_str().contains(char::REPLACEMENT_CHARACTER) => {
            let file = sources.add(path.as_str(), "");
            let message = format!("the path `{path}` is not UTF-8, so the file is not looked at");
            found.push(Diagnostic::hint("path-not-utf8", Span::new(file, 0..0), message).help("rename it"));
            None
        }
        Found::Absent => None,
        Found::Obstacle(by) => {
            found.push(unreadable(sources, path, format!("`{path}` {by}")));
            None
        }
    }
}

/// Whether `bytes` stand for a text that only an unlocked checkout holds: a pointer of Git LFS, or what git-crypt made.
fn is_kept_elsewhere(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/") || bytes.starts_with(b"\0GITCRYPT\0")
}

/// That the folder `path` cannot be read for this reason.
pub(crate) fn unreadable_folder(sources: &mut Sources, path: &Utf8Path, reason: &str) -> Diagnostic {
    unreadable(sources, path, format!("the folder `{path}` cannot be read: {reason}"))
}

fn unreadable(sources: &mut Sources, path: &Utf8Path, message: String) -> Diagnostic {
    let file = sources.add(path.as_str(), "");
    Diagnostic::error("unreadable-file", Span::new(file, 0..0), message)
        .help("make it readable, or add it to `exclude` in `labtree.toml`")
}
