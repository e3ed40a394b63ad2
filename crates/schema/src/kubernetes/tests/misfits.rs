//! What an API server would refuse is reported at its place.

use super::{check, check_at};

#[test]
fn a_field_that_is_not_known_is_reported_with_the_nearest_one() {
    check(
        "
#- release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: grafana
spec:
  interval: 1h
  timout: 5m
# ^^^^^^ error[unknown-field]: unknown field `timout` in `spec`, did you mean `timeout`?
  chart:
    spec:
      chart: grafana
      sourceRef: { kind: HelmRepository, name: grafana }
      install: {}
#     ^^^^^^^ error[unknown-field]: unknown field `install` in `spec.chart.spec`
#     help: `install` is a field of `spec`
",
    );
}

#[test]
fn a_field_that_came_or_went_is_reported_by_the_release() {
    let release = "
#- kustomization.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps }
spec:
  interval: 1h
  prune: true
  sourceRef: { kind: GitRepository, name: home }
  healthCheckExprs: []
";
    check_at(Some("2.5.0"), release);
    let mark = "# ^^^^^^^^^^^^^^^^ error[unknown-field]: unknown field `healthCheckExprs` in `spec`, did you mean \
                `healthChecks`?\n";
    check_at(Some("2.4.0"), &format!("{release}{mark}"));
}

#[test]
fn a_value_of_another_type_is_reported_with_how_to_write_it() {
    check(
        r#"
#- web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { version: 1.5 }
#                    ^^^ error[wrong-type]: `metadata.labels.version` must be a text, not `1.5`
#                    help: put it in quotes: `"1.5"`
spec:
  replicas: "2"
#           ^^^ error[wrong-type]: `spec.replicas` must be a whole number, not a text
#           help: write it without quotes: `2`
  paused: "true"
#         ^^^^^^ error[wrong-type]: `spec.paused` must be a boolean, not a text
#         help: write it without quotes: `true`
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
#     ^^^^^^^^^^ error[wrong-type]: `spec.template.spec.containers` must be a list, not a map
        name: web
      initContainers:
        - name: init
          image: example.org/init
          command: sh
#                  ^^ error[wrong-type]: `spec.template.spec.initContainers[0].command` must be a list, not a text
"#,
    );
}

#[test]
fn a_field_that_must_be_there_is_reported_where_it_would_stand() {
    check(
        "
#- source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts }
spec: { timeout: 1m }
^^^^ error[missing]: `spec.url` is missing
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: home }
spec:
^^^^ error[missing]: `spec.interval` is missing
  url: ssh://git@git.example.org/home
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {}
^^^^^^^^ error[missing]: `metadata.name` is missing
spec:
  selector: {}
  template:
    spec:
      containers:
        - image: example.org/agent
#         ^^^^^ error[missing]: `spec.template.spec.containers[0].name` is missing
",
    );
}

#[test]
fn a_value_that_no_list_pattern_or_bound_allows_is_reported() {
    check(
        "
#- release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana }
spec:
  interval: 1 hour
#           ^^^^^^ error[not-allowed]: `spec.interval` is `1 hour`, which does not match `^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$`
  chartRef: { kind: OCIRepositorry, name: grafana }
#                   ^^^^^^^^^^^^^^ error[not-allowed]: `spec.chartRef.kind` must be one of `OCIRepository`, `HelmChart`, `ExternalArtifact`, not `OCIRepositorry`
#                   help: did you mean `OCIRepository`?
  releaseName: ''
#              ^^ error[not-allowed]: `spec.releaseName` must not be empty
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: vault }
spec:
  provider:
# ^^^^^^^^ error[not-allowed]: `spec.provider` must have at most 1 field, not 2
    vault: { server: 'https://vault.example.org' }
    fake: { data: [] }
---
apiVersion: v1
kind: Secret
metadata: { name: token }
data:
  token: plain text
#        ^^^^^^^^^^ error[not-allowed]: `data.token` must be base64
",
    );
}

#[test]
fn a_key_of_a_list_that_stands_there_twice_is_reported() {
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
      env:
        - { name: TZ, value: UTC }
        - { name: TZ, value: Europe/Berlin }
#                 ^^ error[not-allowed]: `spec.containers[0].env` lists `TZ` twice
",
    );
}

#[test]
fn names_labels_and_annotations_are_held_against_their_rules() {
    check(
        "
#- names.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: my.apps
#       ^^^^^^^ error[not-allowed]: `metadata.name` is `my.apps`, where up to 63 lower case letters, digits and inner `-` are wanted
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: My_App
#       ^^^^^^ error[not-allowed]: `metadata.name` is `My_App`, where lower case letters, digits and inner `-` and `.` are wanted
  labels:
    app: my app
#        ^^^^^^ error[not-allowed]: the label `app` is `my app`, where up to 63 letters, digits, `-`, `_` and `.` are wanted
  annotations:
    a/b/c: x
#   ^^^^^ error[not-allowed]: `metadata.annotations` has the key `a/b/c`, where up to 63 letters, digits, `-`, `_` and `.` are wanted
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'system:reader' }
rules: []
",
    );
}

#[test]
fn a_field_that_is_required_and_misspelt_is_told_once() {
    check(
        "
#- release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: grafana
spec:
  intreval: 1h
# ^^^^^^^^ error[unknown-field]: unknown field `intreval` in `spec`, did you mean `interval`?
  chart:
    spec:
      chart: grafana
      sourceRef: { kind: HelmRepository, name: grafana }
",
    );
}
