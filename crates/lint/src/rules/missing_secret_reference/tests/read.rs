//! Who reads Secrets.

use super::check;

#[test]
fn every_way_of_a_pod_to_read_a_secret_counts() {
    check(
        "
#- clusters/home/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: notes, namespace: apps }
spec:
  template:
    spec:
      imagePullSecrets: [{ name: registry }]
      containers:
        - name: notes
          env:
            - name: A
              valueFrom:
                secretKeyRef: { name: notes-env, key: a }
#                                     ^^^^^^^^^ error[missing-secret-reference]: Deployment `notes` reads the Secret `notes-env`, which nothing makes in the namespace `apps`
            - name: B
              valueFrom:
                secretKeyRef: { name: notes-more, key: b, optional: true }
          envFrom:
            - secretRef: { name: notes-all }
#                                ^^^^^^^^^ error[missing-secret-reference]: Deployment `notes` reads the Secret `notes-all`, which nothing makes in the namespace `apps`
            - configMapRef: { name: notes-all }
      initContainers:
        - name: first
          envFrom:
            - secretRef: { name: notes-first }
#                                ^^^^^^^^^^^ error[missing-secret-reference]: Deployment `notes` reads the Secret `notes-first`, which nothing makes in the namespace `apps`
      volumes:
        - name: one
          secret: { secretName: notes-volume }
#                               ^^^^^^^^^^^^ error[missing-secret-reference]: Deployment `notes` reads the Secret `notes-volume`, which nothing makes in the namespace `apps`
        - name: two
          projected:
            sources:
              - secret: { name: notes-part }
#                               ^^^^^^^^^^ error[missing-secret-reference]: Deployment `notes` reads the Secret `notes-part`, which nothing makes in the namespace `apps`
",
    );
}

#[test]
fn a_volume_says_where_its_secret_lies() {
    check(
        "
#- clusters/home/volume.yaml
apiVersion: v1
kind: PersistentVolume
metadata: { name: films }
spec:
  csi:
    driver: smb.csi.example.org
    nodeStageSecretRef: { name: nas-login, namespace: storage }
#                               ^^^^^^^^^ error[missing-secret-reference]: PersistentVolume `films` reads the Secret `nas-login`, which nothing makes in the namespace `storage`
# help: did you mean `nas-logins`?
    nodePublishSecretRef: { name: nas-logins, namespace: storage }
    nodeExpandSecretRef: { name: unknown }
---
{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: nas-logins, namespace: storage }, spec: {} }
",
    );
}

#[test]
fn what_the_pods_of_authentik_read_counts_wherever_the_values_say_it() {
    check(
        "
#- clusters/home/authentik.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: authentik, namespace: infra }
spec:
  chart: { spec: { chart: authentik, sourceRef: { kind: HelmRepository, name: authentik } } }
  values:
    global:
      env:
        - name: AUTHENTIK_EMAIL__PASSWORD
          valueFrom: { secretKeyRef: { name: authentik-smtp, key: password } }
#                                            ^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-smtp`, which nothing makes in the namespace `infra`
      envFrom: [{ secretRef: { name: authentik-all } }]
#                                    ^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-all`, which nothing makes in the namespace `infra`
    worker:
      env:
        - name: AUTHENTIK_EMAIL__USERNAME
          valueFrom: { secretKeyRef: { name: authentik-mail, key: username } }
#                                            ^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-mail`, which nothing makes in the namespace `infra`
    server:
      volumes: [{ name: smtp, secret: { secretName: authentik-mount } }]
#                                                   ^^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-mount`, which nothing makes in the namespace `infra`
    authentik: { existingSecret: { secretName: authentik-config } }
#                                              ^^^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-config`, which nothing makes in the namespace `infra`
",
    );
    // The values of a chart that is not known only look as if they named a Secret.
    check(
        "
#- clusters/home/gitea.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: gitea, namespace: gitea }
spec:
  chart: { spec: { chart: gitea, sourceRef: { kind: HelmRepository, name: gitea } } }
  values:
    env:
      - name: GITEA__MAILER__PASSWD
        valueFrom: { secretKeyRef: { name: gitea-smpt, key: password } }
#                                          ^^^^^^^^^^ warning[missing-secret-reference]: HelmRelease `gitea` reads the Secret `gitea-smpt`, which nothing makes in the namespace `gitea`
# help: did you mean `gitea-smtp`?
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: gitea-smtp, namespace: gitea }
spec: { data: [{ secretKey: password, remoteRef: { key: authentik/smtp, property: password } }] }
",
    );
}

#[test]
fn the_cluster_that_lacks_it_is_named_where_another_has_it() {
    let text = "
#- clusters/cabin/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/cabin, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/cabin/kustomization.yaml
resources: [flux-system/gotk-sync.yaml, ../../apps]
#- clusters/home/kustomization.yaml
resources: [flux-system/gotk-sync.yaml, ../../apps, secret.yaml]
#- clusters/home/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec: { data: [{ secretKey: a, remoteRef: { key: notes } }] }
#- apps/kustomization.yaml
resources: [pod.yaml]
#- apps/pod.yaml
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  containers:
    - name: notes
      envFrom:
        - secretRef: { name: notes }
#                            ^^^^^ error[missing-secret-reference]: Pod `notes` reads the Secret `notes`, which nothing makes in the namespace `apps` in the cluster `cabin`
        - secretRef: { name: others }
#                            ^^^^^^ error[missing-secret-reference]: Pod `notes` reads the Secret `others`, which nothing makes in the namespace `apps`
";
    check(text);
}

#[test]
fn certificates_are_made_by_hand_by_cert_manager_or_by_whom_an_annotation_asks() {
    check(
        "
#- clusters/home/web.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: plain, namespace: apps }
spec: { tls: [{ secretName: plain-tls }, { secretName: wildcard-tls }] }
#                           ^^^^^^^^^ error[missing-secret-reference]: Ingress `plain` reads the Secret `plain-tls`, which nothing makes in the namespace `apps`
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: asks, namespace: apps, annotations: { cert-manager.io/cluster-issuer: letsencrypt } }
spec: { tls: [{ secretName: asks-tls }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: web, namespace: apps }
spec:
  listeners:
    - { name: a, tls: { certificateRefs: [{ name: wildcard-tls }, { name: other-tls }, { name: a, namespace: infra }] } }
#                                                                         ^^^^^^^^^ error[missing-secret-reference]: Gateway `web` reads the Secret `other-tls`, which nothing makes in the namespace `apps`
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: web, namespace: apps }
spec: { tls: { secretName: route-tls } }
#                          ^^^^^^^^^ error[missing-secret-reference]: IngressRoute `web` reads the Secret `route-tls`, which nothing makes in the namespace `apps`
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: wildcard, namespace: apps }
spec: { secretName: wildcard-tls }
",
    );
}

#[test]
fn a_slip_in_a_pull_secret_or_the_key_of_sops_is_reported() {
    check(
        "
#- clusters/home/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  sourceRef: { kind: GitRepository, name: flux-system }
  decryption: { provider: sops, secretRef: { name: sops-aeg } }
#                                                  ^^^^^^^^ warning[missing-secret-reference]: Kustomization `apps` reads the Secret `sops-aeg`, which nothing makes in the namespace `flux-system`
# help: did you mean `sops-age`?
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: sops-age, namespace: flux-system }
spec: { data: [{ secretKey: age.agekey, remoteRef: { key: sops } }] }
#- apps/pod.yaml
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  imagePullSecrets: [{ name: registri }, { name: elsewhere }]
#                            ^^^^^^^^ warning[missing-secret-reference]: Pod `notes` reads the Secret `registri`, which nothing makes in the namespace `apps`
# help: did you mean `registry`?
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: registry, namespace: apps }
spec: { data: [{ secretKey: .dockerconfigjson, remoteRef: { key: registry } }] }
",
    );
}

#[test]
fn a_slip_is_reported_although_an_operator_makes_secrets_that_begin_so() {
    check(
        "
#- clusters/home/app.yaml
apiVersion: example.org/v1
kind: Database
metadata: { name: notes, namespace: apps }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes-secret, namespace: apps }
spec: { data: [{ secretKey: a, remoteRef: { key: notes } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  containers:
    - envFrom: [{ secretRef: { name: notes-secrt } }, { secretRef: { name: notes-password } }]
#                                    ^^^^^^^^^^^ warning[missing-secret-reference]: Pod `notes` reads the Secret `notes-secrt`, which nothing makes in the namespace `apps`
# help: did you mean `notes-secret`?
",
    );
}

#[test]
fn what_flux_itself_reads_counts() {
    check(
        "
#- clusters/home/flux.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: ssh://git@git.example.org/lab, secretRef: { name: flux-system } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: mine, namespace: flux-system }
spec: { url: https://charts.example.org, secretRef: { name: charts } }
#                                                           ^^^^^^ warning[missing-secret-reference]: HelmRepository `mine` reads the Secret `charts`, which nothing makes in the namespace `flux-system`
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  sourceRef: { kind: GitRepository, name: flux-system }
  decryption: { provider: sops, secretRef: { name: sops-age } }
  postBuild:
    substituteFrom:
      - { kind: Secret, name: perhaps, optional: true }
      - { kind: Secret, name: settings }
#                             ^^^^^^^^ warning[missing-secret-reference]: Kustomization `apps` reads the Secret `settings`, which nothing makes in the namespace `flux-system`
#- apps/kustomization.yaml
resources: []
",
    );
}
