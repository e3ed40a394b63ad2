//! Git repositories that hold less than others, or hold it in another form.

use std::fs;

use crate::lab::Lab;
use crate::repo::{Repo, git_command, places, run_in};

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

/// Flux applies `app`, which names what lies in `shared`, and what is nowhere.
fn applied() -> Repo {
    let repo = Repo::new();
    repo.stage(
        "clusters/home/app.yaml",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: app, namespace: flux-system }\n\
         spec:\n  interval: 1h\n  path: ./app\n  prune: true\n  wait: true\n\
         \x20 sourceRef: { kind: GitRepository, name: flux-system }\n",
    );
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources:\n- ../shared\n- ../shared/nowhere.yaml\n");
    repo.stage("shared/kustomization.yaml", "kind: Kustomization\nresources: [a.yaml]\n");
    repo.stage("shared/a.yaml", OLD);
    repo.commit();
    repo
}

#[test]
fn what_a_sparse_working_tree_leaves_out_is_there() {
    let repo = applied();
    let (whole, graph) = (repo.found(&[]), repo.lab.run(&["graph", "flux"]).stdout);
    assert_eq!(whole.len(), 3, "{whole:?}");
    repo.git(&["sparse-checkout", "set", "clusters", "app"]);
    assert!(!repo.root().join("shared").exists());
    assert_eq!(repo.found(&[]), whole);
    assert_eq!(repo.lab.run(&["graph", "flux"]).stdout, graph);
    repo.git(&["sparse-checkout", "reapply", "--sparse-index"]);
    assert!(repo.lab.run(&["check"]).ended(2).stderr.contains("`git sparse-checkout reapply --no-sparse-index`"));
    repo.git(&["sparse-checkout", "reapply", "--no-sparse-index"]);
    assert_eq!(repo.found(&["shared"]), whole[1..]);
    assert_eq!(repo.found(&["--root", "app"]), [""; 0], "nobody applies it there");
    repo.lab.write("shared/nowhere.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n");
    assert_eq!(repo.found(&[]), whole[1..], "what lies there all the same counts");
    repo.git(&["rm", "--quiet", "--cached", "--sparse", "-r", "shared"]);
    assert_eq!(repo.found(&[]), ["app/kustomization.yaml:3 missing-resource"]);
}

#[test]
fn what_a_sparse_clone_without_old_files_lacks_is_known_by_its_name() {
    let (repo, clone) = (applied(), Lab::empty());
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.root());
    let made = git_command(clone.root(), &["clone", "--quiet", "--sparse", "--filter=blob:none", &url, "."]).status();
    assert!(made.unwrap().success());
    let only = git_command(clone.root(), &["sparse-checkout", "set", "clusters", "app"]).status();
    assert!(only.unwrap().success());
    let found = places(&run_in(clone.root(), &["check", "--format", "json"]));
    assert_eq!(found, ["app/kustomization.yaml:4 missing-resource"]);
}

#[test]
fn what_is_excluded_is_excluded_in_a_second_working_tree_too() {
    let (repo, trees) = (old(), Lab::empty());
    repo.lab.write(".git/info/exclude", "*.local.yaml\n");
    let folder = trees.root().join("tree");
    repo.git(&["worktree", "add", "--quiet", folder.as_str()]);
    fs::write(folder.join("a.local.yaml"), OLD).unwrap();
    assert_eq!(places(&run_in(&folder, &["check", "--format", "json"])), ["a.yaml:2 duplicate-yaml-key"]);
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

#[test]
fn a_file_that_git_keeps_is_there_whatever_it_ignores() {
    let repo = Repo::new();
    repo.stage(".gitignore", "*secret*\n");
    repo.stage(
        "app/flux-system/gotk-sync.yaml",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: flux-system, namespace: \
         flux-system }\nspec:\n  interval: 10m\n  path: ./app\n  prune: true\n  sourceRef: { kind: GitRepository, name: \
         flux-system }\n",
    );
    repo.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [secrets/a.yaml, secrets/b.yaml]\n");
    for name in ["a", "b"] {
        let object = format!("apiVersion: v1\nkind: Namespace\nmetadata: {{ name: {name}, name: {name} }}\n");
        repo.lab.write(&format!("app/secrets/{name}.yaml"), &object);
    }
    repo.git(&["add", "--force", "app/secrets/a.yaml"]);
    let found = ["app/kustomization.yaml:2 missing-resource", "app/secrets/a.yaml:3 duplicate-yaml-key"];
    assert_eq!(repo.found(&[]), found);
    assert_eq!(repo.found(&["--staged"]), found);
}
