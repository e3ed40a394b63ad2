//! Who makes Secrets.

use super::check;

#[test]
fn everything_that_makes_a_secret_counts() {
    check(
        "
#- clusters/home/kustomization.yaml
resources: [flux-system/gotk-sync.yaml, app.yaml]
secretGenerator:
  - { name: generated, namespace: apps, literals: [a=b] }
#- clusters/home/app.yaml
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  containers:
    - name: notes
      envFrom:
        - secretRef: { name: plain }
        - secretRef: { name: generated }
        - secretRef: { name: external }
        - secretRef: { name: named }
        - secretRef: { name: vault }
        - secretRef: { name: sealed }
        - secretRef: { name: cert-tls }
        - secretRef: { name: acme-key }
        - secretRef: { name: db-app }
---
{ apiVersion: v1, kind: Secret, metadata: { name: plain, namespace: apps }, data: { a: Yg== } }
---
{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: external, namespace: apps }, spec: {} }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: other, namespace: apps }
spec: { target: { name: named } }
---
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: { name: other, namespace: apps }
spec: { destination: { name: vault, create: true } }
---
{ apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: { name: sealed, namespace: apps }, spec: {} }
---
{ apiVersion: cert-manager.io/v1, kind: Certificate, metadata: { name: cert, namespace: apps }, spec: { secretName: cert-tls } }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: acme, namespace: apps }
spec: { acme: { privateKeySecretRef: { name: acme-key } } }
---
{ apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: { name: db, namespace: apps }, spec: {} }
",
    );
}

/// A pod that reads `notes-env`, beside `text`.
#[track_caller]
fn is_left_alone_with(text: &str) {
    check(&format!(
        "
#- clusters/home/app.yaml
apiVersion: v1
kind: Pod
metadata: {{ name: notes, namespace: apps }}
spec:
  containers:
    - {{ name: notes, envFrom: [{{ secretRef: {{ name: notes-env }} }}] }}
{text}"
    ));
}

#[test]
fn what_may_be_made_unseen_is_left_alone() {
    for text in [
        // Another source.
        "#- clusters/home/more.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: more, namespace: flux-system }
spec: { path: ./, sourceRef: { kind: OCIRepository, name: more } }
",
        // A chart in the namespace.
        "#- clusters/home/more.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: more, namespace: flux-system }
spec:
  targetNamespace: apps
  chart: { spec: { chart: more, sourceRef: { kind: HelmRepository, name: more } } }
",
        // An operator.
        "#- clusters/home/more.yaml
{ apiVersion: secrets.example.org/v1, kind: Fetched, metadata: { name: more, namespace: apps }, spec: {} }
",
        // A policy over the whole cluster.
        "#- clusters/home/more.yaml
{ apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: { name: more }, spec: {} }
",
        // An account that may.
        "#- clusters/home/more.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: more, namespace: apps }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [create] }]
",
        // One for all namespaces.
        "#- clusters/home/more.yaml
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: notes-env }
spec: { externalSecretSpec: {} }
",
        // What a person applies once.
        "#- bootstrap/secret.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes-env, namespace: apps } }
",
        "#- Taskfile.yaml
tasks: { first: { cmds: ['kubectl create secret generic notes-env -n apps'] } }
",
        "#- bootstrap/secrets.yaml
{% for one in names %}
kind: Secret
metadata: { name: notes-env }
{% endfor %}
",
        // OpenTofu.
        "#- tofu/main.tf
resource \"kubernetes_secret_v1\" \"notes\" {}
",
    ] {
        is_left_alone_with(text);
    }
}

#[test]
fn a_slip_beside_a_chart_is_a_warning() {
    check(
        "
#- clusters/home/app.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: grafana, namespace: apps }
spec:
  chart: { spec: { chart: grafana, sourceRef: { kind: HelmRepository, name: grafana } } }
  values:
    admin: { existingSecret: grafana-admin }
    envFromSecrets: [{ name: '{{ .Release.Name }}-env' }]
    envValueFrom:
      ID: { secretKeyRef: { name: grafana-odic, key: id } }
#                                 ^^^^^^^^^^^^ warning[missing-secret-reference]: HelmRelease `grafana` reads the Secret `grafana-odic`, which nothing makes in the namespace `apps`
# help: did you mean `grafana-oidc`?
      DB: { secretKeyRef: { name: grafana-2, key: id } }
      UI: { secretKeyRef: { name: '{{ .Release.Name }}-oidcs', key: id } }
---
{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: grafana-oidc, namespace: apps }, spec: {} }
---
{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: grafana-1, namespace: apps }, spec: {} }
",
    );
}

#[test]
fn what_the_chart_of_authentik_makes_is_left_alone() {
    check(
        "
#- clusters/home/app.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: authentik, namespace: infra }
spec:
  chart: { spec: { chart: authentik, sourceRef: { kind: HelmRepository, name: authentik } } }
---
apiVersion: v1
kind: Pod
metadata: { name: look, namespace: infra }
spec:
  containers:
    - name: look
      envFrom:
        - secretRef: { name: authentik }
        - secretRef: { name: authentik-postgresql }
        - secretRef: { name: ak-outpost-ldap-api }
",
    );
}
