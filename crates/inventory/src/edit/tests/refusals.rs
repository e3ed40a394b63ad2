//! What is not edited, and why.

use diagnostic::Diagnostic;

use super::{FILE, app};
use crate::edit::{add, remove, rename};

/// The message of a refusal, with what it points at.
#[track_caller]
fn refusal(text: &str, edited: Result<String, Diagnostic>) -> String {
    let refused = edited.expect_err("it is refused");
    let related = refused.related.iter().map(|label| format!(" / {}: {}", &text[label.span.range()], label.text));
    format!("{}: {}{}", &text[refused.primary.span.range()], refused.message, related.collect::<String>())
}

#[test]
fn an_anchor_that_others_use_is_kept() {
    let text = "apps:\n  a:\n    allow: &all [family]\n  b:\n    allow: *all\n";
    assert_eq!(
        refusal(text, remove(FILE, text, "a")),
        "[family]: `a` holds a value that another entry uses / *all: used here"
    );
    assert_eq!(remove(FILE, text, "b").expect("nobody uses it"), "apps:\n  a:\n    allow: &all [family]\n");
    let text = "apps:\n  a:\n    one: &all [family]\n    two: *all\n  b:\n    allow: []\n";
    assert!(remove(FILE, text, "a").is_ok(), "only `a` itself uses it");
}

#[test]
fn what_an_alias_stands_for_is_not_edited_through_it() {
    let text = "x: &apps {a: {url: b}}\napps: *apps\n";
    let expected = "*apps: this is an alias, and what it stands for is written elsewhere / {a: {url: b}}: written here";
    assert_eq!(refusal(text, add(FILE, text, "x", &app())), expected);
    assert_eq!(refusal(text, remove(FILE, text, "a")), expected);
    let text = "apps:\n  z: &z {url: b}\n  a: *z\n";
    assert!(refusal(text, rename(FILE, text, "a", "b")).starts_with("*z: this is an alias"));
}

#[test]
fn an_edit_that_would_change_something_else_is_refused() {
    // The text of `a` ends in all blank lines behind it, so each blank line would be its own.
    let text = "apps:\n  b:\n    url: c\n\n  a:\n    oidc: |+\n      x";
    let expected = "apps: this is written in a way that labtree cannot edit without changing more";
    assert_eq!(refusal(text, add(FILE, text, "x", &app())), expected);
    let text = "apps: &apps\n  a: {url: b}\nmine: *apps\n";
    assert_eq!(refusal(text, add(FILE, text, "x", &app())), expected);
}

#[test]
fn keys_that_do_not_start_their_line_are_refused() {
    let text = "apps:\n  ? a\n  : url: b\n";
    assert!(refusal(text, remove(FILE, text, "a")).starts_with("a: this is written in a way"));
    assert!(refusal(text, add(FILE, text, "x", &app())).starts_with("a: this is written in a way"));
}

#[test]
fn names_that_are_taken_or_missing_are_told() {
    let text = "apps:\n  x: {url: b}\n  a: {url: b}\n";
    assert_eq!(refusal(text, add(FILE, text, "x", &app())), "x: `x` exists already");
    assert_eq!(refusal(text, rename(FILE, text, "a", "x")), "x: `x` exists already");
    assert_eq!(refusal(text, remove(FILE, text, "b")), "apps: there is no app `b` here");
    assert_eq!(refusal("lab: {}\n", remove(FILE, "lab: {}\n", "b")), ": there is no key `apps` here");
}

#[test]
fn a_text_that_is_no_yaml_is_told() {
    let text = "apps:\n\ta: {}\n";
    assert!(refusal(text, add(FILE, text, "x", &app())).contains("a tab in the indentation"));
}
