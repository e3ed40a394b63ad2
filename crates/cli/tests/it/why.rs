//! `labtree why`: the entry and the template line behind a rendered line.

use crate::lab::Lab;

const RELEASE: &str = "flux/infrastructure/base/authentik/helmrelease.yaml";
const BACKEND: &str = "tofu/tf-deploy/authentik/backend.pg.tfbackend";
const LOCALS: &str = "tofu/tf-deploy/authentik/locals.tf";

/// The place `path:line` of the line that holds `text`, and the column of `text` in it.
#[track_caller]
fn place(lab: &Lab, path: &str, text: &str) -> (String, usize) {
    let whole = lab.read(path);
    let mut found = whole.lines().enumerate().filter_map(|(index, line)| Some((index + 1, line.find(text)? + 1)));
    let (line, column) = found.next().unwrap_or_else(|| panic!("{path} has no {text:?}:\n{whole}"));
    (format!("{path}:{line}"), column)
}

#[test]
fn a_value_is_followed_to_its_entry_and_its_template_line() {
    let lab = Lab::example();
    let (place, _) = place(&lab, RELEASE, "version: 2026.5.3");
    let ran = lab.run(&["why", &place]).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
    note: `flux/infrastructure/base/authentik/helmrelease.yaml:13` is `version: 2026.5.3`
      --> inventory.yaml:60:14
       |
    60 |     version: 2026.5.3
       |              ^^^^^^^^ identity.release.version
       |
      ::: templates/flux/_parts/helmrelease.yaml.j2:12:7
       |
    12 |       version: #{ release.version | yaml }#
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rendered by this line
    ");
}

#[test]
fn a_line_with_several_values_names_each() {
    let lab = Lab::example();
    let (place, _) = place(&lab, LOCALS, "[\"family\", \"friends\"]");
    let ran = lab.run(&["why", &place]).ended(0);
    insta::assert_snapshot!(ran, @r#"
    exit status: 0
    ----- stdout
    note: `tofu/tf-deploy/authentik/locals.tf:24` is `groups   = ["family", "friends"]`
       --> inventory.yaml:162:13
        |
    162 |     allow: [family, friends]
        |             ^^^^^^  ^^^^^^^ apps.gitea.allow[1]
        |             |
        |             apps.gitea.allow[0]
        |
       ::: templates/tofu/tf-deploy/authentik/locals.tf.j2:6:3
        |
      6 |   applications = #{ applications | hcl(indent=2) }#
        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rendered by this line
    "#);
}

#[test]
fn a_value_that_is_composed_names_all_its_parts() {
    let lab = Lab::example();
    let (place, _) = place(&lab, BACKEND, "postgres://");
    let document = lab.run(&["why", &place, "--format", "json"]).ended(0).json();
    let entries: Vec<_> = document["values"].as_array().unwrap().iter().map(|value| &value["entry"]).collect();
    assert_eq!(entries, ["tofu.state.host", "tofu.state.port", "tofu.state.database"]);
}

#[test]
fn a_column_narrows_the_answer_to_one_value() {
    let lab = Lab::example();
    let (line, column) = place(&lab, LOCALS, "\"friends\"]");
    let entries = |place: &str| {
        let document = lab.run(&["why", place, "--format", "json"]).ended(0).json();
        let values = document["values"].as_array().unwrap().iter();
        values.map(|value| value["entry"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(entries(&format!("{line}:{column}")), ["apps.gitea.allow[1]"]);
    assert_eq!(entries(&format!("{line}:1")), entries(&line), "no value stands there");
}

#[test]
fn a_line_that_is_the_same_in_every_lab_names_its_template() {
    let lab = Lab::example();
    let (place, _) = place(&lab, LOCALS, "locals {");
    let ran = lab.run(&["why", &place]).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
    note: `tofu/tf-deploy/authentik/locals.tf:3` is `locals {`
     --> templates/tofu/tf-deploy/authentik/locals.tf.j2:3:1
      |
    3 | locals {
      | ^^^^^^^^ rendered by this line
    No value of the inventory stands on this line; the template alone writes it.
    ");
}

#[test]
fn a_file_without_a_template_has_an_answer_too() {
    let lab = Lab::example();
    let ran = lab.run(&["why", "schemas/inventory.schema.json:2"]).ended(0);
    insta::assert_snapshot!(ran, @r#"
    exit status: 0
    ----- stdout
    note: `schemas/inventory.schema.json:2` is `"$schema": "http://json-schema.org/draft-07/schema#",`
    No value of the inventory stands on this line: it is the same in every lab.
    "#);
}

#[test]
fn a_path_may_be_relative_to_where_the_person_stands() {
    let lab = Lab::example();
    let expected = lab.run(&["why", &format!("{LOCALS}:3")]).ended(0).stdout;
    for (folder, path) in [
        ("tofu/tf-deploy/authentik", "locals.tf"),
        ("tofu/tf-deploy/authentik", "./locals.tf"),
        ("tofu/modules", "../tf-deploy/authentik/locals.tf"),
        ("tofu", LOCALS),
        (".", "./tofu/tf-deploy/authentik/locals.tf"),
    ] {
        let ran = lab.run_in(folder, &["why", &format!("{path}:3")]).ended(0);
        assert_eq!(ran.stdout, expected, "{path} in {folder}");
    }
    let absolute = lab.root().join(LOCALS);
    assert_eq!(lab.run(&["why", &format!("{absolute}:3")]).ended(0).stdout, expected);
    let elsewhere = Lab::empty();
    let ran = elsewhere.run(&["why", "--root", lab.root().as_str(), &format!("{LOCALS}:3")]).ended(0);
    assert_eq!(ran.stdout, expected);
}

#[test]
fn a_line_behind_an_edit_is_still_followed() {
    let lab = Lab::example();
    let expected = {
        let (place, _) = place(&lab, RELEASE, "version: 2026.5.3");
        lab.run(&["why", &place]).ended(0).stdout
    };
    lab.write(RELEASE, format!("# one\n# two\n{}", lab.read(RELEASE)));
    let (moved, _) = place(&lab, RELEASE, "version: 2026.5.3");
    let ran = lab.run(&["why", &moved]).ended(0);
    assert_eq!(ran.stdout.lines().skip(1).collect::<Vec<_>>(), expected.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn an_edited_line_is_not_as_rendered() {
    let lab = Lab::example();
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    let (place, _) = place(&lab, RELEASE, "version: 2026.5.4");
    let ran = lab.run(&["why", &place]).ended(2);
    insta::assert_snapshot!(ran, @"
    exit status: 2
    ----- stderr
    error: line 13 of `flux/infrastructure/base/authentik/helmrelease.yaml` is not as rendered
     help: `labtree generate --check` shows how it differs and which entry to change
    ");
}

#[test]
fn a_place_that_is_none_is_told() {
    let lab = Lab::example();
    let said: String = [
        "docs/autentik.md:3",
        "README.md:1",
        "flux/apps/base/gitea/kustomization.yaml:100000",
        "docs/authentik.md:0",
        "docs/authentik.md",
        "docs/authentik.md:x",
        "docs/authentik.md:1:0",
        "docs/authentik.md:18446744073709551616",
        ":1",
        "",
        "../authentik.md:1",
    ]
    .into_iter()
    .map(|place| format!("$ labtree why '{place}'\n{}", lab.run(&["why", place]).ended(2).stderr))
    .collect();
    insta::assert_snapshot!(said, @"
    $ labtree why 'docs/autentik.md:3'
    error: `docs/autentik.md` is not rendered by labtree, did you mean `docs/authentik.md`?
     help: `labtree.lock` lists every file that is
    $ labtree why 'README.md:1'
    error: `README.md` is not rendered by labtree
     help: `labtree.lock` lists every file that is
    $ labtree why 'flux/apps/base/gitea/kustomization.yaml:100000'
    error: `flux/apps/base/gitea/kustomization.yaml` has 7 lines
     help: ask about one of them
    $ labtree why 'docs/authentik.md:0'
    error: `docs/authentik.md:0` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why 'docs/authentik.md'
    error: `docs/authentik.md` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why 'docs/authentik.md:x'
    error: `docs/authentik.md:x` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why 'docs/authentik.md:1:0'
    error: `docs/authentik.md:1:0` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why 'docs/authentik.md:18446744073709551616'
    error: `docs/authentik.md:18446744073709551616` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why ':1'
    error: `:1` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why ''
    error: `` is no file and line
     help: write `PATH:LINE`, such as `docs/authentik.md:12`
    $ labtree why '../authentik.md:1'
    error: `../authentik.md` is not rendered by labtree, did you mean `docs/authentik.md`?
     help: `labtree.lock` lists every file that is
    ");
}

#[test]
fn a_lab_with_a_fault_answers_with_the_fault() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "allow: [admins]", "alow: [admins]");
    let ran = lab.run(&["why", "docs/authentik.md:1"]).ended(1);
    assert!(ran.stderr.starts_with("error[unknown-key]: "), "{ran}");
    assert_eq!(ran.stdout, "");
    let document = lab.run(&["why", "docs/authentik.md:1", "--format", "json"]).ended(1).json();
    assert_eq!(document["findings"][0]["rule"], "unknown-key");
}

#[test]
fn a_file_that_was_not_written_yet_is_explained_as_it_would_be() {
    let lab = Lab::written();
    let ran = lab.run(&["why", &format!("{LOCALS}:1")]).ended(0);
    assert!(ran.stdout.contains("locals.tf.j2:1:1"), "{ran}");
}

#[test]
fn programs_read_one_document() {
    let lab = Lab::example();
    let (place, _) = place(&lab, RELEASE, "version: 2026.5.3");
    let document = lab.run(&["why", &place, "--format", "json"]).ended(0).json();
    insta::assert_json_snapshot!(document, @r#"
    {
      "version": 1,
      "path": "flux/infrastructure/base/authentik/helmrelease.yaml",
      "line": 13,
      "values": [
        {
          "path": "inventory.yaml",
          "line": 60,
          "column": 14,
          "entry": "identity.release.version"
        }
      ],
      "template": {
        "path": "templates/flux/_parts/helmrelease.yaml.j2",
        "line": 12,
        "column": 7,
        "text": "version: #{ release.version | yaml }#"
      }
    }
    "#);
}

#[test]
fn the_first_and_the_last_line_of_a_file_have_an_answer() {
    let lab = Lab::example();
    for path in
        [RELEASE, LOCALS, "docs/authentik.md", "flux/clusters/home/apps.yaml", "flux/apps/base/gitea/gitea-oidc.yaml"]
    {
        for line in [1, lab.read(path).lines().count()] {
            let document = lab.run(&["why", &format!("{path}:{line}"), "--format", "json"]).ended(0).json();
            let explained = !document["values"].as_array().unwrap().is_empty() || document["template"].is_object();
            assert!(explained, "{path}:{line}: {document}");
        }
    }
}
