//! Findings as a report for GitLab's Code Quality: the part of Code Climate's format that GitLab reads.

use diagnostic::{Diagnostic, Severity, Sources, Span};
use serde_json::{Value, json};

use crate::fingerprint::Fingerprints;

/// `found` in the order given. `folder` is where the root lies in the git repository, with a `/` behind, or `""`.
pub fn gitlab(sources: &Sources, found: &[Diagnostic], folder: &str) -> Value {
    let mut fingerprints = Fingerprints::default();
    let one = |finding: &Diagnostic| {
        let (severity, category) = weight(finding.severity);
        let related: Vec<_> = finding.related.iter().map(|label| location(sources, label.span, folder)).collect();
        json!({
            "type": "issue",
            "check_name": finding.rule,
            "description": described(finding),
            "categories": [category],
            "severity": severity,
            "fingerprint": fingerprints.next(sources, finding, folder),
            "location": location(sources, finding.primary.span, folder),
            "other_locations": related,
        })
    };
    found.iter().map(one).collect()
}

/// The message and the help, in one line: there is no other field that GitLab shows.
fn described(finding: &Diagnostic) -> String {
    let text = match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn location(sources: &Sources, span: Span, folder: &str) -> Value {
    let place = sources.location(span);
    json!({
        "path": format!("{folder}{}", sources.path(span)),
        "lines": { "begin": place.line, "end": place.end_line },
    })
}

/// The severity and the category. GitLab's words go on to `blocker`, and have `minor` between these; nothing that is
/// found here is either.
fn weight(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("critical", "Bug Risk"),
        Severity::Warning => ("major", "Bug Risk"),
        Severity::Hint => ("info", "Style"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_issues_of_code_quality() {
        let (sources, found) = samples::all();
        insta::assert_json_snapshot!(gitlab(&sources, &found, ""));
    }

    #[test]
    fn the_root_below_the_repository_stands_before_each_path() {
        let (sources, found) = samples::all();
        assert_eq!(gitlab(&sources, &found, "home/")[0]["location"]["path"], "home/inventory/media.yaml");
    }
}
