//! A Secret that is read and that nothing makes.

use std::collections::BTreeSet;

use diagnostic::Severity;

use crate::flux::secrets::{Chance, Read, Secrets, in_clusters, slip};
use crate::{Findings, Repo};

crate::rule! {
    /// A Secret is read that nothing makes in that namespace.
    ///
    /// ## Why
    /// A pod does not start before every Secret that it reads is there, and a HelmRelease or a source is not ready
    /// without those that it names ([Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)).
    ///
    /// It is an error where all that the cluster runs is known, and nothing else in that namespace could make the Secret;
    /// and a warning where a chart or an operator might, but a Secret with nearly this name is made there.
    ///
    /// ## Fix
    /// Correct the name, or add what makes the Secret: an ExternalSecret, or a Secret that SOPS encrypts.
    ///
    /// ## Example
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   chart: { spec: { chart: authentik, version: 2026.5.3, sourceRef: { kind: HelmRepository, name: authentik } } }
    ///   values:
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_SECRET_KEY
    ///           valueFrom: { secretKeyRef: { name: authentik-keys, key: secret_key } }
    /// #                                            ^^^^^^^^^^^^^^ error[missing-secret-reference]: HelmRelease `authentik` reads the Secret `authentik-keys`, which nothing makes in the namespace `infra`
    /// ```
    ///
    /// With what makes it:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/authentik.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: authentik, namespace: infra }
    /// spec:
    ///   chart: { spec: { chart: authentik, version: 2026.5.3, sourceRef: { kind: HelmRepository, name: authentik } } }
    ///   values:
    ///     global:
    ///       env:
    ///         - name: AUTHENTIK_SECRET_KEY
    ///           valueFrom: { secretKeyRef: { name: authentik-keys, key: secret_key } }
    /// #- clusters/home/authentik-keys.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: authentik-keys, namespace: infra }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: secret_key, remoteRef: { key: authentik/keys, property: secret_key } }
    /// ```
    ///
    /// ## When to allow
    /// When a person makes the Secret by hand, and it is written down where.
    "missing-secret-reference", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, secrets) in in_clusters(repo) {
        let mut told = BTreeSet::new();
        for read in secrets.reads.iter().filter(|read| is_missing(secrets, read)) {
            let near = slip(&read.name, secrets.names_in(&read.namespace));
            let severity = match secrets.chance(&read.namespace, &read.name) {
                Chance::None if read.is_sure => Severity::Error,
                Chance::None | Chance::Some | Chance::Likely if near.is_some() => Severity::Warning,
                _ => continue,
            };
            if !told.insert((read.name.span, read.namespace.clone())) {
                continue;
            }
            let Read { by, namespace, name, .. } = read;
            let message =
                format!("{by} reads the Secret `{}`, which nothing makes in the namespace `{namespace}`", name.value);
            let report = findings.report_in(cluster, name.span, message).severity(severity);
            match near {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help(format!("add an ExternalSecret, or an encrypted Secret, called `{}`", name.value)),
            };
        }
    }
}

/// Whether nothing that is seen makes what is read, in whichever namespace.
fn is_missing(secrets: &Secrets, read: &Read) -> bool {
    !read.is_optional
        && secrets.made(&read.namespace, &read.name).is_empty()
        && secrets.made_beside(&read.namespace, &read.name).is_empty()
}

#[cfg(test)]
mod tests {
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
#                                                           ^^^^^^ error[missing-secret-reference]: HelmRepository `mine` reads the Secret `charts`, which nothing makes in the namespace `flux-system`
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
#                             ^^^^^^^^ error[missing-secret-reference]: Kustomization `apps` reads the Secret `settings`, which nothing makes in the namespace `flux-system`
#- apps/kustomization.yaml
resources: []
",
        );
    }

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
}
