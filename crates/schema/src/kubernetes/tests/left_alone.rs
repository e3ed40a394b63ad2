//! What an API server takes is left alone.

use manifest::{Content, Value};

use super::{Kinds, check, check_at, objects};

#[test]
fn a_key_that_overrides_a_merged_one_is_left_alone() {
    check(
        "
#- web.yaml
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - &web
      name: web
      image: example.org/web
    - <<: *web
      name: sidecar
",
    );
}

#[test]
fn the_metadata_of_sops_and_what_it_encrypted_are_left_alone() {
    check(
        "
#- secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: token }
data:
  token: ENC[AES256_GCM,data:c2FtcGxl,iv:c2FtcGxl,tag:c2FtcGxl,type:str]
sops:
  mac: ENC[AES256_GCM,data:c2FtcGxl,iv:c2FtcGxl,tag:c2FtcGxl,type:str]
  version: 3.9.0
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec:
  interval: ENC[AES256_GCM,data:c2FtcGxl,iv:c2FtcGxl,tag:c2FtcGxl,type:str]
  suspend: ENC[AES256_GCM,data:c2FtcGxl,iv:c2FtcGxl,tag:c2FtcGxl,type:bool]
  chartRef: { kind: OCIRepository, name: web }
sops: { version: 3.9.0 }
",
    );
}

#[test]
fn quantities_are_numbers_or_texts_and_ports_are_numbers_or_names() {
    check(
        "
#- web.yaml
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: example.org/web
      resources:
        requests: { cpu: 0.5, memory: 128Mi }
        limits: { cpu: 1, memory: 1e9 }
      readinessProbe:
        httpGet: { path: /, port: http }
      livenessProbe:
        httpGet: { path: /, port: 8080 }
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: web }
spec:
  selector: {}
  podMetricsEndpoints:
    - { targetPort: 8080 }
    - { targetPort: http }
",
    );
}

#[test]
fn a_field_left_null_counts_as_not_written() {
    check(
        "
#- kustomization.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, creationTimestamp: null, labels: }
spec:
  interval: 1h
  prune: true
  sourceRef: { kind: GitRepository, name: home }
  postBuild:
  dependsOn:
status: {}
",
    );
}

#[test]
fn what_a_schema_leaves_open_is_left_alone() {
    check(
        "
#- open.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec:
  interval: 1h
  chartRef: { kind: OCIRepository, name: web }
  values: { any: { thing: [1, a, null] } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: web }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target:
    name: web
    template: { data: { any: '{{ .thing }}' } }
  data:
    - secretKey: any
      remoteRef: { key: apps/web, property: any }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { any.thing: 'yes' }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Thing, plural: things }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
",
    );
}

#[test]
fn branches_see_defaults() {
    check(
        "
#- gateway.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web }
spec:
  gatewayClassName: web
  listeners: [{ name: http, port: 80, protocol: HTTP }]
  addresses: [{ value: 192.0.2.10 }]
",
    );
}

#[test]
fn what_a_later_release_of_flux_may_have_added_is_left_alone() {
    let release = "
#- release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec:
  interval: 1h
  chartRef: { kind: NewKind, name: web }
  suspend: yet
#          ^^^ error[wrong-type]: `spec.suspend` must be a boolean, not a text
  newField: {}
";
    check_at(Some("2.10.0"), release);
    let mark = "# ^^^^^^^^ error[unknown-field]: unknown field `newField` in `spec`\n";
    check_at(Some("2.9.9"), &format!("{}{mark}", release.replace("kind: NewKind", "kind: HelmChart")));
}

#[test]
fn an_unknown_kind_has_no_schema() {
    let kinds = Kinds::new(None);
    assert!(kinds.get("example.org/v1", "Thing").is_none());
    assert!(kinds.get("v1", "Deployment").is_none());
    assert!(kinds.get("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease").is_none(), "it is not served any more");
}

#[test]
fn the_kinds_of_a_version_are_known() {
    let kinds = Kinds::new(None);
    let apps = ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"];
    assert_eq!(kinds.of("apps/v1"), apps);
    assert_eq!(kinds.of("helm.toolkit.fluxcd.io/v2"), ["HelmRelease"]);
    assert_eq!(kinds.of("helm.toolkit.fluxcd.io/v2beta1"), Vec::<&str>::new());
    let origin = kinds.get("apps/v1", "Deployment").expect("it is known").origin().clone();
    assert_eq!((origin.project, origin.to_string().as_str()), ("kubernetes", "kubernetes 1.36.0"));
}

#[test]
fn scopes_are_known_whatever_the_version() {
    let kinds = Kinds::new(None);
    assert_eq!(kinds.is_namespaced("", "Namespace"), Some(false));
    assert_eq!(kinds.is_namespaced("apps", "Deployment"), Some(true));
    assert_eq!(kinds.is_namespaced("external-secrets.io", "ClusterSecretStore"), Some(false));
    assert_eq!(kinds.is_namespaced("extensions", "Ingress"), Some(true), "it is gone, but its scope is known");
    assert_eq!(kinds.is_namespaced("example.org", "Thing"), None);
    assert!(kinds.is_stored("helm.toolkit.fluxcd.io", "v2", "HelmRelease"));
}

#[test]
fn what_only_the_cluster_knows_fits_everything() {
    fn hide(value: &mut Value) {
        match &mut value.content {
            Content::Text(text) if text.contains("${") => value.content = Content::Unknown,
            Content::List(items) => items.iter_mut().for_each(hide),
            Content::Map(entries) => entries.iter_mut().for_each(|entry| hide(&mut entry.value)),
            _ => {}
        }
    }
    let text = "
apiVersion: apps/v1
kind: Deployment
metadata: { name: '${name}', labels: { app: '${name}' } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: '${name}' } }
  template:
    metadata: ${metadata}
    spec: { containers: ['${container}'] }
";
    for mut object in objects(diagnostic::FileId(0), text) {
        hide(&mut object);
        let kind = Kinds::new(None).get("apps/v1", "Deployment").expect("it is known");
        assert_eq!(kind.check(&object), []);
    }
}
