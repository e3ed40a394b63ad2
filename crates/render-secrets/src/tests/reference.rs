//! The references.

use sample::texts;
use yaml_serde::Value;

use super::rendered;

/// Edits the example lab to use the other operator.
pub(super) const BY_VAULT_SECRETS_OPERATOR: (&str, &str) = (
    "secrets: external-secrets\n  store:\n    kind: ClusterSecretStore\n    name: vault\n    # The mount in the store's own `path`.\n    path: infra\n",
    "secrets: vault-secrets-operator\n  store:\n    kind: VaultAuth\n    name: vault\n    namespace: vault-secrets\n",
);

/// For each entry of an `ExternalSecret`: the key in the Secret, the key in Vault and the property there.
#[track_caller]
fn data(document: &Value) -> Vec<[&str; 3]> {
    let entries = document["spec"]["data"].as_sequence().expect("it has data");
    entries
        .iter()
        .map(|entry| {
            let remote = &entry["remoteRef"];
            [&entry["secretKey"], &remote["key"], &remote["property"]].map(|value| value.as_str().expect("it is text"))
        })
        .collect()
}

// covers: flux/infrastructure/base/authentik/__secret__.yaml
#[test]
fn each_secret_of_authentik_reads_its_own_path() {
    let sample = rendered(&[]);
    for (name, path, keys) in [
        ("authentik-config", "authentik/config", &["secret_key"][..]),
        ("authentik-postgres", "authentik/postgres", &["password"]),
        ("authentik-smtp-credentials", "authentik/smtp", &["username", "password"]),
        ("authentik-token", "authentik/token", &["token"]),
    ] {
        let document = sample.document(&format!("flux/infrastructure/base/authentik/{name}.yaml"));
        assert_eq!(document["apiVersion"], "external-secrets.io/v1");
        assert_eq!(document["kind"], "ExternalSecret");
        assert_eq!(
            (&document["metadata"]["name"], &document["metadata"]["namespace"]),
            (&name.into(), &"infra".into())
        );
        let spec = &document["spec"];
        assert_eq!(
            (&spec["secretStoreRef"]["kind"], &spec["secretStoreRef"]["name"]),
            (&"ClusterSecretStore".into(), &"vault".into())
        );
        assert_eq!((&spec["target"]["name"], &spec["target"]["creationPolicy"]), (&name.into(), &"Owner".into()));
        assert_eq!(spec["refreshInterval"], "1h");
        assert_eq!(data(&document), keys.iter().map(|key| [key, path, key]).collect::<Vec<_>>());
    }
    assert_eq!(sample.files("flux/infrastructure/base/authentik").len(), 4);
}

// covers: flux/apps/base/__app__/__secret__.yaml
#[test]
fn an_app_has_its_credentials_in_its_own_namespace() {
    let sample = rendered(&[]);
    for (app, namespace) in [("grafana", "monitoring"), ("headlamp", "monitoring"), ("gitea", "gitea")] {
        let document = sample.document(&format!("flux/apps/base/{app}/{app}-oidc.yaml"));
        assert_eq!(document["metadata"]["namespace"], namespace);
        let path = format!("apps/{app}/oidc");
        let keys = ["client_id", "client_secret", "issuer"];
        assert_eq!(data(&document), keys.map(|key| [key, &path, key]));
    }
}

#[test]
fn an_app_that_sends_mail_reads_the_credentials_of_the_mail_server() {
    let sample = rendered(&[]);
    let document = sample.document("flux/apps/base/gitea/gitea-smtp.yaml");
    assert_eq!(
        (&document["metadata"]["name"], &document["metadata"]["namespace"]),
        (&"gitea-smtp".into(), &"gitea".into())
    );
    assert_eq!(
        data(&document),
        [["username", "authentik/smtp", "username"], ["password", "authentik/smtp", "password"]]
    );
    assert_eq!(sample.files("flux/apps/base/grafana"), ["grafana-oidc.yaml"], "grafana sends none");
}

#[test]
fn an_ldap_app_reads_its_bind_account() {
    let sample = rendered(&[("  emby:\n", "  emby:\n    namespace: media\n")]);
    let document = sample.document("flux/apps/base/emby/emby-ldap.yaml");
    assert_eq!(document["metadata"]["namespace"], "media");
    let keys = ["bind_dn", "bind_password", "base_dn"];
    assert_eq!(data(&document), keys.map(|key| [key, "apps/emby/ldap", key]));
}

#[test]
fn an_app_outside_the_clusters_has_no_reference() {
    let sample = rendered(&[]);
    for app in ["jellyfin", "emby", "jellyseerr"] {
        assert!(sample.files(&format!("flux/apps/base/{app}")).is_empty(), "{app}");
    }
}

#[test]
fn keys_start_with_the_mount_where_the_store_has_no_path() {
    let sample = rendered(&[("    # The mount in the store's own `path`.\n    path: infra\n", "")]);
    let document = sample.document("flux/apps/base/gitea/gitea-smtp.yaml");
    assert_eq!(data(&document)[0], ["username", "infra/authentik/smtp", "username"]);
}

#[test]
fn the_vault_secrets_operator_is_told_mount_and_path_apart() {
    let sample = rendered(&[BY_VAULT_SECRETS_OPERATOR]);
    for (path, name, namespace, vault) in [
        ("flux/infrastructure/base/authentik/authentik-token.yaml", "authentik-token", "infra", "authentik/token"),
        ("flux/apps/base/grafana/grafana-oidc.yaml", "grafana-oidc", "monitoring", "apps/grafana/oidc"),
    ] {
        let document = sample.document(path);
        assert_eq!(document["apiVersion"], "secrets.hashicorp.com/v1beta1");
        assert_eq!(document["kind"], "VaultStaticSecret");
        assert_eq!(
            (&document["metadata"]["name"], &document["metadata"]["namespace"]),
            (&name.into(), &namespace.into())
        );
        let spec = &document["spec"];
        assert_eq!(spec["vaultAuthRef"], "vault-secrets/vault");
        assert_eq!((&spec["type"], &spec["mount"], &spec["path"]), (&"kv-v2".into(), &"infra".into(), &vault.into()));
        assert_eq!(spec["refreshAfter"], "1h");
        let destination = &spec["destination"];
        assert_eq!((&destination["name"], &destination["create"]), (&name.into(), &true.into()));
        assert_eq!(destination["transformation"]["excludeRaw"], true);
    }
    for (path, file) in sample.tree.iter() {
        assert!(!file.text.contains("external-secrets.io"), "{path}");
    }
}

#[test]
fn an_app_of_the_catalog_has_the_keys_that_it_reads() {
    let sample = rendered(&[]);
    let template = sample.document("flux/apps/base/gitea/gitea-oidc.yaml")["spec"]["target"]["template"].clone();
    assert_eq!(template["engineVersion"], "v2");
    assert_eq!(template["data"]["key"], "{{ .client_id }}");
    assert_eq!(template["data"]["secret"], "{{ .client_secret }}");
    assert!(template.get("metadata").is_none());
    let headlamp = sample.document("flux/apps/base/headlamp/headlamp-oidc.yaml");
    assert!(headlamp["spec"]["target"].get("template").is_none(), "without an entry the keys are those in Vault");
    let smtp = sample.document("flux/apps/base/gitea/gitea-smtp.yaml");
    assert!(smtp["spec"]["target"].get("template").is_none(), "the entry is about the login alone");
}

#[test]
fn the_other_operator_makes_the_same_keys_and_leaves_out_those_of_the_path() {
    let sample = rendered(&[BY_VAULT_SECRETS_OPERATOR]);
    let destination = sample.document("flux/apps/base/gitea/gitea-oidc.yaml")["spec"]["destination"].clone();
    let transformation = &destination["transformation"];
    assert_eq!(transformation["templates"]["key"]["text"], r#"{{ get .Secrets "client_id" }}"#);
    assert_eq!(transformation["templates"]["secret"]["text"], r#"{{ get .Secrets "client_secret" }}"#);
    assert_eq!((&transformation["excludeRaw"], texts(&transformation["excludes"])), (&true.into(), vec![".*"]));
    assert!(destination.get("labels").is_none());
}

#[test]
fn a_secret_has_the_labels_without_which_it_is_not_read() {
    let argo = ("    catalog: gitea\n", "    catalog: argo-cd\n");
    let external = rendered(&[argo]).document("flux/apps/base/gitea/gitea-oidc.yaml")["spec"]["target"].clone();
    assert_eq!(external["template"]["metadata"]["labels"]["app.kubernetes.io/part-of"], "argocd");
    let vault = rendered(&[argo, BY_VAULT_SECRETS_OPERATOR]);
    let destination = vault.document("flux/apps/base/gitea/gitea-oidc.yaml")["spec"]["destination"].clone();
    assert_eq!(destination["labels"]["app.kubernetes.io/part-of"], "argocd");
}

#[test]
fn a_key_can_be_a_whole_document() {
    let without_roles = ("    roles:\n      admin: [admins]\n", "");
    let sample = rendered(&[("    catalog: gitea\n", "    catalog: paperless-ngx\n"), without_roles]);
    let template = sample.document("flux/apps/base/gitea/gitea-oidc.yaml")["spec"]["target"]["template"].clone();
    let text = template["data"]["PAPERLESS_SOCIALACCOUNT_PROVIDERS"].as_str().expect("it is text").to_owned();
    assert!(text.starts_with(r#"{"openid_connect": {"OAUTH_PKCE_ENABLED": true"#), "{text}");
    assert!(text.contains(r#""secret": "{{ .client_secret }}""#), "{text}");
    assert!(text.contains("https://auth.hdhomelab.com/application/o/gitea/.well-known/openid-configuration"), "{text}");
}
