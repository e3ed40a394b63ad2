//! What code scanning gets.

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
    sarif(&sources, &found, &about(), "0.1.0", "", false)
}

#[test]
fn findings_are_results() {
    insta::assert_json_snapshot!(sample());
}

#[test]
fn what_is_left_after_a_comparison_is_new() {
    let (sources, found) = samples::all();
    let mut compared = sarif(&sources, &found, &about(), "0.1.0", "", true);
    let results = compared["runs"][0]["results"].as_array_mut().expect("there are results");
    for result in results {
        let state = result.as_object_mut().expect("a result is an object").remove("baselineState");
        assert_eq!(state, Some("new".into()));
    }
    assert_eq!(compared, sample());
}

#[test]
fn a_path_is_a_relative_reference() {
    assert_eq!(uri("größe/a b:c%.yaml"), "gr%C3%B6%C3%9Fe/a%20b%3Ac%25.yaml");
    assert_eq!(uri("flux/apps/@home/x+y.yaml"), "flux/apps/@home/x+y.yaml");
}

#[test]
fn the_root_below_the_repository_stands_before_each_path() {
    let (sources, found) = samples::all();
    let document = sarif(&sources, &found, &[], "0.1.0", "home/lab/", false);
    let text = document.to_string();
    assert_eq!(text.matches("\"uri\":\"home/lab/inventory").count(), text.matches("\"uri\":").count());
}
