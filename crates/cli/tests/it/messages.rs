//! The list of error messages: every fault of `fixtures/broken`, with all that a person gets to read.

use std::collections::BTreeSet;

use crate::lab::{Lab, Ran, broken_folder, copy};

/// What only `labtree check` finds, or what no lab of `fixtures/broken` can have: each has tests of its own.
const ELSEWHERE: [&str; 12] = [
    "bad-pattern",
    "broken-schema",
    "damaged-lock",
    "drift",
    "malformed-baseline",
    "path-not-utf8",
    "tofu-nesting",
    "uneditable-entry",
    "unknown-root",
    "unreadable-file",
    "unused-baseline",
    "wrong-setting",
];

/// A lab with one fault: its name, the rule that it breaks, and what a run says.
struct Case {
    name: String,
    rule: String,
    ran: Ran,
}

/// Runs `lab`, which must be at fault once; an error must leave it as it is.
#[track_caller]
fn case(name: &str, rule: &str, lab: &Lab) -> Case {
    let tree = lab.tree();
    let ran = lab.run(&["generate"]);
    assert_eq!(ran.rules(), [rule], "{name}: {ran}");
    let is_error = ran.stderr.starts_with("error[");
    assert_eq!(ran.status, i32::from(is_error), "{name}: {ran}");
    if is_error && rule != "foreign-file" && rule != "edited-rendered-file" {
        assert_eq!(lab.changes_since(&tree), [""; 0], "{name}: {ran}");
    }
    let mut lines = ran.stderr.lines();
    let (_, message) = lines.next().and_then(|line| line.split_once("]: ")).unwrap();
    assert!(!message.ends_with('.') && !message.starts_with(char::is_uppercase), "{name}: {message}");
    assert!(lines.next().is_some_and(|line| line.trim_start().starts_with("--> ")), "{name} has no place: {ran}");
    Case { name: name.to_owned(), rule: rule.to_owned(), ran }
}

/// Every folder of `fixtures/broken`.
fn committed() -> Vec<Case> {
    let mut folders: Vec<_> =
        broken_folder().read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    folders.retain(|folder| folder.join("inventory.yaml").is_file());
    folders.sort();
    let run = |folder: &camino::Utf8PathBuf| {
        let lab = Lab::empty();
        copy(folder, lab.root());
        let bytes = std::fs::read(folder.join("inventory.yaml")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let rule = text.strip_prefix("# Breaks `").and_then(|text| text.split_once("`: "));
        let (rule, _) = rule.unwrap_or_else(|| panic!("the first line of {folder} names no rule"));
        case(folder.file_name().unwrap(), rule, &lab)
    };
    folders.iter().map(run).collect()
}

/// What is too large to be committed, or needs a run before.
fn made() -> Vec<Case> {
    let huge = Lab::with("#".repeat((16 << 20) + 1));
    let many = Lab::with(format!("apps: [{}]\n", "x, ".repeat(1_100_000)));
    let edited = Lab::example();
    edited.write("flux/apps/base/gitea/kustomization.yaml", "# mine\n");
    vec![
        case("file-of-17-mebibytes", "file-too-large", &huge),
        case("million-of-items", "yaml-size", &many),
        case("edited-by-hand", "edited-rendered-file", &edited),
    ]
}

#[test]
fn every_fault_has_its_message() {
    let mut cases = committed();
    cases.extend(made());

    let seen: BTreeSet<&str> = cases.iter().map(|case| case.rule.as_str()).collect();
    let with_tests = lint::RULES.iter().map(|rule| rule.id).filter(|id| *id != "yaml-syntax").chain(ELSEWHERE);
    let resolved = [resolve_tofu::RULES, kustomize::RULES, resolve_flux::RULES];
    let with_tests = with_tests.chain(resolved.into_iter().flatten().map(|(id, _)| *id));
    let known: BTreeSet<&str> = labtree::catalogue::all().iter().map(|entry| entry.id).collect();
    let mut needed = known.difference(&with_tests.collect()).copied().collect::<BTreeSet<_>>();
    needed.extend(document::RULES.iter().chain(inventory::RULES).map(|(id, _)| *id)); // some of them are found in OpenTofu too
    assert_eq!(needed.difference(&seen).collect::<Vec<_>>(), Vec::<&&str>::new(), "no fixture breaks these rules");
    assert_eq!(seen.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "nobody lists these rules");

    let list: String = cases.iter().map(|case| format!("## {}\n\n{}", case.name, case.ran.stderr)).collect();
    insta::with_settings!({ omit_expression => true, description => "What labtree says about each lab of fixtures/broken." }, {
        insta::assert_snapshot!("messages", list);
    });
}

#[test]
fn all_faults_of_a_run_are_told_at_once() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "url: https://git.hdhomelab.com", "url: git.hdhomelab.com");
    lab.edit("inventory.yaml", "allow: [admins]", "alow: [admins]");
    lab.edit("inventory.yaml", "groups: [family, jellyfin-movies]", "groups: [familly, jellyfin-movies]");
    lab.edit("inventory.yaml", "suffix: dc=ldap,dc=hdhomelab,dc=com", "suffix: ldap.hdhomelab.com");
    lab.write("labtree.toml", "fail_on = \"hint\"\n");
    lab.write("templates/notes.j2", "mine\n");
    let ran = lab.refuses(1);
    let rules = [
        "malformed-base-dn",
        "unknown-group",
        "unknown-key",
        "url-without-scheme",
        "unknown-setting",
        "unknown-template",
    ];
    assert_eq!(ran.rules(), rules, "{ran}");
}

#[test]
fn what_working_labs_do_is_no_fault() {
    let lab = Lab::example();
    lab.edit(
        "inventory.yaml",
        "redirect_uris: [/oidc-callback]",
        "redirect_uris: [/oidc-callback, 'app.immich:///oauth-callback', 'http://localhost:8085/auth/callback']",
    );
    lab.edit("inventory.yaml", "url: https://emby.hdhomelab.com", "url: https://jellyfin.hdhomelab.com/emby");
    let ran = lab.run(&["generate"]).ended(0);
    assert_eq!(ran.stderr, "");
}
