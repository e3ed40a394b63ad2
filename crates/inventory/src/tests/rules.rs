//! The list of rules.

use crate::RULES;

/// Every source file of this crate, without this one.
fn sources(folder: &str, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&name, text);
        } else if !name.ends_with("tests/rules.rs") {
            *text += &std::fs::read_to_string(&path).expect("the file can be read");
        }
    }
}

#[test]
fn the_rules_are_in_order_and_say_what_breaks_them() {
    let kebab = |id: &str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    for rules in [RULES, document::RULES] {
        assert!(rules.windows(2).all(|pair| pair[0].0 < pair[1].0), "the ids are sorted, and none occurs twice");
    }
    for (id, line) in RULES.iter().chain(document::RULES).chain(syntax::yaml::RULES) {
        assert!(kebab(id), "{id}");
        assert!(line.ends_with('.') && line.starts_with(char::is_uppercase) && !line.contains('\n'), "{id}: {line}");
        assert!(!line.contains("  "), "{id}: {line}");
    }
}

#[test]
fn every_rule_is_shown_by_a_test() {
    let mut text = String::new();
    sources(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests"), &mut text);
    for (id, _) in RULES.iter().chain(document::RULES) {
        assert!(text.contains(&format!("[{id}]")) || text.contains(&format!(" {id}: ")), "no test shows `{id}`");
    }
}

#[test]
fn every_finding_has_a_rule_of_the_list() {
    let mut text = String::new();
    sources(concat!(env!("CARGO_MANIFEST_DIR"), "/src"), &mut text);
    for made in ["Diagnostic::error(\"", "Diagnostic::warning(\"", "Diagnostic::hint(\"", "Fault::new(\""] {
        assert!(!text.contains(made), "a finding is made from a constant of rules.rs, not from a text: {made}");
    }
}
