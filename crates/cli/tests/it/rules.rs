//! `labtree rules` and `labtree explain`.

use crate::lab::Lab;

#[test]
fn every_rule_is_listed_and_explained() {
    let lab = Lab::empty();
    let document = lab.run(&["rules", "--format", "json"]).ended(0).json();
    let rules = document["rules"].as_array().unwrap();
    assert_eq!(rules.len(), labtree::catalogue::all().len());
    let listed = lab.run(&["rules"]).ended(0).stdout;
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        assert!(listed.lines().any(|line| line.starts_with(&format!("{id} "))), "{id}");
        let page = lab.run(&["explain", id]).ended(0).stdout;
        assert!(page.starts_with(&format!("# {id}\n\n{}: ", rule["family"].as_str().unwrap())), "{page}");
        assert!(page.contains(rule["title"].as_str().unwrap()), "{page}");
    }
}

#[test]
fn a_family_lists_its_own_rules() {
    let lab = Lab::empty();
    insta::assert_snapshot!(lab.run(&["rules", "repository"]).ended(0).stdout);
    let document = lab.run(&["rules", "yaml", "--format", "json"]).ended(0).json();
    let rules = document["rules"].as_array().unwrap();
    assert!(!rules.is_empty() && rules.iter().all(|rule| rule["family"] == "yaml"), "{document}");
    insta::assert_json_snapshot!(rules[0]);
}

#[test]
fn a_page_in_colours_has_the_same_characters() {
    let lab = Lab::empty();
    let plain = lab.run(&["explain", "duplicate-yaml-key"]).ended(0).stdout;
    let coloured = lab.run(&["explain", "duplicate-yaml-key", "--color", "always"]).ended(0).stdout;
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = behind.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_eq!(bare, plain);
    assert!(coloured.contains("\u{1b}["));
}
