//! What is plain, what is quoted, how values are laid out, and that two readers give the value back.

use granit_parser::{Event, Parser, ScalarStyle};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testing::{self, written};
use super::*;
use syntax::yaml::plain::{self, Plain};

fn inline(json: &Json) -> String {
    written(json, |out, placed| write(out, placed, None, false))
}

fn laid_out(json: &Json, indent: usize) -> String {
    written(json, |out, placed| write(out, placed, Some(indent), false))
}

#[test]
fn text_that_every_reader_takes_for_itself_stays_plain() {
    for text in [
        "jellyfin",
        "https://auth.hdhomelab.com/a?b=c#d",
        "dc=ldap,dc=hdhomelab,dc=com",
        "10.0.0.1",
        "30m",
        "2026.5.3",
        "two words",
        "it's",
        "a:b",
        "a#b",
        "--flag=x",
        "-x",
        "/bin/sh",
        "${VAR}",
        "a [b] {c}",
        "größe",
        "日本",
        "~/x",
        "days=365",
        "image/png",
        "a\\b",
        "x\"y",
        "$x",
        "(a)",
        ";",
        "^a$",
        "..a",
    ] {
        assert_eq!(inline(&text.into()), text);
    }
}

#[test]
fn text_that_some_reader_takes_for_more_is_quoted() {
    for text in [
        "",
        "yes",
        "y",
        "on",
        "Off",
        "null",
        "~",
        "1",
        "017",
        "1_000",
        "1e3",
        "0x1f",
        "1:30",
        "2001-01-01",
        ".inf",
        "<<",
        "=",
        "-",
        "- a",
        "---",
        "--- a",
        "...",
        "?",
        "? a",
        ":",
        ":a",
        "a:",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'a",
        "[a",
        "]",
        "{a}",
        "}",
        ",",
        " a",
        "a ",
    ] {
        assert_eq!(inline(&text.into()), format!("\"{text}\""));
    }
}

#[test]
fn what_nobody_sees_is_escaped() {
    for (text, yaml) in [
        ("a\"b: \\", r#""a\"b: \\""#),
        ("a\nb\r\tc", r#""a\nb\r\tc""#),
        ("\0\u{1b}\u{7f}\u{85}", r#""\x00\x1B\x7F\x85""#),
        ("a\u{202e}b\u{2066}", r#""a\u202Eb\u2066""#),
        ("\u{feff}\u{2028}\u{fffe}\u{1ffff}", r#""\uFEFF\u2028\uFFFE\U0001FFFF""#),
        ("a\u{a0}b", "\"a\u{a0}b\""),
    ] {
        assert_eq!(inline(&text.into()), yaml);
    }
}

#[test]
fn other_scalars_are_their_words() {
    for (value, yaml) in [
        (json!(null), "null"),
        (json!(true), "true"),
        (json!(-5), "-5"),
        (json!(1.5), "1.5"),
        (json!(2.0), "2.0"),
        (json!([]), "[]"),
        (json!({}), "{}"),
    ] {
        assert_eq!(inline(&value), yaml);
        assert_eq!(laid_out(&value, 4), yaml);
    }
}

#[test]
fn lists_stand_two_columns_below_their_key() {
    let value = json!({
        "hosts": ["a", { "b": 1, "c": ["d"] }, ["e", "f"], []],
        "yes": { "empty": {} },
        "text": "first\n\n  second\n",
        "open": "first\nsecond",
    });
    let expected = "\
hosts:
    - a
    - b: 1
      c:
        - d
    - - e
      - f
    - []
  \"yes\":
    empty: {}
  text: |
    first

      second
  open: |-
    first
    second";
    assert_eq!(laid_out(&value, 2), expected);
}

#[test]
fn lines_that_a_block_cannot_hold_exactly_are_quoted() {
    for text in ["a \nb", " a\nb", "\na", "a\n\n", "\n", "a\r\nb", "a\u{202e}\nb", "a\n\t"] {
        let yaml = laid_out(&text.into(), 2);
        assert!(yaml.starts_with('"'), "{yaml}");
    }
    assert_eq!(laid_out(&"a\nb".into(), 0), r#""a\nb""#, "a block at the margin would not be below its key");
}

#[test]
fn a_place_for_tpl_gives_the_braces_back() {
    let tpl = |json: &Json| written(json, |out, placed| write(out, placed, Some(2), true));
    assert_eq!(tpl(&"a {{ b }}".into()), r#"a {{ "{{" }} b }}"#);
    assert_eq!(tpl(&json!({ "{{k": "{{{" })), r#""{{k": "{{ \"{{\" }}{""#);
}

#[test]
fn a_list_or_map_without_a_column_and_an_endless_key_are_refused() {
    let refused = |json: &Json, indent| {
        write(&mut String::new(), &testing::placed(json), indent, false).expect_err("it is refused").message
    };
    assert_eq!(refused(&json!(["a"]), None), "got a list without a column to lay it out from; write `yaml(indent=N)`");
    let key = "k".repeat(1001);
    assert_eq!(refused(&json!({ key: 1 }), Some(0)), "got a key of 1001 bytes; a key has 1000 at most");
}

/// `yaml` as YAML 1.2 reads it.
fn core_reading(yaml: &str) -> Json {
    let mut events = Parser::new_from_str(yaml).map(|event| event.expect("it parses").0);
    loop {
        match events.next().expect("there is a document") {
            Event::StreamStart | Event::DocumentStart(..) => {}
            event => return node(event, &mut events),
        }
    }
}

fn node<'a>(event: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Json {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => match plain::core(&text) {
            Plain::Null => Json::Null,
            Plain::Bool(boolean) => boolean.into(),
            Plain::Int(int) => i64::try_from(int).expect("it is in range").into(),
            Plain::Float(float) => float.into(),
            _ => text.as_ref().into(),
        },
        Event::Scalar(text, ..) => text.as_ref().into(),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match events.next().expect("the sequence ends") {
                    Event::SequenceEnd => return items.into(),
                    event => items.push(node(event, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = serde_json::Map::new();
            loop {
                match events.next().expect("the mapping ends") {
                    Event::MappingEnd => return entries.into(),
                    Event::Scalar(key, ..) => {
                        let value = events.next().expect("a key has a value");
                        entries.insert(key.into_owned(), node(value, events));
                    }
                    other => panic!("{other:?} as a key"),
                }
            }
        }
        other => panic!("{other:?} as a node"),
    }
}

proptest! {
    #[test]
    fn both_readers_give_back_text_as_value_and_as_key(text in testing::text()) {
        let yaml = inline(&text.clone().into());
        let document = format!("k: {yaml}\nl:\n  - {yaml}\nm:\n  {yaml}: v\n");
        let wanted = json!({ "k": text, "l": [text], "m": { text: "v" } });
        prop_assert_eq!(yaml_serde::from_str::<Json>(&document).expect("libyaml reads it"), wanted.clone());
        prop_assert_eq!(core_reading(&document), wanted);
    }

    #[test]
    fn both_readers_give_back_a_value_that_is_laid_out(value in testing::json(), extra in 0usize..4) {
        let indent = 2 + extra;
        let document = format!("k:\n{}{}\n", " ".repeat(indent), laid_out(&value, indent));
        let wanted = json!({ "k": value });
        prop_assert_eq!(yaml_serde::from_str::<Json>(&document).expect("libyaml reads it"), wanted.clone());
        prop_assert_eq!(core_reading(&document), wanted);
    }

    #[test]
    fn no_line_ends_in_white_space(value in testing::json()) {
        let yaml = laid_out(&value, 2);
        prop_assert!(yaml.lines().all(|line| !line.ends_with([' ', '\t'])), "{}", yaml);
    }
}
