//! What belongs to a repository.

use diagnostic::Sources;

use super::*;
use crate::disk::{FailingDisk, MemoryDisk};

fn walked(files: &[(&str, &str)], settings: &str) -> Vec<String> {
    let disk = MemoryDisk::of(files.iter().copied());
    let mut found = Vec::new();
    let settings = Settings::parse(settings, Sources::default().add(SETTINGS_PATH, settings), &mut found);
    assert_eq!(found, []);
    let walked = walk(&disk, &settings).expect("the disk can be read");
    walked.files.into_iter().filter(|path| !path.ends_with(".gitignore")).collect()
}

#[test]
fn what_git_ignores_is_no_part_of_the_repository() {
    let files = [
        (".gitignore", "*.tfstate\n/plan.out\nout/\n!keep.tfstate\n[\n"),
        ("a.tfstate", ""),
        ("b/a.tfstate", ""),
        ("b/keep.tfstate", ""),
        ("b/plan.out", ""),
        ("plan.out", ""),
        ("out/a.yaml", ""),
        ("b/out/a.yaml", ""),
        ("c/out", ""),
    ];
    assert_eq!(walked(&files, ""), ["b/keep.tfstate", "b/plan.out", "c/out"]);
}

#[test]
fn the_innermost_rule_decides() {
    let files = [
        (".gitignore", "*.yaml\n"),
        ("a.yaml", ""),
        ("b/.gitignore", "!*.yaml\n"),
        ("b/a.yaml", ""),
        ("b/c/.gitignore", "/a.yaml\n"),
        ("b/c/a.yaml", ""),
        ("b/c/d/a.yaml", ""),
    ];
    assert_eq!(walked(&files, ""), ["b/a.yaml", "b/c/d/a.yaml"]);
}

#[test]
fn what_one_clone_excludes_counts_too() {
    let files = [(".git/info/exclude", "*.bak\n"), (".git/config", ""), ("a.bak", ""), ("a.yaml", "")];
    assert_eq!(walked(&files, ""), ["a.yaml"]);
}

#[test]
fn what_tools_fetched_is_passed_over_and_hidden_files_are_not() {
    let files = [
        ("tofu/.terraform/modules/x/main.tf", ""),
        ("web/node_modules/x/a.yaml", ""),
        ("tofu/.terraform.lock.hcl", ""),
        (".github/workflows/ci.yaml", ""),
    ];
    assert_eq!(walked(&files, ""), [".github/workflows/ci.yaml", "tofu/.terraform.lock.hcl"]);
}

#[test]
fn the_settings_exclude_files_and_whole_folders() {
    let files =
        [("vendor/a/b.yaml", ""), ("x/vendor/a.yaml", ""), ("a/gen.yaml", ""), ("a/b/gen.yaml", ""), ("c.yaml", "")];
    assert_eq!(walked(&files, "exclude = [\"vendor\", \"a/*.yaml\"]\n"), ["a/b/gen.yaml", "c.yaml", "x/vendor/a.yaml"]);
    assert_eq!(walked(&files, "exclude = [\"**/vendor/\", \"**/gen.yaml\"]\n"), ["c.yaml"]);
}

#[test]
fn what_git_ignores_may_lie_where_a_path_leads() {
    let files = [
        (".gitignore", "*.pem\n/local/\n"),
        (".git/info/exclude", "local.txt\n"),
        ("tofu/.gitignore", "!ca.pem\nnotes\n"),
        ("tofu/a.tf", ""),
    ];
    let ignored = walk(&MemoryDisk::of(files), &Settings::default()).expect("the disk can be read").ignored;
    for path in ["key.pem", "tofu/a/key.pem", "local/a/b.txt", "tofu/notes/a.txt", "tofu/local.txt"] {
        assert!(ignored.hides(path.into()), "{path}");
    }
    for path in ["tofu/a/ca.pem", "tofu/local/a.txt", "notes/a.txt", "tofu/a.tf"] {
        assert!(!ignored.hides(path.into()), "{path}");
    }
}

#[test]
fn another_repository_is_not_looked_into() {
    let closed = |files: &[(&str, &str)], empty: &[&str]| {
        let disk = MemoryDisk::of(files.iter().copied());
        empty.iter().for_each(|folder| disk.put_other(folder, Kind::Folder));
        let walked = walk(&disk, &Settings::default()).expect("the disk can be read");
        assert!(walked.files.contains("a.yaml") && !walked.files.contains("other/b.yaml"), "{walked:?}");
        walked.closed.into_iter().collect::<Vec<_>>()
    };
    let head = (".git/HEAD", "");
    let modules = (".gitmodules", "[submodule \"x\"]\n\tpath = \"not here/\"\n\turl = ../x\n");
    let (submodule, clone) =
        ([("other/.git", ""), ("other/b.yaml", "")], [("other/.git/HEAD", ""), ("other/b.yaml", "")]);
    let with = |files: &[(&'static str, &'static str)]| [&[("a.yaml", "")], files].concat();
    assert_eq!(closed(&with(&submodule), &[]), ["other"]);
    assert_eq!(closed(&[&with(&clone)[..], &[head]].concat(), &["empty"]), ["other"]);
    // A submodule that is not checked out is an empty folder; where the root is the top, `.gitmodules` tells of them.
    assert_eq!(closed(&with(&[head, modules]), &["empty", "not here"]), ["not here"]);
    assert_eq!(closed(&with(&[]), &["empty"]), ["empty"]);
    assert_eq!(closed(&with(&[head]), &["empty"]), [""; 0]);
}

#[test]
fn repositories_side_by_side_are_looked_into() {
    let files = [("flux/.git/HEAD", ""), ("flux/a.yaml", ""), ("tofu/.git/HEAD", ""), ("tofu/a.tf", "")];
    assert_eq!(walked(&files, ""), ["flux/a.yaml", "tofu/a.tf"]);
}

#[test]
fn symlinks_are_not_followed() {
    let disk = MemoryDisk::of([("a/b.yaml", "")]);
    disk.put_other("link", Kind::Symlink);
    disk.put_other("pipe", Kind::Special);
    let walked = walk(&disk, &Settings::default()).expect("the disk can be read");
    assert_eq!(walked.files.into_iter().collect::<Vec<_>>(), ["a/b.yaml"]);
}

#[test]
fn a_folder_that_may_not_be_read_is_told_and_the_others_are_walked_through() {
    let disk = MemoryDisk::of([("a/b.yaml", ""), ("c/d.yaml", "")]);
    let walk_with = |operation, kind| walk(&FailingDisk::fails_at(&disk, operation, kind), &Settings::default());
    // 0 is `.git/info/exclude`, 1 and 2 tell of other repositories, 3 is the root, 4 the folder `c`
    let walked = walk_with(4, ErrorKind::PermissionDenied).expect("the others can be read");
    assert_eq!(walked.unreadable.into_keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!(walked.files.into_iter().collect::<Vec<_>>(), ["a/b.yaml"]);
    assert!(walk_with(4, ErrorKind::Other).is_err());
}
