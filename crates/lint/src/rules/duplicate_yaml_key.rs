//! A key that a YAML mapping has twice.

use std::collections::HashMap;

use diagnostic::Severity;
use syntax::yaml::{Content, Node, Pair};

use crate::{Findings, Kind, Repo};

crate::rule! {
    /// A YAML mapping has the same key twice.
    ///
    /// ## Why
    /// kustomize refuses such a document, and with it everything that the Flux Kustomization applies:
    /// `mapping key "…" already defined at line …`
    /// ([kustomize-controller#243](https://github.com/fluxcd/kustomize-controller/issues/243)). Readers that accept
    /// it take the last value and say nothing, so half of what was written has no effect.
    ///
    /// It is an error in a Kubernetes object, that is a document with `apiVersion` and `kind`, and a warning elsewhere.
    ///
    /// ## Fix
    /// Keep one of the two, or put what stands below them together under one key.
    ///
    /// ## Example
    /// ```text
    /// #- flux/apps/base/grafana/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: grafana
    ///   labels: { app: grafana }
    /// # ^^^^^^ related: it stands here first
    ///   labels: { team: home }
    /// # ^^^^^^ error[duplicate-yaml-key]: `labels` is written twice
    /// ```
    ///
    /// Together:
    /// ```text
    /// #- flux/apps/base/grafana/service.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: grafana
    ///   labels: { app: grafana, team: home }
    /// ```
    ///
    /// ## When to allow
    /// When a file that is no Kubernetes object goes to a reader that gathers the values of one key.
    "duplicate-yaml-key", Error, Flux, check
}

/// So many keys are few.
const FEW: usize = 16;

fn check(repo: &Repo<'_>, findings: &mut Findings<'_>) {
    for document in repo.files.of(Kind::Yaml).flat_map(|file| file.yaml()) {
        let has =
            |name: &str| document.root.mapping().is_some_and(|pairs| pairs.iter().any(|pair| key(pair) == Some(name)));
        let severity = if has("apiVersion") && has("kind") { Severity::Error } else { Severity::Warning };
        walk(&document.root, severity, findings);
    }
}

/// The tree nests no deeper than YAML may. What an alias stands for is looked at where it is written.
fn walk(node: &Node, severity: Severity, findings: &mut Findings<'_>) {
    match &node.content {
        _ if node.alias().is_some() => {}
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| walk(item, severity, findings)),
        Content::Mapping(pairs) => {
            let mut seen = HashMap::new();
            for (at, pair) in pairs.iter().enumerate() {
                // Of a few, looking at each takes less than to keep what was seen.
                let first = match key(pair) {
                    Some(name) if pairs.len() <= FEW => pairs[..at].iter().find(|other| key(other) == Some(name)),
                    Some(name) => Some(*seen.entry(name).or_insert(pair)).filter(|first| !std::ptr::eq(*first, pair)),
                    None => None,
                };
                if let (Some(name), Some(first)) = (key(pair), first) {
                    findings
                        .report(pair.key.span, format!("`{name}` is written twice"))
                        .related(first.key.span, "it stands here first")
                        .help("keep one of them")
                        .severity(severity);
                }
                walk(&pair.key, severity, findings);
                walk(&pair.value, severity, findings);
            }
        }
    }
}

fn key(pair: &Pair) -> Option<&str> {
    pair.key.scalar().map(|scalar| scalar.text.as_str())
}

#[cfg(test)]
mod tests {
    use crate::tests::check;

    #[test]
    fn a_key_is_the_same_however_it_is_quoted() {
        check(
            r#"
#- compose.yaml
services:
  app: { image: nginx }
# ^^^ related: it stands here first
  "app": { image: caddy }
# ^^^^^ warning[duplicate-yaml-key]: `app` is written twice
  'app': {}
# ^^^^^ warning[duplicate-yaml-key]: `app` is written twice
"#,
        );
    }

    #[test]
    fn each_document_is_judged_for_itself() {
        check(
            "
#- all.yaml
a: 1
a: 2
^ warning[duplicate-yaml-key]: `a` is written twice
# help: keep one of them
---
apiVersion: v1
kind: ConfigMap
data:
  a: 1
  a: 2
# ^ error[duplicate-yaml-key]: `a` is written twice
",
        );
    }

    #[test]
    fn one_key_in_two_mappings_or_behind_an_alias_is_left_alone() {
        check(
            "
#- all.yaml
one: &one { a: 1 }
two: { a: 1 }
three: { <<: *one, a: 2 }
four: [*one, *one, { a: 1 }, { a: 2 }]
",
        );
    }

    #[test]
    fn what_an_alias_stands_for_is_reported_once() {
        check(
            "
#- all.yaml
one: &one { a: 1, a: 2 }
#                 ^ warning[duplicate-yaml-key]: `a` is written twice
two: [*one, *one]
",
        );
    }

    #[test]
    fn a_chart_s_template_is_no_yaml_yet() {
        check(
            "
#- charts/app/Chart.yaml
name: app
#- charts/app/templates/service.yaml
{{- if .Values.one }}
kind: Service
{{- end }}
kind: Deployment
",
        );
    }
}
