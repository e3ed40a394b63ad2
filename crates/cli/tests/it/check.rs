//! What `labtree generate --check` and `--dry-run` say, while they write nothing.

use std::process::Command;

use serde_json::Value;

use crate::lab::{Lab, run};

/// Runs the binary, which must leave everything as it is.
#[track_caller]
fn without_writing(lab: &Lab, arguments: &[&str]) -> crate::lab::Ran {
    let (tree, stamps) = (lab.tree(), lab.stamps());
    let ran = lab.run(arguments);
    assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    assert_eq!(lab.stamps(), stamps, "{ran}");
    ran
}

/// The example lab with one file of each kind of difference: changed by the inventory, missing, left over.
fn stale() -> Lab {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "    schema: authentik\n", "    schema: identity\n");
    lab.remove("flux/apps/base/gitea/kustomization.yaml");
    lab.edit("inventory.yaml", "    # Gitea sends mail of its own.\n    smtp: true\n", "");
    lab
}

#[test]
fn a_lab_as_rendered_is_left_alone() {
    let lab = Lab::example();
    let ran = without_writing(&lab, &["generate", "--check"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_person_s_own_files_are_left_alone() {
    let lab = Lab::example();
    lab.write("flux/apps/base/gitea/notes.md", "mine\n");
    lab.write("tofu/tf-deploy/authentik/mine.tf", "# mine\n");
    lab.write("docs/mine.md", "mine\n");
    lab.write("new folder/mine", "mine\n");
    without_writing(&lab, &["generate", "--check"]).ended(0);
}

#[test]
fn files_that_differ_are_listed_with_their_entry_and_the_command_that_repairs_them() {
    let lab = stale();
    let ran = without_writing(&lab, &["generate", "--check"]).ended(1);
    assert_eq!(ran.stderr, "");
    let listed: Vec<_> =
        ran.stdout.lines().filter(|line| !line.is_empty() && !line.starts_with("            ")).collect();
    insta::assert_snapshot!(listed.join("\n"), @"
       differs  docs/authentik.md
     left over  flux/apps/base/gitea/gitea-smtp.yaml
       missing  flux/apps/base/gitea/kustomization.yaml
       differs  tofu/tf-deploy/authentik/backend.pg.tfbackend
    4 files differ from inventory.yaml; run `labtree generate` and commit
    ");
    insta::assert_snapshot!(ran.about("backend.pg.tfbackend"), @r#"
    differs  tofu/tf-deploy/authentik/backend.pg.tfbackend
             @@ -2,3 +2,3 @@
              # Used by `tofu init -backend-config=backend.pg.tfbackend`. The user and the password come from PGUSER and PGPASSWORD.
              conn_str    = "postgres://192.168.68.7:5432/tofu"
             -schema_name = "authentik"
             +schema_name = "identity"
             = from entry `tofu.state.schema` (inventory.yaml:52:13)
    "#);
    lab.run(&["generate"]).ended(0);
    lab.run(&["generate", "--check"]).ended(0);
}

#[test]
fn quiet_keeps_what_was_asked_for() {
    let lab = stale();
    let loud = lab.run(&["generate", "--check"]).ended(1);
    let quiet = lab.run(&["generate", "--check", "--quiet"]).ended(1);
    assert_eq!(loud.stdout, quiet.stdout);
    let clean = Lab::example().run(&["generate", "--check", "-q"]).ended(0);
    assert_eq!(clean.to_string(), "exit status: 0\n");
    let written = lab.run(&["generate", "--quiet"]).ended(0);
    assert_eq!(written.to_string(), "exit status: 0\n");
}

#[test]
fn a_whole_difference_is_shown_when_it_is_asked_for() {
    let lab = stale();
    let short = lab.run(&["generate", "--check"]).ended(1).stdout;
    let whole = without_writing(&lab, &["generate", "--check", "--diff"]).ended(1).stdout;
    let text_of_the_missing_file = "+kind: Kustomization";
    assert!(!short.contains(text_of_the_missing_file), "{short}");
    assert!(whole.contains(text_of_the_missing_file), "{whole}");
    assert!(whole.contains("-kind: ExternalSecret"), "{whole}");
}

#[test]
fn a_dry_run_says_what_would_be_done_and_is_no_failure() {
    let lab = stale();
    let ran = without_writing(&lab, &["generate", "--dry-run"]).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
     to change  docs/authentik.md
     to remove  flux/apps/base/gitea/gitea-smtp.yaml
     to create  flux/apps/base/gitea/kustomization.yaml
     to change  tofu/tf-deploy/authentik/backend.pg.tfbackend
    1 to create, 2 to change, 1 to remove, 49 unchanged
    ");
    let with_difference = without_writing(&lab, &["generate", "--dry-run", "--diff"]).ended(0);
    assert!(with_difference.stdout.contains("+ "), "{with_difference}");
}

#[test]
fn a_dry_run_with_force_writes_nothing_either() {
    let lab = Lab::example();
    lab.write("docs/authentik.md", lab.read("docs/authentik.md") + "mine\n");
    let ran = without_writing(&lab, &["generate", "--dry-run", "--force"]).ended(0);
    assert_eq!(ran.stdout.lines().next(), Some(" to change  docs/authentik.md"), "{ran}");
}

/// Runs git in the lab as nobody in particular.
fn git(lab: &Lab, arguments: &[&str]) {
    let mut command = Command::new("git");
    let who = ["-c", "user.name=Alex", "-c", "user.email=alex@example.org", "-c", "core.hooksPath=/dev/null"];
    command.args(who).args(arguments).current_dir(lab.root()).env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", lab.root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn staged_unstaged_untracked_and_deleted_files_are_seen_alike() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let lab = Lab::example();
    git(&lab, &["init", "--quiet"]);
    git(&lab, &["add", "--all"]);
    git(&lab, &["commit", "--quiet", "--message", "A lab"]);
    lab.run(&["generate", "--check"]).ended(0);

    let page = "docs/authentik.md";
    let text = lab.read(page);
    lab.write(page, text.clone() + "an edit\n");
    let unstaged = lab.run(&["generate", "--check"]).ended(1);
    git(&lab, &["add", page]);
    let staged = lab.run(&["generate", "--check"]).ended(1);
    git(&lab, &["commit", "--quiet", "--message", "An edit"]);
    let committed = lab.run(&["generate", "--check"]).ended(1);
    git(&lab, &["rm", "--quiet", "--cached", page]);
    let untracked = lab.run(&["generate", "--check"]).ended(1);
    for other in [staged, committed, untracked] {
        assert_eq!(unstaged.to_string(), other.to_string());
    }
    lab.write(page, text);
    lab.run(&["generate", "--check"]).ended(0);
    git(&lab, &["add", page]);
    git(&lab, &["rm", "--quiet", "--force", page]);
    let deleted = lab.run(&["generate", "--check"]).ended(1);
    assert_eq!(deleted.stdout.lines().next(), Some("   missing  docs/authentik.md"), "{deleted}");
}

#[test]
fn a_missing_lock_beside_files_as_rendered_is_told() {
    let lab = Lab::example();
    lab.remove("labtree.lock");
    let ran = without_writing(&lab, &["generate", "--check"]).ended(1);
    let document = lab.run(&["generate", "--check", "--format", "json"]).ended(1).json();
    assert_eq!(document["differs"], true);
    assert_eq!(document["files"], Value::Array(Vec::new()));
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
    labtree.lock is not up to date; run `labtree generate` and commit
    ");
    lab.run(&["generate"]).ended(0);
    assert_eq!(lab.tree(), Lab::example().tree());
}

#[test]
fn what_is_found_is_read_before_the_total() {
    let lab = stale();
    lab.write("docs/authentik.md", lab.read("docs/authentik.md").replace('e', "E"));
    for arguments in [&["generate", "--check"][..], &["generate", "--check", "--diff"]] {
        let screen = tempfile::NamedTempFile::new().unwrap();
        let stream = || std::fs::OpenOptions::new().append(true).open(screen.path()).unwrap();
        lab.command(arguments).stdout(stream()).stderr(stream()).status().unwrap();
        let read = std::fs::read_to_string(screen.path()).unwrap();
        let total = read.lines().last().unwrap();
        assert!(total.ends_with("do what is said above, then run `labtree generate`"), "{total}");
        assert!(read.starts_with("error[edited-rendered-file]"), "{read}");
    }
}

#[test]
fn colours_come_only_when_they_are_asked_for() {
    let lab = stale();
    let plain = lab.run(&["generate", "--check"]).stdout;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let colored = lab.run(&["generate", "--check", "--color", "always"]).stdout;
    assert!(colored.contains("\u{1b}[33m   differs\u{1b}["), "{colored:?}");
    let never = lab.run(&["generate", "--check", "--color", "never"]).stdout;
    assert_eq!(plain, never);
    let no_color = run(lab.command(&["generate", "--check"]).env("NO_COLOR", "1")).stdout;
    assert_eq!(plain, no_color);
    let forced = run(lab.command(&["generate", "--check", "--color", "always"]).env("NO_COLOR", "1")).stdout;
    assert_eq!(colored, forced, "what is asked for on the command line counts more than the environment");
}

/// The types of a document, so that a program can rely on each key: `"text"`, `0`, `true`, `null`, and one item
/// of each list.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => "text".into(),
        Value::Number(_) => 0.into(),
        Value::Array(items) => items.first().map(shape).into_iter().collect(),
        Value::Object(pairs) => pairs.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn programs_read_one_document_of_version_1() {
    let lab = stale();
    lab.write("docs/authentik.md", lab.read("docs/authentik.md") + "mine\n");
    let ran = without_writing(&lab, &["generate", "--check", "--format", "json"]).ended(1);
    assert_eq!(ran.stderr, "");
    let document = ran.json();
    assert_eq!(document["version"], 1);
    assert_eq!(document["mode"], "check");
    insta::assert_json_snapshot!(shape(&document), @r#"
    {
      "version": 0,
      "findings": [
        {
          "rule": "text",
          "severity": "text",
          "message": "text",
          "path": "text",
          "line": 0,
          "column": 0,
          "end_line": 0,
          "end_column": 0,
          "offset": 0,
          "length": 0,
          "help": "text",
          "related": [
            {
              "path": "text",
              "line": 0,
              "column": 0,
              "end_line": 0,
              "end_column": 0,
              "offset": 0,
              "length": 0,
              "text": "text"
            }
          ]
        }
      ],
      "summary": {
        "errors": 0,
        "warnings": 0,
        "hints": 0,
        "files": 0,
        "created": 0,
        "changed": 0,
        "removed": 0,
        "left_alone": 0,
        "unchanged": 0
      },
      "mode": "text",
      "differs": true,
      "files": [
        {
          "path": "text",
          "action": "text",
          "diff": [
            "text"
          ]
        }
      ]
    }
    "#);
    let actions: Vec<_> = document["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| format!("{} {}", file["action"].as_str().unwrap(), file["path"].as_str().unwrap()))
        .collect();
    insta::assert_snapshot!(actions.join("\n"), @"
    left_alone docs/authentik.md
    removed flux/apps/base/gitea/gitea-smtp.yaml
    created flux/apps/base/gitea/kustomization.yaml
    changed tofu/tf-deploy/authentik/backend.pg.tfbackend
    ");
    let summary = &document["summary"];
    let count = |action: &str| actions.iter().filter(|line| line.starts_with(action)).count();
    for action in ["created", "changed", "removed", "left_alone"] {
        assert_eq!(summary[action], count(action), "{action}");
    }
    let finding = &document["findings"][0];
    let text = lab.read(finding["path"].as_str().unwrap());
    let (offset, length) = (finding["offset"].as_u64().unwrap() as usize, finding["length"].as_u64().unwrap() as usize);
    let line = text[..offset].matches('\n').count() + 1;
    assert_eq!(finding["line"], line);
    assert!(text.get(offset..offset + length).is_some_and(|place| !place.contains('\n') || length > 0), "{finding}");
}

#[test]
fn the_document_without_anything_to_do_has_the_same_keys() {
    let lab = Lab::example();
    let keys = |document: &Value| document.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let clean = lab.run(&["generate", "--format", "json"]).ended(0).json();
    assert_eq!(keys(&clean), ["version", "findings", "summary", "mode", "differs", "files"]);
    assert_eq!(clean["differs"], false);
    assert_eq!(clean["mode"], "write");
    assert_eq!(clean["files"], Value::Array(Vec::new()));
    assert_eq!(clean["findings"], Value::Array(Vec::new()));
    lab.edit("inventory.yaml", "allow: [admins]", "alow: [admins]");
    let faulty = lab.run(&["generate", "--dry-run", "--format", "json"]).ended(1).json();
    assert_eq!(keys(&faulty), keys(&clean), "{faulty}");
    assert_eq!(faulty["summary"].as_object().unwrap().len(), clean["summary"].as_object().unwrap().len(), "{faulty}");
    assert_eq!(faulty["mode"], "dry-run");
    assert_eq!(faulty["findings"][0]["rule"], "unknown-key");
}

#[test]
fn a_run_that_cannot_be_is_told_to_programs_on_standard_error_with_status_2() {
    let lab = Lab::empty();
    let ran = lab.run(&["generate", "--root", ".", "--format", "json"]).ended(2);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.starts_with("error: there is no `inventory.yaml`"), "{ran}");
}
