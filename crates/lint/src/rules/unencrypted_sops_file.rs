//! A file that SOPS is told to encrypt, and that is in clear.

use camino::Utf8Path;
use diagnostic::Span;
use manifest::{Content, Value, read};
use regex::Regex;
use syntax::yaml::plain;

use crate::tofu::secret::{is_elsewhere, is_name, is_placeholder, is_public};
use crate::{File, Findings, Kind, Repo};

crate::rule! {
    /// A file that SOPS should encrypt is committed in clear.
    ///
    /// ## Why
    /// `.sops.yaml` says which files are encrypted, but nothing does it by itself: a file that was saved without `sops`
    /// is there for every reader of the repository, and git does not forget it
    /// ([creation rules](https://getsops.io/docs/#using-sops-yaml-conf-to-select-kms-pgp-and-age-for-new-files)).
    ///
    /// Looked at are files that the rule means by a name with `sops`, `secret` or `enc` in it, and of other files what
    /// Secrets call a password, a token or a key.
    ///
    /// ## Fix
    /// Run `sops --encrypt --in-place` on it, and change what stood in it.
    ///
    /// ## Example
    /// ```text
    /// #- .sops.yaml
    /// creation_rules:
    ///   - path_regex: .*\.sops\.ya?ml
    /// #               ^^^^^^^^^^^^^^^ related: this rule is for it
    ///     encrypted_regex: ^(data|stringData)$
    ///     age: age1example
    /// #- apps/notes/secret.sops.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: { name: notes, namespace: apps }
    /// stringData:
    ///   password: hunter2
    /// #           ^^^^^^^ error[unencrypted-sops-file]: `apps/notes/secret.sops.yaml` is not encrypted
    /// ```
    ///
    /// Encrypted:
    /// ```text
    /// #- .sops.yaml
    /// creation_rules:
    ///   - path_regex: .*\.sops\.ya?ml
    ///     encrypted_regex: ^(data|stringData)$
    ///     age: age1example
    /// #- apps/notes/secret.sops.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: { name: notes, namespace: apps }
    /// stringData:
    ///   password: ENC[AES256_GCM,data:3w==,iv:aQ==,tag:bQ==,type:str]
    /// sops:
    ///   mac: ENC[AES256_GCM,data:3w==,iv:aQ==,tag:bQ==,type:str]
    ///   version: 3.9.0
    /// ```
    ///
    /// ## When to allow
    /// When nothing in it is a secret, and the rule is only wider than need be.
    "unencrypted-sops-file", Error, Repository, check
}

/// One of the creation rules of a `.sops.yaml`.
struct Creation {
    path: Option<(Regex, Span)>,
    /// Whether the rule means files for what they are called.
    is_named: bool,
    encrypted: Option<Regex>,
    unencrypted: Option<Regex>,
    encrypted_suffix: Option<String>,
    unencrypted_suffix: Option<String>,
}

/// A file that should be encrypted.
pub(super) struct Clear<'r> {
    pub(super) file: &'r File,
    place: Span,
    rule: Span,
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for Clear { file, place, rule } in in_repo(repo) {
        findings
            .report(place, format!("`{}` is not encrypted", file.path))
            .related(rule, "this rule is for it")
            .help(format!("run `sops --encrypt --in-place {}`, and change what stands in it", file.path));
    }
}

/// Every file that should be encrypted and is not.
pub(super) fn in_repo<'r>(repo: &'r Repo<'_>) -> Vec<Clear<'r>> {
    let (configs, others): (Vec<_>, Vec<_>) =
        repo.files.of(Kind::Yaml).partition(|file| file.path.file_name() == Some(".sops.yaml"));
    let configs: Vec<_> =
        configs.into_iter().filter_map(|file| Some((file.path.parent()?, creations(file)?))).collect();
    let judge = |file: &'r File| {
        // SOPS takes the nearest one above.
        let above = configs.iter().filter(|(folder, _)| file.path.starts_with(folder));
        let (folder, creations) = above.max_by_key(|(folder, _)| folder.components().count())?;
        let path = file.path.strip_prefix(folder).unwrap_or(&file.path);
        let applies =
            |creation: &&Creation| creation.path.as_ref().is_none_or(|(regex, _)| regex.is_match(path.as_str()));
        let creation = creations.iter().find(applies)?;
        let (_, rule) = creation.path.as_ref()?;
        Some(Clear { file, place: clear(file, creation)?, rule: *rule })
    };
    others.into_iter().filter_map(judge).collect()
}

/// The rules in `file`, in order; `None` if one of them is not understood.
fn creations(file: &File) -> Option<Vec<Creation>> {
    let [document] = file.yaml() else { return None };
    let value = read(&document.root, plain::kubernetes);
    value.items_at("creation_rules").iter().map(creation).collect()
}

fn creation(rule: &Value) -> Option<Creation> {
    let regex = |field: &str| match rule.text_at(field) {
        Some(text) => Regex::new(text).ok().map(Some),
        None => Some(None),
    };
    let path = rule.get("path_regex").filter(|path| !path.is_null());
    let text = path.and_then(Value::text).unwrap_or_default().to_lowercase();
    let suffix = |field: &str| rule.text_at(field).map(str::to_owned);
    Some(Creation {
        path: regex("path_regex")?.zip(path.map(|path| path.span)),
        is_named: ["sops", "secret", "enc"].iter().any(|word| text.contains(word)),
        encrypted: regex("encrypted_regex")?,
        unencrypted: regex("unencrypted_regex")?,
        encrypted_suffix: suffix("encrypted_suffix"),
        unencrypted_suffix: suffix("unencrypted_suffix"),
    })
}

/// The first value in `file` that should be encrypted and is not; `None` if it is encrypted, or need not be.
fn clear(file: &File, creation: &Creation) -> Option<Span> {
    let documents: Vec<_> = file.yaml().iter().map(|document| read(&document.root, plain::kubernetes)).collect();
    if documents.iter().any(|document| document.get("sops").is_some()) || is_part_of_a_tool(&file.path) {
        return None;
    }
    documents.iter().find_map(|document| {
        let is_secret = document.text_at("kind") == Some("Secret");
        let is_object = document.get("kind").is_some() || document.get("apiVersion").is_some();
        let says_sops = file.path.file_name().is_some_and(|name| name.contains("sops"));
        if !(is_secret || creation.is_named && (!is_object || says_sops)) {
            return None;
        }
        // Everything but what SOPS adds itself is encrypted, where nothing else is said: of an object what it holds.
        if is_secret {
            let mut parts = ["data", "stringData"].into_iter().filter_map(|part| Some((part, document.get(part)?)));
            return parts.find_map(|(part, value)| match creation.is_named {
                true => in_clear(value, creation, creation.covers(part, None)),
                // The rule is for files of any kind, so only what is called a secret counts.
                false => value.entries().iter().filter(|entry| is_name(&entry.key.value)).find_map(|entry| {
                    let covers = creation.covers(&entry.key.value, creation.covers(part, None));
                    in_clear(&entry.value, creation, covers)
                }),
            });
        }
        in_clear(document, creation, None)
    })
}

/// What other tools read beside the files that they are about.
fn is_part_of_a_tool(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.starts_with('.') || name == "Chart.yaml" || kustomize::NAMES.contains(&name)
}

impl Creation {
    /// Whether what stands behind `key` is encrypted, where `around` is what holds for what it stands in.
    fn covers(&self, key: &str, around: Option<bool>) -> Option<bool> {
        let is = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(key));
        let ends = |suffix: &Option<String>| suffix.as_ref().is_some_and(|suffix| key.ends_with(suffix));
        if is(&self.encrypted) || ends(&self.encrypted_suffix) {
            Some(true)
        } else if is(&self.unencrypted) || ends(&self.unencrypted_suffix) {
            Some(false)
        } else {
            around
        }
    }

    fn is_all(&self) -> bool {
        self.encrypted.is_none() && self.encrypted_suffix.is_none()
    }
}

/// The first text in `value` that should be encrypted and looks as if it were one.
fn in_clear(value: &Value, creation: &Creation, around: Option<bool>) -> Option<Span> {
    match &value.content {
        Content::Map(entries) => {
            entries.iter().find_map(|entry| in_clear(&entry.value, creation, creation.covers(&entry.key.value, around)))
        }
        Content::List(items) => items.iter().find_map(|item| in_clear(item, creation, around)),
        Content::Text(text) if around.unwrap_or(creation.is_all()) => {
            let is_open = text.contains("{{") || text.contains("${");
            (!is_placeholder(text) && !is_elsewhere(text) && !is_public(text) && !is_open).then_some(value.span)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::check_rule;

    #[test]
    fn the_nearest_file_and_its_first_rule_that_fits_count() {
        check_rule(
            "unencrypted-sops-file",
            r"
#- .sops.yaml
creation_rules:
  - path_regex: clusters/.*
  - path_regex: apps/.*\.sops\.yaml
    unencrypted_regex: ^(kind|name)$
#- apps/.sops.yaml
creation_rules:
  - path_regex: other/
  - path_regex: secrets/.*
#               ^^^^^^^^^^ related: this rule is for it
    unencrypted_suffix: _plain
#- apps/values.sops.yaml
password: hunter2
#- apps/secrets/values.yaml
host_plain: db.example.org
password: hunter2
#         ^^^^^^^ error[unencrypted-sops-file]: `apps/secrets/values.yaml` is not encrypted
# help: run `sops --encrypt --in-place apps/secrets/values.yaml`, and change what stands in it
",
        );
    }

    #[test]
    fn a_secret_counts_whatever_the_rule_is_called() {
        check_rule(
            "unencrypted-sops-file",
            r"
#- .sops.yaml
creation_rules:
  - path_regex: clusters/.*\.yaml
#               ^^^^^^^^^^^^^^^^^ related: this rule is for it
    encrypted_regex: ^(data|stringData)$
#- clusters/home.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { host: db.example.org }
---
apiVersion: v1
kind: Secret
metadata: { name: notes }
data: { username: bm90ZXM=, password: aHVudGVyMg== }
#                                     ^^^^^^^^^^^^ error[unencrypted-sops-file]: `clusters/home.yaml` is not encrypted
#- clusters/public.yaml
apiVersion: v1
kind: Secret
metadata: { name: database }
stringData: { username: notes, password: '${DATABASE_PASSWORD}', host: db.example.org }
",
        );
    }

    #[test]
    fn what_is_encrypted_or_need_not_be_is_left_alone() {
        check_rule(
            "unencrypted-sops-file",
            r"
#- .sops.yaml
creation_rules:
  - path_regex: secrets/.*
    encrypted_regex: ^(data|stringData|password)$
  - age: age1example
#- secrets/kustomization.yaml
resources: [external.yaml]
#- secrets/external.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes }
spec: { data: [{ secretKey: password, remoteRef: { key: notes } }] }
#- secrets/values.yaml
host: db.example.org
password: ''
#- secrets/shown.yaml
apiVersion: v1
kind: Secret
metadata: { name: shown }
stringData: { password: changeme, token: '${TOKEN}', other: <token>, keys: ssh-ed25519 AAAAC3 alex@example.org }
#- secrets/done.yaml
apiVersion: v1
kind: Secret
metadata: { name: done }
data: { password: 'ENC[AES256_GCM,data:3w==]' }
sops: { version: 3.9.0 }
#- apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: other }
stringData: { password: hunter2 }
",
        );
    }
}
