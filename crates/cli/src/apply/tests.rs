//! Tests of carrying plans out, in memory and on a real disk.

use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use camino::Utf8PathBuf;
use tree::{File, Obstacle, Origin, Tree};

use super::*;
use crate::disk::{FailingDisk, Kind, MemoryDisk, RealDisk, read_lock, read_on_disk};

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(*path, File { text: (*text).to_owned(), origin: Origin::Written });
    }
    tree
}

/// A whole run: what `generate` does once it has rendered.
fn run(disk: &impl Disk, wanted: &[(&str, &str)]) -> Result<Applied, ApplyError> {
    run_and(disk, wanted, false, || {})
}

fn run_and(
    disk: &impl Disk,
    wanted: &[(&str, &str)],
    force: bool,
    meanwhile: impl FnOnce(),
) -> Result<Applied, ApplyError> {
    let wanted = tree(wanted);
    let lock = read_lock(disk).unwrap();
    let on_disk = read_on_disk(disk, &wanted, &lock).unwrap();
    let plan = tree::plan(&wanted, &on_disk, &lock, force);
    meanwhile();
    apply(disk, &plan)
}

/// What a person sees, without the lock.
#[track_caller]
fn assert_holds(disk: &MemoryDisk, expected: &[(&str, &str)]) {
    let mut contents = disk.contents();
    contents.remove(LOCK_PATH);
    let contents: Vec<(&str, &str)> =
        contents.iter().map(|(path, bytes)| (path.as_str(), str::from_utf8(bytes).unwrap())).collect();
    assert_eq!(contents, expected);
}

fn blocked(result: Result<Applied, ApplyError>) -> Vec<(Utf8PathBuf, Obstacle)> {
    match result {
        Err(ApplyError::Blocked(places)) => places,
        other => panic!("expected to be blocked, got {other:?}"),
    }
}

struct Real {
    folder: tempfile::TempDir,
    disk: RealDisk,
}

fn real() -> Real {
    let folder = tempfile::tempdir().unwrap();
    let disk = RealDisk::open(folder.path().try_into().unwrap()).unwrap();
    Real { folder, disk }
}

impl Real {
    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        self.disk.list("".into()).unwrap().into_iter().map(|entry| entry.name).collect()
    }
}

const V1: &[(&str, &str)] = &[("a/b/c", "1"), ("a/d", "2"), ("e", "3")];
const V2: &[(&str, &str)] = &[("a/d", "2"), ("a/new", "4"), ("e", "changed")];

#[test]
fn a_first_run_writes_every_file_and_the_lock() {
    let disk = MemoryDisk::default();
    let applied = run(&disk, V1).unwrap();
    assert_holds(&disk, V1);
    assert!(applied.lock);
    assert_eq!(applied.files.len(), 3);
    assert!(applied.files.iter().all(|(_, action)| *action == Action::Created));
    let lock = read_lock(&disk).unwrap();
    assert!(lock.get("a/b/c").unwrap().contains(Digest::of("1")));
}

#[test]
fn a_second_run_writes_nothing() {
    let disk = MemoryDisk::default();
    run(&disk, V1).unwrap();
    let writes = disk.writes();
    assert_eq!(run(&disk, V1).unwrap(), Applied::default());
    assert_eq!(disk.writes(), writes);
}

#[test]
fn a_run_without_files_makes_no_lock() {
    let disk = MemoryDisk::default();
    assert_eq!(run(&disk, &[]).unwrap(), Applied::default());
    assert!(disk.contents().is_empty());
}

#[test]
fn a_change_writes_and_deletes_only_what_changed() {
    let disk = MemoryDisk::default();
    run(&disk, V1).unwrap();
    let same = disk.write_of("a/d");
    let applied = run(&disk, V2).unwrap();
    assert_holds(&disk, V2);
    assert_eq!(disk.write_of("a/d"), same);
    let expected = [("a/b/c", Action::Deleted), ("e", Action::Updated), ("a/new", Action::Created)];
    let files: Vec<_> = applied.files.iter().map(|(path, action)| (path.as_str(), *action)).collect();
    assert_eq!(files, expected);
}

#[test]
fn a_folder_in_which_a_person_put_a_file_stays() {
    let disk = MemoryDisk::default();
    run(&disk, V1).unwrap();
    disk.put("a/b/mine", "mine");
    run(&disk, &[]).unwrap();
    assert_holds(&disk, &[("a/b/mine", "mine")]);
}

#[test]
fn a_hand_edited_file_is_kept_while_the_rest_is_written() {
    let disk = MemoryDisk::default();
    run(&disk, V1).unwrap();
    disk.put("e", "mine");
    disk.put("a/b/c", "mine");
    run(&disk, V2).unwrap();
    assert_holds(&disk, &[("a/b/c", "mine"), ("a/d", "2"), ("a/new", "4"), ("e", "mine")]);
    run_and(&disk, V2, true, || {}).unwrap();
    assert_holds(&disk, V2);
}

#[test]
fn a_file_of_a_persons_own_is_kept() {
    let disk = MemoryDisk::of([("e", "mine")]);
    run(&disk, V1).unwrap();
    assert_holds(&disk, &[("a/b/c", "1"), ("a/d", "2"), ("e", "mine")]);
}

#[test]
fn a_rendered_file_and_a_folder_change_places() {
    let disk = MemoryDisk::default();
    for wanted in [&[("a", "1"), ("b/c/d", "2")][..], &[("a/x/y", "1"), ("b", "2")], &[("a", "1"), ("b/c/d", "2")]] {
        run(&disk, wanted).unwrap();
        assert_holds(&disk, wanted);
    }
}

#[test]
fn all_obstacles_are_reported_at_once_and_nothing_is_written() {
    let mut disk = MemoryDisk::of([("file", "mine"), ("guarded/x", "mine")]);
    disk.put_other("link", Kind::Symlink);
    disk.put_other("pipe", Kind::Special);
    disk.put("folder/mine", "mine");
    disk.protect("guarded");
    let before = disk.contents();
    let wanted = ["file/a", "link", "link2/a", "pipe", "folder", "guarded/new/a", "fine"].map(|path| (path, "new"));
    disk.put_other("link2", Kind::Symlink);
    let places = blocked(run_and(&disk, &wanted, true, || {}));
    let expected = [
        ("file/a", Obstacle::FileAbove("file".into())),
        ("folder", Obstacle::Folder { holds: vec!["folder/mine".into()], empty: vec![] }),
        ("guarded/new/a", Obstacle::ReadOnly("guarded".into())),
        ("link", Obstacle::Symlink),
        ("link2/a", Obstacle::SymlinkAbove("link2".into())),
        ("pipe", Obstacle::Special),
    ];
    assert_eq!(places, expected.map(|(path, by)| (path.into(), by)));
    disk.take("link2");
    assert_eq!(disk.contents(), before);
}

#[test]
fn a_root_that_may_not_be_written_is_reported_but_not_when_nothing_is_to_be_done() {
    let mut disk = MemoryDisk::default();
    run(&disk, V1).unwrap();
    disk.protect("");
    run(&disk, V1).unwrap();
    let error = run(&disk, &V1[..2]).unwrap_err();
    assert!(error.to_string().contains("the root may not be written"), "{error}");
}

#[test]
fn a_file_that_was_saved_since_the_plan_was_made_is_kept_and_reported() {
    for (wanted, path) in [(V2, "e"), (V2, "a/b/c"), (V2, "a/new"), (V2, LOCK_PATH)] {
        let disk = MemoryDisk::default();
        run(&disk, V1).unwrap();
        let error = run_and(&disk, wanted, true, || disk.put(path, "# labtree.lock\n")).unwrap_err();
        assert!(error.to_string().contains(&format!("`{path}` changed while labtree was at work")), "{error}");
        assert_eq!(disk.contents()[path], b"# labtree.lock\n");
        assert!(disk.contents().keys().all(|path| !path.ends_with('~')));
    }
}

#[test]
fn an_error_in_the_middle_tells_what_was_written_and_the_next_run_completes_it() {
    for k in 0.. {
        let disk = MemoryDisk::default();
        run(&disk, V1).unwrap();
        let wanted = tree(V2);
        let lock = read_lock(&disk).unwrap();
        let on_disk = read_on_disk(&disk, &wanted, &lock).unwrap();
        let plan = tree::plan(&wanted, &on_disk, &lock, false);
        let failing = FailingDisk::fails_at(&disk, k, ErrorKind::StorageFull);
        let result = apply(&failing, &plan);
        let has_failed = failing.has_failed();
        let Err(error) = result else {
            assert!(!has_failed, "the error at {k} was swallowed");
            break;
        };
        let ApplyError::Stopped { applied, left, .. } = &error else { panic!("{error:?}") };
        assert_eq!(applied.files.len() + left.len(), 3);
        assert!(error.to_string().contains("no storage space"), "{error}");
        assert!(error.help().starts_with("free some space, then run `labtree generate` again"), "{}", error.help());
        assert!(disk.contents().keys().all(|path| !path.ends_with('~')), "nothing half-written is left");
        run(&disk, V2).unwrap();
        assert_holds(&disk, V2);
    }
}

#[test]
fn what_a_stopped_run_left_is_removed_and_what_merely_looks_like_it_is_left_alone() {
    let disk = MemoryDisk::default();
    let known = draft_path("a/new".into(), Digest::of("4"));
    let other = draft_path("a/new".into(), Digest::of("5"));
    let strange = draft_path("a/d".into(), Digest::of("2"));
    disk.put(LOCK_PATH, format!("{}\n# pending {}  a/new\n", Lock::HEADER, Digest::of("4")));
    disk.put(".labtree.lock.labtree~", "# labtree.lo");
    for path in [&known, &other, &strange] {
        disk.put(path, "mine");
    }
    disk.put("e", "3");
    run(&disk, &[("e", "3")]).unwrap();
    assert_holds(&disk, &[(strange.as_str(), "mine"), (other.as_str(), "mine"), ("e", "3")]);
}

#[test]
fn a_file_in_the_place_where_a_text_is_put_down_is_reported_and_left_alone() {
    let disk = MemoryDisk::of([(".labtree.lock.labtree~", "mine")]);
    let error = run(&disk, V1).unwrap_err();
    assert!(error.help().starts_with("move `.labtree.lock.labtree~` away"), "{}", error.help());
    assert_holds(&disk, &[(".labtree.lock.labtree~", "mine")]);

    let draft = draft_path("e".into(), Digest::of("3"));
    let disk = MemoryDisk::of([(draft.as_str(), "mine")]);
    let error = run(&disk, V1).unwrap_err();
    assert!(error.help().starts_with(&format!("move `{draft}` away")), "{}", error.help());
    assert_eq!(disk.contents()[draft.as_str()], b"mine");
}

#[test]
fn a_beginning_of_the_text_that_a_stopped_run_left_is_written_anew() {
    let draft = draft_path("e".into(), Digest::of("new text"));
    let disk = MemoryDisk::of([(draft.as_str(), "new t")]);
    run(&disk, &[("e", "new text")]).unwrap();
    assert_holds(&disk, &[("e", "new text")]);
}

#[test]
fn an_unchanged_file_keeps_its_inode_and_its_time() {
    let real = real();
    run(&real.disk, V1).unwrap();
    let before = ["a/d", "e", LOCK_PATH].map(|path| std::fs::metadata(real.path(path)).unwrap());
    run(&real.disk, V1).unwrap();
    let after = ["a/d", "e", LOCK_PATH].map(|path| std::fs::metadata(real.path(path)).unwrap());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.ino(), after.ino());
        assert_eq!((before.mtime(), before.mtime_nsec()), (after.mtime(), after.mtime_nsec()));
    }
    run(&real.disk, V2).unwrap();
    assert_eq!(std::fs::metadata(real.path("a/d")).unwrap().ino(), before[0].ino());
    assert_eq!(real.text("e"), "changed");
    assert!(!real.path("a/b").exists());
    assert_eq!(real.names(), ["a", "e", LOCK_PATH]);
}

#[test]
fn a_new_file_has_the_usual_permissions_and_a_replaced_one_keeps_its_own() {
    let real = real();
    std::fs::write(real.path("usual"), "").unwrap();
    let mode = |path: &str| std::fs::metadata(real.path(path)).unwrap().permissions().mode() & 0o7777;
    run(&real.disk, V1).unwrap();
    assert_eq!(mode("e"), mode("usual"));
    assert_eq!(mode(LOCK_PATH), mode("usual"));
    for wanted in [0o600, 0o777, 0o444] {
        std::fs::set_permissions(real.path("e"), std::fs::Permissions::from_mode(wanted)).unwrap();
        run(&real.disk, if real.text("e") == "3" { V2 } else { V1 }).unwrap();
        assert_eq!(mode("e"), wanted);
    }
}

#[test]
fn a_hand_edited_file_that_is_not_utf_8_is_kept() {
    let real = real();
    run(&real.disk, V1).unwrap();
    std::fs::write(real.path("e"), b"\xff\xfe").unwrap();
    run(&real.disk, V2).unwrap();
    assert_eq!(std::fs::read(real.path("e")).unwrap(), b"\xff\xfe");
}

#[test]
fn a_symlink_out_of_the_root_is_reported_and_nothing_is_written_through_it() {
    let outside = tempfile::tempdir().unwrap();
    for target in [outside.path().to_owned(), "..".into(), "nowhere".into(), "loop".into()] {
        let real = real();
        symlink(&target, real.path("loop")).unwrap();
        let places = blocked(run_and(&real.disk, &[("loop/x/y", "1"), ("z", "2")], true, || {}));
        assert_eq!(places, [("loop/x/y".into(), Obstacle::SymlinkAbove("loop".into()))], "{target:?}");
        assert_eq!(real.names(), ["loop"]);
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_symlink_to_a_folder_inside_the_root_is_a_folder() {
    let real = real();
    std::fs::create_dir(real.path("there")).unwrap();
    symlink("there", real.path("here")).unwrap();
    run(&real.disk, &[("here/x", "1")]).unwrap();
    assert_eq!(real.text("there/x"), "1");
    run(&real.disk, &[]).unwrap();
    assert_eq!(real.names(), ["here", LOCK_PATH, "there"]);
}

#[test]
fn a_symlink_in_a_files_own_place_is_reported_and_left_alone() {
    let real = real();
    run(&real.disk, V1).unwrap();
    std::fs::rename(real.path("e"), real.path("moved")).unwrap();
    symlink("moved", real.path("e")).unwrap();
    assert_eq!(blocked(run(&real.disk, V2)), [("e".into(), Obstacle::Symlink)]);
    assert_eq!(real.text("moved"), "3");
}

#[test]
fn what_is_no_file_is_reported_without_waiting_for_it() {
    let real = real();
    let pipe = std::process::Command::new("mkfifo").arg(real.path("pipe")).status().unwrap();
    assert!(pipe.success());
    let _socket = std::os::unix::net::UnixListener::bind(real.path("socket")).unwrap();
    std::fs::create_dir(real.path("folder")).unwrap();
    std::fs::write(real.path("file"), "mine").unwrap();
    std::fs::File::create(real.path("huge")).unwrap().set_len(1 << 40).unwrap();
    let wanted = ["file/x/y", "folder", "huge", "pipe", "socket"].map(|path| (path, "new"));
    let places = blocked(run_and(&real.disk, &wanted, true, || {}));
    let expected = [
        Obstacle::FileAbove("file".into()),
        Obstacle::Folder { holds: vec![], empty: vec!["folder".into()] },
        Obstacle::TooLarge(64),
        Obstacle::Special,
        Obstacle::Special,
    ];
    assert_eq!(places.into_iter().map(|(_, by)| by).collect::<Vec<_>>(), expected);
}

#[test]
fn one_file_is_written_only_over_what_is_known_to_stand_there() {
    let disk = MemoryDisk::of([("inventory.yaml", "old")]);
    let path = Utf8Path::new("inventory.yaml");
    assert!(matches!(write_file(&disk, path, "new", None), Err(Cause::Changed(_))));
    assert!(matches!(write_file(&disk, path, "new", Some(b"other")), Err(Cause::Changed(_))));
    assert_holds(&disk, &[("inventory.yaml", "old")]);
    write_file(&disk, path, "new", Some(b"old")).unwrap();
    assert_holds(&disk, &[("inventory.yaml", "new")]);
}
