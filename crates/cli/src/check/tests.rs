//! The whole pipeline on a disk in memory: read, render, compare, judge.

use fixture::{Fixture, compare};

use super::*;
use crate::args::Generate;
use crate::disk::MemoryDisk;

/// Everything found on `disk`.
fn judged(disk: &MemoryDisk) -> Judged {
    judge(disk, "labtree").expect("the disk can be read")
}

/// Runs `check` on the repository `text`, a [`Fixture`], and holds what is found against its marks.
#[track_caller]
fn check(text: &str) {
    let fixture = Fixture::parse(text);
    let disk = MemoryDisk::of(fixture.files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let judged = judged(&disk);
    if let Err(said) = compare(&fixture, &judged.sources, &judged.found) {
        panic!("the fixture and the findings differ:\n{said}");
    }
}

/// The inventory that `labtree init` writes, rendered.
fn lab() -> MemoryDisk {
    let disk = MemoryDisk::of([("inventory.yaml", inventory::EXAMPLE)]);
    let global = crate::args::Global { root: None, color: crate::args::Color::Never, quiet: true };
    let mut terminal = Terminal::new(&global, "labtree");
    let outcome = crate::generate::run(&disk, &Generate::default(), &mut terminal).expect("it can be written");
    assert_eq!(outcome, Outcome::Clean);
    disk
}

fn edit(disk: &MemoryDisk, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(disk.contents()[path].clone()).expect("it is UTF-8");
    assert_eq!(text.matches(from).count(), 1, "`{from}` does not stand once in {path}:\n{text}");
    disk.put(path, text.replacen(from, to, 1));
}

fn said(disk: &MemoryDisk) -> String {
    let judged = judged(disk);
    report::text(&judged.sources, &judged.found, report::Style::Plain)
}

#[test]
fn a_rendered_lab_is_silent() {
    assert_eq!(said(&lab()), "");
}

#[test]
fn a_repository_without_an_inventory_is_judged_too() {
    check(
        "
#- flux/app.yaml
apiVersion: v1
kind: Service
kind: Service
^^^^ error[duplicate-yaml-key]: `kind` is written twice
#- tofu/terraform.tfstate
^ error[committed-state-file]: `tofu/terraform.tfstate` is a state of OpenTofu, and nothing keeps it out of git
#- .gitignore
ignored.*
#- ignored.tfstate
#- ignored.yaml
a: [
",
    );
}

#[test]
fn an_inventory_of_ansible_is_none_of_labtree() {
    check(
        "#- inventory.yaml\nall:\n  hosts: { nas: {} }\nlab:\n  hosts: { pi: {} }\n#- inventory/hosts.yml\nall: {}\n",
    );
}

#[test]
fn settings_change_severities_turn_rules_off_and_exclude() {
    check(
        "
#- labtree.toml
exclude = [\"vendor\"]
[rules]
duplicate-yaml-key = \"hint\"
committed-state-file = \"off\"
#- a.yaml
a: 1
a: 2
^ hint[duplicate-yaml-key]: `a` is written twice
#- terraform.tfstate
#- vendor/b.yaml
b: 1
b: 2
",
    );
}

#[test]
fn a_module_that_the_settings_exclude_is_there_and_its_outputs_are_unknown() {
    check(
        "
#- labtree.toml
exclude = [\"tofu/vendored\"]
#- tofu/vendored/main.tf
output \"a\" {}
#- tofu/home/main.tf
terraform {
  backend \"local\" {}
}

module \"vendored\" {
  source = \"../vendored\"
}

output \"a\" {
  value = module.vendored.a + module.vendored.other
}
",
    );
}

/// Where Flux begins: it applies `apps`.
const SYNC: &str = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
";

#[test]
fn what_the_settings_exclude_is_there_for_who_names_it() {
    let files = "#- labtree.toml
exclude = [\"apps/vendored\", \"apps/generated.yaml\", \"apps/logo.txt\"]
#- apps/kustomization.yaml
resources: [generated.yaml, vendored, vendored/crds.yaml, missing.yaml]
#                                                         ^^^^^^^^^^^^ error[missing-resource]: `missing.yaml` is not there
configMapGenerator:
  - { name: logo, namespace: web, files: [logo.txt] }
#- apps/generated.yaml
a: 1
a: 2
#- apps/logo.txt
password: hunter2-hunter2
#- apps/vendored/crds.yaml
a: [
#- apps/vendored/kustomization.yaml
resources: [nowhere.yaml]
";
    check(&format!("{SYNC}{files}"));
}

#[test]
fn what_a_sourceignore_leaves_out_is_not_there_for_flux() {
    let files = "#- .sourceignore
*.draft.yaml
docs/
#- apps/kustomization.yaml
resources: [a.yaml, b.draft.yaml, docs]
#                   ^^^^^^^^^^^^ error[missing-resource]: `b.draft.yaml` is left out of the source by `.sourceignore`
#                                 ^^^^ error[missing-resource]: `docs` is left out of the source by `.sourceignore`
#- apps/a.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#- apps/b.draft.yaml
apiVersion: v1
kind: Namespace
metadata: { name: draft }
#- apps/docs/kustomization.yaml
resources: [nowhere.yaml]
";
    check(&format!("{SYNC}{files}"));
}

#[test]
fn a_folder_without_a_kustomization_does_not_take_in_what_is_left_out() {
    let files = "#- .sourceignore
/apps/*.draft.yaml
#- apps/a.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
#- apps/b.draft.yaml
apiVersion: v1
kind: Namespace
metadata: { name: web }
";
    check(&format!("{SYNC}{files}"));
}

#[test]
fn a_source_with_rules_of_its_own_may_have_what_a_sourceignore_leaves_out() {
    let files = "#- .sourceignore
*.draft.yaml
#- clusters/home/flux-system/source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  url: https://git.example.org/home.git
  ignore: |
    !*.draft.yaml
#- apps/kustomization.yaml
resources: [b.draft.yaml]
#- apps/b.draft.yaml
apiVersion: v1
kind: Namespace
metadata: { name: draft }
";
    check(&format!("{SYNC}{files}"));
}

#[test]
fn a_flux_kustomization_of_a_folder_that_is_left_out_is_told() {
    let sync = SYNC.replace("  path: ./apps\n", "  path: ./apps\n  #     ^^^^^^ error[missing-path]: the folder `apps` is left out of the source by `.sourceignore`\n");
    check(&format!("{sync}#- .sourceignore\n/apps/\n#- apps/a.yaml\na: 1\n"));
}

#[test]
fn a_root_without_opentofu_files_is_told() {
    check(
        "
#- labtree.toml
[tofu]
roots = [\"tofu/home\", \"tofu/hme\"]
#                     ^^^^^^^^^^ error[unknown-root]: no OpenTofu file lies in `tofu/hme`, did you mean `tofu/home`?
#- tofu/home/main.tf
locals {}
",
    );
}

#[test]
fn a_cluster_that_is_not_there_is_told_once() {
    let settings = "
#- labtree.toml
[flux]
roots = [\"clusters/home\", \"clusters/hme\"]
#                         ^^^^^^^^^^^^^^ error[unknown-root]: there is no folder `clusters/hme`, did you mean `clusters/home`?
";
    check(&format!("{settings}{SYNC}#- apps/kustomization.yaml\nresources: []\n"));
}

/// That `labtree explain` shows of `rule` what is found on `disk`.
#[track_caller]
fn is_explained(rule: &str, disk: &MemoryDisk) {
    let entry = catalogue::all().iter().find(|entry| entry.id == rule).expect("it is a rule");
    let examples: Vec<_> = entry.page.examples().into_iter().map(|example| example.text).collect();
    assert_eq!(examples, [format!("{}\n", said(disk).trim_end())]);
}

#[test]
fn an_entry_that_was_not_rendered_is_one_finding() {
    let disk = lab();
    edit(&disk, "inventory.yaml", "chart: authentik,", "chart: authentik-server,");
    disk.take("flux/apps/base/grafana/kustomization.yaml");
    is_explained("drift", &disk);
}

#[test]
fn a_hand_edit_leads_to_the_entry() {
    let disk = lab();
    edit(&disk, "flux/infrastructure/base/authentik/helmrelease.yaml", "chart: authentik\n", "chart: mine\n");
    is_explained("edited-rendered-file", &disk);
}

#[test]
fn a_file_that_was_there_before_is_foreign() {
    let disk = lab();
    let lock = String::from_utf8(disk.contents()["labtree.lock"].clone()).expect("it is UTF-8");
    let without: String =
        lock.split_inclusive('\n').filter(|line| !line.trim_end().ends_with("docs/authentik.md")).collect();
    disk.put("labtree.lock", without);
    disk.put("docs/authentik.md", "# Mine\n");
    is_explained("foreign-file", &disk);
}

#[test]
fn a_fault_of_the_inventory_is_told_and_cannot_be_allowed_or_turned_off() {
    let disk = lab();
    disk.put("labtree.toml", "[rules]\nunknown-key = \"off\"\n");
    edit(&disk, "inventory.yaml", "lab:\n", "# labtree: allow(unknown-key): it is mine\nlap: 1\nlab:\n");
    let judged = judged(&disk);
    let rules: Vec<_> = judged.found.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["unknown-key"], "{}", said(&disk));
}

#[test]
fn what_cannot_be_read_is_a_finding_of_its_file() {
    let disk = MemoryDisk::default();
    disk.put("a.yaml", b"a: \xff\n");
    disk.put("b.yaml", "b: 1\nb: 2\n");
    let judged = judged(&disk);
    let rules: Vec<_> = judged.found.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["not-utf8", "duplicate-yaml-key"]);
}

#[test]
fn a_module_of_no_root_is_judged_by_the_release_that_it_pins_itself() {
    let group = "resource \"authentik_group\" \"family\" {\n  name        = \"family\"\n  is_superusr = true\n}\n";
    let mark = "# ^^^^^^^^^^^ error[unknown-provider-argument]: `authentik_group` has no argument `is_superusr` in the provider 2025.6.0, did you mean `is_superuser`?\n";
    let marked = group.replace("}\n", &format!("{mark}}}\n"));
    let pinned = "terraform {\n  required_providers {\n    authentik = {\n      source  = \"goauthentik/authentik\"\n      version = \"2025.6.0\"\n    }\n  }\n}\n";
    check(&format!("#- tofu/main.tf\n{pinned}{marked}"));
    // Which release it runs with is whoever calls it to say.
    check(&format!("#- tofu/main.tf\n{group}"));
}
