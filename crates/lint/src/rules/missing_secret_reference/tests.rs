//! Which Secrets count as read, and which as made.

mod app_template;
mod made;
mod read;

use crate::tests::check_rule;

/// A cluster that begins at `clusters/home`.
const CLUSTER: &str = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/home
  sourceRef: { kind: GitRepository, name: flux-system }
";

#[track_caller]
fn check(text: &str) {
    check_rule("missing-secret-reference", &format!("{CLUSTER}{}", text.trim_start_matches('\n')));
}
