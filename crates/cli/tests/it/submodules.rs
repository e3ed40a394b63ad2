//! `labtree check` and git repositories in a repository.

use std::fs;

use crate::repo::Repo;

/// A key is written twice, in line 2.
const BAD: &str = "a: 1\na: 2\n";

#[test]
fn a_submodule_is_not_followed() {
    let other = Repo::new();
    other.stage("a.yaml", BAD);
    other.commit();
    let repo = Repo::new();
    repo.git(&["submodule", "--quiet", "add", other.root().as_str(), "vendor/other"]);
    assert!(repo.git(&["ls-files", "--stage"]).contains("160000"));
    assert_eq!(repo.staged(), [""; 0]);
    repo.commit();
    repo.stage("b.yaml", BAD);
    assert_eq!(repo.staged(), ["b.yaml:2 duplicate-yaml-key"]);
    assert_eq!(repo.found(&[]), ["b.yaml:2 duplicate-yaml-key"]);
    for arguments in [&["vendor/other"][..], &["--staged", "vendor/other"]] {
        assert_eq!(repo.found(arguments), [""; 0], "git names it where it changed");
    }
    let ran = repo.lab.run(&["check", "vendor/other/a.yaml"]).ended(2);
    insta::assert_snapshot!(ran.stderr, @"
    error: `vendor/other/a.yaml` lies in another git repository, of which nothing is read
     help: `--root vendor/other` looks there
    ");
}

#[test]
fn what_is_named_in_a_submodule_is_there_wherever_that_is_looked_at() {
    let other = Repo::new();
    other.stage("note.txt", "hello\n");
    other.stage("app/kustomization.yaml", "kind: Kustomization\nresources: [a.yaml]\n");
    other.stage("app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n");
    other.stage("tofu/main.tf", "output \"a\" {\n  value = 1\n}\n");
    other.commit();
    let repo = Repo::new();
    repo.git(&["submodule", "--quiet", "add", other.root().as_str(), "home lab/vendor/other"]);
    let applied = |name: &str, path: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n\
             metadata: {{ name: {name}, namespace: flux-system }}\n\
             spec:\n  interval: 1h\n  path: {path}\n  prune: true\n  wait: true\n\
             \x20 sourceRef: {{ kind: GitRepository, name: flux-system }}\n"
        )
    };
    repo.stage("home lab/clusters/home/app.yaml", &applied("app", "./app"));
    repo.stage("home lab/clusters/home/other.yaml", &applied("other", "./vendor/other/app"));
    repo.stage(
        "home lab/app/kustomization.yaml",
        "kind: Kustomization\n\
         resources: [../vendor/other/app, ../vendor/other/app/a.yaml]\n\
         components: [../vendor/other/component]\n\
         configMapGenerator: [{ name: note, namespace: b, files: [../vendor/other/note.txt] }]\n\
         patches: [{ path: ../vendor/othr/patch.yaml }]\n",
    );
    repo.stage(
        "home lab/tofu/main.tf",
        "terraform {\n  backend \"local\" {}\n}\n\nmodule \"other\" {\n  source = \"../vendor/other/tofu\"\n}\n\n\
         output \"other\" {\n  value = [module.other.a, file(\"../vendor/other/note.txt\"), fileset(\"../vendor\", \"**\")]\n}\n",
    );
    let found = |arguments: &[&str]| repo.found(&[&["--root", "home lab"], arguments].concat());
    // What lies beside a submodule is known.
    let beside = ["app/kustomization.yaml:5 missing-resource"];
    assert_eq!(found(&[]), beside);
    assert_eq!(found(&["--staged"]), beside);
    repo.commit();
    repo.git(&["submodule", "--quiet", "deinit", "--force", "home lab/vendor/other"]);
    assert_eq!(found(&[]), beside, "it is not checked out");
    repo.git(&["rm", "--quiet", "home lab/vendor/other"]);
    let gone = [
        "app/kustomization.yaml:2 missing-resource",
        "app/kustomization.yaml:2 missing-resource",
        "app/kustomization.yaml:3 missing-resource",
        "app/kustomization.yaml:4 missing-resource",
        "clusters/home/other.yaml:6 missing-path",
        "tofu/main.tf:6 missing-module",
        "tofu/main.tf:10 missing-file",
    ];
    assert_eq!(found(&["--staged"]), gone, "the commit before had it");
    fs::remove_dir(repo.root().join("home lab/vendor")).unwrap(); // git leaves it there
    assert_eq!(found(&["--since", "HEAD"]), gone);
}
