//! The folders of the apps.

use sample::texts;

use super::rendered;

// covers: flux/apps/base/__app__/kustomization.yaml
#[test]
fn an_app_lists_its_secrets_and_its_release_if_it_has_one() {
    let sample = rendered(&[]);
    let resources =
        |app: &str| sample.document(&format!("flux/apps/base/{app}/kustomization.yaml"))["resources"].clone();
    assert_eq!(texts(&resources("grafana")), ["helmrelease.yaml", "helmrepository.yaml", "grafana-oidc.yaml"]);
    assert_eq!(texts(&resources("headlamp")), ["headlamp-oidc.yaml"]);
    assert_eq!(texts(&resources("gitea")), ["gitea-oidc.yaml", "gitea-smtp.yaml"]);
    assert_eq!(sample.files("flux/apps/base/headlamp"), ["kustomization.yaml"], "somebody else installs it");
}

#[test]
fn an_app_outside_the_clusters_has_no_flux_file() {
    let sample = rendered(&[]);
    for app in ["jellyfin", "emby", "jellyseerr"] {
        assert!(sample.files(&format!("flux/apps/base/{app}")).is_empty(), "{app}");
    }
    for (path, file) in sample.tree.iter() {
        assert!(!file.text.contains("jelly"), "{path}");
    }
}

#[test]
fn an_ldap_app_with_a_namespace_lists_its_ldap_secret() {
    let sample = rendered(&[("  emby:\n", "  emby:\n    namespace: media\n")]);
    let document = sample.document("flux/apps/base/emby/kustomization.yaml");
    assert_eq!(texts(&document["resources"]), ["emby-ldap.yaml"]);
}

// covers: flux/apps/base/__app__/helmrepository.yaml
#[test]
fn a_release_comes_from_the_repository_that_the_app_names() {
    let document = rendered(&[]).document("flux/apps/base/grafana/helmrepository.yaml");
    assert_eq!(document["kind"], "HelmRepository");
    let metadata = &document["metadata"];
    assert_eq!((&metadata["name"], &metadata["namespace"]), (&"grafana".into(), &"monitoring".into()));
    assert_eq!(document["spec"]["url"], "https://grafana-community.github.io/helm-charts");
}

// covers: flux/apps/base/__app__/helmrelease.yaml
#[test]
fn a_release_hands_its_values_on_and_does_not_wait_for_secrets_on_install() {
    let sample = rendered(&[]);
    let path = "flux/apps/base/grafana/helmrelease.yaml";
    let document = sample.document(path);
    assert_eq!(document["metadata"]["namespace"], "monitoring");
    let spec = &document["spec"];
    assert_eq!(
        (&spec["chart"]["spec"]["chart"], &spec["chart"]["spec"]["version"]),
        (&"grafana".into(), &"12.11.1".into())
    );
    assert_eq!(spec["chart"]["spec"]["sourceRef"]["name"], "grafana");
    assert_eq!(spec["install"]["disableWait"], true);
    let values = &spec["values"];
    let secret = &values["envValueFrom"]["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"]["secretKeyRef"];
    assert_eq!((&secret["name"], &secret["key"]), (&"grafana-oidc".into(), &"client_secret".into()));
    assert_eq!(values["grafana.ini"]["server"]["root_url"], "https://grafana.hdhomelab.com");
    assert_eq!(values["grafana.ini"]["auth.generic_oauth"]["enabled"], true);
    assert_eq!(sample.follows_from(path, "openid email profile grafana_role"), ["openid email profile grafana_role"]);
}

#[test]
fn what_the_catalog_says_stands_below_the_values_of_the_app_s_own() {
    let edits = [(
        "          auth.generic_oauth:\n",
        "          server: {root_url: https://dashboards.example.org}\n          auth: null\n          auth.generic_oauth:\n",
    )];
    let sample = rendered(&edits);
    let path = "flux/apps/base/grafana/helmrelease.yaml";
    let ini = sample.document(path)["spec"]["values"]["grafana.ini"].clone();
    assert_eq!(ini["server"]["root_url"], "https://dashboards.example.org", "a leaf of its own wins");
    assert!(ini["auth"].is_null() && ini["auth"].as_mapping().is_none(), "nothing at all wins too");
    assert_eq!(ini["auth.generic_oauth"]["scopes"], "openid email profile grafana_role");
    assert_eq!(ini["auth.generic_oauth"]["token_url"], "https://auth.hdhomelab.com/application/o/token/");
    let token_url = "https://auth.hdhomelab.com/application/o/token/";
    assert_eq!(sample.follows_from(path, token_url), ["grafana", "auth.hdhomelab.com"], "the key `catalog`, the host");
}

#[test]
fn values_of_the_catalog_are_for_the_chart_they_were_read_at() {
    let other = rendered(&[("      chart: grafana\n", "      chart: app-template\n")]);
    let values = other.document("flux/apps/base/grafana/helmrelease.yaml")["spec"]["values"].clone();
    assert!(values.get("envValueFrom").is_none() && values["grafana.ini"].get("server").is_none());
    let mirror = rendered(&[("https://grafana-community.github.io/helm-charts", "oci://registry.example.org/mirror")]);
    let values = mirror.document("flux/apps/base/grafana/helmrelease.yaml")["spec"]["values"].clone();
    assert!(values.get("envValueFrom").is_some(), "a mirror has the same chart");
}

#[test]
fn values_can_be_the_catalog_s_alone() {
    let release = "    catalog: headlamp\n    release:\n      repository: https://headlamp.example.org\n      chart: headlamp\n      version: 0.45.0\n";
    let sample = rendered(&[(
        "    url: https://headlamp.hdhomelab.com\n",
        &format!("    url: https://headlamp.hdhomelab.com\n{release}"),
    )]);
    let values = sample.document("flux/apps/base/headlamp/helmrelease.yaml")["spec"]["values"].clone();
    assert_eq!(values["config"]["oidc"]["externalSecret"]["name"], "headlamp-oidc");
}

#[test]
fn a_release_without_values_has_none() {
    let release =
        "    release:\n      repository: https://headlamp.example.org\n      chart: headlamp\n      version: 0.45.0\n";
    let sample = rendered(&[(
        "      redirect_uris: [/oidc-callback]\n",
        &format!("      redirect_uris: [/oidc-callback]\n{release}"),
    )]);
    assert!(sample.document("flux/apps/base/headlamp/helmrelease.yaml")["spec"].get("values").is_none());
}

#[test]
fn values_are_read_back_as_they_were_written() {
    let sample = rendered(&[(
        "        grafana.ini:\n",
        concat!(
            "        text: '${HOME} {{ .Release }} \"quoted\" # no comment: x'\n",
            "        around: \"a\\u202Eb\"\n",
            "        words: ['yes', 'on', '1e3', '0x1F', '1:30', '', ' x ']\n",
            "        numbers: [1, -2, 1.5]\n",
            "        nothing: null\n",
            "        empty: { list: [], map: {} }\n",
            "        lines: |\n          one\n\n            two\n",
            "        grafana.ini:\n"
        ),
    )]);
    let values = sample.document("flux/apps/base/grafana/helmrelease.yaml")["spec"]["values"].clone();
    assert_eq!(values["text"], "${HOME} {{ .Release }} \"quoted\" # no comment: x");
    assert_eq!(values["around"], "a\u{202E}b");
    assert_eq!(texts(&values["words"]), ["yes", "on", "1e3", "0x1F", "1:30", "", " x "]);
    assert_eq!(values["numbers"], yaml_serde::Value::Sequence(vec![1.into(), (-2).into(), 1.5.into()]));
    assert!(values["nothing"].is_null());
    assert_eq!(values["empty"]["list"].as_sequence().map(Vec::len), Some(0));
    assert_eq!(values["empty"]["map"].as_mapping().map(yaml_serde::Mapping::len), Some(0));
    assert_eq!(values["lines"], "one\n\n  two\n");
    let text = sample.text("flux/apps/base/grafana/helmrelease.yaml");
    assert!(!text.contains('\u{202E}'), "what turns text around is escaped");
}

#[test]
fn a_release_is_tried_again_watched_and_not_left_half_upgraded() {
    let document = rendered(&[]).document("flux/apps/base/grafana/helmrelease.yaml");
    assert_eq!(document["metadata"]["name"], "grafana");
    let spec = &document["spec"];
    assert_eq!((&spec["interval"], &spec["timeout"]), (&"1h".into(), &"10m".into()));
    assert_eq!(spec["install"]["remediation"]["retries"], 3);
    assert_eq!(spec["upgrade"]["remediation"]["retries"], 3);
    assert_eq!(spec["upgrade"]["cleanupOnFail"], true);
    assert_eq!(spec["driftDetection"]["mode"], "warn");
}

#[test]
fn every_file_is_a_document_of_its_own_and_every_list_of_resources_says_what_it_is() {
    let sample = rendered(&[]);
    for (path, file) in sample.tree.iter() {
        assert!(file.text.starts_with("# ") && file.text.contains("\n---\n"), "{path}");
        if path.file_name() == Some("kustomization.yaml") {
            let document = sample.document(path.as_str());
            assert_eq!(document["apiVersion"], "kustomize.config.k8s.io/v1beta1", "{path}");
            assert_eq!(document["kind"], "Kustomization", "{path}");
        }
    }
}
