//! Every entry of the catalog in a lab, rendered and judged; and entries of the lab's own.

use std::collections::BTreeSet;

use catalog::{Catalog, Protocol};
use diagnostic::Sources;
use yaml_serde::Value;

use crate::lab::{Lab, example_inventory};

/// Edits the example lab to use the other operator.
const BY_VAULT_SECRETS_OPERATOR: (&str, &str) = (
    "secrets: external-secrets\n  store:\n    kind: ClusterSecretStore\n    name: vault\n    # The mount in the store's own `path`.\n    path: infra\n",
    "secrets: vault-secrets-operator\n  store:\n    kind: VaultAuth\n    name: vault\n    namespace: vault-secrets\n",
);

/// An app of the inventory for an entry and a protocol of it: its key, its protocol, and its text.
struct App {
    key: String,
    protocol: Protocol,
    has_values: bool,
    text: String,
}

/// An app for each entry and each protocol that it knows, as `labtree new app` writes them, with all roles.
fn apps() -> Vec<App> {
    let mut sources = Sources::default();
    let catalog = Catalog::load(&mut sources, catalog::builtin(), [], &mut Vec::new());
    let mut apps = Vec::new();
    for entry in catalog.iter() {
        let texts = [(Protocol::Oidc, entry.oidc_text(&sources)), (Protocol::Ldap, entry.ldap_text(&sources))];
        for (protocol, identity) in texts.into_iter().filter_map(|(protocol, text)| Some((protocol, text?))) {
            let facts = &entry.facts;
            let key = format!("its-{}-{}", entry.key, protocol.as_str());
            let path = facts.path.as_ref().map_or("", |path| path.as_str());
            let mut text = format!(
                "  {key}:\n    url: https://{key}.hdhomelab.com{path}\n    catalog: {}\n    namespace: {key}\n    \
                 name: {:?}\n    category: {:?}\n    allow: [family, friends]\n",
                entry.key,
                facts.name.as_str(),
                facts.category.as_str()
            );
            if let Some(release) = &facts.release {
                text += &format!(
                    "    release: {{ repository: '{}', chart: {}, version: {} }}\n",
                    release.repository.as_str(),
                    release.chart.as_str(),
                    release.version.as_str()
                );
            }
            match identity.starts_with('{') {
                true => text += &format!("    {}: {identity}\n", protocol.as_str()),
                false => {
                    text += &format!("    {}:\n", protocol.as_str());
                    text.extend(identity.lines().map(|line| format!("      {line}\n")));
                }
            }
            let roles = facts.roles().filter(|_| protocol == Protocol::Oidc);
            if let Some(roles) = roles {
                text += "    roles:\n";
                text.extend(roles.names.iter().map(|role| format!("      {}: [admins, family]\n", role.name.as_str())));
            }
            let has_values = facts.client(protocol).is_some_and(|client| client.values.is_some());
            apps.push(App { key, protocol, has_values, text });
        }
    }
    apps
}

fn lab(apps: &[App], edits: &[(&str, &str)]) -> Lab {
    let lab = Lab::written();
    let mut inventory = example_inventory();
    for (from, to) in edits {
        assert!(inventory.contains(from), "{from}");
        inventory = inventory.replace(from, to);
    }
    inventory.extend(apps.iter().map(|app| app.text.as_str()));
    lab.write("inventory.yaml", inventory);
    lab
}

/// The keys that `values` read of the Secret `secret`: those beside its name.
fn read(values: &Value, secret: &str, keys: &mut BTreeSet<String>) {
    match values {
        Value::Mapping(pairs) => {
            let text = |key: &str| values.get(key).and_then(Value::as_str);
            let name = ["name", "secretName", "existingSecret"].iter().find_map(|key| text(key));
            if name == Some(secret) {
                keys.extend(["key", "secretKey"].iter().filter_map(|key| text(key)).map(str::to_owned));
            }
            pairs.values().for_each(|value| read(value, secret, keys));
        }
        Value::Sequence(items) => items.iter().for_each(|item| read(item, secret, keys)),
        _ => {}
    }
}

/// Every text in `value`, keys too.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Sequence(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Mapping(pairs) => pairs.iter().for_each(|(key, value)| {
            texts(key, found);
            texts(value, found);
        }),
        _ => {}
    }
}

fn document(lab: &Lab, path: &str) -> Value {
    yaml_serde::from_str(&lab.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the entries of a mapping.
fn keys(value: &Value) -> BTreeSet<String> {
    let keys = value.as_mapping().into_iter().flat_map(|pairs| pairs.keys());
    keys.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What an app's Secret has, by either operator; `None` where it has the keys of its path in Vault.
fn made(secret: &Value) -> Option<&Value> {
    let spec = &secret["spec"];
    spec["target"]["template"].get("data").or_else(|| spec["destination"]["transformation"].get("templates"))
}

#[test]
fn every_entry_is_rendered_for_either_operator_without_a_placeholder_left() {
    let apps = apps();
    for edits in [&[][..], &[BY_VAULT_SECRETS_OPERATOR]] {
        let lab = lab(&apps, edits);
        let ran = lab.run(&["generate"]).ended(0);
        assert_eq!(ran.rules(), [""; 0], "{ran}");
        for App { key, protocol, has_values, .. } in &apps {
            let folder = format!("flux/apps/base/{key}");
            let secret_name = format!("{key}-{}", protocol.as_str());
            let secret = document(&lab, &format!("{folder}/{secret_name}.yaml"));
            let vault = match protocol {
                Protocol::Oidc => ["client_id", "client_secret", "issuer"],
                Protocol::Ldap => ["bind_dn", "bind_password", "base_dn"],
            };
            let has = made(&secret).map_or_else(|| vault.map(str::to_owned).into(), keys);
            let mut all = vec![&secret];
            let release = lab.exists(&format!("{folder}/helmrelease.yaml"));
            let release = release.then(|| document(&lab, &format!("{folder}/helmrelease.yaml")));
            if let Some(release) = &release {
                let values = &release["spec"]["values"];
                assert_eq!(values.is_mapping(), *has_values, "{key}");
                let mut wanted = BTreeSet::new();
                read(values, &secret_name, &mut wanted);
                assert!(wanted.is_subset(&has), "{key} reads {wanted:?} of a Secret with {has:?}");
                all.push(release);
            }
            let mut found = Vec::new();
            all.into_iter().for_each(|value| texts(value, &mut found));
            let left = found.iter().find(|text| text.contains("%{"));
            assert_eq!(left, None, "{key}");
        }
        let page = lab.read("docs/authentik.md");
        assert!(!page.contains("%{"), "{}", page.lines().find(|line| line.contains("%{")).unwrap_or_default());
    }
}

#[test]
fn the_rules_are_silent_on_every_entry() {
    let lab = lab(&apps(), &[]);
    lab.run(&["generate"]).ended(0);
    let ran = lab.run(&["check"]).ended(0);
    assert_eq!(ran.rules(), [""; 0], "{ran}");
}

const OWN: &str = "\
name: Gitea of ours
description: Repositories
category: Development
oidc:
  identity:
    redirect_uris: [/user/oauth2/authentik/callback]
  client:
    secret:
      keys:
        OUR_KEY: 'id %{client_id} at %{host}'
  roles:
    claim: our_role
    names: { admin: boss }
sources:
  - what: what we found out
    url: https://wiki.example.org/gitea
    version: '1'
    covers: [oidc]
";

#[test]
fn an_entry_of_the_lab_s_own_wins_over_the_built_in_one() {
    let lab = Lab::example();
    lab.write("catalog/gitea.yaml", OWN);
    lab.run(&["generate"]).ended(0);
    let secret = document(&lab, "flux/apps/base/gitea/gitea-oidc.yaml");
    let data = &secret["spec"]["target"]["template"]["data"];
    assert_eq!(data["OUR_KEY"], "id {{ .client_id }} at git.hdhomelab.com");
    assert!(data.get("key").is_none());
    let why = lab.run(&["why", "flux/apps/base/gitea/gitea-oidc.yaml:19"]).ended(0);
    assert!(why.stdout.contains("catalog/gitea.yaml:10"), "{why}");
}

#[test]
fn a_fault_of_an_entry_of_the_lab_s_own_keeps_everything_from_being_written() {
    let lab = Lab::example();
    lab.write("catalog/gitea.yaml", OWN.replace("%{host}", "%{hots}"));
    let before = lab.tree();
    let ran = lab.run(&["generate"]).ended(1);
    assert_eq!(ran.rules(), ["unknown-placeholder"], "{ran}");
    assert!(ran.stderr.contains("catalog/gitea.yaml:10:18"), "{ran}");
    assert_eq!(lab.changes_since(&before), [""; 0]);
}

#[test]
fn an_entry_that_is_not_read_is_told() {
    let lab = Lab::example();
    lab.write("catalog/gitea.yml", OWN);
    let ran = lab.run(&["generate"]).ended(2);
    assert!(ran.stderr.contains("rename it to `catalog/gitea.yaml`"), "{ran}");
}

#[test]
fn a_lab_with_entries_of_its_own_has_their_schema_too() {
    let lab = Lab::example();
    let schema = "schemas/catalog.schema.json";
    lab.write("catalog/gitea.yaml", OWN);
    lab.run(&["generate"]).ended(0);
    assert_eq!(lab.read(schema), catalog::schema_text());
    assert!(lab.read("labtree.lock").contains(schema));
    lab.remove("catalog/gitea.yaml");
    let ran = lab.run(&["generate"]).ended(0);
    assert!(ran.stdout.contains(&format!("removed  {schema}")), "{ran}");
    assert!(!lab.exists(schema));
}
