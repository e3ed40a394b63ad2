//! A secret that stands in the repository as it is.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diagnostic::Span;
use manifest::{Value, read};
use syntax::hcl::{self, Item};
use syntax::yaml::{Node, plain};

use crate::rules::unencrypted_sops_file;
use crate::tofu::secret::{is_name, is_secret, password_of};
use crate::{Content, File, Findings, Kind, Repo};

crate::rule! {
    /// A secret stands in the repository in clear text.
    ///
    /// ## Why
    /// Whoever can read the repository, now or later, has the secret, and git does not forget it; what is in base64 is
    /// not encrypted ([Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)).
    ///
    /// Looked at are Secrets, ConfigMaps, the values of HelmReleases, files of variables, and only what is called a
    /// password, a token or a key and looks like one.
    ///
    /// ## Fix
    /// Keep it in Vault and read it by an ExternalSecret, or encrypt the file with SOPS; and change the secret.
    ///
    /// ## Example
    /// ```text
    /// #- apps/notes/secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: { name: notes, namespace: apps }
    /// stringData:
    ///   username: notes
    ///   password: Tr0ub4dor-3x
    /// #           ^^^^^^^^^^^^ error[plain-secret]: `password` of Secret `notes` stands here in clear text
    /// ```
    ///
    /// Fetched from Vault:
    /// ```text
    /// #- apps/notes/secret.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: notes, namespace: apps }
    /// spec:
    ///   secretStoreRef: { kind: ClusterSecretStore, name: vault }
    ///   data:
    ///     - { secretKey: password, remoteRef: { key: apps/notes, property: password } }
    /// ```
    ///
    /// ## When to allow
    /// When it protects nothing, as the password of a database that only lives as long as a test.
    "plain-secret", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    // What SOPS was to encrypt is told as that.
    let told: BTreeSet<_> = unencrypted_sops_file::in_repo(repo).into_iter().map(|clear| &clear.file.path).collect();
    for file in repo.files.iter().filter(|file| !file.is_shown() && !told.contains(&file.path)) {
        let mut found = Vec::new();
        match (&file.content, file.kind) {
            (Content::Yaml(documents), Kind::Yaml) => {
                documents.iter().for_each(|document| in_object(&document.root, &mut found));
            }
            (Content::Hcl(parsed), Kind::Tfvars) => in_variables(&parsed.body, &mut found),
            (Content::Text, Kind::TakenIn) => in_lines(repo, file, &mut found),
            _ => {}
        }
        for (name, of, place) in found {
            let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
            findings
                .report(place, format!("`{name}`{of} stands here in clear text"))
                .help("keep it in Vault or encrypt it with SOPS; change it, since git remembers it");
        }
    }
}

/// The name of a secret, what it belongs to, and where it stands.
type Found = (String, String, Span);

fn in_object(root: &Node, found: &mut Vec<Found>) {
    // SOPS encrypts the values it is told to, and leaves the others on purpose.
    if root.get("sops").is_some() {
        return;
    }
    let Some(kind) = root.get("kind").and_then(|kind| Some(kind.scalar()?.text.as_str())) else { return };
    let at = match kind {
        "Secret" => &["data", "stringData"][..],
        "ConfigMap" => &["data"],
        "HelmRelease" => &["spec"],
        _ => return,
    };
    let value = read(root, plain::kubernetes);
    let named = value.at(&["metadata", "name"]).and_then(Value::text).unwrap_or_default();
    let of = format!("{kind} `{named}`");
    for part in at {
        let Some(part_value) = value.get(part) else { continue };
        match kind {
            "Secret" => in_secret(part_value, *part == "data", &of, found),
            "ConfigMap" => in_map(part_value, &of, found),
            _ => {
                if let Some(values) = part_value.get("values") {
                    in_values(values, &of, found);
                }
            }
        }
    }
}

fn in_secret(data: &Value, is_encoded: bool, of: &str, found: &mut Vec<Found>) {
    for entry in data.entries() {
        let (name, Some(text)) = (&entry.key.value, entry.value.text()) else { continue };
        let decoded = || String::from_utf8(STANDARD.decode(text.split_whitespace().collect::<String>()).ok()?).ok();
        let Some(plain) = (if is_encoded { decoded() } else { Some(text.to_owned()) }) else { continue };
        let is_one = is_key(&plain)
            || is_filled(&plain) && is_name(name) && is_secret(&plain) && is_no_word(&plain)
            || password_of(plain.trim()).is_some_and(|password| {
                plain.contains("://") && is_filled(&plain) && is_secret(password) && is_no_word(password)
            });
        if is_one {
            found.push((name.clone(), of.to_owned(), entry.value.span));
        }
    }
}

fn in_map(data: &Value, of: &str, found: &mut Vec<Found>) {
    for entry in data.entries() {
        if entry.value.text().is_some_and(|text| is_key(text) || is_name(&entry.key.value) && looks_random(text)) {
            found.push((entry.key.value.clone(), of.to_owned(), entry.value.span));
        }
    }
}

fn in_values(values: &Value, of: &str, found: &mut Vec<Found>) {
    in_map(values, of, found);
    // What names a Secret names a key of it too.
    let inner = values.entries().iter().filter(|entry| !entry.key.value.ends_with("Ref"));
    inner.for_each(|entry| in_values(&entry.value, of, found));
    for item in values.items() {
        let named = item.text_at("name").filter(|name| is_name(name));
        match (named, item.get("value")) {
            (Some(name), Some(value)) if value.text().is_some_and(looks_random) => {
                found.push((name.to_owned(), of.to_owned(), value.span));
            }
            _ => in_values(item, of, found),
        }
    }
}

fn in_variables(body: &hcl::Body, found: &mut Vec<Found>) {
    for item in &body.items {
        let Item::Attribute(attribute) = item else { continue };
        if let hcl::Kind::Text(text) = &attribute.value.kind
            && (is_key(text) || is_name(&attribute.name.value) && looks_random(text))
        {
            found.push((attribute.name.value.clone(), String::new(), attribute.value.span));
        }
    }
}

/// The lines `NAME=value` of a file that a kustomization takes in.
fn in_lines(repo: &Repo<'_>, file: &File, found: &mut Vec<Found>) {
    let text = &repo.sources.get(file.id).text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((name, value)) = line.trim_end().split_once('=')
            && is_name(name.trim())
            && looks_random(value.trim_matches(['"', '\'']))
        {
            let from = start + name.len() + 1;
            found.push((name.trim().to_owned(), String::new(), Span::new(file.id, from..from + value.len())));
        }
        start += line.len();
    }
}

/// Whether `text` is a private key as OpenSSL and OpenSSH write them, and not the frame of one.
fn is_key(text: &str) -> bool {
    let text = text.trim_start();
    let is_framed =
        text.starts_with("-----BEGIN ") && text.lines().next().is_some_and(|line| line.contains("PRIVATE KEY"));
    is_framed && is_filled(text) && text.len() > 150
}

/// Whether nothing is to be put into `text`, and it is not encrypted.
fn is_filled(text: &str) -> bool {
    !["{{", "${", "$(", "ENC[", "<", "%{", "..."].iter().any(|sign| text.contains(sign))
}

/// Whether `text` is more than a word: people name users, files and Secrets by words, and show with `admin`.
fn is_no_word(text: &str) -> bool {
    let text = text.trim();
    let is_address = text.contains("://") && password_of(text).is_none() || text.starts_with(['/', '.', '~']);
    !is_address
        && text.len() >= 6
        && !text.contains(char::is_whitespace)
        && text.bytes().any(|byte| !byte.is_ascii_lowercase() && !b"-_.".contains(&byte))
}

/// Whether `text` looks as if a machine had made it up, or a careful person: letters and digits, and no name of anything.
fn looks_random(text: &str) -> bool {
    let text = text.trim();
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().filter(|byte| is(byte)).count();
    let (digits, lower, upper) = (has(u8::is_ascii_digit), has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_upper_name = lower == 0 && text.contains('_');
    let is_name = upper == 0 && text.contains(['-', '.', '_', '/', ':']);
    is_filled(text)
        && is_secret(text)
        && is_no_word(text)
        && is_plain
        && text.len() >= 12
        && digits >= 2
        && lower + upper >= 2
        && !is_name
        && !is_upper_name
        && !text.contains(['/', ',', '@', ':'])
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn base64_keys_and_addresses_are_no_hiding_place() {
        check_rule(
            "plain-secret",
            "
#- apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: notes }
data:
  api_key: VHIwdWI0ZG9yLTN4
#          ^^^^^^^^^^^^^^^^ error[plain-secret]: `api_key` of Secret `notes` stands here in clear text
  username: bm90ZXM=
stringData:
  DATABASE_URL: postgres://notes:Tr0ub4dor@db.example.org/notes
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[plain-secret]: `DATABASE_URL` of Secret `notes` stands here in clear text
# help: keep it in Vault or encrypt it with SOPS; change it, since git remembers it
",
        );
    }

    #[test]
    fn what_looks_made_up_by_a_machine_is_found_in_values_and_variables() {
        check_rule(
            "plain-secret",
            "
#- apps/notes.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: notes }
spec:
  values:
    smtp: { password: 8fK2mQ9xZr4T }
#                     ^^^^^^^^^^^^ error[plain-secret]: `password` of HelmRelease `notes` stands here in clear text
    env:
      - { name: API_TOKEN, value: 0a1b2c3d4e5f60718293 }
#                                 ^^^^^^^^^^^^^^^^^^^^ error[plain-secret]: `API_TOKEN` of HelmRelease `notes` stands here in clear text
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: notes }, data: { token: 8fK2mQ9xZr4T } }
#                                                                            ^^^^^^^^^^^^ error[plain-secret]: `token` of ConfigMap `notes` stands here in clear text
#- tofu/home.tfvars
vault_token = \"8fK2mQ9xZr4T\"
#             ^^^^^^^^^^^^^^ error[plain-secret]: `vault_token` stands here in clear text
#- apps/kustomization.yaml
resources: [notes.yaml]
secretGenerator: [{ name: env, envs: [.env] }]
#- apps/.env
APP_PASSWORD=8fK2mQ9xZr4T
#            ^^^^^^^^^^^^ error[plain-secret]: `APP_PASSWORD` stands here in clear text
",
        );
    }

    #[test]
    fn what_is_no_secret_or_is_not_in_clear_is_left_alone() {
        check_rule(
            "plain-secret",
            "
#- apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: notes }
data:
  password: Y2hhbmdlbWU=
stringData:
  password: changeme
  token: <TOKEN>
  secret: ${SECRET_DOMAIN}
  api_token: '{{ .Values.token }}'
  smtp_password: password
  admin_password: ''
  private_key: REPLACE_ME
  token_url: https://auth.example.org/token2
  client_id: 8fK2mQ9xZr4T
  secret_name: notes-2
  DATABASE_URL: postgres://notes:${PASSWORD}@db.example.org/notes
---
apiVersion: v1
kind: Secret
metadata: { name: held }
stringData: { password: 'ENC[AES256_GCM,data:8fK2mQ9xZr4T,type:str]' }
sops: { version: 3.9.0 }
---
{ apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: { name: a }, spec: { encryptedData: { password: AgB8fK2mQ9xZr4T } } }
#- apps/notes.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: notes }
spec:
  values:
    existingSecret: notes-oauth-2024
    adminPassword: admin
    tokenReview: true
    passwordSecretRef: { name: a1b2c3d4e5f6g7h8, key: a1b2c3d4e5f6g7h8 }
    serviceAccountToken: /var/run/secrets/tokens/vault-token2
    secretImage: ghcr.io/example/secret2:1.12.4
    tokenTtl: 24h
    env:
      - { name: TOKEN_FILE, value: APP_TOKEN_12_FILE_34 }
      - { name: API_TOKEN, valueFrom: { secretKeyRef: { name: a, key: b } } }
#- tests/secret.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes }, stringData: { password: Tr0ub4dor-3x } }
#- apps/secret.example.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes }, stringData: { password: Tr0ub4dor-3x } }
#- .sops.yaml
creation_rules: [{ path_regex: 'encrypted/.*' }]
#- encrypted/secret.yaml
{ apiVersion: v1, kind: Secret, metadata: { name: notes }, stringData: { password: Tr0ub4dor-3x } }
#- tofu/home.tfvars
token = \"\"
",
        );
    }
}
