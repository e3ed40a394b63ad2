//! Tests of what is decided for each path.

use super::*;
use crate::{File, Origin, draft_path};

const PATH: &str = "flux/apps/base/gitea/kustomization.yaml";

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(*path, File { text: (*text).to_owned(), origin: Origin::Written });
    }
    tree
}

fn lock(entries: &[(&str, &str)]) -> Lock {
    let mut text = format!("{}\n", Lock::HEADER);
    for (path, rendered) in entries {
        text.push_str(&format!("{}  {path}\n", Digest::of(rendered)));
    }
    Lock::parse(&text).unwrap()
}

fn pending(entries: &[(&str, &str)], about_to: &[(&str, &str)]) -> Lock {
    let mut text = lock(entries).to_text();
    for (path, rendered) in about_to {
        text.push_str(&format!("# pending {}  {path}\n", Digest::of(rendered)));
    }
    Lock::parse(&text).unwrap()
}

fn on_disk(files: &[(&str, &str)]) -> OnDisk {
    files.iter().map(|(path, text)| ((*path).into(), Found::File(text.as_bytes().to_vec()))).collect()
}

fn obstacle(path: &str, obstacle: Obstacle) -> OnDisk {
    OnDisk::from([(path.into(), Found::Obstacle(obstacle))])
}

fn folder(holds: &[&str], empty: &[&str]) -> Obstacle {
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).into()).collect();
    Obstacle::Folder { holds: paths(holds), empty: paths(empty) }
}

/// Each path with the name of its change, and the lock's text lines afterwards with digests as the texts known.
#[track_caller]
fn check(wanted: &[(&str, &str)], disk: &OnDisk, lock: &Lock, force: bool, expected: &[&str]) -> Lock {
    let wanted = tree(wanted);
    let plan = plan(&wanted, disk, lock, force);
    let names: Vec<String> = plan
        .steps
        .iter()
        .map(|step| {
            let debug = format!("{:?}", step.change);
            format!("{} {}", debug.split([' ', '{']).next().unwrap_or_default(), step.path)
        })
        .collect();
    assert_eq!(names, expected);
    assert!(plan.settled.iter().all(|(_, known)| known.pending.is_empty()), "a settled lock has nothing pending");
    plan.settled.clone()
}

/// [`check`] for the one path.
#[track_caller]
fn check_one(wanted: Option<&str>, disk: Option<&str>, lock: &Lock, expected: &str) -> Lock {
    let wanted: Vec<_> = wanted.iter().map(|text| (PATH, *text)).collect();
    let disk: Vec<_> = disk.iter().map(|text| (PATH, *text)).collect();
    check(&wanted, &on_disk(&disk), lock, false, &[&format!("{expected} {PATH}")])
}

#[test]
fn a_file_that_is_missing_is_created() {
    assert_eq!(check_one(Some("new"), None, &lock(&[]), "Create"), lock(&[(PATH, "new")]));
}

#[test]
fn a_rendered_file_that_a_person_deleted_is_created_again() {
    assert_eq!(check_one(Some("new"), None, &lock(&[(PATH, "old")]), "Create"), lock(&[(PATH, "new")]));
}

#[test]
fn a_rendered_file_is_updated() {
    assert_eq!(check_one(Some("new"), Some("old"), &lock(&[(PATH, "old")]), "Update"), lock(&[(PATH, "new")]));
}

#[test]
fn a_rendered_file_that_is_not_wanted_any_more_is_deleted() {
    assert_eq!(check_one(None, Some("old"), &lock(&[(PATH, "old")]), "Delete"), lock(&[]));
}

#[test]
fn a_file_that_is_as_wanted_is_kept() {
    assert_eq!(check_one(Some("new"), Some("new"), &lock(&[(PATH, "new")]), "Keep"), lock(&[(PATH, "new")]));
}

#[test]
fn the_line_ends_of_another_system_are_no_edit() {
    let (old, new) = ("a\nb\n", "a\nc\n");
    let known = lock(&[(PATH, old)]);
    assert_eq!(check_one(Some(old), Some("a\r\nb\r\n"), &known, "Keep"), known);
    assert_eq!(check_one(Some(new), Some("a\r\nb\r\n"), &known, "Update"), lock(&[(PATH, new)]));
    assert_eq!(check_one(None, Some("a\r\nb\r\n"), &known, "Delete"), lock(&[]));
    for edited in ["a\r\nb\r\nc\r\n", "a\rb\r", "a\r\r\nb\r\n"] {
        check_one(Some(old), Some(edited), &known, "Edited");
    }
}

#[test]
fn a_file_that_is_as_wanted_is_taken_in_when_the_lock_knows_it_not_or_otherwise() {
    assert_eq!(check_one(Some("new"), Some("new"), &lock(&[]), "Keep"), lock(&[(PATH, "new")]));
    assert_eq!(check_one(Some("new"), Some("new"), &lock(&[(PATH, "old")]), "Keep"), lock(&[(PATH, "new")]));
}

#[test]
fn a_file_that_was_never_rendered_is_left_alone() {
    assert_eq!(check_one(Some("new"), Some("mine"), &lock(&[]), "Foreign"), lock(&[]));
    check(&[], &on_disk(&[("notes.md", "mine")]), &lock(&[]), true, &[]);
}

#[test]
fn a_hand_edited_file_is_kept_on_every_later_run_and_put_back_it_is_rendered_again() {
    let settled = check_one(Some("new"), Some("edited"), &lock(&[(PATH, "old")]), "Edited");
    assert_eq!(settled, lock(&[(PATH, "old")]));
    let settled = check_one(Some("newer"), Some("edited"), &settled, "Edited");
    check_one(Some("newer"), Some("old"), &settled, "Update");
    check_one(Some("newer"), None, &settled, "Create");
    check_one(Some("edited"), Some("edited"), &settled, "Keep");
}

#[test]
fn a_hand_edited_file_that_is_not_wanted_any_more_is_kept_and_goes_once_it_is_put_back() {
    let settled = check_one(None, Some("edited"), &lock(&[(PATH, "old")]), "Edited");
    assert_eq!(settled, lock(&[(PATH, "old")]));
    assert_eq!(check_one(None, Some("old"), &settled, "Delete"), lock(&[]));
    assert_eq!(check_one(None, None, &settled, "Forget"), lock(&[]));
    assert_eq!(check_one(Some("new"), Some("old"), &settled, "Update"), lock(&[(PATH, "new")]));
}

#[test]
fn a_file_that_a_stopped_run_wrote_or_was_about_to_write_is_no_edit() {
    let stopped = pending(&[(PATH, "old")], &[(PATH, "half")]);
    for disk in ["old", "half"] {
        assert_eq!(check_one(Some("new"), Some(disk), &stopped, "Update"), lock(&[(PATH, "new")]));
        assert_eq!(check_one(None, Some(disk), &stopped, "Delete"), lock(&[]));
    }
    assert_eq!(check_one(Some("half"), Some("half"), &stopped, "Keep"), lock(&[(PATH, "half")]));
}

#[test]
fn an_edit_after_a_stopped_run_is_kept_and_either_text_put_back_is_rendered_again() {
    let stopped = pending(&[(PATH, "old")], &[(PATH, "half")]);
    let settled = check_one(Some("new"), Some("edited"), &stopped, "Edited");
    assert_eq!(settled, lock(&[(PATH, "old"), (PATH, "half")]));
    check_one(Some("new"), Some("half"), &settled, "Update");
    check_one(Some("new"), Some("old"), &settled, "Update");
}

#[test]
fn force_overwrites_and_deletes_what_a_person_wrote() {
    let disk = on_disk(&[("edited", "mine"), ("foreign", "mine"), ("gone", "mine")]);
    let lock = lock(&[("edited", "old"), ("gone", "old")]);
    let wanted = [("edited", "new"), ("foreign", "new")];
    check(&wanted, &disk, &lock, false, &["Edited edited", "Foreign foreign", "Edited gone"]);
    check(&wanted, &disk, &lock, true, &["Update edited", "Update foreign", "Delete gone"]);
}

#[test]
fn what_is_no_file_stops_the_plan_and_not_even_force_replaces_it() {
    for by in [
        Obstacle::Symlink,
        Obstacle::Special,
        Obstacle::Unreadable("permission denied".to_owned()),
        Obstacle::TooLarge(64),
        Obstacle::SymlinkAbove("flux".into()),
        Obstacle::FileAbove("flux".into()),
        folder(&[], &[PATH]),
    ] {
        check(&[(PATH, "new")], &obstacle(PATH, by), &lock(&[(PATH, "old")]), true, &[&format!("Blocked {PATH}")]);
    }
}

#[test]
fn a_symlink_in_place_of_a_file_that_is_not_wanted_any_more_is_reported_and_left_alone() {
    let known = lock(&[(PATH, "old")]);
    let settled = check(&[], &obstacle(PATH, Obstacle::Symlink), &known, true, &[&format!("Replaced {PATH}")]);
    assert_eq!(settled, known);
}

#[test]
fn a_folder_in_place_of_a_file_that_is_not_wanted_any_more_is_left_alone() {
    let disk = obstacle(PATH, folder(&["x"], &[]));
    assert_eq!(check(&[], &disk, &lock(&[(PATH, "old")]), true, &[&format!("Forget {PATH}")]), lock(&[]));
}

#[test]
fn a_rendered_file_makes_way_for_a_folder() {
    let mut disk = on_disk(&[("a", "old")]);
    disk.insert("a/b".into(), Found::Obstacle(Obstacle::FileAbove("a".into())));
    check(&[("a/b", "new")], &disk, &lock(&[("a", "old")]), false, &["Delete a", "Create a/b"]);
}

#[test]
fn an_edited_file_does_not_make_way_for_a_folder() {
    let mut disk = on_disk(&[("a", "edited")]);
    disk.insert("a/b".into(), Found::Obstacle(Obstacle::FileAbove("a".into())));
    check(&[("a/b", "new")], &disk, &lock(&[("a", "old")]), false, &["Edited a", "Blocked a/b"]);
}

#[test]
fn a_folder_of_rendered_files_makes_way_for_a_file() {
    let mut disk = on_disk(&[("a/b", "old"), ("a/c", "old")]);
    disk.insert("a".into(), Found::Obstacle(folder(&["a/b", "a/c"], &[])));
    let lock = lock(&[("a/b", "old"), ("a/c", "old")]);
    check(&[("a", "new")], &disk, &lock, false, &["Create a", "Delete a/b", "Delete a/c"]);
}

#[test]
fn a_folder_that_a_stopped_run_emptied_or_made_makes_way_for_a_file() {
    let known = pending(&[("a/b", "old")], &[("a/c/d", "new")]);
    let expected = ["Create a", "Forget a/b", "Forget a/c/d"];
    for folder in [
        folder(&[], &["a"]),
        folder(&[], &["a/c"]),
        folder(&[draft_path("a/c/d".into(), Digest::of("new")).as_str()], &[]),
    ] {
        check(&[("a", "new")], &obstacle("a", folder), &known, false, &expected);
    }
}

#[test]
fn an_empty_folder_of_a_person_s_own_does_not_make_way() {
    let expected = ["Blocked a", "Forget a/b"];
    check(&[("a", "new")], &obstacle("a", folder(&[], &["a/c"])), &lock(&[("a/b", "old")]), true, &expected);
    check(&[("a", "new")], &obstacle("a", folder(&["a/b"], &[])), &lock(&[("a/b", "old")]), true, &expected);
}

#[test]
fn a_folder_with_a_person_s_file_does_not_make_way() {
    let mut disk = on_disk(&[("a/b", "old")]);
    disk.insert("a".into(), Found::Obstacle(folder(&["a/b", "a/mine"], &[])));
    check(&[("a", "new")], &disk, &lock(&[("a/b", "old")]), true, &["Blocked a", "Delete a/b"]);
}

#[test]
fn two_wanted_files_in_each_others_way_are_reported() {
    let wanted = [("a", ""), ("a.b", ""), ("a/b", ""), ("a/c/d", ""), ("ab", "")];
    let expected = ["Create a", "Blocked a/b", "Blocked a/c/d", "Create a.b", "Create ab"];
    check(&wanted, &OnDisk::new(), &lock(&[]), false, &expected);
}

#[test]
fn a_wanted_path_outside_the_root_is_reported() {
    for path in ["../a", "/a", "a\nb", "labtree.lock", ".git/config"] {
        let wanted = tree(&[(path, "new")]);
        let (disk, lock) = (OnDisk::new(), lock(&[]));
        let plan = plan(&wanted, &disk, &lock, true);
        assert_eq!(plan.blocked().count(), 1, "{path}");
        assert!(plan.settled.is_empty());
    }
}

#[test]
fn a_file_with_a_conflict_of_two_rendered_texts_is_no_edit() {
    let known = lock(&[(PATH, "a\nb\n"), (PATH, "a\nc\n")]);
    let conflict = |more: &str| format!("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n{more}");
    check_one(Some("a\nb\nc\n"), Some(&conflict("")), &known, "Update");
    check_one(Some("a\nb\nc\n"), Some(&conflict("mine\n")), &known, "Edited");
    check_one(Some("a\nb\nc\n"), Some(&conflict("")), &lock(&[(PATH, "a\nb\n")]), "Edited");
}

#[test]
fn the_pending_lock_knows_what_stands_there_and_what_is_about_to() {
    let wanted = tree(&[("keep", "same"), ("new", "new"), ("old", "new"), ("mine", "new"), ("his", "new")]);
    let disk = on_disk(&[
        ("keep", "same"),
        ("old", "old"),
        ("gone", "old"),
        ("mine", "edited"),
        ("his", "x"),
        ("left", "old"),
    ]);
    let known = pending(
        &[("keep", "older"), ("old", "old"), ("gone", "old"), ("mine", "old"), ("lost", "old")],
        &[("mine", "half"), ("old", "half"), ("left", "old")],
    );
    let plan = plan(&wanted, &disk, &known, false);
    let expected = pending(
        &[
            ("keep", "same"),
            ("old", "old"),
            ("old", "half"),
            ("gone", "old"),
            ("mine", "old"),
            ("mine", "half"),
            ("lost", "old"),
            ("left", "old"),
        ],
        &[("new", "new"), ("old", "new")],
    );
    assert_eq!(plan.pending(), Some(expected));
}

#[test]
fn nothing_is_pending_when_files_are_only_deleted() {
    let (wanted, disk, known) = (tree(&[]), on_disk(&[("gone", "old")]), lock(&[("gone", "old"), ("lost", "old")]));
    assert_eq!(plan(&wanted, &disk, &known, false).pending(), None);
}

#[test]
fn a_plan_is_clean_only_when_disk_and_lock_are_as_wanted() {
    let (wanted, disk) = (tree(&[("a", "x")]), on_disk(&[("a", "x")]));
    assert!(plan(&wanted, &disk, &lock(&[("a", "x")]), false).is_clean());
    assert!(!plan(&wanted, &disk, &lock(&[]), false).is_clean());
    assert!(!plan(&wanted, &disk, &pending(&[("a", "x")], &[("a", "x")]), false).is_clean());
    assert!(!plan(&wanted, &OnDisk::new(), &lock(&[("a", "x")]), false).is_clean());
    assert!(!plan(&wanted, &on_disk(&[("a", "y")]), &lock(&[]), false).is_clean());
}

#[test]
fn places_are_what_is_wanted_and_what_was_rendered() {
    let (wanted, known) = (tree(&[("b", ""), ("c", "")]), lock(&[("a", ""), ("b", "")]));
    assert_eq!(places(&wanted, &known).collect::<Vec<_>>(), ["a", "b", "c"]);
}
