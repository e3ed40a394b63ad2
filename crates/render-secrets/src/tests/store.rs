//! The store.

use super::reference::BY_VAULT_SECRETS_OPERATOR;
use sample::texts;

use super::rendered;

const FOLDER: &str = "flux/infrastructure/base/secret-store";

// covers: flux/infrastructure/base/secret-store/clustersecretstore.yaml
#[test]
fn the_store_of_the_whole_cluster_logs_in_with_the_service_account_it_is_given() {
    let document = rendered(&[]).document(&format!("{FOLDER}/clustersecretstore.yaml"));
    assert_eq!(
        (&document["apiVersion"], &document["kind"]),
        (&"external-secrets.io/v1".into(), &"ClusterSecretStore".into())
    );
    assert_eq!(document["metadata"]["name"], "vault");
    let vault = &document["spec"]["provider"]["vault"];
    assert_eq!(vault["server"], "https://vault.hdhomelab.com");
    assert_eq!((&vault["path"], &vault["version"]), (&"infra".into(), &"v2".into()));
    let login = &vault["auth"]["kubernetes"];
    assert_eq!((&login["mountPath"], &login["role"]), (&"kubernetes".into(), &"external-secrets".into()));
    let account = &login["serviceAccountRef"];
    assert_eq!((&account["name"], &account["namespace"]), (&"external-secrets".into(), &"external-secrets".into()));
}

// covers: flux/infrastructure/base/secret-store/kustomization.yaml
#[test]
fn the_folder_lists_the_store_alone_where_its_account_is_there_already() {
    let sample = rendered(&[]);
    let document = sample.document(&format!("{FOLDER}/kustomization.yaml"));
    assert_eq!(document["kind"], "Kustomization");
    assert_eq!(document["apiVersion"], "kustomize.config.k8s.io/v1beta1");
    assert_eq!(texts(&document["resources"]), ["clustersecretstore.yaml"]);
    assert_eq!(sample.files(FOLDER), ["clustersecretstore.yaml", "kustomization.yaml"]);
}

#[test]
fn a_store_without_a_path_has_none_rendered() {
    let sample = rendered(&[("    # The mount in the store's own `path`.\n    path: infra\n", "")]);
    let document = sample.document(&format!("{FOLDER}/clustersecretstore.yaml"));
    assert!(document["spec"]["provider"]["vault"].get("path").is_none());
}

#[test]
fn a_store_that_exists_already_is_left_alone() {
    let sample = rendered(&[(
        "    auth:\n      mount: kubernetes\n      role: external-secrets\n      service_account:\n        name: external-secrets\n        namespace: external-secrets\n",
        "",
    )]);
    assert!(sample.files(FOLDER).is_empty());
}

// covers: flux/infrastructure/base/secret-store/vaultauth.yaml
// covers: flux/infrastructure/base/secret-store/vaultconnection.yaml
// covers: flux/infrastructure/base/secret-store/serviceaccounts.yaml
#[test]
fn the_vault_secrets_operator_has_a_store_that_lets_the_namespaces_in() {
    let sample = rendered(&[
        BY_VAULT_SECRETS_OPERATOR,
        (
            "        name: external-secrets\n        namespace: external-secrets\n",
            "        name: vault-reader\n        namespace: gitea\n",
        ),
    ]);
    let resources = sample.document(&format!("{FOLDER}/kustomization.yaml"))["resources"].clone();
    assert_eq!(texts(&resources), ["serviceaccounts.yaml", "vaultauth.yaml", "vaultconnection.yaml"]);
    for (path, file) in sample.tree.iter() {
        assert!(file.text.starts_with("# rendered by labtree from ") && file.text.contains("\n---\n"), "{path}");
        for document in sample.documents(path.as_str()) {
            let api = document["apiVersion"].as_str().unwrap_or_default();
            let wanted = match document["kind"].as_str().unwrap_or_default() {
                "Kustomization" => "kustomize.config.k8s.io/v1beta1",
                "ServiceAccount" => "v1",
                "VaultAuth" | "VaultConnection" | "VaultStaticSecret" => "secrets.hashicorp.com/v1beta1",
                other => panic!("{path} holds a {other:?}"),
            };
            assert_eq!(api, wanted, "{path}");
        }
    }
    let connection = sample.document(&format!("{FOLDER}/vaultconnection.yaml"));
    assert_eq!(
        (&connection["kind"], &connection["metadata"]["namespace"]),
        (&"VaultConnection".into(), &"vault-secrets".into())
    );
    assert_eq!(connection["metadata"]["name"], "vault");
    assert_eq!(connection["spec"]["address"], "https://vault.hdhomelab.com");
    assert_eq!(connection["spec"]["skipTLSVerify"], false);
    let auth = sample.document(&format!("{FOLDER}/vaultauth.yaml"));
    assert_eq!((&auth["metadata"]["name"], &auth["metadata"]["namespace"]), (&"vault".into(), &"vault-secrets".into()));
    assert_eq!(auth["kind"], "VaultAuth");
    let spec = &auth["spec"];
    assert_eq!(
        (&spec["vaultConnectionRef"], &spec["method"], &spec["mount"]),
        (&"vault".into(), &"kubernetes".into(), &"kubernetes".into())
    );
    assert_eq!(
        (&spec["kubernetes"]["role"], &spec["kubernetes"]["serviceAccount"]),
        (&"external-secrets".into(), &"vault-reader".into())
    );
    assert_eq!(texts(&spec["allowedNamespaces"]), ["gitea", "infra", "monitoring"]);
    let accounts = sample.documents(&format!("{FOLDER}/serviceaccounts.yaml"));
    let namespaces: Vec<_> = accounts.iter().map(|account| account["metadata"]["namespace"].as_str()).collect();
    assert_eq!(namespaces, [Some("infra"), Some("monitoring")], "the one of gitea is there already");
    for account in &accounts {
        assert_eq!(
            (&account["kind"], &account["metadata"]["name"]),
            (&"ServiceAccount".into(), &"vault-reader".into())
        );
    }
}

#[test]
fn every_file_for_external_secrets_is_a_document_of_its_own() {
    for (path, file) in rendered(&[]).tree.iter() {
        assert!(file.text.starts_with("# rendered by labtree from ") && file.text.contains("\n---\n"), "{path}");
    }
}
