//! `labtree.toml`: its faults, and what it sets.

use crate::lab::{Lab, Ran};

/// The example lab with these settings; the run must leave it as it is.
#[track_caller]
fn refused(settings: impl AsRef<[u8]>) -> Ran {
    let lab = Lab::example();
    lab.write("labtree.toml", settings);
    let tree = lab.tree();
    let ran = lab.run(&["generate"]).ended(1);
    assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    ran
}

#[test]
fn faults_of_the_settings_are_told_at_their_place() {
    let said: String = [
        &b"fail-on = hint\n"[..],
        b"fail-on = \"warn\"\n",
        b"fail-on = [\"hint\"]\n",
        b"fail_on = \"hint\"\n",
        b"# a comment\n[rules]\nunknown-kye = \"warning\"\n",
        b"[rules]\nunused-allow = \"of\"\n",
        b"[rule]\nunused-allow = \"off\"\n",
        b"exclude = \"vendor\"\n",
        b"exclude = [\"[\"]\n",
        b"[tofu]\nroots = [\"/tofu\"]\n",
        b"fail-on = \"hint\"\nfail-on = \"error\"\n",
        b"fail-on = \"\xff\"\n",
        b"exclude = []\n<<<<<<< HEAD\nfail-on = \"hint\"\n=======\nfail-on = \"error\"\n>>>>>>> topic\n",
    ]
    .into_iter()
    .map(|text| refused(text).stderr)
    .collect();
    insta::assert_snapshot!(said);
}

#[test]
fn settings_and_inventory_are_told_in_one_run() {
    let lab = Lab::example();
    lab.write("labtree.toml", "fail-on = \"warn\"\n");
    lab.edit("inventory.yaml", "allow: [admins]", "alow: [admins]");
    let ran = lab.run(&["generate"]).ended(1);
    let rules: Vec<_> = ran.stderr.lines().filter(|line| line.starts_with("error[")).collect();
    assert!(rules.iter().any(|line| line.starts_with("error[unknown-key]")), "{ran}");
    assert!(rules.iter().any(|line| line.starts_with("error[unknown-severity]")), "{ran}");
}

#[test]
fn a_lab_without_settings_has_the_usual_ones() {
    let lab = Lab::example();
    lab.remove("labtree.toml");
    lab.run(&["generate", "--check"]).ended(0);
    lab.write("labtree.toml", "");
    lab.run(&["generate", "--check"]).ended(0);
}

/// The example lab with a redirect to a second host, which is worth a hint.
fn with_hint(settings: &str) -> Lab {
    let lab = Lab::example();
    lab.edit(
        "inventory.yaml",
        "redirect_uris: [/oidc-callback]",
        "redirect_uris: [/oidc-callback, https://other.example.org/callback]",
    );
    lab.write("labtree.toml", settings);
    lab
}

#[test]
fn a_hint_is_told_and_does_not_fail() {
    let lab = with_hint("");
    let ran = lab.run(&["generate"]).ended(0);
    insta::assert_snapshot!(ran.stderr, @"
    hint[redirect-foreign-host]: `headlamp` has people sent back to `other.example.org`, which is not its host
       --> inventory.yaml:155:39
        |
    149 |     url: https://headlamp.hdhomelab.com
        |          ------------------------------ people open it at `headlamp.hdhomelab.com`
    ...
    155 |       redirect_uris: [/oidc-callback, https://other.example.org/callback]
        |                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    let second = lab.run(&["generate"]).ended(0);
    assert_eq!(second.stderr, ran.stderr, "it is told as long as it stands there");
    lab.run(&["generate", "--check"]).ended(0);
}

#[test]
fn a_hint_fails_where_the_settings_say_so_and_everything_is_written_all_the_same() {
    let lab = with_hint("fail-on = \"hint\"\n");
    let ran = lab.run(&["generate"]).ended(1);
    assert!(ran.stdout.contains("changed  tofu/tf-deploy/authentik/locals.tf"), "{ran}");
    lab.run(&["generate"]).ended(1);
    let expected = with_hint("fail-on = \"warning\"\n");
    expected.run(&["generate"]).ended(0);
    assert_eq!(expected.read("tofu/tf-deploy/authentik/locals.tf"), lab.read("tofu/tf-deploy/authentik/locals.tf"));
}
