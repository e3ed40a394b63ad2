//! Workflows and man pages: what is printed, and what is written where.

use crate::lab::Lab;

const GIT: [&str; 2] = ["--git", "https://git.example.org/alex/labtree"];

#[test]
fn each_workflow_judges_the_lab_where_it_lies() {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("home/labtree.toml", "");
    for host in ["github", "gitlab", "forgejo"] {
        let printed = lab.run_in("home", &[&["ci", host], &GIT[..]].concat()).ended(0).stdout;
        insta::assert_snapshot!(format!("ci_{host}"), printed.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn a_workflow_is_written_at_the_root_of_the_repository_and_never_over_another_file() {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("home/labtree.toml", "");
    for (host, path) in [
        ("github", ".github/workflows/labtree.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("forgejo", ".forgejo/workflows/labtree.yml"),
    ] {
        let write = [&["ci", host, "--write"], &GIT[..]].concat();
        let ran = lab.run_in("home", &write).ended(0);
        assert_eq!(ran.stdout, format!("wrote {path}; commit it\n"));
        assert_eq!(lab.read(path), lab.run_in("home", &[&["ci", host], &GIT[..]].concat()).ended(0).stdout);
        assert_eq!(lab.run_in("home", &write).ended(0).stdout, format!("{path} is there already\n"));
        lab.write(path, "mine\n");
        let ran = lab.run_in("home", &write).ended(2);
        assert!(ran.stderr.contains(&format!("`{path}` is there already, with something else in it")), "{ran}");
        assert_eq!(lab.read(path), "mine\n");
    }
}

#[test]
fn what_a_shell_would_read_otherwise_is_refused() {
    let lab = Lab::empty();
    assert_eq!(lab.run(&["ci", "github", "--git", ""]).ended(2).stdout, "");
    let ran = lab.run(&["ci", "github", "--git", "https://git.example.org/$(id)"]).ended(2);
    insta::assert_snapshot!(ran.stderr, @"
    error: the address `https://git.example.org/$(id)` cannot stand in a workflow: it holds '$'
     help: a shell reads it there; use one of letters, digits and `/:.@_-+~%=,`
    ");
}

#[test]
fn an_address_that_cargo_does_not_take_is_refused() {
    let lab = Lab::empty();
    let said: String = ["git@git.example.org:alex/labtree", "alex/labtree", "git.example.org/alex/labtree"]
        .into_iter()
        .map(|git| lab.run(&["ci", "github", "--git", git]).ended(2).stderr)
        .collect();
    insta::assert_snapshot!(said, @"
    error: cargo installs from no `git@git.example.org:alex/labtree`: it is no address with `https://` or `ssh://`
     help: for example `--git ssh://git@git.example.org/alex/labtree`
    error: cargo installs from no `alex/labtree`: it is no address with `https://` or `ssh://`
     help: for example `--git https://git.example.org/alex/labtree`
    error: cargo installs from no `git.example.org/alex/labtree`: it is no address with `https://` or `ssh://`
     help: for example `--git https://git.example.org/alex/labtree`
    ");
}

#[test]
fn a_man_page_is_printed_or_all_are_written() {
    let lab = Lab::empty();
    insta::assert_snapshot!(lab.run(&["man", "fmt"]).ended(0).stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    assert!(lab.run(&["man", "config", "show"]).ended(0).stdout.contains(".SH EXAMPLES"));
    lab.write("man/labtree-fmt.1", "old\n");
    let ran = lab.run(&["man", "--to", "man"]).ended(0);
    assert!(ran.stdout.ends_with("pages to man; read one with `man labtree-check`\n"), "{ran}");
    for page in ["labtree", "labtree-fmt", "labtree-config-show"] {
        assert!(lab.read(&format!("man/{page}.1")).contains(".TH "), "{page}");
    }
    let ran = lab.run(&["man", "chekc"]).ended(2);
    assert!(ran.stderr.contains("there is no command `chekc`, did you mean `check`?"), "{ran}");
}
