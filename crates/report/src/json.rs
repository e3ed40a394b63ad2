//! Findings as JSON, version 1: lines and columns from 1, columns in characters, offsets in bytes, `/` in paths.

mod schema;

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Label, Severity, Sources};
use serde_json::{Map, Value, json};

pub use schema::schema_text;

/// `found` in the order given.
pub fn findings(sources: &Sources, found: &[Diagnostic]) -> Value {
    found.iter().map(|finding| one(sources, finding)).collect()
}

/// How many findings of each severity there are, and in how many files.
pub fn summary(sources: &Sources, found: &[Diagnostic]) -> Value {
    let count = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let files: BTreeSet<_> = found.iter().map(|finding| sources.path(finding.primary.span)).collect();
    json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "hints": count(Severity::Hint),
        "files": files.len(),
    })
}

fn one(sources: &Sources, finding: &Diagnostic) -> Value {
    let mut object = Map::new();
    object.insert("rule".into(), finding.rule.into());
    object.insert("severity".into(), finding.severity.name().into());
    object.insert("message".into(), finding.message.as_str().into());
    place(sources, &finding.primary, &mut object);
    object.insert("help".into(), finding.help.as_deref().into());
    let related: Value = finding.related.iter().map(|label| related(sources, label)).collect();
    object.insert("related".into(), related);
    object.into()
}

fn related(sources: &Sources, label: &Label) -> Value {
    let mut object = Map::new();
    place(sources, label, &mut object);
    object.insert("text".into(), label.text.as_str().into());
    object.into()
}

fn place(sources: &Sources, label: &Label, object: &mut Map<String, Value>) {
    let span = label.span;
    let location = sources.location(span);
    object.insert("path".into(), sources.path(span).into());
    object.insert("line".into(), location.line.into());
    object.insert("column".into(), location.column.into());
    object.insert("end_line".into(), location.end_line.into());
    object.insert("end_column".into(), location.end_column.into());
    object.insert("offset".into(), span.start.into());
    object.insert("length".into(), (span.end - span.start).into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_carry_places_in_characters_and_bytes() {
        let (sources, found) = samples::all();
        insta::assert_json_snapshot!(findings(&sources, &found));
        insta::assert_json_snapshot!(summary(&sources, &found));
    }
}
