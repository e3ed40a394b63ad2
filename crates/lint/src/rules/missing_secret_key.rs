//! A key of a Secret that is read, and that what makes the Secret does not put in.

use std::collections::BTreeSet;

use crate::flux::secrets::{Chance, Keys, in_clusters};
use crate::{Findings, Repo};

crate::rule! {
    /// A key is read of a Secret that has no such key.
    ///
    /// ## Why
    /// A container whose variable comes from a key that is not there does not start
    /// ([Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)), and a HelmRelease is not installed.
    ///
    /// ## Fix
    /// Name a key that is there, or have what makes the Secret put this one in.
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
    /// #- clusters/home/grafana.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   chart: { spec: { chart: grafana, version: 12.11.1, sourceRef: { kind: HelmRepository, name: grafana } } }
    ///   values:
    ///     envValueFrom:
    ///       GF_AUTH_GENERIC_OAUTH_CLIENT_ID: { secretKeyRef: { name: grafana-oidc, key: clientid } }
    /// #                                                                                 ^^^^^^^^ warning[missing-secret-key]: HelmRelease `grafana` reads the key `clientid` of the Secret `grafana-oidc`, which has no such key
    /// #- clusters/home/grafana-oidc.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: grafana-oidc, namespace: monitoring }
    /// #                 ^^^^^^^^^^^^ related: ExternalSecret `grafana-oidc` makes it with `client_id`
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: client_id, remoteRef: { key: apps/grafana/oidc, property: client_id } }
    /// ```
    ///
    /// By its name:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/grafana.yaml
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: { name: grafana, namespace: monitoring }
    /// spec:
    ///   chart: { spec: { chart: grafana, version: 12.11.1, sourceRef: { kind: HelmRepository, name: grafana } } }
    ///   values:
    ///     envValueFrom:
    ///       GF_AUTH_GENERIC_OAUTH_CLIENT_ID: { secretKeyRef: { name: grafana-oidc, key: client_id } }
    /// #- clusters/home/grafana-oidc.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: grafana-oidc, namespace: monitoring }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: client_id, remoteRef: { key: apps/grafana/oidc, property: client_id } }
    /// ```
    ///
    /// ## When to allow
    /// When something adds the key in the cluster.
    "missing-secret-key", Warning, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for (cluster, secrets) in in_clusters(repo) {
        let mut told = BTreeSet::new();
        for read in secrets.reads.iter().filter(|read| !read.is_optional) {
            let (Some(key), made) = (&read.key, secrets.made(&read.namespace, &read.name)) else { continue };
            let mut keys = BTreeSet::new();
            let are_known = made.iter().all(|made| match &made.keys {
                Keys::Known(known) => {
                    keys.extend(known.iter().map(String::as_str));
                    true
                }
                Keys::Open => false,
            });
            let is_made_twice = secrets.chance(&read.namespace, &read.name) == Chance::Named;
            let Some(first) =
                made.first().filter(|_| are_known && !is_made_twice && !keys.contains(key.value.as_str()))
            else {
                continue;
            };
            if !told.insert((key.span, read.namespace.clone())) {
                continue;
            }
            let message = format!(
                "{} reads the key `{}` of the Secret `{}`, which has no such key",
                read.by, key.value, read.name.value
            );
            let all: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
            let report = findings
                .report_in(cluster, key.span, message)
                .related(first.place, format!("{} makes it with {}", first.by, all.join(", ")));
            if let Some(near) = diagnostic::nearest(&key.value, keys) {
                report.help(format!("did you mean `{near}`?"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    /// A HelmRelease that fills its values from the key `config.yaml` of `settings`, and a pod that reads `password`.
    #[track_caller]
    fn check(text: &str) {
        let cluster = "
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/home
  sourceRef: { kind: GitRepository, name: flux-system }
#- clusters/home/app.yaml
apiVersion: v1
kind: Pod
metadata: { name: notes, namespace: apps }
spec:
  volumes:
    - name: all
      secret:
        secretName: notes
        items:
          - { key: password, path: p }
";
        check_rule("missing-secret-key", &format!("{cluster}{}", text.trim_start_matches('\n')));
    }

    #[test]
    fn the_keys_of_plain_secrets_and_templates_are_known() {
        check(
            "
#                  ^^^^^^^^ warning[missing-secret-key]: Pod `notes` reads the key `password` of the Secret `notes`, which has no such key
# help: did you mean `passwort`?
---
apiVersion: v1
kind: Secret
metadata: { name: notes, namespace: apps }
#                 ^^^^^ related: Secret `notes` makes it with `passwort`, `user`
stringData: { user: a }
data: { passwort: Yg== }
",
        );
        check(
            "
#                  ^^^^^^^^ warning[missing-secret-key]: Pod `notes` reads the key `password` of the Secret `notes`, which has no such key
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
#                 ^^^^^ related: ExternalSecret `notes` makes it with `DSN`
spec:
  target: { template: { data: { DSN: 'x:{{ .password }}' } } }
  dataFrom: [{ extract: { key: notes } }]
  data: [{ secretKey: password, remoteRef: { key: notes } }]
",
        );
    }

    #[test]
    fn the_values_of_a_release_come_from_a_key_too() {
        check(
            "
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: other, namespace: apps }
spec:
  chart: { spec: { chart: other, sourceRef: { kind: HelmRepository, name: other } } }
  valuesFrom:
    - { kind: Secret, name: settings }
#                           ^^^^^^^^ warning[missing-secret-key]: HelmRelease `other` reads the key `values.yaml` of the Secret `settings`, which has no such key
    - { kind: Secret, name: settings, valuesKey: other.yaml, optional: true }
---
apiVersion: v1
kind: Secret
metadata: { name: settings, namespace: apps }
#                 ^^^^^^^^ related: Secret `settings` makes it with `values.yml`
data: { values.yml: Yg== }
",
        );
    }

    #[test]
    fn what_app_template_mounts_is_read() {
        check(
            "
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: app-template, namespace: apps }
spec: { url: oci://charts.example.org/app-template, ref: { tag: 4.1.1 } }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: apps }
spec:
  chartRef: { kind: OCIRepository, name: app-template }
  values:
    controllers:
      web: { containers: { app: { env: { A: { secretKeyRef: { name: '{{ .Release.Name }}-env', key: a } } } } } }
#                                                                                                   ^ warning[missing-secret-key]: HelmRelease `web` reads the key `a` of the Secret `web-env`, which has no such key
    persistence:
      config: { type: secret, name: web-env, items: [{ key: b, path: b }, { key: c, path: c }] }
#                                                                                ^ warning[missing-secret-key]: HelmRelease `web` reads the key `c` of the Secret `web-env`, which has no such key
---
apiVersion: v1
kind: Secret
metadata: { name: web-env, namespace: apps }
#                 ^^^^^^^ related: Secret `web-env` makes it with `b`
stringData: { b: b }
",
        );
    }

    #[test]
    fn what_is_there_and_what_may_have_any_key_is_left_alone() {
        for text in [
            "{ apiVersion: v1, kind: Secret, metadata: { name: notes, namespace: apps }, data: { password: Yg== } }",
            "{ apiVersion: v1, kind: Secret, metadata: { name: notes, namespace: apps } }",
            "{ apiVersion: v1, kind: Secret, metadata: { name: notes, namespace: other }, data: { a: Yg== } }",
            "apiVersion: v1
kind: Secret
metadata: { name: notes, namespace: apps, annotations: { replicator.v1.mittwald.de/replicate-from: a/b } }
data: { a: Yg== }",
            "apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec: { dataFrom: [{ extract: { key: notes } }] }",
            "apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec: { target: { creationPolicy: Merge }, data: [{ secretKey: a, remoteRef: { key: notes } }] }",
            "apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec:
  target: { template: { mergePolicy: Merge, data: { a: b } } }
  data: [{ secretKey: password, remoteRef: { key: notes } }]",
            "apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec: { target: { template: { templateFrom: [{ literal: a }], data: { a: b } } } }",
            "apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: { name: other, namespace: apps }
spec: { destination: { name: notes } }",
            // Another one of that name is applied by hand.
            "{ apiVersion: v1, kind: Secret, metadata: { name: notes, namespace: apps }, data: { a: Yg== } }
#- bootstrap/notes.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes, namespace: apps }, data: { password: Yg== } }",
        ] {
            check(&format!("---\n{text}\n"));
        }
    }
}
