//! `labtree check --staged` and `--since`: what a commit, or a branch, brings.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::lab::{Lab, labtree, run};
use crate::repo::{Repo, git_command, places, run_in};

/// Nothing is wrong with it.
const GOOD: &str = "kind: Note\n";
/// A key is written twice, in line 2.
const BAD: &str = "a: 1\na: 2\n";

/// A hook that runs the binary of this build.
fn hook() -> String {
    format!("#!/bin/sh\nexec '{}' check --staged --fail-on warning\n", env!("CARGO_BIN_EXE_labtree"))
}

/// A repository whose one commit has a finding.
fn with_a_finding() -> Repo {
    let repo = Repo::new();
    repo.stage("a.yaml", BAD);
    repo.commit();
    repo
}

#[test]
fn what_is_staged_is_judged_and_not_what_lies_in_the_folder() {
    let repo = Repo::new();
    repo.stage("a.yaml", GOOD);
    repo.stage("b.yaml", GOOD);
    repo.commit();
    repo.stage("a.yaml", BAD);
    repo.lab.write("a.yaml", GOOD);
    repo.lab.write("b.yaml", BAD);
    repo.lab.write("untracked.yaml", BAD);
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key"]);
    assert_eq!(repo.found(&[]), ["b.yaml:2 duplicate-yaml-key", "untracked.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn half_of_a_file_is_staged() {
    let repo = Repo::new();
    repo.stage("a.yaml", "x: 1\ny: 1\n");
    repo.commit();
    repo.stage("a.yaml", "x: 1\nx: 2\ny: 1\n");
    repo.lab.write("a.yaml", "x: 1\ny: 1\ny: 2\n");
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn what_was_there_before_is_left_out_and_counted() {
    let repo = with_a_finding();
    repo.stage("a.yaml", &format!("# A line more.\nb: 1\n{BAD}c: 1\n"));
    let ran = repo.lab.run(&["check", "--staged"]).ended(0);
    assert_eq!(ran.stdout, "nothing new found in 1 file; 1 finding that was there before is left out\n");
    repo.stage("a.yaml", &format!("{BAD}a: 3\n"));
    let ran = repo.lab.run(&["check", "--staged", "--fail-on", "warning"]).ended(1);
    assert!(ran.stdout.contains(" --> a.yaml:3:1"), "{ran}");
    assert!(
        ran.stdout.ends_with("1 warning in 1 file; 1 file looked at; 1 finding that was there before is left out\n"),
        "{ran}"
    );
}

#[test]
fn what_was_there_before_is_known_however_its_line_is_written() {
    let forms: [(&str, [&[u8]; 2]); 4] = [
        ("a.yaml", [BAD.as_bytes(), b"x:\n  a: 1\n  a: 2\n"]),
        ("a.yaml", [BAD.as_bytes(), b"a: 1\r\na: 2\r\n"]),
        ("a.yaml", [b"a: 1\ncaf: \xff\n", b"# A line more.\na: 1\ncaf: \xff\xfe\n"]),
        ("b/terraform.tfstate", [b"{}\n", b"{ }\n"]), // of which no line is looked at
    ];
    for (path, [one, other]) in forms {
        for (before, now) in [(one, other), (other, one)] {
            let repo = Repo::new();
            repo.lab.write(path, before);
            repo.git(&["add", "--all"]);
            let brought = repo.staged();
            assert_eq!(brought.len(), 1, "{path}: {brought:?}");
            repo.commit();
            repo.lab.write(path, now);
            repo.git(&["add", "--all"]);
            assert_eq!(repo.staged(), [""; 0], "{path}: {before:?}");
        }
    }
}

#[test]
fn what_points_into_no_file_of_the_repository_is_left_out_too() {
    let repo = Repo::of(Lab::example());
    let brings = |found: &[&str]| {
        repo.git(&["add", "--all"]);
        assert_eq!(repo.staged(), found);
        repo.commit();
        repo.stage("notes.yaml", &format!("of: {found:?}\n"));
        assert_eq!(repo.staged(), [""; 0]);
    };
    repo.lab.remove("labtree.lock");
    brings(&["labtree.lock:1 drift"]);
    repo.lab.run(&["generate"]).ended(0);
    repo.lab.remove("schemas/inventory.schema.json");
    brings(&["schemas/inventory.schema.json:1 drift"]);
    repo.lab.write("templates/flux/_parts/secret.yaml.j2", "#| nothing |#\n");
    brings(&[
        "templates/flux/apps/base/__app__/__secret__.yaml.j2:1 listed-file-not-rendered",
        "templates/flux/infrastructure/base/authentik/__secret__.yaml.j2:1 listed-file-not-rendered",
    ]);
}

#[test]
fn what_a_commit_brings_is_told_beside_what_was_there_and_alone() {
    let repo = with_a_finding();
    repo.stage("b.yaml", "b: 1\nb: 2\n");
    assert_eq!(repo.staged(), ["b.yaml:2 duplicate-yaml-key"]);
    repo.commit();
    repo.stage("a.yaml", GOOD);
    repo.stage("b.yaml", "c: 1\nc: 2\n");
    assert_eq!(repo.staged(), ["b.yaml:2 duplicate-yaml-key"]);
    repo.git(&["mv", "b.yaml", "c.yaml"]);
    repo.stage("d.yaml", "b: 1\nb: 2\n");
    assert_eq!(repo.staged(), ["c.yaml:2 duplicate-yaml-key"], "the file that is gone has another name now");
}

#[test]
fn a_repository_without_a_commit_brings_everything() {
    let repo = Repo::new();
    repo.stage("a.yaml", BAD);
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn nothing_staged_brings_nothing() {
    let repo = Repo::new();
    assert_eq!(repo.staged(), [""; 0]);
    let repo = with_a_finding();
    repo.lab.write("b.yaml", BAD);
    assert_eq!(repo.staged(), [""; 0]);
}

#[test]
fn a_file_of_another_name_brings_nothing_and_a_copy_does() {
    let repo = with_a_finding();
    repo.git(&["mv", "a.yaml", "b.yaml"]);
    assert_eq!(repo.staged(), [""; 0]);
    repo.stage("sub folder/c.yaml", BAD);
    assert_eq!(repo.staged(), ["sub folder/c.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn a_deleted_file_is_missed_where_it_was_named() {
    let repo = Repo::new();
    repo.stage(
        "clusters/home/app.yaml",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: app, namespace: flux-system }\n\
         spec:\n  interval: 1h\n  path: ./app\n  prune: true\n  wait: true\n\
         \x20 sourceRef: { kind: GitRepository, name: flux-system }\n",
    );
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [a.yaml]\n");
    repo.stage("app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n");
    repo.commit();
    assert_eq!(repo.staged(), [""; 0]);
    repo.git(&["rm", "--quiet", "--cached", "app/a.yaml"]);
    assert_eq!(repo.staged(), ["app/kustomization.yaml:2 missing-resource"]);
    assert_eq!(repo.found(&[]), [""; 0]);
}

#[test]
fn an_executable_file_and_a_symlink_are_seen_and_no_symlink_is_followed() {
    let repo = Repo::new();
    repo.lab.write("a.yaml", BAD);
    fs::set_permissions(repo.root().join("a.yaml"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("a.yaml", repo.root().join("b.yaml")).unwrap();
    symlink("../outside.yaml", repo.root().join("c.yaml")).unwrap();
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key"]);
    repo.commit();
    fs::set_permissions(repo.root().join("a.yaml"), fs::Permissions::from_mode(0o644)).unwrap();
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), [""; 0]);
}

#[test]
fn a_file_that_is_only_announced_is_not_there_yet() {
    let repo = Repo::new();
    repo.lab.write("a.yaml", BAD);
    repo.git(&["add", "--intent-to-add", "a.yaml"]);
    assert_eq!(repo.staged(), [""; 0]);
}

#[test]
fn a_second_working_tree_has_an_index_of_its_own() {
    let repo = with_a_finding();
    let tree = Lab::empty();
    let folder = tree.root().join("tree");
    repo.git(&["worktree", "add", "--quiet", folder.as_str()]);
    repo.stage("b.yaml", BAD);
    fs::write(folder.join("c.yaml"), BAD).unwrap();
    assert!(git_command(&folder, &["add", "c.yaml"]).status().unwrap().success());
    let arguments = ["check", "--staged", "--format", "json"];
    assert_eq!(places(&run_in(&folder, &arguments)), ["c.yaml:2 duplicate-yaml-key"]);
    assert_eq!(repo.staged(), ["b.yaml:2 duplicate-yaml-key"]);
    // A hook is one file for both, and runs with the index of the tree that is committed in.
    repo.hook(&hook());
    let done = git_command(&folder, &["commit", "--message", "A change"]).output().unwrap();
    assert!(!done.status.success(), "{done:?}");
    assert!(String::from_utf8_lossy(&done.stderr).contains(" --> c.yaml:2:1"), "{done:?}");
}

#[test]
fn a_commit_of_named_files_is_judged_by_the_index_that_git_makes_for_it() {
    let repo = Repo::new();
    repo.stage("a.yaml", GOOD);
    repo.stage("b.yaml", GOOD);
    repo.commit();
    repo.hook(&hook());
    repo.stage("a.yaml", BAD);
    repo.lab.write("b.yaml", "kind: Other\n");
    assert!(!repo.try_git(&["commit", "--message", "Both"]).status.success());
    let done = repo.try_git(&["commit", "--message", "One", "b.yaml"]);
    assert!(done.status.success(), "{done:?}");
    repo.lab.write("b.yaml", BAD);
    assert!(!repo.try_git(&["commit", "--message", "One", "b.yaml"]).status.success());
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key"]);
    assert!(!repo.try_git(&["commit", "--all", "--message", "All"]).status.success());
}

#[test]
fn a_git_directory_elsewhere_is_taken_from_the_environment() {
    let repo = with_a_finding();
    let elsewhere = Lab::empty();
    fs::rename(repo.root().join(".git"), elsewhere.root().join("git")).unwrap();
    let place = [("GIT_DIR", elsewhere.root().join("git")), ("GIT_WORK_TREE", repo.root().to_owned())];
    repo.lab.write("b.yaml", BAD);
    assert!(git_command(repo.root(), &["add", "b.yaml"]).envs(place.clone()).status().unwrap().success());
    let arguments = ["check", "--staged", "--format", "json", "--root", "."];
    let ran = run(labtree(repo.root(), &arguments).envs(place));
    assert_eq!(places(&ran), ["b.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn a_lab_in_a_folder_of_the_repository_is_judged_by_itself() {
    let repo = Repo::new();
    repo.stage("a.yaml", BAD);
    repo.stage("home lab/labtree.toml", "");
    repo.stage("home lab/b.yaml", BAD);
    let ran = repo.lab.run_in("home lab", &["check", "--staged", "--format", "json"]);
    assert_eq!(places(&ran), ["b.yaml:2 duplicate-yaml-key"]);
    assert_eq!(repo.found(&["--staged", "--root", "home lab"]), ["b.yaml:2 duplicate-yaml-key"]);
    repo.commit();
    assert_eq!(repo.found(&["--staged", "--root", "home lab"]), [""; 0]);
}

#[test]
fn paths_narrow_what_is_shown_of_a_commit() {
    let repo = Repo::new();
    repo.stage("a.yaml", BAD);
    repo.stage("b b.yaml", BAD);
    fs::remove_file(repo.root().join("b b.yaml")).unwrap();
    assert_eq!(repo.found(&["--staged", "b b.yaml"]), ["b b.yaml:2 duplicate-yaml-key"]);
    let ran = repo.lab.run(&["check", "--staged", "c.yaml"]).ended(2);
    assert!(ran.stderr.contains("there is no `c.yaml` below the root"), "{ran}");
}

#[test]
fn a_root_behind_a_symlink_is_the_same_root() {
    let (repo, elsewhere) = (Repo::new(), Lab::empty());
    let link = elsewhere.root().join("link");
    symlink(repo.root(), &link).unwrap();
    repo.stage("a/b.yaml", BAD);
    fs::remove_file(repo.root().join("a/b.yaml")).unwrap();
    let whole = link.join("a/b.yaml");
    for arguments in [&["a/b.yaml"][..], &["a/b.yaml", "--root", "."], &[whole.as_str()], &[link.as_str()]] {
        let arguments = [&["check", "--staged", "--format", "json"], arguments].concat();
        assert_eq!(places(&run_in(&link, &arguments)), ["a/b.yaml:2 duplicate-yaml-key"], "{arguments:?}");
    }
}

#[test]
fn a_path_that_is_not_utf8_is_told_once_and_passed_over() {
    let repo = Repo::new();
    let name = OsStr::from_bytes(b"caf\xe9.yaml");
    if fs::write(repo.root().as_std_path().join(name), BAD).is_err() {
        return; // some file systems have no such names
    }
    repo.stage("a.yaml", BAD);
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), ["a.yaml:2 duplicate-yaml-key", "caf\u{fffd}.yaml:1 path-not-utf8"]);
    assert_eq!(repo.found(&[]), ["a.yaml:2 duplicate-yaml-key", "caf\u{fffd}.yaml:1 path-not-utf8"]);
    repo.commit();
    assert_eq!(repo.staged(), [""; 0]);
}

#[test]
fn settings_count_as_they_are_staged_and_a_rule_turned_on_brings_nothing() {
    let repo = Repo::new();
    repo.stage("labtree.toml", "[rules]\nduplicate-yaml-key = \"off\"\n");
    repo.stage("a.yaml", BAD);
    repo.commit();
    repo.lab.write("labtree.toml", "");
    repo.stage("b.yaml", BAD);
    assert_eq!(repo.staged(), [""; 0], "the settings in the folder do not count");
    repo.git(&["add", "labtree.toml"]);
    assert_eq!(repo.staged(), ["b.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn rendered_files_are_compared_as_they_are_staged() {
    let repo = Repo::of(Lab::example());
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), [""; 0]);
    repo.commit();
    repo.lab.edit("inventory.yaml", "    schema: authentik\n", "    schema: identity\n");
    assert_eq!(repo.staged(), [""; 0]);
    repo.git(&["add", "inventory.yaml"]);
    let found = repo.staged();
    assert!(found.len() == 1 && found[0].ends_with(" drift"), "{found:?}");
    repo.lab.run(&["generate"]).ended(0);
    assert_eq!(repo.found(&[]), [""; 0]);
    assert_eq!(repo.staged(), found, "what was rendered is not staged yet");
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), [""; 0]);
}

#[test]
fn a_lab_is_as_rendered_where_git_makes_the_line_ends_of_windows() {
    let repo = Repo::of(Lab::example());
    repo.git(&["add", "--all"]);
    repo.commit();
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.git(&["rm", "--quiet", "-r", "--cached", "."]);
    repo.git(&["reset", "--quiet", "--hard"]);
    assert!(repo.lab.read("tofu/tf-deploy/authentik/main.tf").contains("\r\n"));
    assert_eq!(repo.found(&[]), [""; 0]);
    let ran = repo.lab.run(&["generate"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_git_keeps_elsewhere_is_not_judged() {
    let repo = Repo::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935\nsize 12345\n";
    repo.stage("a.tf", pointer);
    repo.stage("a.yaml", pointer);
    repo.lab.write("b.yaml", b"\0GITCRYPT\0\xff\xfe\x80");
    repo.git(&["add", "b.yaml"]);
    assert_eq!(repo.staged(), [""; 0]);
    assert_eq!(repo.found(&[]), [""; 0]);
}

#[test]
fn a_branch_brings_what_it_did_not_have_when_it_left() {
    let repo = with_a_finding();
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.stage("b.yaml", BAD);
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["rm", "--quiet", "a.yaml"]);
    repo.stage("later.yaml", GOOD);
    repo.commit();
    repo.git(&["checkout", "--quiet", "change"]);
    repo.lab.write("untracked.yaml", BAD);
    let new = ["b.yaml:2 duplicate-yaml-key", "untracked.yaml:2 duplicate-yaml-key"];
    assert_eq!(repo.found(&["--since", "main"]), new);
    assert_eq!(repo.found(&["--since", "HEAD"]), new[1..]);
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_to_do() {
    let (none, unborn, repo) = (Lab::empty(), Repo::new(), with_a_finding());
    repo.git(&["checkout", "--quiet", "--orphan", "unrelated"]);
    repo.stage("b.yaml", GOOD);
    repo.commit();
    let bare = Lab::empty();
    assert!(git_command(bare.root(), &["init", "--quiet", "--bare"]).status().unwrap().success());
    let said: Vec<String> = [
        (&none, &["check", "--staged"][..]),
        (&bare, &["check", "--staged"]),
        (&unborn.lab, &["check", "--since", "HEAD"]),
        (&repo.lab, &["check", "--since", "origin/main"]),
        (&repo.lab, &["check", "--since", "main"]),
        (&repo.lab, &["check", "--since", "main", "--staged"]),
    ]
    .into_iter()
    .map(|(lab, arguments)| lab.run(arguments).ended(2).stderr.replace(lab.root().as_str(), "/home/alex"))
    .collect();
    insta::assert_snapshot!(said.concat(), @"
    error: `/home/alex` lies in no git repository
     help: go into one, or name a folder in one with `--root`
    error: the git repository `/home/alex/` has no working tree
     help: go into one, or name a folder in one with `--root`
    error: `HEAD` names no commit here
     help: name a branch, a tag or a commit; `git fetch` brings those of the remote
    error: `origin/main` names no commit here
     help: name a branch, a tag or a commit; `git fetch` brings those of the remote
    error: this branch has no commit in common with `main`
     help: if the clone is shallow, `git fetch --unshallow` brings the rest
    error: the argument '--since <REV>' cannot be used with '--staged'

    Usage: labtree check --since <REV> [PATH]...

    For more information, try '--help'.
    ");
}
