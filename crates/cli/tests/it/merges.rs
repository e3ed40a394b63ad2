//! `labtree check --staged` at the end of a merge.

use crate::repo::Repo;

const GOOD: &str = "kind: Note\n";
/// A key is written twice, in line 2.
const BAD: &str = "a: 1\na: 2\n";

/// A repository in which a merge of `other` into `main` is under way; both have a finding of their own.
fn merging(conflict: bool) -> Repo {
    let repo = Repo::new();
    repo.stage("notes.yaml", GOOD);
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.stage("theirs.yaml", BAD);
    repo.stage("notes.yaml", "kind: Theirs\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.stage("ours.yaml", BAD);
    if conflict {
        repo.stage("notes.yaml", "kind: Ours\n");
    }
    repo.commit();
    let merged = repo.try_git(&["merge", "--no-commit", "--no-ff", "other"]);
    assert_eq!(merged.status.success(), !conflict, "{merged:?}");
    repo
}

#[test]
fn a_merge_brings_only_what_no_side_had() {
    let repo = merging(false);
    assert_eq!(repo.staged(), [""; 0]);
    repo.stage("notes.yaml", BAD);
    assert_eq!(repo.staged(), ["notes.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn a_conflict_is_refused_until_it_is_resolved() {
    let repo = merging(true);
    insta::assert_snapshot!(repo.lab.run(&["check", "--staged"]).ended(2).stderr, @"
    error: `notes.yaml` is not merged yet
     help: resolve the conflicts and `git add` the files: git makes no commit of them before
    ");
    repo.stage("notes.yaml", "kind: Both\n");
    assert_eq!(repo.staged(), [""; 0]);
}
