//! Findings as SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Label, Severity, Sources};
use serde_json::{Value, json};

use crate::fingerprint::Fingerprints;

/// What is told about a rule beside its findings.
#[derive(Clone, Debug)]
pub struct About {
    /// The id.
    pub id: &'static str,
    /// What it is about: `identity`.
    pub family: &'static str,
    /// One sentence.
    pub title: String,
    /// The page, in Markdown.
    pub page: String,
    /// How much it usually weighs, where that is known.
    pub severity: Option<Severity>,
}

/// The name that paths are relative to.
const BASE: &str = "SRCROOT";

/// `found` in the order given, of the tool `labtree` at `version`. Of `rules`, those that were broken are described.
/// `folder` is where the root lies in the git repository, with a `/` behind, or `""`. With `is_compared`, what was there
/// before has been taken out of `found`, so that all of it is new.
pub fn sarif(
    sources: &Sources,
    found: &[Diagnostic],
    rules: &[About],
    version: &str,
    folder: &str,
    is_compared: bool,
) -> Value {
    let broken: Vec<_> = rules.iter().filter(|rule| found.iter().any(|finding| finding.rule == rule.id)).collect();
    let index: BTreeMap<_, _> = broken.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = found
        .iter()
        .map(|finding| {
            let mut result = result(sources, finding, folder);
            if let Some(index) = index.get(finding.rule) {
                result["ruleIndex"] = (*index).into();
            }
            if is_compared {
                result["baselineState"] = "new".into();
            }
            result["partialFingerprints"] = json!({ "labtree/v1": fingerprints.next(sources, finding, folder) });
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "labtree",
                "semanticVersion": version,
                "rules": broken.iter().map(|rule| described(rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: { "description": { "text": "The root of the repository." } } },
            "results": results,
        }],
    })
}

fn described(rule: &About) -> Value {
    let mut described = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.title },
        "help": { "text": rule.page, "markdown": rule.page },
        "properties": { "tags": [rule.family] },
    });
    if let Some(severity) = rule.severity {
        described["defaultConfiguration"] = json!({ "level": level(severity) });
    }
    described
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn result(sources: &Sources, finding: &Diagnostic, folder: &str) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let related: Vec<_> = finding
        .related
        .iter()
        .enumerate()
        .map(|(id, label)| {
            let mut related = place(sources, label, folder);
            related["id"] = id.into();
            related["message"] = json!({ "text": label.text });
            related
        })
        .collect();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [place(sources, &finding.primary, folder)],
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn place(sources: &Sources, label: &Label, folder: &str) -> Value {
    let place = sources.location(label.span);
    let path = format!("{folder}{}", sources.path(label.span));
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&path), "uriBaseId": BASE },
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    } })
}

/// `path` as a relative reference of RFC 3986. Its first part may hold no colon, or it would be taken for a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'=' | b',' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests;
