//! What code scanning gets.

use diagnostic::{Diagnostic, Sources, Span};

use super::*;
use crate::samples;

fn about() -> Vec<About> {
    let about = |id, severity| About {
        id,
        family: "inventory",
        title: "A key is set twice.".to_owned(),
        page: "A key is set twice.\n\n## Why\nIt is.\n".to_owned(),
        severity,
    };
    vec![about("duplicate-key", Some(Severity::Error)), about("unknown-key", None), about("not-broken", None)]
}

fn sample() -> Value {
    let (sources, found) = samples::all();
    sarif(&sources, &found, &about(), "0.1.0", "")
}

#[test]
fn findings_are_results() {
    insta::assert_json_snapshot!(sample());
}

fn fingerprints(text: &str, words: &[&str]) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let found: Vec<_> = words
        .iter()
        .map(|word| {
            let start = text.find(word).expect("the word stands in the text");
            Diagnostic::error("some-rule", Span::new(file, start..start + word.len()), "it is")
        })
        .collect();
    let document = sarif(&sources, &found, &[], "0.1.0", "");
    let results = document["runs"][0]["results"].as_array().expect("results are a list").clone();
    let print = |result: &Value| result["partialFingerprints"]["labtree/v1"].as_str().expect("it has one").to_owned();
    results.iter().map(print).collect()
}

#[test]
fn a_fingerprint_stays_while_lines_above_change_and_is_another_for_each_finding() {
    let before = fingerprints("a: x\nb: y z\n", &["x", "y", "z"]);
    assert_eq!(fingerprints("# new\n\na: x\n  b: y z\n", &["x", "y", "z"]), before);
    let unique: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(unique.len(), 3);
    assert_ne!(fingerprints("a: x2\n", &["x"])[0], before[0]);
}

#[test]
fn a_path_is_a_relative_reference() {
    assert_eq!(uri("größe/a b:c%.yaml"), "gr%C3%B6%C3%9Fe/a%20b%3Ac%25.yaml");
    assert_eq!(uri("flux/apps/@home/x+y.yaml"), "flux/apps/@home/x+y.yaml");
}

#[test]
fn the_root_below_the_repository_stands_before_each_path() {
    let (sources, found) = samples::all();
    let document = sarif(&sources, &found, &[], "0.1.0", "home/lab/");
    let text = document.to_string();
    assert_eq!(text.matches("\"uri\":\"home/lab/inventory").count(), text.matches("\"uri\":").count());
}
