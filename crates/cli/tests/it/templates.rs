//! `labtree templates`, and templates of one's own.

use crate::lab::{Lab, Ran, copy, example_folder};

const NAMESPACE: &str = "flux/infrastructure/base/namespaces/__namespace__.yaml.j2";

/// A run that must leave the rendered tree as it is.
#[track_caller]
fn refused(lab: &Lab) -> Ran {
    let tree = lab.tree();
    let ran = lab.run(&["generate"]).ended(1);
    assert_eq!(lab.changes_since(&tree), [""; 0], "{ran}");
    assert_eq!(ran.stdout, "", "{ran}");
    ran
}

#[test]
fn all_templates_are_listed_with_who_provides_each() {
    let lab = Lab::example();
    let ran = lab.run(&["templates"]).ended(0);
    let listed: Vec<_> =
        ran.stdout.lines().filter_map(|line| line.strip_suffix("  labtree")).map(str::trim_end).collect();
    let brought = Lab::empty();
    copy(&example_folder().join("../../templates"), brought.root());
    assert_eq!(listed, brought.tree().keys().collect::<Vec<_>>());
    let lines = ran.stdout.lines().count();
    let document = lab.run(&["templates", "--format", "json"]).ended(0).json();
    assert_eq!(document["version"], 1);
    assert_eq!(document["templates"].as_array().unwrap().len(), lines);
    assert_eq!(document["templates"][0]["provider"], "labtree");
    assert!(document["templates"][0]["path"].as_str().unwrap().ends_with(".j2"));
}

#[test]
fn a_template_is_shown_as_it_is() {
    let lab = Lab::example();
    let text = lab.run(&["templates", NAMESPACE]).ended(0).stdout;
    let expected = std::fs::read_to_string(example_folder().join("../../templates").join(NAMESPACE)).unwrap();
    assert_eq!(text, expected);
    let by_path_of_the_lab = lab.run(&["templates", &format!("templates/{NAMESPACE}")]).ended(0).stdout;
    assert_eq!(by_path_of_the_lab, expected);
}

#[test]
fn a_template_that_is_none_is_told_with_the_nearest() {
    let lab = Lab::example();
    let ran = lab.run(&["templates", "flux/infrastructure/base/namespace/__namespace__.yaml.j2"]).ended(2);
    insta::assert_snapshot!(ran, @"
    exit status: 2
    ----- stderr
    error: there is no template `flux/infrastructure/base/namespace/__namespace__.yaml.j2`, did you mean `flux/infrastructure/base/namespaces/__namespace__.yaml.j2`?
     help: `labtree templates` lists them all
    ");
}

#[test]
fn a_template_of_one_s_own_is_used_and_listed() {
    let lab = Lab::example();
    let shown = lab.run(&["templates", NAMESPACE]).ended(0).stdout;
    lab.write(&format!("templates/{NAMESPACE}"), &shown);
    let unchanged = lab.run(&["generate"]).ended(0);
    assert!(unchanged.stdout.starts_with("nothing to do: "), "{unchanged}");

    lab.write(&format!("templates/{NAMESPACE}"), shown + "# of this lab\n");
    let tree = lab.tree();
    lab.run(&["generate"]).ended(0);
    let changes = lab.changes_since(&tree);
    assert!(
        changes
            .iter()
            .all(|path| path.starts_with("~ flux/infrastructure/base/namespaces/") || path.ends_with("labtree.lock")),
        "{changes:?}"
    );
    assert!(lab.read("flux/infrastructure/base/namespaces/monitoring.yaml").ends_with("# of this lab\n"));

    let list = lab.run(&["templates"]).ended(0).stdout;
    let own: Vec<_> = list.lines().filter(|line| line.ends_with("this lab")).collect();
    assert_eq!(own.len(), 1, "{list}");
    assert!(own[0].starts_with(NAMESPACE), "{list}");
    assert!(lab.run(&["templates", NAMESPACE]).ended(0).stdout.ends_with("# of this lab\n"));
    let why = lab.run(&["why", "flux/infrastructure/base/namespaces/monitoring.yaml:1"]).ended(0);
    assert!(why.stdout.contains(&format!("templates/{NAMESPACE}:1:1")), "{why}");

    std::fs::remove_dir_all(lab.root().join("templates")).unwrap();
    lab.run(&["generate"]).ended(0);
    assert_eq!(lab.tree(), Lab::example().tree());
}

#[test]
fn a_template_that_renders_nothing_gives_no_file() {
    let lab = Lab::example();
    lab.write("templates/docs/authentik.md.j2", "#| we have a page of our own |#\n");
    lab.run(&["generate"]).ended(0);
    assert!(!lab.exists("docs/authentik.md"));
}

#[test]
fn a_file_that_a_kustomization_lists_cannot_be_left_out_alone() {
    let lab = Lab::example();
    lab.write(&format!("templates/{NAMESPACE}"), "#| somebody else makes them |#\n");
    insta::assert_snapshot!(refused(&lab).stderr, @"
    error[listed-file-not-rendered]: `flux/infrastructure/base/namespaces/gitea.yaml` and 2 more files are listed in a kustomization, but this template renders nothing
     --> templates/flux/infrastructure/base/namespaces/__namespace__.yaml.j2:1:1
      |
    1 | #| somebody else makes them |#
      | ^
      |
     ::: templates/flux/infrastructure/base/namespaces/kustomization.yaml.j2:7:3
      |
    7 |   - #{ file | yaml }#
      |   ------------------- listed by this line
      |
      = help: render something, or replace `flux/infrastructure/base/namespaces/kustomization.yaml.j2` too, without this line
    ");

    let list = "flux/infrastructure/base/namespaces/kustomization.yaml.j2";
    let shown = lab.run(&["templates", list]).ended(0).stdout;
    let (head, _) = shown.split_once("resources:").unwrap();
    lab.write(&format!("templates/{list}"), format!("{head}resources:\n  - written-by-hand.yaml\n"));
    lab.run(&["generate"]).ended(0);
    assert!(!lab.exists("flux/infrastructure/base/namespaces/monitoring.yaml"));
}

#[test]
fn a_template_of_no_known_path_is_told_with_the_nearest() {
    let lab = Lab::example();
    lab.write("templates/flux/infrastructure/base/namespaces/__namespaces__.yaml.j2", "x\n");
    lab.write("templates/notes.md", "Why we have templates of our own\n");
    insta::assert_snapshot!(refused(&lab).stderr, @"
    error[unknown-template]: unknown template `flux/infrastructure/base/namespaces/__namespaces__.yaml.j2`, did you mean `flux/infrastructure/base/namespaces/__namespace__.yaml.j2`?
     --> templates/flux/infrastructure/base/namespaces/__namespaces__.yaml.j2:1:1
      |
    1 | x
      | ^
      |
      = help: give it the path of the template that it is to replace, or delete it

    error[unknown-template]: unknown template `notes.md`
     --> templates/notes.md:1:1
      |
    1 | Why we have templates of our own
      | ^
      |
      = help: give it the path of the template that it is to replace, or delete it
    ");
}

#[test]
fn a_fault_in_a_template_is_told_at_its_place() {
    let lab = Lab::example();
    let shown = lab.run(&["templates", NAMESPACE]).ended(0).stdout;
    let said: String = [
        ("a block that is never closed", shown.clone() + "#% if namespace %#\n"),
        ("a value without a filter", shown.replacen("| yaml ", "", 1)),
        ("a name that is none", shown.clone() + "# #{ nam | yaml }#\n"),
        ("a filter that is none", shown.replacen("| yaml ", "| yml ", 1)),
        ("a value that is compared", shown.clone() + "#% if name == \"monitoring\" %#x#% endif %#\n"),
        ("carriage returns", shown.replace('\n', "\r\n")),
    ]
    .into_iter()
    .map(|(fault, text)| {
        assert_ne!(text, shown, "{fault}");
        lab.write(&format!("templates/{NAMESPACE}"), text);
        format!("# {fault}\n\n{}", refused(&lab).stderr)
    })
    .collect();
    insta::assert_snapshot!(said);
}

#[test]
fn a_fault_in_a_part_that_many_files_include_is_told_once() {
    let lab = Lab::example();
    for part in ["flux/_parts/kustomization.yaml.j2", "flux/_parts/external_secret.yaml.j2"] {
        let shown = lab.run(&["templates", part]).ended(0).stdout;
        lab.write(&format!("templates/{part}"), shown + "# #{ nothing | yaml }#\n");
    }
    let ran = refused(&lab);
    assert_eq!(ran.rules(), ["failed-template", "failed-template"], "{ran}");
}

#[test]
fn a_template_that_is_not_utf_8_is_told_at_its_place() {
    let lab = Lab::example();
    lab.write(&format!("templates/{NAMESPACE}"), b"apiVersion: v1\nkind: \xffNamespace\n");
    insta::assert_snapshot!(refused(&lab).stderr, @"
    error[not-utf8]: `templates/flux/infrastructure/base/namespaces/__namespace__.yaml.j2` is not UTF-8 from here on
     --> templates/flux/infrastructure/base/namespaces/__namespace__.yaml.j2:2:7
      |
    2 | kind: 
      |       ^
      |
      = help: save it as UTF-8
    ");
}

#[test]
fn hidden_files_among_the_templates_are_left_alone() {
    let lab = Lab::example();
    lab.write("templates/.DS_Store", b"\x00\xff");
    lab.write("templates/flux/.namespace.swp", b"\x00\xff");
    lab.run(&["generate", "--check"]).ended(0);
}
