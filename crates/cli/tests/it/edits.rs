//! A person's edits in rendered files are kept, and the place to change instead is named.

use crate::lab::{Lab, example_inventory};

const LOCALS: &str = "tofu/tf-deploy/authentik/locals.tf";
const PAGE: &str = "docs/authentik.md";
const RELEASE: &str = "flux/infrastructure/base/authentik/helmrelease.yaml";

#[test]
fn an_edited_value_is_kept_and_its_entry_is_named() {
    let lab = Lab::example();
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    let edited = lab.read(RELEASE);
    let ran = lab.run(&["generate"]).ended(1);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
    left alone  flux/infrastructure/base/authentik/helmrelease.yaml
    1 left alone, 52 unchanged
    ----- stderr
    error[edited-rendered-file]: `flux/infrastructure/base/authentik/helmrelease.yaml` was edited by hand; it is left alone
      --> inventory.yaml:60:14
       |
    60 |     version: 2026.5.3
       |              ^^^^^^^^ the rendered text follows from here
       |
      ::: flux/infrastructure/base/authentik/helmrelease.yaml:13:7
       |
    13 |       version: 2026.5.4
       |       ----------------- this is not as rendered
       |
       = help: the text follows from `identity.release.version`: change it there; `labtree generate --force` overwrites the edit
    ");
    assert_eq!(lab.read(RELEASE), edited);
    let check = lab.run(&["generate", "--check"]).ended(1);
    insta::assert_snapshot!(check, @"
    exit status: 1
    ----- stdout
    left alone  flux/infrastructure/base/authentik/helmrelease.yaml
                @@ -11,5 +11,5 @@
                     spec:
                       chart: authentik
                -      version: 2026.5.4
                +      version: 2026.5.3
                       sourceRef:
                         kind: HelmRepository
                = from entry `identity.release.version` (inventory.yaml:60:14)
    1 file differs from inventory.yaml and was written by hand; do what is said above, then run `labtree generate`
    ----- stderr
    error[edited-rendered-file]: `flux/infrastructure/base/authentik/helmrelease.yaml` was edited by hand; it is left alone
      --> inventory.yaml:60:14
       |
    60 |     version: 2026.5.3
       |              ^^^^^^^^ the rendered text follows from here
       |
      ::: flux/infrastructure/base/authentik/helmrelease.yaml:13:7
       |
    13 |       version: 2026.5.4
       |       ----------------- this is not as rendered
       |
       = help: the text follows from `identity.release.version`: change it there; `labtree generate --force` overwrites the edit
    ");
    assert_eq!(lab.read(RELEASE), edited);
}

#[test]
fn an_edit_where_no_value_stands_names_the_template() {
    let lab = Lab::example();
    lab.edit(LOCALS, "locals {\n", "locals {\n  mine = true\n");
    let ran = lab.run(&["generate"]).ended(1);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
    left alone  tofu/tf-deploy/authentik/locals.tf
    1 left alone, 52 unchanged
    ----- stderr
    error[edited-rendered-file]: `tofu/tf-deploy/authentik/locals.tf` was edited by hand; it is left alone
     --> tofu/tf-deploy/authentik/locals.tf:4:3
      |
    4 |   mine = true
      |   ^^^^^^^^^^^ this is not as rendered
      |
     ::: templates/tofu/tf-deploy/authentik/locals.tf.j2:4:3
      |
    4 |   # Every app by its key: its slug, its client_id and the name of its provider. What is not said has the default of its
      |   --------------------------------------------------------------------------------------------------------------------- this template line renders it
      |
      = help: put a template of your own at `templates/tofu/tf-deploy/authentik/locals.tf.j2` of the lab to change it; `labtree generate --force` overwrites the edit
    ");
}

#[test]
fn lines_taken_out_are_told() {
    let lab = Lab::example();
    let text = lab.read(RELEASE);
    let line = text.lines().find(|line| line.contains("prefer")).unwrap();
    lab.edit(RELEASE, &format!("{line}\n"), "");
    let ran = lab.run(&["generate"]).ended(1);
    insta::assert_snapshot!(ran.stderr, @"
    error[edited-rendered-file]: `flux/infrastructure/base/authentik/helmrelease.yaml` was edited by hand; it is left alone
      --> inventory.yaml:70:14
       |
    70 |     sslmode: prefer
       |              ^^^^^^ the rendered text follows from here
       |
      ::: flux/infrastructure/base/authentik/helmrelease.yaml:66:7
       |
    66 |       email:
       |       ------ lines were taken out before this one
       |
       = help: the text follows from `identity.database.sslmode`: change it there; `labtree generate --force` overwrites the edit
    ");
}

#[test]
fn many_edits_of_one_file_are_told_up_to_three() {
    let lab = Lab::example();
    let edited: String = lab
        .read(PAGE)
        .lines()
        .map(|line| format!("{line}\n"))
        .enumerate()
        .map(|(index, line)| if index % 12 == 6 { format!("mine\n{line}") } else { line })
        .collect();
    lab.write(PAGE, &edited);
    let ran = lab.run(&["generate"]).ended(1);
    assert_eq!(ran.stderr.matches("[edited-rendered-file]").count(), 3, "{ran}");
    let more = edited.matches("mine\n").count() - 3;
    assert_eq!(ran.stderr.matches(" more places").count(), 1, "{ran}");
    assert!(ran.stderr.contains(&format!("shows {more} more places")), "{ran}");
    assert_eq!(lab.read(PAGE), edited);
}

#[test]
fn everything_else_is_written_beside_an_edit() {
    let lab = Lab::example();
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    lab.edit("inventory.yaml", "url: https://requests.hdhomelab.com", "url: https://seerr.hdhomelab.com");
    let tree = lab.tree();
    let ran = lab.run(&["generate"]).ended(1);
    assert_eq!(
        lab.changes_since(&tree),
        [format!("~ {PAGE}"), "~ labtree.lock".to_owned(), format!("~ {LOCALS}")],
        "{ran}"
    );
    insta::assert_snapshot!(ran.stdout, @"
       changed  docs/authentik.md
    left alone  flux/infrastructure/base/authentik/helmrelease.yaml
       changed  tofu/tf-deploy/authentik/locals.tf
    2 changed, 1 left alone, 50 unchanged
    ");
}

#[test]
fn an_edit_goes_only_with_force() {
    let lab = Lab::example();
    let expected = lab.tree();
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    let ran = lab.run(&["generate", "--force"]).ended(0);
    insta::assert_snapshot!(ran, @"
    exit status: 0
    ----- stdout
       changed  flux/infrastructure/base/authentik/helmrelease.yaml
    1 changed, 52 unchanged
    ");
    assert_eq!(lab.changes_since(&expected), [""; 0]);
}

#[test]
fn a_file_of_other_bytes_is_an_edit_like_any_other() {
    let lab = Lab::example();
    let text = lab.read(PAGE);
    let returns = text.replacen('\n', "\r\n", 1).replacen("# Logging in", "# Logging  in", 1);
    for bytes in [returns.into_bytes(), [text.as_bytes(), b"\xff\xfe"].concat(), Vec::new()] {
        lab.write(PAGE, &bytes);
        let ran = lab.run(&["generate"]).ended(1);
        assert!(ran.stderr.contains("error[edited-rendered-file]: `docs/authentik.md` was edited by hand"), "{ran}");
        assert_eq!(lab.tree()[PAGE], bytes);
    }
}

#[test]
fn an_edit_that_is_put_back_is_no_edit() {
    let lab = Lab::example();
    let (expected, text) = (lab.tree(), lab.read(RELEASE));
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    lab.run(&["generate"]).ended(1);
    lab.write(RELEASE, text);
    let ran = lab.run(&["generate"]).ended(0);
    assert!(ran.stdout.starts_with("nothing to do: "), "{ran}");
    assert_eq!(lab.changes_since(&expected), [""; 0]);
    // It is labtree's own again: a change of the inventory reaches it.
    lab.edit("inventory.yaml", "version: 2026.5.3", "version: 2026.5.5");
    lab.run(&["generate"]).ended(0);
    assert!(lab.read(RELEASE).contains("version: 2026.5.5"));
}

#[test]
fn an_edit_that_the_inventory_catches_up_with_is_no_edit() {
    let lab = Lab::example();
    lab.edit(RELEASE, "version: 2026.5.3", "version: 2026.5.4");
    lab.run(&["generate"]).ended(1);
    lab.edit("inventory.yaml", "version: 2026.5.3", "version: 2026.5.4");
    lab.run(&["generate"]).ended(0);
    lab.run(&["generate", "--check"]).ended(0);
}

#[test]
fn a_file_that_a_person_deleted_comes_back() {
    let lab = Lab::example();
    let expected = lab.tree();
    lab.remove(PAGE);
    let ran = lab.run(&["generate"]).ended(0);
    assert_eq!(ran.stdout.lines().next(), Some("   created  docs/authentik.md"));
    assert_eq!(lab.changes_since(&expected), [""; 0]);
}

#[test]
fn a_person_s_own_file_in_a_rendered_folder_is_not_touched() {
    let lab = Lab::example();
    lab.write("flux/apps/base/gitea/ingress.yaml", "mine\n");
    lab.write("tofu/tf-deploy/authentik/mine.tf", "# mine\n");
    let stamps = lab.stamps();
    lab.edit("inventory.yaml", "url: https://git.hdhomelab.com", "url: https://code.hdhomelab.com");
    lab.run(&["generate", "--force"]).ended(0);
    for path in ["flux/apps/base/gitea/ingress.yaml", "tofu/tf-deploy/authentik/mine.tf"] {
        assert_eq!(lab.stamps()[path], stamps[path], "{path}");
    }
}

#[test]
fn a_file_of_one_s_own_where_a_rendered_one_belongs_is_kept() {
    let lab = Lab::written();
    lab.write(PAGE, "# My own page\n");
    let ran = lab.run(&["generate"]).ended(1);
    insta::assert_snapshot!(ran.stderr, @"
    error[foreign-file]: `docs/authentik.md` was not written by labtree, and a rendered file belongs there; it is left alone
     --> docs/authentik.md:1:1
      |
    1 | # My own page
      | ^^^^^^^^^^^^^
      |
      = help: move it away, or run `labtree generate --force`, which overwrites it
    ");
    assert_eq!(lab.read(PAGE), "# My own page\n");
    assert!(lab.exists(LOCALS), "everything else is written");
    lab.run(&["generate", "--force"]).ended(0);
    assert_eq!(lab.read(PAGE), Lab::example().read(PAGE));
}

#[test]
fn the_edited_file_of_an_app_that_is_taken_out_is_kept() {
    let lab = Lab::example();
    let inventory = example_inventory();
    let (start, end) = (inventory.find("  gitea:\n").unwrap(), inventory.find("  # No namespace: these run").unwrap());
    lab.write("inventory.yaml", [&inventory[..start], &inventory[end..]].concat());
    let path = "flux/apps/base/gitea/kustomization.yaml";
    lab.write(path, lab.read(path) + "# mine\n");
    let ran = lab.run(&["generate"]).ended(1);
    insta::assert_snapshot!(ran, @"
    exit status: 1
    ----- stdout
       changed  docs/authentik.md
       removed  flux/apps/base/gitea/gitea-oidc.yaml
       removed  flux/apps/base/gitea/gitea-smtp.yaml
    left alone  flux/apps/base/gitea/kustomization.yaml
       changed  flux/clusters/home/apps.yaml
       removed  flux/infrastructure/base/namespaces/gitea.yaml
       changed  flux/infrastructure/base/namespaces/kustomization.yaml
       removed  tofu/tf-deploy/authentik/apps/gitea/profile.py
       changed  tofu/tf-deploy/authentik/locals.tf
    4 changed, 4 removed, 1 left alone, 44 unchanged
    ----- stderr
    error[edited-rendered-file]: `flux/apps/base/gitea/kustomization.yaml` is no longer rendered, but was edited by hand; it is left alone
     --> flux/apps/base/gitea/kustomization.yaml:1:1
      |
    1 | # rendered by labtree from templates/flux/apps/base/__app__/kustomization.yaml.j2; edit inventory.yaml and run `labtree generate`
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: keep it, delete it, or run `labtree generate --force`, which deletes it
    ");
    let left: Vec<_> = lab.tree().into_keys().filter(|path| path.contains("/gitea")).collect();
    assert_eq!(left, [path]);
    // The lab stays in this state until the person decides.
    lab.run(&["generate"]).ended(1);
    lab.run(&["generate", "--force"]).ended(0);
    assert!(!lab.exists("flux/apps/base/gitea"));
}

#[test]
fn the_file_of_an_app_that_is_taken_out_may_be_deleted_by_hand() {
    let lab = Lab::example();
    let inventory = example_inventory();
    let (start, end) = (inventory.find("  gitea:\n").unwrap(), inventory.find("  # No namespace: these run").unwrap());
    lab.write("inventory.yaml", [&inventory[..start], &inventory[end..]].concat());
    lab.remove("flux/apps/base/gitea/kustomization.yaml");
    lab.run(&["generate"]).ended(0);
    assert!(!lab.exists("flux/apps/base/gitea"));
}
