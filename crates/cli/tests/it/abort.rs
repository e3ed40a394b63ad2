//! A run that is stopped before any of its operations loses nothing, and the next one completes it.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use labtree::apply::apply;
use labtree::disk::{Disk, FailingDisk, Kind, MemoryDisk, RealDisk, read_lock, read_on_disk};
use tree::{Digest, File, Found, LOCK_PATH, Origin, Tree};

type Files = &'static [(&'static str, &'static str)];

const OLD: Files = &[
    ("docs/authentik.md", "old page, much longer than the new one\n"),
    ("flux/apps/base/gitea/kustomization.yaml", "gitea\n"),
    ("flux/apps/base/gone/kustomization.yaml", "gone\n"),
    ("flux/apps/base/gone/secret.yaml", "gone\n"),
    ("flux/infrastructure/namespaces", "a file that becomes a folder\n"),
    ("tofu/deploy/main.tf", "same\n"),
    ("tofu/policies/old/one.py", "a folder that becomes a file\n"),
];
const NEW: Files = &[
    ("docs/authentik.md", "new page\n"),
    ("flux/apps/base/gitea/kustomization.yaml", "gitea, changed\n"),
    ("flux/apps/base/new/kustomization.yaml", "new\n"),
    ("flux/infrastructure/namespaces/infra.yaml", "infra\n"),
    ("tofu/deploy/locals.tf", "new\n"),
    ("tofu/deploy/main.tf", "same\n"),
    ("tofu/policies/old", "now a file\n"),
];
/// What the inventory says after somebody changed it between the stopped run and the next.
const NEWER: Files = &[
    ("docs/authentik.md", "newer page\n"),
    ("flux/apps/base/gitea/kustomization.yaml", "gitea\n"),
    ("flux/apps/base/later/kustomization.yaml", "later\n"),
    ("tofu/deploy/main.tf", "changed at last\n"),
];
/// What a person wrote: edits of rendered files, a file where a rendered one should stand, and files of their own.
const EDITS: Files = &[
    ("flux/apps/base/gitea/kustomization.yaml", "edited by hand\n"),
    ("flux/apps/base/gone/secret.yaml", "edited by hand\n"),
    ("flux/apps/base/gone/notes.txt", "mine\n"),
    ("tofu/deploy/locals.tf", "mine\n"),
    ("tofu/.main.tf.labtree~", "mine\n"),
];

fn tree(files: Files) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(*path, File { text: (*text).to_owned(), origin: Origin::Written });
    }
    tree
}

/// One run; the paths that it left alone because a person wrote there.
fn run(disk: &impl Disk, files: Files) -> Result<BTreeSet<Utf8PathBuf>, String> {
    let wanted = tree(files);
    let lock = read_lock(disk).map_err(|error| error.to_string())?;
    let on_disk = read_on_disk(disk, &wanted, &lock).map_err(|error| error.to_string())?;
    let plan = tree::plan(&wanted, &on_disk, &lock, false);
    apply(disk, &plan).map_err(|error| error.to_string())?;
    Ok(plan.refused().map(|step| step.path.to_owned()).collect())
}

/// All files with their bytes, and each folder in which nothing lies with a `/` behind it.
fn contents(disk: &impl Disk) -> BTreeMap<String, Vec<u8>> {
    fn add(disk: &impl Disk, folder: &Utf8Path, to: &mut BTreeMap<String, Vec<u8>>) {
        let entries = disk.list(folder).unwrap();
        if entries.is_empty() {
            to.insert(format!("{folder}/"), Vec::new());
        }
        for entry in entries {
            let path = folder.join(entry.name);
            match (entry.kind, disk.read(&path).unwrap()) {
                (Kind::Folder, _) => add(disk, &path, to),
                (_, Found::File(bytes)) => drop(to.insert(path.into_string(), bytes)),
                (kind, found) => panic!("{path} is a {kind:?}: {found:?}"),
            }
        }
    }
    let mut contents = BTreeMap::new();
    add(disk, "".into(), &mut contents);
    contents.remove("/");
    contents
}

/// Puts a file down as an editor does.
fn save(disk: &impl Disk, path: &str, text: &str) {
    let path = Utf8Path::new(path);
    let mut folders: Vec<&Utf8Path> = path.ancestors().skip(1).filter(|folder| *folder != "").collect();
    folders.reverse();
    for folder in folders {
        let _ = disk.create_folder(folder);
    }
    let _ = disk.remove_file(path);
    disk.write_new(path, text.as_bytes(), None).unwrap();
}

/// What lies on the disk before the run that is stopped.
#[derive(Clone, Copy)]
struct Before {
    rendered: Option<Files>,
    edits: Files,
}

impl Before {
    fn on<D: Disk>(self, disk: D) -> D {
        if let Some(files) = self.rendered {
            run(&disk, files).unwrap();
        }
        for (path, text) in self.edits {
            save(&disk, path, text);
        }
        disk
    }
}

/// A new disk, and what keeps it alive.
trait NewDisk {
    type Disk: Disk;
    type Keep;
    fn new() -> (Self::Disk, Self::Keep);
}

struct InMemory;

impl NewDisk for InMemory {
    type Disk = MemoryDisk;
    type Keep = ();

    fn new() -> (MemoryDisk, ()) {
        (MemoryDisk::default(), ())
    }
}

struct OnRealDisk;

impl NewDisk for OnRealDisk {
    type Disk = RealDisk;
    type Keep = tempfile::TempDir;

    fn new() -> (RealDisk, tempfile::TempDir) {
        // in memory where the machine can, for there a sync is free, and hundreds of runs sync their lock
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        (RealDisk::open(folder.path().try_into().unwrap()).unwrap(), folder)
    }
}

/// Stops runs that render `stopped`, each before one operation later, and then renders `last`.
fn stop_everywhere<N: NewDisk>(before: Before, stopped: &[Files], last: Files) {
    let (straight, _keep) = N::new();
    let straight = before.on(straight);
    let refused = run(&straight, last).unwrap();
    let expected = contents(&straight);
    for k in 0.. {
        let (disk, _keep) = N::new();
        let disk = before.on(disk);
        let mut has_failed = false;
        for files in stopped {
            let failing = FailingDisk::dies_at(&disk, k);
            let result = run(&failing, files);
            assert_eq!(result.is_err(), failing.has_failed(), "stopped before operation {k}: {result:?}");
            has_failed |= failing.has_failed();
            check_whole(&disk, before, &[stopped, &[last]].concat(), k);
        }
        let left_alone = run(&disk, last).unwrap_or_else(|error| panic!("stopped before operation {k}: {error}"));
        assert_eq!(left_alone, refused, "stopped before operation {k}: other files look edited");
        assert_same(contents(&disk), expected.clone(), k);
        if !has_failed {
            assert!(k > 30, "there are only {k} operations");
            break;
        }
    }
}

/// That each file is whole, as one of the runs rendered it or as a person wrote it, and that no edit is lost.
fn check_whole(disk: &impl Disk, before: Before, runs: &[Files], k: usize) {
    let contents = contents(disk);
    for (path, text) in before.edits {
        assert_eq!(contents[*path], text.as_bytes(), "stopped before operation {k}: {path} is lost");
    }
    let rendered: Vec<_> = before.rendered.iter().chain(runs).flat_map(|files| files.iter()).collect();
    for (path, bytes) in &contents {
        let is_draft = path.ends_with(".labtree~") || path.ends_with('/');
        let known = rendered
            .iter()
            .chain(&before.edits.iter().collect::<Vec<_>>())
            .any(|(known, text)| known == path && text.as_bytes() == bytes);
        assert!(is_draft || path == LOCK_PATH || known, "stopped before operation {k}: {path} is torn");
    }
}

/// That two disks hold the same; the lock may know more of files that are edited, never less.
#[track_caller]
fn assert_same(mut one: BTreeMap<String, Vec<u8>>, mut other: BTreeMap<String, Vec<u8>>, k: usize) {
    let lock = |contents: &mut BTreeMap<String, Vec<u8>>| {
        let text = String::from_utf8(contents.remove(LOCK_PATH).unwrap()).unwrap();
        assert!(!text.contains("# pending"), "stopped before operation {k}: the lock is not settled");
        text.lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (locked, expected) = (lock(&mut one), lock(&mut other));
    let shown = |contents: BTreeMap<String, Vec<u8>>| -> Vec<(String, String)> {
        contents.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
    };
    assert_eq!(shown(one), shown(other), "stopped before operation {k}");
    assert!(locked.is_superset(&expected), "stopped before operation {k}: the lock forgot a file");
    for line in locked.difference(&expected) {
        let path = &line[Digest::HEX + 2..];
        assert!(EDITS.iter().any(|(edited, _)| *edited == path), "stopped before operation {k}: {line} is too much");
    }
}

const NOTHING: Before = Before { rendered: None, edits: &[] };
const OLD_TREE: Before = Before { rendered: Some(OLD), edits: &[] };
const EDITED: Before = Before { rendered: Some(OLD), edits: EDITS };
const OWN_FILES: Before = Before { rendered: None, edits: EDITS };

#[test]
fn a_first_run_that_is_stopped_is_completed_by_the_next() {
    stop_everywhere::<InMemory>(NOTHING, &[NEW], NEW);
    stop_everywhere::<OnRealDisk>(NOTHING, &[NEW], NEW);
}

#[test]
fn a_run_on_an_older_tree_that_is_stopped_is_completed_by_the_next() {
    stop_everywhere::<InMemory>(OLD_TREE, &[NEW], NEW);
}

#[test]
fn a_hand_edited_file_is_kept_by_a_stopped_run_and_by_the_next() {
    stop_everywhere::<InMemory>(EDITED, &[NEW], NEW);
    stop_everywhere::<InMemory>(OWN_FILES, &[NEW], NEW);
    stop_everywhere::<OnRealDisk>(EDITED, &[NEW], NEW);
}

#[test]
fn a_stopped_run_is_taken_back_when_the_inventory_is() {
    for before in [OLD_TREE, EDITED] {
        stop_everywhere::<InMemory>(before, &[NEW], OLD);
    }
}

#[test]
fn two_stopped_runs_of_different_inventories_leave_nothing_that_looks_edited() {
    for before in [NOTHING, EDITED] {
        stop_everywhere::<InMemory>(before, &[NEW, NEWER], NEW);
        stop_everywhere::<InMemory>(before, &[NEW, NEWER], NEWER);
    }
    stop_everywhere::<InMemory>(OWN_FILES, &[NEW, NEWER, OLD], NEW);
    stop_everywhere::<OnRealDisk>(EDITED, &[NEW, NEWER], OLD);
}

#[test]
fn a_stopped_run_that_is_completed_equals_a_first_one() {
    let cold = MemoryDisk::default();
    run(&cold, NEW).unwrap();
    let disk = OLD_TREE.on(MemoryDisk::default());
    run(&FailingDisk::dies_at(&disk, 60), NEW).unwrap_err();
    run(&disk, NEW).unwrap();
    assert_eq!(contents(&disk), contents(&cold));
}
