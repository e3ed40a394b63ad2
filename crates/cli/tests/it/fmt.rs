//! `labtree fmt`: OpenTofu's files laid out, in a lab or in any other repository.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

use crate::lab::Lab;

const WILD: &str = "resource \"authentik_group\" \"family\" {\n  name = \"family\"\n  is_superuser = false\n}\n";
const LAID_OUT: &str =
    "resource \"authentik_group\" \"family\" {\n  name         = \"family\"\n  is_superuser = false\n}\n";

/// A repository without an inventory, in which two of three files are not laid out.
fn repository() -> Lab {
    let lab = Lab::empty();
    lab.write("tofu/home/groups.tf", WILD);
    lab.write("tofu/home/home.tfvars", "domain=\"example.org\"\n");
    lab.write("tofu/home/main.tf", LAID_OUT);
    lab
}

#[test]
fn files_are_laid_out_in_their_place_and_named() {
    let lab = repository();
    let stamp = lab.stamps()["tofu/home/main.tf"];
    insta::assert_snapshot!(lab.run(&["fmt"]).ended(0), @"
    exit status: 0
    ----- stdout
    tofu/home/groups.tf
    tofu/home/home.tfvars
    2 of 3 files laid out anew
    ");
    assert_eq!(lab.read("tofu/home/groups.tf"), LAID_OUT);
    assert_eq!(lab.read("tofu/home/home.tfvars"), "domain = \"example.org\"\n");
    assert_eq!(lab.stamps()["tofu/home/main.tf"], stamp, "a file that is laid out is not written");
    let (tree, stamps) = (lab.tree(), lab.stamps());
    assert_eq!(lab.run(&["fmt"]).ended(0).stdout, "nothing to lay out anew in 3 files\n");
    assert_eq!((lab.tree(), lab.stamps()), (tree, stamps));
    assert!(!lab.run(&["check"]).stdout.contains("tofu-layout"));
}

#[test]
fn every_kind_of_file_that_tofu_fmt_lays_out_is_laid_out_and_no_other() {
    for (path, is_laid_out) in [
        ("main.tf", true),
        ("main.tofu", true),
        ("home.auto.tfvars", true),
        ("tests/groups.tftest.hcl", true),
        ("tests/groups.tofutest.hcl", true),
        (".terraform.lock.hcl", false),
        ("image.pkr.hcl", false),
        ("main.tf.j2", false),
        ("main.tf.json", false),
        ("terraform.tfstate", false),
    ] {
        let lab = Lab::empty();
        lab.write(path, WILD);
        lab.run(&["fmt"]).ended(0);
        assert_eq!(lab.read(path) == LAID_OUT, is_laid_out, "{path}");
    }
}

#[test]
fn check_and_diff_show_what_would_change() {
    let lab = repository();
    let (tree, stamps) = (lab.tree(), lab.stamps());
    let ran = lab.run(&["fmt", "--check"]).ended(1);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
    tofu/home/groups.tf
    tofu/home/home.tfvars
    2 of 3 files would be laid out anew; run `labtree fmt`
    ");
    assert_eq!(lab.run(&["fmt", "--check", "--quiet"]).ended(1).stdout, ran.stdout, "it is what was asked for");
    insta::assert_snapshot!(lab.run(&["fmt", "--check", "--diff"]).ended(1), @r#"
    exit status: 1
    ----- stdout
    tofu/home/groups.tf
    --- tofu/home/groups.tf
    +++ tofu/home/groups.tf
    @@ -1,4 +1,4 @@
     resource "authentik_group" "family" {
    -  name = "family"
    +  name         = "family"
       is_superuser = false
     }
    tofu/home/home.tfvars
    --- tofu/home/home.tfvars
    +++ tofu/home/home.tfvars
    @@ -1 +1 @@
    -domain="example.org"
    +domain = "example.org"
    2 of 3 files would be laid out anew; run `labtree fmt`
    "#);
    assert_eq!((lab.tree(), lab.stamps()), (tree, stamps), "nothing was written");
    let shown = lab.run(&["fmt", "--diff"]).ended(0);
    assert!(shown.stdout.contains("\n+domain = \"example.org\"\n"), "{shown}");
    assert_eq!(lab.read("tofu/home/groups.tf"), LAID_OUT);
    lab.run(&["fmt", "--check"]).ended(0);
}

#[test]
fn git_applies_what_is_shown() {
    let lab = repository();
    lab.write("tofu/home/end.tf", "locals {\n  a=1\n}");
    let shown = lab.run(&["fmt", "--check", "--diff"]).ended(1).stdout;
    lab.write("shown.patch", shown);
    let applied = Command::new("git").args(["apply", "-p0", "shown.patch"]).current_dir(lab.root()).status();
    let Ok(applied) = applied else { return };
    assert!(applied.success());
    assert_eq!(lab.run(&["fmt", "--check"]).ended(0).stdout, "nothing to lay out anew in 4 files\n");
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_left_alone_and_the_others_are_laid_out() {
    let lab = repository();
    lab.write("tofu/home/broken.tf", "locals {\n  a=[ 1\n}\n");
    lab.write("tofu/home/latin.tf", b"# gr\xfc\xdfe\na=1\n");
    let (tree, ran) = (lab.tree(), lab.run(&["fmt"]).ended(1));
    assert_eq!(ran.rules(), ["tofu-syntax", "not-utf8"], "{ran}");
    assert!(ran.stdout.ends_with("2 of 3 files laid out anew\n"), "{ran}");
    assert_eq!(lab.changes_since(&tree), ["~ tofu/home/groups.tf", "~ tofu/home/home.tfvars"]);
    assert_eq!(lab.run(&["fmt", "--check"]).ended(1).rules(), ["tofu-syntax", "not-utf8"]);
}

#[test]
fn paths_narrow_what_is_laid_out() {
    let lab = repository();
    lab.write("tofu/cloud/main.tf", WILD);
    let tree = lab.tree();
    lab.run_in("tofu", &["fmt", "--root", "..", "home/home.tfvars"]).ended(0);
    assert_eq!(lab.changes_since(&tree), ["~ tofu/home/home.tfvars"]);
    lab.run(&["fmt", "tofu/home"]).ended(0);
    assert_eq!(lab.changes_since(&tree), ["~ tofu/home/groups.tf", "~ tofu/home/home.tfvars"]);
    let ran = lab.run(&["fmt", "tofu/cluod", "tofu/cloud"]).ended(2);
    assert!(ran.stderr.starts_with("error: there is no `tofu/cluod` below the root"), "{ran}");
    assert_eq!(lab.read("tofu/cloud/main.tf"), WILD);
}

#[test]
fn what_git_ignores_or_the_settings_exclude_is_left_alone() {
    let lab = repository();
    lab.write(".gitignore", "/scratch/\n");
    lab.write("labtree.toml", "exclude = [\"vendored\"]\n");
    for folder in ["scratch", "vendored", "tofu/home/.terraform/modules/a"] {
        lab.write(&format!("{folder}/main.tf"), WILD);
    }
    let tree = lab.tree();
    lab.run(&["fmt"]).ended(0);
    assert_eq!(lab.changes_since(&tree), ["~ tofu/home/groups.tf", "~ tofu/home/home.tfvars"]);
    lab.run(&["fmt", "vendored/main.tf"]).ended(0);
    assert_eq!(lab.read("vendored/main.tf"), WILD);
}

#[test]
fn a_file_whose_layout_a_comment_allows_is_left_alone_and_counted() {
    let lab = repository();
    let head = "# labtree: allow(tofu-layout): another tool writes it\n\n";
    let line = "# labtree: allow(tofu-layout): one line of it\n";
    lab.write("tofu/home/groups.tf", format!("{head}{WILD}"));
    lab.write("tofu/home/home.tfvars", format!("{line}domain=\"example.org\"\n"));
    lab.write("tofu/home/other.tf", format!("a = 1 # labtree: allow(tofu-layout): not where it begins\n{WILD}"));
    let tree = lab.tree();
    let ran = lab.run(&["fmt", "--check"]).ended(1);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
    tofu/home/other.tf
    1 of 4 files would be laid out anew; run `labtree fmt`; 2 files are left alone, as comments in them say
    ");
    assert_eq!(lab.run(&["check", "--show", "hint"]).stdout.matches("tofu-layout]").count(), 1, "check says the same");
    lab.run(&["fmt"]).ended(0);
    assert_eq!(lab.changes_since(&tree), ["~ tofu/home/other.tf"]);
    let ran = lab.run(&["fmt", "tofu/home/groups.tf"]).ended(0);
    assert_eq!(ran.stdout, "nothing to lay out anew in 1 file; 1 file is left alone, as a comment in it says\n");
}

#[test]
fn nothing_is_laid_out_while_nobody_knows_what_is_excluded() {
    let lab = repository();
    lab.write("labtree.toml", "exclude = [\"tofu\"\n");
    let tree = lab.tree();
    assert_eq!(lab.run(&["fmt"]).ended(1).rules(), ["settings-syntax"]);
    assert_eq!(lab.changes_since(&tree), [""; 0]);
}

#[test]
fn a_file_keeps_its_permissions_and_its_other_names_keep_their_text() {
    let lab = repository();
    let place = lab.root().join("tofu/home/groups.tf");
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("groups.tf", lab.root().join("tofu/home/people.tf")).unwrap();
    let ran = lab.run(&["fmt"]).ended(0);
    assert_eq!(std::fs::metadata(&place).unwrap().mode() & 0o777, 0o640);
    assert_eq!(ran.stdout.matches(".tf\n").count(), 1, "a symlink is no file of its own: {ran}");
    assert!(std::fs::symlink_metadata(lab.root().join("tofu/home/people.tf")).unwrap().is_symlink());
}

#[test]
fn a_rendered_lab_is_laid_out() {
    let lab = Lab::example();
    let tree = lab.tree();
    let ran = lab.run(&["fmt"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to lay out anew in "), "{ran}");
    assert_eq!(lab.changes_since(&tree), [""; 0]);
    assert_eq!(lab.run(&["fmt", "--quiet"]).ended(0).stdout, "");
}

#[test]
fn a_differing_line_is_coloured_when_that_is_asked_for_and_a_closed_pipe_ends_nothing() {
    let lab = repository();
    let ran = lab.run(&["fmt", "--check", "--diff", "--color", "always"]).ended(1);
    assert!(ran.stdout.contains("\u{1b}[32m+domain = \"example.org\"\u{1b}[0m\n"), "{ran}");
    let mut child = lab.command(&["fmt"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(lab.read("tofu/home/groups.tf"), LAID_OUT);
}
