//! `labtree.baseline`: what an old repository is not asked to mend at once.

use serde_json::Value;

use crate::lab::Lab;
use crate::repo::Repo;

const BAD: &str = "services: {}\nservices: {}\n";

fn old() -> Repo {
    let repo = Repo::new();
    repo.lab.write("compose.yaml", BAD);
    repo.lab.write("flux/a b.yaml", "a: 1\na: 2\na: 3\n");
    repo
}

#[test]
fn what_was_found_is_written_and_only_what_is_new_is_shown() {
    let repo = old();
    let ran = repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(ran.stdout, "`labtree.baseline` holds 3 findings now; from here on, only what is new is shown\n");
    insta::assert_snapshot!(repo.lab.read("labtree.baseline"), @"
    # What `labtree check` found before, and keeps silent about until it is mended: path, rule, digest of the line, how many,
    # message. `labtree check --write-baseline` writes this file anew.
    compose.yaml	duplicate-yaml-key	d4fd3af6d6ccdaee	1	`services` is written twice
    flux/a b.yaml	duplicate-yaml-key	52c9fbba25c7b190	1	`a` is written twice
    flux/a b.yaml	duplicate-yaml-key	dd73f18054ef81a9	1	`a` is written twice
    ");
    let ran = repo.lab.run(&["check", "--fail-on", "hint"]).ended(0);
    assert_eq!(ran.stdout, "nothing new found in 2 files; 3 findings that were there before are left out\n");
    assert_eq!(repo.found(&["--no-baseline"]).len(), 3);
    let again = repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(again.stdout, "`labtree.baseline` is up to date\n");
    repo.lab.write("new.yaml", BAD);
    assert_eq!(repo.found(&[]), ["new.yaml:2 duplicate-yaml-key"]);
}

#[test]
fn code_scanning_is_told_that_what_is_left_is_new_where_something_was_compared() {
    let repo = old();
    let states = |arguments: &[&str]| {
        let document = repo.lab.run(&[&["check", "--format", "sarif"], arguments].concat()).json();
        let results = document["runs"][0]["results"].as_array().unwrap().clone();
        results.into_iter().map(|result| result["baselineState"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&[]), [Value::Null, Value::Null, Value::Null]);
    repo.git(&["add", "--all"]);
    repo.commit();
    repo.stage("new.yaml", BAD);
    for compared in ["--staged", "--since=HEAD"] {
        assert_eq!(states(&[compared]), ["new"], "{compared}");
    }
    repo.lab.remove("new.yaml");
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    repo.lab.write("other.yaml", BAD);
    assert_eq!(states(&[]), ["new"]);
    assert_eq!(states(&["--no-baseline"]).len(), 4);
    assert!(states(&["--no-baseline"]).iter().all(Value::is_null));
}

#[test]
fn a_file_of_another_kind_is_not_taken_for_the_baseline() {
    let repo = old();
    repo.lab.write("notes.md", "mine\n");
    repo.lab.write("labtree.toml", "baseline = \"notes.md\"\n");
    let write = ["check", "--write-baseline"];
    insta::assert_snapshot!(repo.lab.run(&write).ended(2).stderr, @"
    error: `notes.md` is there already, and is no baseline
     help: name another file by `baseline` in labtree.toml, or move it away
    ");
    repo.lab.remove("compose.yaml");
    repo.lab.remove("flux/a b.yaml");
    repo.lab.run(&write).ended(2);
    assert_eq!(repo.lab.read("notes.md"), "mine\n", "nothing is found, and it is not removed");
}

#[test]
fn the_folder_of_the_baseline_is_made() {
    let repo = old();
    repo.lab.write("labtree.toml", "baseline = \"ci/labtree/baseline\"\n");
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(repo.found(&[]), [""; 0]);
}

#[test]
fn lines_move_and_files_are_renamed() {
    let repo = old();
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    repo.lab.write("compose.yaml", format!("# One.\n\n# Two.\n{BAD}"));
    repo.lab.write("flux/other.yaml", repo.lab.read("flux/a b.yaml"));
    repo.lab.remove("flux/a b.yaml");
    assert_eq!(repo.found(&[]), [""; 0]);
}

#[test]
fn an_entry_that_stands_for_nothing_is_reported_and_removed() {
    let repo = old();
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    repo.lab.write("compose.yaml", "services: {}\n");
    repo.lab.write("flux/a b.yaml", "a: 1\na: 2\n");
    insta::assert_snapshot!(repo.lab.run(&["check"]).ended(0).stdout, @"
    warning[unused-baseline]: `duplicate-yaml-key` is not found in `compose.yaml` any more
     --> labtree.baseline:3:1
      |
    3 | compose.yaml    duplicate-yaml-key    d4fd3af6d6ccdaee    1    `services` is written twice
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: run `labtree check --write-baseline`

    warning[unused-baseline]: `duplicate-yaml-key` is not found in `flux/a b.yaml` any more
     --> labtree.baseline:4:1
      |
    4 | flux/a b.yaml    duplicate-yaml-key    52c9fbba25c7b190    1    `a` is written twice
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: run `labtree check --write-baseline`

    2 warnings in 1 file; 2 files looked at; 1 finding that was there before is left out
    ");
    repo.lab.write("labtree.toml", "[rules]\nunused-baseline = \"off\"\n");
    assert_eq!(repo.found(&[]), [""; 0]);
    repo.lab.write("labtree.toml", "[rules]\nunused-baseline = \"error\"\n");
    repo.lab.run(&["check"]).ended(1);
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(repo.lab.read("labtree.baseline").lines().count(), 3);
    repo.lab.write("flux/a b.yaml", "a: 1\n");
    let ran = repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(ran.stdout, "nothing found: `labtree.baseline` is removed\n");
    assert!(!repo.lab.exists("labtree.baseline"));
}

#[test]
fn the_settings_name_another_place() {
    let repo = old();
    repo.lab.write("labtree.toml", "baseline = \"flux/old\"\n");
    assert!(repo.found(&[]).contains(&"labtree.toml:1 wrong-setting".to_owned()));
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert!(repo.lab.exists("flux/old") && !repo.lab.exists("labtree.baseline"));
    assert_eq!(repo.found(&[]), [""; 0]);
}

#[test]
fn a_commit_is_judged_by_the_baseline_that_it_holds() {
    let repo = old();
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), [""; 0]);
    repo.commit();
    repo.lab.write("compose.yaml", "services: {}\n");
    repo.git(&["add", "--all"]);
    assert_eq!(repo.staged(), ["labtree.baseline:3 unused-baseline"]);
    repo.commit();
    repo.stage("new.yaml", BAD);
    assert_eq!(repo.staged(), ["new.yaml:2 duplicate-yaml-key"], "the unused entry was there before");
}

#[test]
fn lines_that_are_no_entries_are_reported_at_their_place() {
    let repo = old();
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    let text = repo.lab.read("labtree.baseline");
    let (head, entries) = text.split_at(text.find("compose.yaml").unwrap());
    let broken = format!(
        "{head}<<<<<<< HEAD\n{entries}=======\n>>>>>>> other\na\tb\na\tb\txyz\t1\tc\na\tb\t0123456789abcdef\t0\tc\n"
    );
    repo.lab.write("labtree.baseline", broken);
    let ran = repo.lab.run(&["check"]).ended(1);
    insta::assert_snapshot!(ran.stdout, @"
    error[malformed-baseline]: this is a conflict of git, not an entry
     --> labtree.baseline:3:1
      |
    3 | <<<<<<< HEAD
      | ^^^^^^^^^^^^
      |
      = help: `labtree check --write-baseline` writes the file anew

    error[malformed-baseline]: this is a conflict of git, not an entry
     --> labtree.baseline:7:1
      |
    7 | =======
      | ^^^^^^^
      |
      = help: `labtree check --write-baseline` writes the file anew

    error[malformed-baseline]: this is a conflict of git, not an entry
     --> labtree.baseline:8:1
      |
    8 | >>>>>>> other
      | ^^^^^^^^^^^^^
      |
      = help: `labtree check --write-baseline` writes the file anew

    error[malformed-baseline]: an entry has 5 parts with tabs between, and this has 2
     --> labtree.baseline:9:1
      |
    9 | a    b
      | ^^^^^^
      |
      = help: `labtree check --write-baseline` writes the file anew

    error[malformed-baseline]: `xyz` is no digest of 16 digits
      --> labtree.baseline:10:1
       |
    10 | a    b    xyz    1    c
       | ^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: `labtree check --write-baseline` writes the file anew

    error[malformed-baseline]: `0` is no count
      --> labtree.baseline:11:1
       |
    11 | a    b    0123456789abcdef    0    c
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: `labtree check --write-baseline` writes the file anew

    6 errors in 1 file; 2 files looked at; 3 findings that were there before are left out
    ");
    repo.lab.write("labtree.baseline", b"\xff");
    repo.lab.run(&["check"]).ended(1);
    repo.lab.run(&["check", "--write-baseline"]).ended(0);
    assert_eq!(repo.lab.read("labtree.baseline"), text);
}

#[test]
fn what_cannot_be_read_is_in_no_baseline() {
    let lab = Lab::empty();
    lab.write("compose.yaml", BAD);
    lab.write("labtree.toml", "fail_on = \"error\"\n");
    let ran = lab.run(&["check", "--write-baseline"]).ended(1);
    assert!(ran.stdout.contains("error[unknown-setting]"), "{ran}");
    assert!(ran.stdout.ends_with("is not written: what cannot be read hides what else would be found\n"), "{ran}");
    assert!(!lab.exists("labtree.baseline"));
    lab.write("labtree.toml", "");
    lab.run(&["check", "--write-baseline"]).ended(0);
    lab.write("labtree.toml", "fail_on = \"error\"\n");
    lab.run(&["check"]).ended(1);
}
