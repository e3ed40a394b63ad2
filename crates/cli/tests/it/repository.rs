//! `labtree check` as it is run: on labs, on other repositories, in every format.

use std::os::unix::fs::symlink;

use labtree::disk::RealDisk;
use serde_json::Value;

use crate::lab::Lab;

/// A repository without an inventory that has an error, a warning and nothing else.
fn repository() -> Lab {
    let lab = Lab::empty();
    lab.write("flux/service.yaml", "apiVersion: v1\nkind: Service\nkind: Service\n");
    lab.write("compose.yaml", "services: {}\nservices: {}\n");
    lab
}

#[test]
fn the_example_lab_is_silent() {
    let lab = Lab::example();
    let ran = lab.run(&["check", "--fail-on", "hint"]).ended(0);
    assert!(ran.stdout.starts_with("nothing found in "), "{ran}");
    assert_eq!(ran.stderr, "");
    assert_eq!(lab.run(&["check", "--quiet"]).ended(0).stdout, "");
}

#[test]
fn findings_are_shown_with_their_source_and_counted() {
    insta::assert_snapshot!(repository().run(&["check"]).ended(1));
}

#[test]
fn the_least_severity_that_fails_is_asked_for_or_set() {
    let lab = Lab::empty();
    lab.write("compose.yaml", "services: {}\nservices: {}\n");
    lab.run(&["check"]).ended(0);
    lab.run(&["check", "--fail-on", "warning"]).ended(1);
    lab.write("labtree.toml", "fail-on = \"warning\"\n");
    lab.run(&["check"]).ended(1);
    lab.run(&["check", "--fail-on", "error"]).ended(0);
}

#[test]
fn hints_are_hidden_in_ci_unless_asked_for() {
    let lab = Lab::empty();
    lab.write("compose.yaml", "services: {}\nservices: {}\n");
    lab.write("labtree.toml", "[rules]\nduplicate-yaml-key = \"hint\"\n");
    for (arguments, shown) in [
        (&["check"][..], true),
        (&["check", "--show", "warning"], false),
        (&["check", "--format", "json"], true),
        (&["check", "--format", "github"], false),
        (&["check", "--format", "sarif"], false),
        (&["check", "--format", "gitlab"], false),
        (&["check", "--format", "junit"], false),
        (&["check", "--format", "github", "--show", "hint"], true),
    ] {
        let ran = lab.run(arguments).ended(0);
        assert_eq!(ran.stdout.contains("is written twice"), shown, "{arguments:?}: {ran}");
    }
    let ran = lab.run(&["check", "--format", "github", "--fail-on", "hint"]).ended(1);
    assert!(
        ran.stdout.starts_with("::notice title=duplicate-yaml-key,file=compose.yaml,line=2"),
        "what fails is shown: {ran}"
    );
}

#[test]
fn paths_narrow_what_is_shown_and_what_fails() {
    let lab = repository();
    let ran = lab.run(&["check", "compose.yaml"]).ended(0);
    assert!(ran.stdout.contains("compose.yaml:2:1") && !ran.stdout.contains("service.yaml"), "{ran}");
    let ran = lab.run_in("flux", &["check", "--root", "..", "."]).ended(1);
    assert!(ran.stdout.contains("flux/service.yaml:3:1") && !ran.stdout.contains("compose.yaml"), "{ran}");
    let said: String = [&["check", "flux/servce.yaml"][..], &["check", ".."]]
        .into_iter()
        .map(|arguments| lab.run(arguments).ended(2).stderr.replace(lab.root().as_str(), "/home/alex"))
        .collect();
    insta::assert_snapshot!(said, @"
    error: there is no `flux/servce.yaml` below the root, did you mean `flux/service.yaml`?
     help: name a file or a folder
    error: `..` lies outside of the root `/home/alex`
     help: `--root DIR` names another root
    ");
}

#[test]
fn the_json_document_has_the_usual_shape() {
    let document = repository().run(&["check", "--format", "json"]).ended(1).json();
    insta::assert_json_snapshot!(document);
    let schema = serde_json::from_str(&report::findings_schema()).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    assert_eq!(schema.iter_errors(&document).map(|error| error.to_string()).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_git_repository_around_the_root_is_where_annotations_and_code_scanning_start() {
    let lab = Lab::empty();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("home/lab/labtree.toml", "");
    lab.write("home/lab/compose.yaml", "a: 1\na: 2\n");
    let ran = lab.run_in("home/lab", &["check", "--format", "github"]).ended(0);
    insta::assert_snapshot!(ran.stdout);
    let document = lab.run_in("home/lab", &["check", "--format", "gitlab"]).ended(0).json();
    assert_eq!(document[0]["location"]["path"], "home/lab/compose.yaml");
    let ran = lab.run_in("home/lab", &["check", "--format", "junit"]).ended(0);
    assert!(ran.stdout.contains("classname=\"home/lab/compose.yaml\""), "{ran}");
    let document = lab.run(&["check", "--root", "home/lab", "--format", "sarif"]).ended(0).json();
    let place = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "home/lab/compose.yaml");
    let rule = &document["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "duplicate-yaml-key");
    assert!(rule["help"]["markdown"].as_str().is_some_and(|page| page.contains("## Why")), "{rule}");
}

#[test]
fn many_findings_are_annotated_with_what_github_shows() {
    let lab = Lab::empty();
    for number in 0..11 {
        lab.write(&format!("{number}.yaml"), "a: [\n");
    }
    let ran = lab.run(&["check", "--format", "github"]).ended(1);
    assert_eq!(ran.stdout.matches("::error ").count(), 11);
    assert!(ran.stdout.ends_with("GitHub shows the first 10 of each severity; this log has all\n"), "{ran}");
}

#[test]
fn the_root_is_the_lab_or_the_git_repository_around_or_the_folder_itself() {
    let lab = Lab::empty();
    lab.write("a.yaml", "a: 1\na: 2\n");
    lab.write("one/two/b.yaml", "a: 1\na: 2\n");
    let found = |folder: &str| {
        let document = lab.run_in(folder, &["check", "--format", "json"]).ended(0).json();
        let paths = document["findings"].as_array().unwrap().iter().map(|finding| finding["path"].clone());
        paths.collect::<Vec<Value>>()
    };
    assert_eq!(found("one"), ["two/b.yaml"]);
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    assert_eq!(found("one"), ["a.yaml", "one/two/b.yaml"]);
    lab.write("one/labtree.toml", "");
    assert_eq!(found("one/two"), ["two/b.yaml"]);
}

#[test]
fn nothing_outside_of_the_root_is_read() {
    let outside = Lab::empty();
    outside.write("a.yaml", "a: [\n");
    let lab = Lab::empty();
    lab.write("flux/ok.yaml", "a: 1\n");
    symlink(outside.root(), lab.root().join("flux/out")).unwrap();
    symlink(outside.root().join("a.yaml"), lab.root().join("flux/a.yaml")).unwrap();
    symlink("..", lab.root().join("flux/circle")).unwrap();
    let ran = lab.run(&["check"]).ended(0);
    assert_eq!(ran.stdout, "nothing found in 1 file\n");
}

#[test]
fn a_symlink_inside_the_root_is_known_with_where_it_leads() {
    let lab = Lab::empty();
    lab.write("tofu/shared/versions.tf", "terraform {}\n");
    lab.write("tofu/home/main.tf", "locals {}\n");
    symlink("../shared/versions.tf", lab.root().join("tofu/home/versions.tf")).unwrap();
    symlink("/etc/hostname", lab.root().join("tofu/home/out.tf")).unwrap();
    symlink("nothing.tf", lab.root().join("tofu/home/nothing.tf")).unwrap();
    let judged = labtree::check::judge(&RealDisk::open(lab.root()).unwrap(), "labtree").unwrap();
    let inside = judged.files.links.iter().filter_map(|(from, to)| Some((from.as_str(), to.as_deref()?.as_str())));
    assert_eq!(inside.collect::<Vec<_>>(), [("tofu/home/versions.tf", "tofu/shared/versions.tf")]);
}

#[test]
fn flux_has_no_symlinks() {
    let lab = Lab::empty();
    let applied = |name: &str, path: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n\
             metadata: {{ name: {name}, namespace: flux-system }}\n\
             spec:\n  interval: 1h\n  path: {path}\n  prune: true\n  wait: true\n\
             \x20 sourceRef: {{ kind: GitRepository, name: flux-system }}\n"
        )
    };
    lab.write("clusters/home/app.yaml", applied("app", "./app"));
    lab.write("clusters/home/other.yaml", applied("other", "./link/other"));
    lab.write("real/other/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n");
    lab.write("app/kustomization.yaml", "kind: Kustomization\nresources: [a.yaml]\n");
    symlink("real", lab.root().join("link")).unwrap();
    symlink("../real/other/a.yaml", lab.root().join("app/a.yaml")).unwrap();
    insta::assert_snapshot!(lab.run(&["check"]).ended(1).stdout, @"
    error[missing-resource]: `a.yaml` leads over a symlink, and Flux leaves those out of the source
     --> app/kustomization.yaml:2:13
      |
    2 | resources: [a.yaml]
      |             ^^^^^^
      |
      = help: name what it leads to, or put a file there

    error[missing-path]: `link/other` leads over a symlink, and Flux leaves those out of the source
     --> clusters/home/other.yaml:6:9
      |
    6 |   path: ./link/other
      |         ^^^^^^^^^^^^
      |
      = help: name the folder that it leads to

    2 errors in 2 files; 4 files looked at
    ");
}

#[test]
fn opentofu_follows_symlinks_and_what_lies_outside_of_the_root_is_unknown() {
    let lab = Lab::empty();
    lab.write("shared/variables.tf", "variable \"a\" {\n  type = string\n}\n\noutput \"b\" {\n  value = local.b\n}\n");
    lab.write("shared/note.txt", "hello\n");
    lab.write("modules/one/main.tf", "output \"one\" {\n  value = 1\n}\n");
    let root = "terraform {\n  backend \"local\" {}\n}\n\nlocals {\n  b = var.a\n}\n\nmodule \"one\" {\n  source = \"./one\"\n}\n\n\
                output \"all\" {\n  value = [module.one.one, file(\"note.txt\")]\n}\n";
    lab.write("home/main.tf", root);
    for (target, link) in
        [("shared/variables.tf", "variables.tf"), ("shared/note.txt", "note.txt"), ("modules/one", "one")]
    {
        symlink(format!("../{target}"), lab.root().join("home").join(link)).unwrap();
    }
    let outside = Lab::empty();
    outside.write("more.tf", "locals {\n  more = 1\n}\n");
    lab.write("away/main.tf", "terraform {\n  backend \"local\" {}\n}\n\noutput \"more\" {\n  value = local.more\n}\n");
    symlink(outside.root().join("more.tf"), lab.root().join("away/more.tf")).unwrap();
    assert_eq!(lab.run(&["check"]).ended(0).stdout, "nothing found in 4 files\n");
    lab.edit("home/main.tf", "module.one.one", "module.one.two");
    lab.edit("home/main.tf", "  b = var.a", "  b = var.c");
    let document = lab.run(&["check", "--format", "json"]).ended(1).json();
    let rules: Vec<_> =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].clone()).collect();
    assert_eq!(rules, ["undeclared-name", "undeclared-module-output"]);
}

#[test]
fn a_comment_in_the_inventory_allows_a_hint_about_it() {
    let lab = Lab::example();
    let with = |comment: &str| format!("redirect_uris: [/oidc-callback, https://other.example.org/callback]{comment}");
    lab.edit("inventory.yaml", "redirect_uris: [/oidc-callback]", &with(""));
    lab.run(&["generate"]).ended(0);
    let ran = lab.run(&["check"]).ended(0);
    assert!(ran.stdout.contains("hint[redirect-foreign-host]"), "{ran}");
    lab.edit("inventory.yaml", &with(""), &with(" # labtree: allow(redirect-foreign-host): the old address"));
    for command in ["check", "generate"] {
        let ran = lab.run(&[command, "--format", "json"]).ended(0).json();
        assert_eq!(ran["findings"], Value::Array(Vec::new()), "{command}: {ran}");
    }
}

#[test]
fn settings_about_rules_count_in_generate_too() {
    let lab = Lab::example();
    let two_hosts = "redirect_uris: [/oidc-callback, https://other.example.org/callback]";
    lab.edit("inventory.yaml", "redirect_uris: [/oidc-callback]", two_hosts);
    for (level, status, said) in [("off", 0, ""), ("warning", 0, "warning["), ("error", 1, "error[")] {
        lab.write("labtree.toml", format!("[rules]\nredirect-foreign-host = \"{level}\"\n"));
        for command in ["generate", "check"] {
            let ran = lab.run(&[command]).ended(status);
            let told = ran.stdout.clone() + &ran.stderr;
            assert_eq!(told.contains("[redirect-foreign-host]"), !said.is_empty(), "{command}: {ran}");
            assert!(told.contains(said), "{command}: {ran}");
        }
    }
}

#[test]
fn what_was_not_generated_is_an_error() {
    let lab = Lab::example();
    lab.edit("inventory.yaml", "allow: [admins]", "allow: [family]");
    let ran = lab.run(&["check"]).ended(1);
    assert!(ran.stdout.starts_with("error[drift]: "), "{ran}");
    assert_eq!(ran.stdout.matches("error[").count(), 1, "{ran}");
    lab.run(&["generate"]).ended(0);
    lab.run(&["check"]).ended(0);
    lab.write("labtree.lock", "nonsense\n");
    let ran = lab.run(&["check"]).ended(1);
    assert!(ran.stdout.contains("error[damaged-lock]: "), "{ran}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_others_are_judged() {
    let lab = repository();
    std::fs::File::create(lab.root().join("big.yaml")).unwrap().set_len((64 << 20) + 1).unwrap();
    let ran = lab.run(&["check"]).ended(1);
    assert!(ran.stdout.contains("error[unreadable-file]: `big.yaml` is larger than 64 MiB"), "{ran}");
    assert!(ran.stdout.contains("flux/service.yaml:3:1"), "{ran}");
}
