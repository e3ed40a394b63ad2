//! The folders of the clusters, and the namespaces.

use yaml_serde::Value;

use sample::{names, texts};

use super::rendered;

const TWO_CLUSTERS: (&str, &str) = ("clusters: [home]", "clusters: [home, cabin]");

fn is_a_flux_kustomization(document: &Value, path: &str) {
    assert_eq!(document["apiVersion"], "kustomize.toolkit.fluxcd.io/v1");
    assert_eq!(document["kind"], "Kustomization");
    assert_eq!(document["metadata"]["namespace"], "flux-system");
    let spec = &document["spec"];
    assert_eq!(spec["path"], path);
    assert_eq!(spec["sourceRef"]["kind"], "GitRepository");
    assert_eq!(spec["sourceRef"]["name"], "flux-system");
    assert_eq!(spec["prune"], true);
    for span_of_time in ["interval", "retryInterval", "timeout"] {
        assert!(spec[span_of_time].is_string(), "{span_of_time}");
    }
    assert!(spec.get("postBuild").is_none(), "a `${{` in a value stays as it is");
}

// covers: flux/clusters/__cluster__/namespaces.yaml
#[test]
fn the_namespaces_come_first() {
    let document = rendered(&[]).document("flux/clusters/home/namespaces.yaml");
    is_a_flux_kustomization(&document, "./flux/infrastructure/base/namespaces");
    assert_eq!(document["metadata"]["name"], "namespaces");
    assert_eq!(document["spec"]["wait"], true);
    assert!(document["spec"].get("dependsOn").is_none());
}

// covers: flux/clusters/__cluster__/secret-store.yaml
#[test]
fn the_store_waits_for_the_operator() {
    let document = rendered(&[]).document("flux/clusters/home/secret-store.yaml");
    is_a_flux_kustomization(&document, "./flux/infrastructure/base/secret-store");
    assert_eq!(names(&document["spec"]["dependsOn"]), ["external-secrets", "namespaces", "traefik"]);
    assert_eq!(document["spec"]["wait"], true);
}

#[test]
fn a_cluster_has_its_own_auth_method_patched_into_the_store() {
    let mounts = ("      mount: kubernetes\n", "      mount: kubernetes\n      mounts: {cabin: kubernetes-cabin}\n");
    let tree = rendered(&[TWO_CLUSTERS, mounts]);
    let document = tree.document("flux/clusters/cabin/secret-store.yaml");
    let patch = &document["spec"]["patches"][0];
    assert_eq!(patch["target"]["kind"], "ClusterSecretStore");
    assert_eq!(patch["target"]["name"], "vault");
    let operations: Value = yaml_serde::from_str(patch["patch"].as_str().expect("it is text")).expect("it is YAML");
    assert_eq!(operations[0]["op"], "replace");
    assert_eq!(operations[0]["value"], "kubernetes-cabin");
    assert_eq!(operations[0]["path"], "/spec/provider/vault/auth/kubernetes/mountPath");
    assert!(tree.document("flux/clusters/home/secret-store.yaml")["spec"].get("patches").is_none());
}

// covers: flux/clusters/__cluster__/authentik.yaml
#[test]
fn authentik_waits_for_its_store_and_has_time_for_its_first_start() {
    let document = rendered(&[]).document("flux/clusters/home/authentik.yaml");
    is_a_flux_kustomization(&document, "./flux/infrastructure/base/authentik");
    assert_eq!(names(&document["spec"]["dependsOn"]), ["external-secrets", "namespaces", "secret-store", "traefik"]);
    assert_eq!(document["spec"]["wait"], true);
    assert_eq!(document["spec"]["timeout"], "15m");
}

// covers: flux/clusters/__cluster__/apps.yaml
#[test]
fn each_app_with_a_namespace_has_a_flux_kustomization_that_comes_after_authentik() {
    let documents = rendered(&[]).documents("flux/clusters/home/apps.yaml");
    let found: Vec<_> = documents.iter().map(|document| document["metadata"]["name"].as_str()).collect();
    assert_eq!(found, [Some("apps-gitea"), Some("apps-grafana"), Some("apps-headlamp")]);
    for (document, app) in documents.iter().zip(["gitea", "grafana", "headlamp"]) {
        is_a_flux_kustomization(document, &format!("./flux/apps/base/{app}"));
        assert!(names(&document["spec"]["dependsOn"]).contains(&"authentik"));
    }
}

#[test]
fn an_app_does_not_wait_for_secrets_that_the_first_apply_fills_but_for_its_release() {
    let documents = rendered(&[]).documents("flux/clusters/home/apps.yaml");
    let [gitea, grafana, _] = &documents[..] else { panic!("there are three apps") };
    assert_eq!(grafana["spec"]["wait"], false);
    let [check] = &grafana["spec"]["healthChecks"].as_sequence().expect("grafana has a release")[..] else {
        panic!("one health check");
    };
    assert_eq!(check["apiVersion"], "helm.toolkit.fluxcd.io/v2");
    assert_eq!(check["kind"], "HelmRelease");
    assert_eq!((&check["name"], &check["namespace"]), (&"grafana".into(), &"monitoring".into()));
    assert_eq!(gitea["spec"]["wait"], false);
    assert!(gitea["spec"].get("healthChecks").is_none(), "gitea has no release");
}

#[test]
fn an_app_runs_on_the_clusters_it_names_and_authentik_on_one() {
    let sample = rendered(&[TWO_CLUSTERS, ("    namespace: gitea\n", "    namespace: gitea\n    clusters: [cabin]\n")]);
    let apps = |cluster: &str| {
        let documents = sample.documents(&format!("flux/clusters/{cluster}/apps.yaml"));
        documents.iter().map(|document| document["metadata"]["name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(apps("home"), [Some("apps-grafana".to_owned()), Some("apps-headlamp".to_owned())]);
    assert_eq!(apps("cabin").len(), 3);
    assert_eq!(sample.files("flux/clusters/cabin"), ["apps.yaml", "namespaces.yaml", "secret-store.yaml"]);
    let waits = sample.documents("flux/clusters/cabin/apps.yaml");
    assert!(!names(&waits[0]["spec"]["dependsOn"]).contains(&"authentik"), "it runs elsewhere");
}

#[test]
fn a_cluster_without_apps_has_no_file_for_them() {
    let sample = rendered(&[
        TWO_CLUSTERS,
        ("    namespace: gitea\n", "    namespace: gitea\n    clusters: [home]\n"),
        (
            "    namespace: monitoring\n    category: Monitoring\n    description: D",
            "    namespace: monitoring\n    clusters: [home]\n    category: Monitoring\n    description: D",
        ),
        (
            "    namespace: monitoring\n    category: Monitoring\n    description: A",
            "    namespace: monitoring\n    clusters: [home]\n    category: Monitoring\n    description: A",
        ),
    ]);
    assert_eq!(sample.files("flux/clusters/cabin"), ["namespaces.yaml", "secret-store.yaml"]);
}

#[test]
fn a_store_that_exists_already_has_no_flux_kustomization() {
    let sample = rendered(&[(
        "    auth:\n      mount: kubernetes\n      role: external-secrets\n      service_account:\n        name: external-secrets\n        namespace: external-secrets\n",
        "",
    )]);
    assert_eq!(sample.files("flux/clusters/home"), ["apps.yaml", "authentik.yaml", "namespaces.yaml"]);
    let authentik = sample.document("flux/clusters/home/authentik.yaml");
    assert_eq!(names(&authentik["spec"]["dependsOn"]), ["external-secrets", "namespaces", "traefik"]);
}

#[test]
fn another_source_is_named_with_its_kind() {
    let sample =
        rendered(&[("    kind: GitRepository\n    name: flux-system", "    kind: OCIRepository\n    name: lab")]);
    let source = &sample.document("flux/clusters/home/authentik.yaml")["spec"]["sourceRef"];
    assert_eq!((&source["kind"], &source["name"]), (&"OCIRepository".into(), &"lab".into()));
}

// covers: flux/infrastructure/base/namespaces/kustomization.yaml
#[test]
fn each_namespace_is_rendered_once_whoever_shares_it() {
    let sample = rendered(&[]);
    let document = sample.document("flux/infrastructure/base/namespaces/kustomization.yaml");
    assert_eq!(document["apiVersion"], "kustomize.config.k8s.io/v1beta1");
    assert_eq!(texts(&document["resources"]), ["gitea.yaml", "infra.yaml", "monitoring.yaml"]);
    let files = sample.files("flux/infrastructure/base/namespaces");
    assert_eq!(files, ["gitea.yaml", "infra.yaml", "kustomization.yaml", "monitoring.yaml"]);
}

// covers: flux/infrastructure/base/namespaces/__namespace__.yaml
#[test]
fn a_namespace_outlives_its_last_app() {
    let sample = rendered(&[]);
    let document = sample.document("flux/infrastructure/base/namespaces/monitoring.yaml");
    assert_eq!((&document["apiVersion"], &document["kind"]), (&"v1".into(), &"Namespace".into()));
    assert_eq!(document["metadata"]["name"], "monitoring");
    assert_eq!(document["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"], "disabled");
    let places = sample.follows_from("flux/infrastructure/base/namespaces/monitoring.yaml", "monitoring\n");
    assert_eq!(places, ["monitoring", "monitoring"], "grafana and headlamp");
}

#[test]
fn namespaces_that_exist_already_are_left_alone() {
    let sample = rendered(&[("existing_namespaces: []", "existing_namespaces: [gitea, infra, monitoring]")]);
    assert!(sample.files("flux/infrastructure/base/namespaces").is_empty());
    assert_eq!(sample.files("flux/clusters/home"), ["apps.yaml", "authentik.yaml", "secret-store.yaml"]);
    let store = sample.document("flux/clusters/home/secret-store.yaml");
    assert_eq!(names(&store["spec"]["dependsOn"]), ["external-secrets", "traefik"]);
}
