//! What `labtree generate` writes, and what it leaves as it is.

use std::collections::BTreeSet;

use crate::lab::{Lab, example_folder, example_inventory, labtree, locked, run};

/// An app that the example lab does not have, with everything that brings files of its own.
const PAPERLESS: &str = "
  paperless:
    url: https://paperless.hdhomelab.com
    namespace: documents
    category: Office
    allow: [family]
    oidc:
      redirect_uris: [/accounts/oidc/authentik/login/callback/]
      scopes:
        paperless_role: |
          return {\"role\": \"user\"}
    smtp: true
";

fn with_paperless() -> Lab {
    let lab = Lab::example();
    lab.write("inventory.yaml", example_inventory() + PAPERLESS);
    lab
}

#[test]
fn the_example_lab_is_as_rendered() {
    let ran = run(&mut labtree(&example_folder(), &["generate", "--check"]));
    assert_eq!(ran.status, 0, "run `cargo xtask generate`: {ran}");
}

#[test]
fn a_first_run_renders_everything_and_says_so() {
    let lab = Lab::written();
    let before = lab.tree();
    let ran = lab.run(&["generate"]).ended(0);
    let changes = lab.changes_since(&before);
    assert!(changes.iter().all(|change| change.starts_with("+ ")), "{changes:#?}");
    let listed: BTreeSet<_> =
        ran.stdout.lines().filter_map(|line| line.trim_start().strip_prefix("created  ")).collect();
    let made: BTreeSet<_> = changes.iter().map(|change| &change[2..]).filter(|path| *path != "labtree.lock").collect();
    assert_eq!(listed, made);
    assert_eq!(ran.stdout.lines().last(), Some(&*format!("{} created", made.len())));
    assert_eq!(ran.stderr, "");
    let lock = lab.read("labtree.lock");
    assert_eq!(locked(&lock).collect::<BTreeSet<_>>(), made);
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let lab = Lab::example();
    let (tree, stamps) = (lab.tree(), lab.stamps());
    let ran = lab.run(&["generate"]).ended(0);
    let count = locked(&lab.read("labtree.lock")).count();
    assert_eq!(ran.stdout, format!("nothing to do: {count} files are as inventory.yaml says\n"));
    assert_eq!(ran.stderr, "");
    assert_eq!(lab.tree(), tree);
    assert_eq!(lab.stamps(), stamps);
}

#[test]
fn one_more_app_touches_its_own_files_and_the_lists_that_name_it() {
    let lab = with_paperless();
    let (tree, stamps) = (lab.tree(), lab.stamps());
    let ran = lab.run(&["generate"]).ended(0);
    let changes = lab.changes_since(&tree);
    insta::assert_snapshot!(changes.join("\n"), @"
    ~ docs/authentik.md
    + flux/apps/base/paperless/kustomization.yaml
    + flux/apps/base/paperless/paperless-oidc.yaml
    + flux/apps/base/paperless/paperless-smtp.yaml
    ~ flux/clusters/home/apps.yaml
    + flux/infrastructure/base/namespaces/documents.yaml
    ~ flux/infrastructure/base/namespaces/kustomization.yaml
    ~ labtree.lock
    + tofu/tf-deploy/authentik/apps/paperless/paperless_role.py
    ~ tofu/tf-deploy/authentik/locals.tf
    ");
    insta::assert_snapshot!(ran.stdout, @"
       changed  docs/authentik.md
       created  flux/apps/base/paperless/kustomization.yaml
       created  flux/apps/base/paperless/paperless-oidc.yaml
       created  flux/apps/base/paperless/paperless-smtp.yaml
       changed  flux/clusters/home/apps.yaml
       created  flux/infrastructure/base/namespaces/documents.yaml
       changed  flux/infrastructure/base/namespaces/kustomization.yaml
       created  tofu/tf-deploy/authentik/apps/paperless/paperless_role.py
       changed  tofu/tf-deploy/authentik/locals.tf
    5 created, 4 changed, 49 unchanged
    ");
    let touched: BTreeSet<_> = changes.iter().map(|change| &change[2..]).collect();
    let now = lab.stamps();
    for (path, stamp) in &stamps {
        let is_file = tree.contains_key(path);
        assert!(!is_file || touched.contains(path.as_str()) || now[path] == *stamp, "{path} was written again");
    }
}

#[test]
fn an_app_taken_out_takes_its_files_and_empty_folders_along() {
    let cold = Lab::example().tree();
    let lab = with_paperless();
    lab.run(&["generate"]).ended(0);
    lab.write("inventory.yaml", example_inventory());
    let ran = lab.run(&["generate"]).ended(0);
    insta::assert_snapshot!(ran.stdout, @"
       changed  docs/authentik.md
       removed  flux/apps/base/paperless/kustomization.yaml
       removed  flux/apps/base/paperless/paperless-oidc.yaml
       removed  flux/apps/base/paperless/paperless-smtp.yaml
       changed  flux/clusters/home/apps.yaml
       removed  flux/infrastructure/base/namespaces/documents.yaml
       changed  flux/infrastructure/base/namespaces/kustomization.yaml
       removed  tofu/tf-deploy/authentik/apps/paperless/paperless_role.py
       changed  tofu/tf-deploy/authentik/locals.tf
    4 changed, 5 removed, 49 unchanged
    ");
    assert_eq!(lab.changes_since(&cold), [""; 0]);
    assert!(!lab.exists("flux/apps/base/paperless"));
    assert!(!lab.exists("tofu/tf-deploy/authentik/apps/paperless"));
}

#[test]
fn a_person_s_own_file_keeps_the_folder_of_an_app_that_is_taken_out() {
    let lab = with_paperless();
    lab.run(&["generate"]).ended(0);
    lab.write("flux/apps/base/paperless/notes.md", "mine\n");
    lab.write("inventory.yaml", example_inventory());
    lab.run(&["generate"]).ended(0);
    let left: Vec<_> = lab.tree().into_keys().filter(|path| path.contains("paperless")).collect();
    assert_eq!(left, ["flux/apps/base/paperless/notes.md"]);
}

#[test]
fn a_changed_address_gives_a_small_difference() {
    let lab = Lab::example();
    let tree = lab.tree();
    lab.edit("inventory.yaml", "url: https://requests.hdhomelab.com", "url: https://seerr.hdhomelab.com");
    let ran = lab.run(&["generate", "--diff"]).ended(0);
    assert_eq!(
        lab.changes_since(&tree),
        ["~ docs/authentik.md", "~ inventory.yaml", "~ labtree.lock", "~ tofu/tf-deploy/authentik/locals.tf"]
    );
    insta::assert_snapshot!(ran.about("locals.tf"), @r#"
    changed  tofu/tf-deploy/authentik/locals.tf
             @@ -87,5 +87,5 @@
                    protocol = "oidc"
                    name     = "Jellyseerr"
             -      url      = "https://requests.hdhomelab.com"
             +      url      = "https://seerr.hdhomelab.com"
                    category = "Media"
                    groups   = ["family", "friends"]
             = from entry `apps.jellyseerr.url` (inventory.yaml:173:10)
             @@ -93,5 +93,5 @@
                      {
                        matching_mode     = "strict"
             -          url               = "https://requests.hdhomelab.com/login"
             +          url               = "https://seerr.hdhomelab.com/login"
                        redirect_uri_type = "authorization"
                      },
             = from entry `apps.jellyseerr.oidc.redirect_uris[0]` (inventory.yaml:177:23)
    "#);
}

#[test]
fn a_comment_in_the_inventory_changes_no_file() {
    let lab = Lab::example();
    let (tree, stamps) = (lab.tree(), lab.stamps());
    lab.edit("inventory.yaml", "# Every secret lies below", "# As everybody knows, every secret lies below");
    let ran = lab.run(&["generate"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    assert_eq!(lab.changes_since(&tree), ["~ inventory.yaml"]);
    assert_eq!(lab.stamps()["labtree.lock"], stamps["labtree.lock"]);
}

#[test]
fn the_same_inventory_gives_the_same_bytes_in_any_folder_and_locale() {
    let expected = Lab::example().tree();
    for (below, variables) in [
        ("", [("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Pacific/Kiritimati")]),
        ("Straße mit Leerzeichen/zażółć", [("LANG", "C"), ("LC_ALL", "ja_JP.eucJP"), ("TZ", "UTC")]),
    ] {
        let lab = Lab::written_at(below);
        run(lab.command(&["generate"]).envs(variables)).ended(0);
        assert_eq!(lab.changes_since(&expected), [""; 0]);
    }
}

/// The parts of `text` that start with a key at this indentation, comments above it included.
fn parts(text: &str, indentation: &str) -> Vec<String> {
    let is_key = |line: &str| line.strip_prefix(indentation).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let is_comment = |line: &str| line.strip_prefix(indentation).is_some_and(|rest| rest.starts_with('#'));
    let (mut parts, mut above): (Vec<String>, String) = (Vec::new(), String::new());
    for line in text.split_inclusive('\n') {
        if is_comment(line) {
            above.push_str(line);
        } else if is_key(line) {
            parts.push(std::mem::take(&mut above) + line);
        } else if let Some(part) = parts.last_mut() {
            part.push_str(&std::mem::take(&mut above));
            part.push_str(line);
        }
    }
    parts
}

#[test]
fn an_inventory_in_several_files_and_another_order_gives_the_same_bytes() {
    let lab = Lab::written();
    lab.remove("inventory.yaml");
    for section in parts(&example_inventory(), "").into_iter().rev() {
        let (head, body) = section.split_at(section.find(":\n").unwrap() + 2);
        let key = head.lines().last().unwrap().trim_end_matches(':');
        let entries = parts(body, "  ");
        assert_eq!(entries.concat().len(), body.len(), "a line of `{key}` was lost");
        if ["groups", "users", "apps"].contains(&key) {
            for (index, entry) in entries.iter().enumerate() {
                lab.write(&format!("inventory/{key}/{}.yaml", 99 - index), format!("{key}:\n{entry}"));
            }
        } else {
            lab.write(
                &format!("inventory/{key}.yaml"),
                head.to_owned() + &entries.into_iter().rev().collect::<String>(),
            );
        }
    }
    lab.run(&["generate"]).ended(0);
    let rendered = |lab: &Lab| {
        let mut tree = lab.tree();
        tree.retain(|path, _| !path.starts_with("inventory"));
        tree
    };
    let (split, whole) = (rendered(&lab), rendered(&Lab::example()));
    assert_eq!(split.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    for (path, bytes) in &whole {
        assert_eq!(String::from_utf8_lossy(&split[path]), String::from_utf8_lossy(bytes), "{path}");
    }
}
