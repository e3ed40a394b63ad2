//! The folder of authentik.

use yaml_serde::Value;

use sample::{Sample, names, texts};

use super::rendered;

const FOLDER: &str = "flux/infrastructure/base/authentik";

fn values(sample: &Sample) -> Value {
    sample.document(&format!("{FOLDER}/helmrelease.yaml"))["spec"]["values"].clone()
}

/// The entry of `global.env` called `name`.
fn variable(values: &Value, name: &str) -> Option<Value> {
    let env = values["global"]["env"].as_sequence().expect("there is an environment");
    env.iter().find(|variable| variable["name"] == name).cloned()
}

// covers: flux/infrastructure/base/authentik/kustomization.yaml
#[test]
fn the_folder_holds_the_release_and_every_secret_that_its_pods_read() {
    let document = rendered(&[]).document(&format!("{FOLDER}/kustomization.yaml"));
    assert_eq!(document["kind"], "Kustomization");
    let secrets =
        ["authentik-config.yaml", "authentik-postgres.yaml", "authentik-smtp-credentials.yaml", "authentik-token.yaml"];
    assert_eq!(texts(&document["resources"]), [&["helmrelease.yaml", "helmrepository.yaml"], &secrets[..]].concat());
}

// covers: flux/infrastructure/base/authentik/helmrepository.yaml
#[test]
fn the_chart_comes_from_the_repository_of_the_inventory() {
    let sample = rendered(&[]);
    let path = format!("{FOLDER}/helmrepository.yaml");
    let document = sample.document(&path);
    assert_eq!(document["apiVersion"], "source.toolkit.fluxcd.io/v1");
    assert_eq!(
        (&document["metadata"]["name"], &document["metadata"]["namespace"]),
        (&"authentik".into(), &"infra".into())
    );
    assert_eq!(document["spec"]["url"], "https://charts.goauthentik.io");
    assert_eq!(document["spec"]["interval"], "12h");
    assert!(document["spec"].get("type").is_none());
    assert_eq!(sample.follows_from(&path, "https://charts"), ["https://charts.goauthentik.io"]);
}

#[test]
fn an_oci_repository_is_said_to_be_one() {
    let sample = rendered(&[("https://charts.goauthentik.io", "oci://registry.hdhomelab.com/charts")]);
    let spec = sample.document(&format!("{FOLDER}/helmrepository.yaml"))["spec"].clone();
    assert_eq!((&spec["type"], &spec["url"]), (&"oci".into(), &"oci://registry.hdhomelab.com/charts".into()));
}

// covers: flux/infrastructure/base/authentik/helmrelease.yaml
#[test]
fn the_chart_is_pinned_and_a_failed_install_is_tried_again() {
    let spec = rendered(&[]).document("flux/infrastructure/base/authentik/helmrelease.yaml")["spec"].clone();
    assert_eq!((&spec["interval"], &spec["timeout"]), (&"1h".into(), &"10m".into()));
    assert_eq!(spec["upgrade"]["cleanupOnFail"], true);
    let sample = rendered(&[]);
    let path = format!("{FOLDER}/helmrelease.yaml");
    let document = sample.document(&path);
    assert_eq!(
        (&document["apiVersion"], &document["kind"]),
        (&"helm.toolkit.fluxcd.io/v2".into(), &"HelmRelease".into())
    );
    let spec = &document["spec"];
    let chart = &spec["chart"]["spec"];
    assert_eq!((&chart["chart"], &chart["version"]), (&"authentik".into(), &"2026.5.3".into()));
    assert_eq!(
        (&chart["sourceRef"]["kind"], &chart["sourceRef"]["name"]),
        (&"HelmRepository".into(), &"authentik".into())
    );
    assert_eq!(spec["install"]["remediation"]["retries"], -1);
    assert_eq!(spec["upgrade"]["remediation"]["retries"], 3);
    assert_eq!(spec["upgrade"]["remediation"]["remediateLastFailure"], false);
    assert_eq!(spec["driftDetection"]["mode"], "enabled");
    assert_eq!(sample.follows_from(&path, "2026.5.3"), ["2026.5.3"]);
}

#[test]
fn the_database_and_the_mail_server_are_those_of_the_inventory() {
    let values = values(&rendered(&[]));
    let database = &values["authentik"]["postgresql"];
    assert_eq!(database["host"], "192.168.68.7");
    assert_eq!(database["port"], 5432);
    assert_eq!((&database["name"], &database["user"]), (&"authentik".into(), &"authentik".into()));
    assert_eq!(database["sslmode"], "prefer");
    assert_eq!(values["postgresql"]["enabled"], false, "the chart's own database is off");
    let email = &values["authentik"]["email"];
    assert_eq!((&email["host"], &email["port"]), (&"smtp.gmail.com".into(), &587.into()));
    assert_eq!((&email["use_tls"], &email["use_ssl"]), (&true.into(), &false.into()));
    assert_eq!((&email["from"], &email["timeout"]), (&"auth@hdhomelab.com".into(), &30.into()));
}

#[test]
fn every_secret_value_comes_from_a_secret() {
    let values = values(&rendered(&[]));
    for (name, secret, key) in [
        ("AUTHENTIK_SECRET_KEY", "authentik-config", "secret_key"),
        ("AUTHENTIK_POSTGRESQL__PASSWORD", "authentik-postgres", "password"),
        ("AUTHENTIK_EMAIL__USERNAME", "authentik-smtp-credentials", "username"),
        ("AUTHENTIK_EMAIL__PASSWORD", "authentik-smtp-credentials", "password"),
        ("AUTHENTIK_BOOTSTRAP_TOKEN", "authentik-token", "token"),
    ] {
        let variable = variable(&values, name).unwrap_or_else(|| panic!("{name} is set"));
        let reference = &variable["valueFrom"]["secretKeyRef"];
        assert_eq!((&reference["name"], &reference["key"]), (&secret.into(), &key.into()), "{name}");
        assert!(variable.get("value").is_none(), "{name}");
    }
    for (section, key) in [("postgresql", "password"), ("email", "password"), ("email", "username")] {
        assert!(values["authentik"][section].get(key).is_none(), "{section}.{key}");
    }
    assert!(values["authentik"].get("secret_key").is_none());
}

#[test]
fn people_reach_the_server_by_an_ingress_with_the_certificate_of_a_secret() {
    let values = values(&rendered(&[]));
    let ingress = &values["server"]["ingress"];
    assert_eq!((&ingress["enabled"], &ingress["ingressClassName"]), (&true.into(), &"traefik".into()));
    assert_eq!(texts(&ingress["hosts"]), ["auth.hdhomelab.com"]);
    assert_eq!(ingress["tls"][0]["secretName"], "auth-tls");
    assert_eq!(texts(&ingress["tls"][0]["hosts"]), ["auth.hdhomelab.com"]);
    assert!(ingress.get("annotations").is_none());
    assert_eq!((&values["server"]["replicas"], &values["worker"]["replicas"]), (&1.into(), &1.into()));
}

#[test]
fn an_issuer_makes_the_certificate_where_there_is_none() {
    let values = values(&rendered(&[("secret: auth-tls", "issuer: letsencrypt")]));
    let ingress = &values["server"]["ingress"];
    assert_eq!(ingress["annotations"]["cert-manager.io/cluster-issuer"], "letsencrypt");
    assert_eq!(ingress["tls"][0]["secretName"], "authentik-tls");
}

#[test]
fn ssl_and_no_encryption_are_never_starttls() {
    let ssl = values(&rendered(&[("port: 587\n    encryption: starttls", "port: 465\n    encryption: ssl")]));
    assert_eq!(
        (&ssl["authentik"]["email"]["use_tls"], &ssl["authentik"]["email"]["use_ssl"]),
        (&false.into(), &true.into())
    );
    let none = values(&rendered(&[("port: 587\n    encryption: starttls", "port: 25\n    encryption: none")]));
    assert_eq!(
        (&none["authentik"]["email"]["use_tls"], &none["authentik"]["email"]["use_ssl"]),
        (&false.into(), &false.into())
    );
}

#[test]
fn redis_is_there_only_before_2025_10() {
    let of = |version: &str| values(&rendered(&[("version: 2026.5.3", &format!("version: {version}"))]));
    assert_eq!(of("2025.8.4")["redis"]["enabled"], true);
    for version in ["2025.10.0", "2025.10.3", "2026.5.3"] {
        assert!(of(version).get("redis").is_none(), "{version}");
    }
}

#[test]
fn the_base_url_is_set_from_2026_8_on() {
    let of = |version: &str| values(&rendered(&[("version: 2026.5.3", &format!("version: {version}"))]));
    assert!(variable(&of("2026.5.6"), "AUTHENTIK_WEB__BASE_URL").is_none());
    let variable = variable(&of("2026.8.0"), "AUTHENTIK_WEB__BASE_URL").expect("it is set");
    assert_eq!(variable["value"], "https://auth.hdhomelab.com");
}

#[test]
fn the_chart_runs_a_sender_through_tpl_without_executing_it() {
    let sample = rendered(&[("from: auth@hdhomelab.com", r#"from: 'Lab ${x} "{{ .Values }}" <auth@hdhomelab.com>'"#)]);
    let from = values(&sample)["authentik"]["email"]["from"].clone();
    // `{{ "{{" }}` prints the two braces when Helm runs it.
    assert_eq!(from, r#"Lab ${x} "{{ "{{" }} .Values }}" <auth@hdhomelab.com>"#);
}

#[test]
fn the_environment_names_each_variable_once() {
    let values = values(&rendered(&[]));
    let mut all = names(&values["global"]["env"]);
    let before = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), before);
}
