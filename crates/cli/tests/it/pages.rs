//! The pages that are written by hand: what they show holds.

use std::fs;

use crate::lab::Lab;

const SETTINGS: &str = include_str!("../../../../docs/settings.md");
const EXISTING: &str = include_str!("../../../../docs/existing.md");

/// The blocks of `language` on a page.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_page_of_the_settings_shows_each_of_them() {
    let lab = Lab::empty();
    lab.write("labtree.toml", blocks(SETTINGS, "toml").concat());
    lab.write("kubernetes/flux/flux-system/kustomization.yaml", "resources: []\n");
    lab.write("terraform/authentik/main.tf", "");
    lab.write("labtree.baseline", "");
    let ran = lab.run(&["check"]).ended(0);
    assert!(ran.stdout.starts_with("nothing found"), "{ran}");
    let shown = lab.run(&["config", "show", "--format", "json"]).ended(0).stdout;
    assert!(shown.contains("\"tofu.roots\"") && !shown.contains("\"default\""), "{shown}");
}

#[test]
fn flux_reads_what_is_rendered_by_one_kustomization_elsewhere() {
    let lab = Lab::example();
    let sync = lab.read("flux/clusters/home/flux-system/gotk-sync.yaml");
    fs::remove_dir_all(lab.root().join("flux/clusters/home/flux-system")).unwrap();
    lab.write("kubernetes/flux/flux-system/gotk-sync.yaml", sync.replace("./flux/clusters/home", "./kubernetes/flux"));
    let is_reached = || lab.run(&["graph", "flux"]).ended(0).stdout.contains("Kustomization flux-system/authentik");
    assert!(!is_reached());
    lab.write("kubernetes/flux/labtree.yaml", blocks(EXISTING, "yaml").concat());
    assert!(is_reached());
    lab.run(&["check"]).ended(0);
}

#[test]
fn what_is_written_by_hand_beside_the_rendered_root_fits_it() {
    let lab = Lab::example();
    lab.write("tofu/tf-deploy/authentik/own.tf", blocks(EXISTING, "terraform").join("\n"));
    let ran = lab.run(&["check"]).ended(0);
    assert!(ran.stdout.starts_with("nothing found"), "{ran}");
    lab.run(&["generate", "--check"]).ended(0);
    let drawn = lab.run(&["graph", "apps"]).ended(0).stdout;
    assert!(drawn.contains("Longhorn"), "{drawn}");
}
