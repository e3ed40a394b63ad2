//! A template of an ExternalSecret that reads what is not fetched.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diagnostic::nearest;
use manifest::Value;
use regex::Regex;

use crate::identity::workloads::within;
use crate::{Findings, Repo};

crate::rule! {
    /// The template of an ExternalSecret reads a key that the ExternalSecret does not fetch.
    ///
    /// ## Why
    /// A key that is missing is an error of the template: the Secret is not made, or stays as it was, and the
    /// ExternalSecret is not ready
    /// ([Advanced templating](https://external-secrets.io/latest/guides/templating/)).
    ///
    /// Nothing is said where `dataFrom` may fetch any key, nor of a template in which the dot may stand for another thing.
    ///
    /// ## Fix
    /// Correct the key, or fetch it.
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
    /// #- clusters/home/notes.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: notes, namespace: apps }
    /// spec:
    ///   target:
    ///     template:
    ///       data:
    ///         DATABASE_URL: postgres://notes:{{ .passwort }}@db.example.org/notes
    /// #                                         ^^^^^^^^^ error[missing-template-key]: the template of ExternalSecret `notes` reads `passwort`, which it does not fetch
    ///   data:
    ///     - { secretKey: password, remoteRef: { key: apps/notes, property: password } }
    /// ```
    ///
    /// With the key that is fetched:
    /// ```text
    /// #- clusters/home/flux-system/gotk-sync.yaml
    /// apiVersion: kustomize.toolkit.fluxcd.io/v1
    /// kind: Kustomization
    /// metadata: { name: flux-system, namespace: flux-system }
    /// spec:
    ///   path: ./clusters/home
    ///   sourceRef: { kind: GitRepository, name: flux-system }
    /// #- clusters/home/notes.yaml
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: { name: notes, namespace: apps }
    /// spec:
    ///   target:
    ///     template:
    ///       data:
    ///         DATABASE_URL: postgres://notes:{{ .password }}@db.example.org/notes
    ///   data:
    ///     - { secretKey: password, remoteRef: { key: apps/notes, property: password } }
    /// ```
    ///
    /// ## When to allow
    /// When something else adds the key to the ExternalSecret in the cluster.
    "missing-template-key", Error, Secrets, check
}

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    let clusters = repo.flux.clusters.iter();
    let all =
        clusters.flat_map(|cluster| cluster.of("external-secrets.io", "ExternalSecret").map(move |one| (cluster, one)));
    for (cluster, object) in all {
        let Some(spec) = object.value.get("spec") else { continue };
        let Some(keys) = fetched(spec) else { continue };
        let texts = spec.at(&["target", "template"]).into_iter().flat_map(texts);
        for value in texts {
            for read in value.text().into_iter().flat_map(reads) {
                if keys.contains(read) {
                    continue;
                }
                let place = within(repo.sources, value.span, &format!(".{read}"), &format!(".{read}"));
                let message = format!(
                    "the template of ExternalSecret `{}` reads `{read}`, which it does not fetch",
                    object.name()
                );
                let report = findings.report_in(cluster, place, message);
                match nearest(read, keys.iter().copied()) {
                    Some(near) => report.help(format!("did you mean `{near}`?")),
                    None => report.help(format!("add it to `spec.data` with `secretKey: {read}`")),
                };
            }
        }
    }
}

/// The keys that are fetched; none where there may be others.
fn fetched(spec: &Value) -> Option<BTreeSet<&str>> {
    if spec.get("dataFrom").is_some_and(|from| !from.is_null()) {
        return None;
    }
    let data = spec.get("data").filter(|data| !data.has_unknown() && !data.items().is_empty())?;
    data.items().iter().map(|item| item.text_at("secretKey")).collect()
}

/// The texts that are filled in: those in `data`, and whole templates.
fn texts(template: &Value) -> impl Iterator<Item = &Value> {
    let data = ["data", "metadata"].into_iter().filter_map(|part| template.get(part));
    let inner = data.flat_map(|part| match part.get("annotations").or(part.get("labels")) {
        Some(_) => ["annotations", "labels"].iter().filter_map(|key| part.get(key)).flat_map(Value::entries).collect(),
        None => part.entries().iter().collect::<Vec<_>>(),
    });
    let literals = template.items_at("templateFrom").iter().filter_map(|from| from.get("literal"));
    inner.map(|entry| &entry.value).chain(literals)
}

/// The keys that a template reads: `password` of `{{ .password | quote }}`. In a template that is a text for another
/// one, or sets what the dot stands for, nobody knows.
fn reads(text: &str) -> Vec<&str> {
    static ACTION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{\{(.*?)\}\}").expect("the pattern is right"));
    static FIELD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[\s(|,])\.([A-Za-z_][A-Za-z0-9_]*)").expect("the pattern is right"));
    const OTHER_DOT: [&str; 5] = ["range", "with", "define", "template", "block"];
    let mut found = Vec::new();
    for action in ACTION.captures_iter(text) {
        let inner = action.get(1).map_or("", |inner| inner.as_str()).trim_matches('-');
        if OTHER_DOT.contains(&inner.split_whitespace().next().unwrap_or_default()) {
            return Vec::new();
        }
        // What stands in quotes is text, and what stands behind a variable is part of that.
        if !inner.contains(['"', '`', '$']) {
            found.extend(FIELD.captures_iter(inner).filter_map(|field| Some(field.get(1)?.as_str())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::reads;
    use crate::tests::check_rule;

    #[test]
    fn the_keys_that_a_template_reads_are_those_of_the_dot() {
        let table: [(&str, &[&str]); 8] = [
            ("{{ .a }}-{{.b}}", &["a", "b"]),
            ("{{- .a | b64enc -}}", &["a"]),
            ("{{ printf .a (lower .b) }}", &["a", "b"]),
            ("{{ if .a }}x{{ end }}", &["a"]),
            ("{{ range .a }}{{ .b }}{{ end }}", &[]),
            ("{{ index . \"a\" }}", &[]),
            ("{{ $x.a }} {{ \".b\" }}", &[]),
            ("{{ now.Year }} .a", &[]),
        ];
        for (text, keys) in table {
            assert_eq!(reads(text), keys, "{text}");
        }
    }

    #[test]
    fn what_may_be_fetched_and_what_is_for_another_template_is_left_alone() {
        check_rule(
            "missing-template-key",
            r#"
#- clusters/home/flux-system/gotk-sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/home, sourceRef: { kind: GitRepository, name: flux-system } }
#- clusters/home/notes.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: notes, namespace: apps }
spec:
  target: { template: { data: { A: "{{ .anything }}" } } }
  dataFrom: [{ extract: { key: notes } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: more, namespace: apps }
spec:
  target:
    template:
      data:
        A: "{{ .password }} {{ .user | upper }}"
        B: '{{ "{{ .Alert }}" }}'
        C: "{{ `{{ .Alert }}` }}"
        D: "{{ range .Alerts }}{{ .Name }}{{ end }}"
  data:
    - { secretKey: password, remoteRef: { key: notes } }
    - { secretKey: user, remoteRef: { key: notes } }
"#,
        );
    }
}
