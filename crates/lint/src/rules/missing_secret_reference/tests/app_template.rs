//! What the chart app-template reads and makes.

use super::check;

/// A release of app-template `version` in `apps` with these values, beside `text`.
#[track_caller]
fn check_release(version: &str, values: &str, text: &str) {
    let release = "
#- clusters/home/charts.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: apps }
spec: { interval: 1h, url: 'https://charts.example.org' }
#- clusters/home/notes.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: notes, namespace: apps }
spec:
  interval: 1h
  chart: { spec: { chart: app-template, version: VERSION, sourceRef: { kind: HelmRepository, name: charts } } }
  values:
"
    .replace("VERSION", version);
    check(&format!("{release}{}{}", values.trim_start_matches('\n'), text.trim_start_matches('\n')));
}

/// The values of a pod that reads `notes-env`.
const READS: &str = "
    controllers: { notes: { containers: { app: { envFrom: [{ secretRef: { name: notes-env } }] } } } }
";

#[test]
fn every_way_of_the_chart_to_read_a_secret_counts() {
    check_release(
        "4.1.1",
        "
    controllers:
      notes:
        initContainers:
          first: { env: [{ name: A, valueFrom: { secretKeyRef: { name: notes-first, key: a } } }] }
#                                                                      ^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-first`, which nothing makes in the namespace `apps`
        containers:
          app:
            env:
              A: { valueFrom: { secretKeyRef: { name: notes-a, key: a } } }
#                                                     ^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-a`, which nothing makes in the namespace `apps`
              B: { secretKeyRef: { name: notes-b, key: b } }
#                                        ^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-b`, which nothing makes in the namespace `apps`
            envFrom:
              - secret: notes-all
#                       ^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-all`, which nothing makes in the namespace `apps`
              - secretRef: { name: '{{ .Release.Name }}-more' }
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-more`, which nothing makes in the namespace `apps`
    persistence:
      everywhere: { type: secret, name: notes-volume }
#                                       ^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-volume`, which nothing makes in the namespace `apps`
      here: { type: secret, name: notes-here, advancedMounts: { notes: { app: [{ path: /here }] } } }
#                                 ^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-here`, which nothing makes in the namespace `apps`
      custom: { type: custom, volumeSpec: { projected: { sources: [{ secret: { name: notes-part } }] } } }
#                                                                                    ^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-part`, which nothing makes in the namespace `apps`
",
        "",
    );
}

#[test]
fn of_a_later_release_it_is_a_warning_and_a_raw_pod_beside_it_is_judged() {
    check_release(
        "5.1.0",
        "
    controllers: { notes: { containers: { app: { envFrom: [{ secretRef: { name: notes-env } }] } } } }
#                                                                               ^^^^^^^^^ warning[missing-secret-reference]: HelmRelease `notes` reads the Secret `notes-env`, which nothing makes in the namespace `apps`
",
        "
---
apiVersion: v1
kind: Pod
metadata: { name: other, namespace: apps }
spec: { containers: [{ name: other, envFrom: [{ secretRef: { name: other-env } }] }] }
#                                                                  ^^^^^^^^^ error[missing-secret-reference]: Pod `other` reads the Secret `other-env`, which nothing makes in the namespace `apps`
",
    );
}

#[test]
fn a_slip_in_a_pull_secret_or_in_what_containers_have_by_default_is_reported() {
    check_release(
        "4.1.1",
        "
    defaultPodOptions: { imagePullSecrets: [{ name: registri }, { name: other }] }
#                                                   ^^^^^^^^ warning[missing-secret-reference]: HelmRelease `notes` reads the Secret `registri`, which nothing makes in the namespace `apps`
# help: did you mean `registry`?
    controllers:
      notes:
        defaultContainerOptions: { env: { A: { secretKeyRef: { name: registrie, key: a } } } }
#                                                                    ^^^^^^^^^ warning[missing-secret-reference]: HelmRelease `notes` reads the Secret `registrie`, which nothing makes in the namespace `apps`
# help: did you mean `registry`?
        containers: { app: {} }
",
        "
#- clusters/home/registry.yaml
{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: registry, namespace: apps }, spec: {} }
",
    );
}

#[test]
fn what_no_pod_reads_and_what_may_lack_is_left_alone() {
    check_release(
        "4.1.1",
        "
    controllers:
      notes:
        defaultContainerOptions: { envFrom: [{ secretRef: { name: notes-default } }] }
        containers:
          app:
            env:
              A: { value: a, valueFrom: { secretKeyRef: { name: notes-a, key: a } } }
              B: { secretKeyRef: { name: notes-b, key: b, optional: true } }
            envFrom: [{ secretRef: { name: '{{ .Values.name }}' } }, { configMapRef: { name: notes } }]
          off: { enabled: false, envFrom: [{ secretRef: { name: notes-off } }] }
      off: { enabled: false, containers: { app: { envFrom: [{ secretRef: { name: notes-off } }] } } }
    persistence:
      off: { enabled: false, type: secret, name: notes-off }
      nowhere: { type: secret, name: notes-nowhere, advancedMounts: { off: { app: [{ path: /off }] } } }
      other: { type: configMap, name: notes }
      certificate: { type: secret, name: notes-tls }
",
        "
---
{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: notes, namespace: apps }, spec: { secretName: notes-tls } }
",
    );
}

#[test]
fn a_release_that_may_make_secrets_is_left_alone() {
    for more in [
        "secrets: { env: { stringData: { a: b } } }",
        "rawResources: { env: { apiVersion: v1, kind: Secret } }",
        "serviceAccount: { notes: { staticToken: true } }",
        "rbac: { roles: { notes: { type: Role, rules: [{ apiGroups: [''], resources: [secrets], verbs: [create] }] } } }",
        "ingress: { app: { tls: [{ secretName: notes-env, hosts: [notes.example.org] }] } }",
        "externalSecrets: { env: {} }",
    ] {
        check_release("4.1.1", READS, &format!("    {more}\n"));
    }
    for spec in ["postRenderers: [{ kustomize: { patches: [] } }]", "kubeConfig: { secretRef: { name: other } }"] {
        check_release("4.1.1", READS, &format!("  {spec}\n"));
    }
    for version in ["2.6.0", "4.x"] {
        check_release(version, READS, "");
    }
}

#[test]
fn a_chart_beside_it_may_make_the_secret() {
    check_release(
        "4.1.1",
        READS,
        "
#- clusters/home/other.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: other, namespace: apps }
spec: { chart: { spec: { chart: other, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } } } }
",
    );
}
