//! `labtree graph`: of the example lab, and of repositories without an inventory.

use crate::lab::Lab;

#[test]
fn the_example_lab_is_drawn_as_it_is_rendered() {
    let lab = Lab::example();
    for kind in ["apps", "flows", "flux"] {
        insta::assert_snapshot!(format!("graph_{kind}"), lab.run(&["graph", kind]).ended(0).stdout);
    }
    insta::assert_snapshot!("graph_flux_dot", lab.run(&["graph", "flux", "--format", "dot"]).ended(0).stdout);
}

#[test]
fn a_root_by_hand_is_drawn_with_what_is_not_known_and_whatever_the_names_are() {
    let lab = Lab::empty();
    lab.write("tofu/main.tf", include_str!("../../../../fixtures/diagrams/main.tf"));
    insta::assert_snapshot!(lab.run(&["graph", "flows"]).ended(0).stdout, @r#"
    flowchart LR
      subgraph b0["subgraph #quot;home#quot; #91;#92;"]
      n0(["authentication"])
      n1["10: who #91;you#93; are #40;identification#41;"]
      n2["50: a stage that is not known"]
      n3["100: login #40;user login#41;"]
      n4(["policy not at night"])
      n5["perhaps more, which is not known"]:::dashed
      end
      n0 --> n1
      n1 --> n2
      n2 --> n3
      n4 -.-> n3
      n3 --> n5
      classDef dashed stroke-dasharray: 4
    "#);
    insta::assert_snapshot!(lab.run(&["graph", "apps"]).ended(0).stdout, @r#"
    flowchart LR
      n0["1#46; end#59; #92;"]
      n1(["group end#92; #quot;#93;#41; #37;#37; #60;b#62;#35;quot#59; → 𝄞 #123;x#125; #124; y - #96;z#96;"])
      n2["Wiki"]
      n3["everyone"]:::dashed
      n1 --> n0
      n3 --> n2
      classDef dashed stroke-dasharray: 4
    "#);
}

#[test]
fn what_waits_for_something_that_is_not_there_is_drawn() {
    let lab = Lab::empty();
    lab.write(
        "clusters/home/apps.yaml",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 1h
  path: ./apps
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  dependsOn:
    - name: infrastructure
",
    );
    lab.write(
        "apps/release.yaml",
        "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: wiki
  namespace: wiki
spec:
  interval: 1h
  chartRef:
    kind: OCIRepository
    name: wiki
  dependsOn:
    - name: database
      namespace: databases
",
    );
    lab.write("labtree.toml", "[flux]\nroots = [\"clusters/home\"]\n");
    insta::assert_snapshot!(lab.run(&["graph", "flux"]).ended(0).stdout, @r#"
    flowchart LR
      subgraph b0["home"]
      n0["Kustomization flux-system/apps"]
      n1(["HelmRelease wiki/wiki"])
      n2["Kustomization flux-system/infrastructure, which is not here"]:::dashed
      n3["HelmRelease databases/database, which is not here"]:::dashed
      end
      n2 --> n0
      n0 -.-> n1
      n3 --> n1
      classDef dashed stroke-dasharray: 4
    "#);
}

#[test]
fn where_nothing_can_be_drawn_that_is_told() {
    let lab = Lab::empty();
    let said: String = ["apps", "flows", "flux"].map(|kind| lab.run(&["graph", kind]).ended(2).stderr).concat();
    insta::assert_snapshot!(said, @"
    error: there is no `authentik_application` in an OpenTofu root to draw
     help: in a lab, run `labtree generate`; elsewhere, `tofu.roots` in labtree.toml names the folders
    error: there is no `authentik_flow` in an OpenTofu root to draw
     help: in a lab, run `labtree generate`; elsewhere, `tofu.roots` in labtree.toml names the folders
    error: there is no Flux Kustomization to draw
     help: in a lab, run `labtree generate`; elsewhere, `flux.roots` in labtree.toml names the folders
    ");
}
