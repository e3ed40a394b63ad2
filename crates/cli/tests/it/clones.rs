//! Git repositories that hold less than others, or hold it in another form.

use crate::lab::Lab;
use crate::repo::{Repo, git_command};

/// A key is written twice, in line 2.
const OLD: &str = "a: 1\na: 2\n";

/// A repository whose one commit has a finding.
fn old() -> Repo {
    let repo = Repo::new();
    repo.stage("a.yaml", OLD);
    repo.commit();
    repo
}

#[test]
fn a_clone_without_old_files_is_not_compared_with() {
    let (repo, clone) = (old(), Lab::empty());
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.stage("a.yaml", &format!("{OLD}a: 3\n"));
    repo.commit();
    let url = format!("file://{}", repo.root());
    let cloned = git_command(clone.root(), &["clone", "--quiet", "--filter=blob:none", &url, "."]).status().unwrap();
    assert!(cloned.success());
    let ran = clone.run(&["check", "--since", "HEAD~1"]).ended(2);
    assert!(ran.stderr.contains("this clone lacks files of the commit "), "{ran}");
    clone.run(&["check", "--since", "HEAD"]).ended(0);
}

#[test]
fn a_shallow_clone_is_told_to_fetch_the_rest() {
    let (repo, clone) = (old(), Lab::empty());
    repo.commit();
    let url = format!("file://{}", repo.root());
    let cloned = git_command(clone.root(), &["clone", "--quiet", "--depth", "1", &url, "."]).status().unwrap();
    assert!(cloned.success());
    let ran = clone.run(&["check", "--since", "HEAD~1"]).ended(2);
    assert!(ran.stderr.contains("`git fetch --unshallow` brings the commits that it lacks"), "{ran}");
}

#[test]
fn formats_of_a_repository_that_are_not_read_are_told() {
    let repo = Repo::new();
    repo.stage("a.yaml", "kind: Note\n");
    repo.commit();
    repo.git(&["update-index", "--split-index"]);
    let split = repo.lab.run(&["check", "--staged"]).ended(2).stderr;
    let other = Lab::empty();
    let made = git_command(other.root(), &["init", "--quiet", "--object-format=sha256"]).status().unwrap();
    assert!(made.success());
    let sha256 = other.run(&["check", "--staged"]).ended(2).stderr;
    insta::assert_snapshot!(format!("{split}{sha256}"), @"
    error: cannot read the git repository: unsupported mandatory extension: 'link'
     help: labtree reads no split and no sparse index: `git update-index --no-split-index`, `git sparse-checkout reapply --no-sparse-index`
    error: cannot read the git repository: unknown object format 'sha256'
     help: labtree reads repositories in git's usual format only; `labtree check` without `--staged` and `--since` reads the files
    ");
}

#[test]
fn a_file_that_git_ignores_may_lie_where_opentofu_runs() {
    let repo = Repo::new();
    repo.stage(".gitignore", "*.pem\n");
    repo.stage(
        "tofu/main.tf",
        "terraform {\n  backend \"local\" {}\n}\n\noutput \"keys\" {\n  value = [\n    file(\"ca.pem\"),\n    \
         file(\"ca.crt\"),\n  ]\n}\n",
    );
    let found = ["tofu/main.tf:8 missing-file"];
    assert_eq!(repo.found(&[]), found);
    assert_eq!(repo.found(&["--staged"]), found);
    repo.lab.write("tofu/ca.pem", "-----BEGIN CERTIFICATE-----\n");
    assert_eq!(repo.found(&[]), found);
}
