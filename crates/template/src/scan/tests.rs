//! What is found, where, and what is left alone.

use super::*;

/// The faults of `text`, each as its words and its message.
fn found(text: &str) -> Vec<(&str, String)> {
    faults(text).into_iter().map(|fault| (&text[fault.range], fault.message)).collect()
}

#[test]
fn a_comparison_is_found_wherever_it_hides() {
    for (text, operator) in [
        ("#% if a == b %#", "=="),
        ("#% if a != 'x' %#", "!="),
        ("#{ a <b }#", "<"),
        ("#% if a>= 1 %#", ">"),
        ("#%- elif 'x' in a -%#", "in"),
        ("#% if a not in b %#", "in"),
        ("#% for a in b if a in c %#", "in"),
        ("#% for a in b if a is defined %#", "is"),
        ("#% if '}#' == a %#", "=="),
        ("#{ 'it\\'s' == a }#", "=="),
        ("#% raw %# a == b #% endraw %##% if c == d %#", "=="),
    ] {
        assert_eq!(found(text), [(operator, COMPARED.0.to_owned())], "{text}");
    }
}

#[test]
fn joined_text_and_unknown_filters_are_found() {
    assert_eq!(found("#{ a ~ b }#"), [("~", "the template joins text".to_owned())]);
    assert_eq!(found("#{ a | yml }#"), [("yml", "unknown filter `yml`, did you mean `yaml`?".to_owned())]);
    assert_eq!(found("#% for x in a|sort %#"), [("sort", "unknown filter `sort`".to_owned())]);
}

#[test]
fn bytes_that_would_end_up_in_the_output_are_found() {
    assert_eq!(found("\u{feff}a"), [("\u{feff}", "the template starts with a byte order mark".to_owned())]);
    assert_eq!(found("a\r\nb\r\n"), [("\r", "the template has a carriage return".to_owned())]);
    assert_eq!(found("a\u{fdd1}"), [("\u{fdd1}", "the template holds a noncharacter".to_owned())]);
}

#[test]
fn text_comments_strings_and_loops_are_left_alone() {
    for text in [
        "a == b ~ c in d | nope < {{ e }} ${f} # | #",
        "#| a == b | nope |#",
        "#% raw %##{ a == b | nope }##%- endraw %#",
        "#% if a and not b or c %#",
        "#% for key, value in map | items %##% endfor %#",
        "#% for x in xs if x.enabled %##{ loop.index }##% endfor %#",
        "#% include '_a == b.j2' %#",
        "#{ 'a in b' | yaml }#",
        "#{ x | yaml(indent=2, tpl=true) }#",
        "#% set inner = island %#",
        "#{ unclosed == ",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
