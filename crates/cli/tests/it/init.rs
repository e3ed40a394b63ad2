//! `labtree init`: a new lab from nothing.

use crate::lab::{Lab, Ran, copy, example_folder};

/// `labtree init` with these arguments in an empty folder.
fn init(arguments: &[&str]) -> (Lab, Ran) {
    let lab = Lab::empty();
    let ran = lab.run(&[&["init"], arguments].concat());
    (lab, ran)
}

#[test]
fn a_missing_folder_becomes_a_lab_that_needs_nothing() {
    let (lab, ran) = init(&["attic"]);
    insta::assert_snapshot!(ran.ended(0), @"
    exit status: 0
    ----- stdout
    attic is a lab now: edit attic/inventory.yaml, then run `labtree generate` in attic
    attic/README.md tells the next three steps: Vault, Flux, OpenTofu
    ");
    let second = lab.run_in("attic", &["generate"]).ended(0);
    assert!(second.stdout.starts_with("nothing to do: "), "{second}");
    lab.run_in("attic", &["generate", "--check"]).ended(0);
    let tree = lab.tree();
    for path in ["inventory.yaml", "labtree.toml", "README.md", ".gitignore", "docs/authentik.md", "labtree.lock"] {
        assert!(tree.contains_key(&format!("attic/{path}")), "{path} is missing");
    }
    for (path, bytes) in &tree {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("hdhomelab"), "{path} speaks of the example lab");
        assert!(path == "labtree.lock" || path.ends_with("/labtree.lock") || !text.contains("\r"), "{path}");
    }
    assert!(lab.read("attic/inventory.yaml").contains("name: attic\n  domain: example.org\n"));
}

#[test]
fn the_next_steps_are_in_the_readme() {
    let (lab, ran) = init(&["attic"]);
    ran.ended(0);
    let readme = lab.read("attic/README.md");
    for step in [
        "vault kv put",
        "flux bootstrap",
        "tofu init -backend-config=backend.pg.tfbackend",
        "tofu plan -out plan.out",
        "tofu apply plan.out",
    ] {
        assert!(readme.contains(step), "{readme}");
    }
    let ignored = lab.read("attic/.gitignore");
    for name in ["plan.out", ".terraform/", "*.tfstate"] {
        assert!(ignored.lines().any(|line| line == name), "{ignored}");
    }
}

#[test]
fn an_empty_folder_and_one_with_only_git_are_taken() {
    let lab = Lab::empty();
    std::fs::create_dir_all(lab.root().join("empty")).unwrap();
    std::fs::create_dir_all(lab.root().join("cloned/.git")).unwrap();
    lab.write("cloned/.git/HEAD", "ref: refs/heads/main\n");
    lab.run(&["init", "empty"]).ended(0);
    lab.run(&["init", "cloned"]).ended(0);
    lab.run(&["init", "a/b/deep"]).ended(0);
    assert_eq!(lab.read("cloned/.git/HEAD"), "ref: refs/heads/main\n");
    let inside = Lab::empty();
    inside.run(&["init", ".", "--name", "here"]).ended(0);
    assert!(inside.read("inventory.yaml").contains("name: here\n"));
}

#[test]
fn a_lab_inside_a_repository_is_told_where_flux_looks() {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    insta::assert_snapshot!(lab.run(&["init", "attic"]).ended(0).stderr, @"note: attic lies inside a git repository, and Flux looks for its paths from the root of one: give it a repository of its own");
    assert_eq!(lab.run(&["init", "quiet", "--quiet"]).ended(0).stderr, "");
}

#[test]
fn the_current_folder_is_named_as_a_person_would() {
    let lab = Lab::empty();
    let ran = lab.run(&["init", ".", "--name", "here"]).ended(0);
    insta::assert_snapshot!(ran.stdout, @"
    this folder is a lab now: edit inventory.yaml, then run `labtree generate`
    README.md tells the next three steps: Vault, Flux, OpenTofu
    ");
}

#[test]
fn a_root_is_no_folder_to_make_a_lab_in() {
    let lab = Lab::empty();
    insta::assert_snapshot!(lab.run(&["init", "attic", "--root", "labs"]).ended(2).stderr, @"
    error: `init` makes its lab in the folder that stands behind it, whatever `--root` says
     help: type `labtree init labs`
    ");
    assert_eq!(lab.tree(), Lab::empty().tree());
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let lab = Lab::empty();
    lab.write("mine/notes.md", "mine\n");
    lab.write("file", "mine\n");
    let tree = lab.tree();
    let said: String = ["mine", "file", "file/below"]
        .into_iter()
        .map(|folder| format!("$ labtree init {folder}\n{}", lab.run(&["init", folder]).ended(2).stderr))
        .collect();
    insta::assert_snapshot!(said, @"
    $ labtree init mine
    error: `mine` is not empty: it holds `notes.md`
     help: name a new folder; for a repository of your own, take the inventory.yaml of a new lab, and run `labtree generate`
    $ labtree init file
    error: cannot make the folder `file`: file exists
     help: a file stands there; name another folder
    $ labtree init file/below
    error: cannot make the folder `file/below`: not a directory
     help: a file stands there; name another folder
    ");
    assert_eq!(lab.changes_since(&tree), [""; 0]);
}

#[test]
fn a_name_or_a_domain_that_is_none_is_told_before_anything_is_made() {
    let lab = Lab::empty();
    let said: String = [
        &["My Lab"][..],
        &["lab", "--name", "My Lab"],
        &["lab", "--name", ""],
        &["lab", "--name", "a\nb"],
        &["lab", "--domain", "localhost"],
        &["lab", "--domain", "Example.org."],
        &["lab", "--domain", "https://example.org"],
        &["lab", "--domain", "192.0.2.1"],
        &["lab", "--domain", "${domain}.example.org"],
    ]
    .into_iter()
    .map(|arguments| {
        let ran = lab.run(&[&["init"], arguments].concat()).ended(2);
        format!("$ labtree init {}\n{}", arguments.join(" ").escape_debug(), ran.stderr)
    })
    .collect();
    insta::assert_snapshot!(said, @r#"
    $ labtree init My Lab
    error: `my lab` is no name for a lab
     help: give one of lower-case letters, digits and `-`, such as `--name my-lab`
    $ labtree init lab --name My Lab
    error: `My Lab` is no name for a lab
     help: give one of lower-case letters, digits and `-`, such as `--name my-lab`
    $ labtree init lab --name 
    error: `` is no name for a lab
     help: give one of lower-case letters, digits and `-`, such as `--name home`
    $ labtree init lab --name a\nb
    error: `a\nb` is no name for a lab
     help: give one of lower-case letters, digits and `-`, such as `--name a-b`
    $ labtree init lab --domain localhost
    error: `localhost` is no domain
     help: give one such as `home.example.org` with `--domain`
    $ labtree init lab --domain Example.org.
    error: `Example.org.` is no domain, did you mean `example.org`?
     help: give one such as `home.example.org` with `--domain`
    $ labtree init lab --domain https://example.org
    error: `https://example.org` is no domain
     help: give one such as `home.example.org` with `--domain`
    $ labtree init lab --domain 192.0.2.1
    error: `192.0.2.1` is no domain
     help: give one such as `home.example.org` with `--domain`
    $ labtree init lab --domain ${domain}.example.org
    error: `${domain}.example.org` is no domain
     help: give one such as `home.example.org` with `--domain`
    "#);
    assert_eq!(lab.tree().len(), 0);
}

#[test]
fn name_and_domain_go_everywhere() {
    let (lab, ran) = init(&["folder", "--name", "attic", "--domain", "home.example.net"]);
    ran.ended(0);
    let inventory = lab.read("folder/inventory.yaml");
    assert!(inventory.contains("name: attic\n  domain: home.example.net\n"), "{inventory}");
    assert!(inventory.contains("dc=ldap,dc=home,dc=example,dc=net"), "{inventory}");
    assert!(lab.read("folder/docs/authentik.md").contains("https://auth.home.example.net"));
    assert!(lab.read("folder/README.md").starts_with("# attic\n"));
    lab.run_in("folder", &["generate", "--check"]).ended(0);
}

#[test]
fn the_example_s_names_give_the_example() {
    let (lab, ran) = init(&["lab", "--name", "hdhomelab", "--domain", "hdhomelab.com"]);
    ran.ended(0);
    let expected = Lab::empty();
    copy(&example_folder(), expected.root());
    expected.run(&["generate"]).ended(0);
    let expected = expected.tree().into_iter().filter(|(path, _)| !path.contains("/flux-system/"));
    let made = lab.tree().into_iter().map(|(path, bytes)| (path["lab/".len()..].to_owned(), bytes));
    for ((path, bytes), (expected_path, expected)) in made.zip(expected) {
        assert_eq!(path, expected_path);
        assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&expected), "{path}");
    }
}

#[test]
fn quiet_says_nothing() {
    let (_lab, ran) = init(&["attic", "--quiet"]);
    assert_eq!(ran.ended(0).to_string(), "exit status: 0\n");
}

#[test]
fn a_new_lab_has_nothing_to_be_found() {
    let lab = Lab::empty();
    lab.run(&["init", "home", "--name", "casa", "--domain", "example.org"]).ended(0);
    let ran = lab.run_in("home", &["check", "--fail-on", "hint"]).ended(0);
    assert!(ran.stdout.starts_with("nothing found in "), "{ran}");
}
