//! Values for the filters' tests: from JSON, and made up.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::Refused;
use crate::placed::{Data, Placed};

/// `json` as a value without places.
pub(super) fn placed(json: &Json) -> Placed {
    match json {
        Json::Null => Placed::new(Data::Null, []),
        Json::Bool(boolean) => Placed::fixed(boolean),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Placed::fixed(number),
            None => Placed::fixed(number.as_f64().expect("it is a float")),
        },
        Json::String(text) => Placed::fixed(text),
        Json::Array(items) => Placed::list(items.iter().map(placed)),
        Json::Object(entries) => Placed::map(entries.iter().map(|(key, value)| (key, placed(value)))),
    }
}

/// What `write` gives for `json`.
pub(super) fn written(json: &Json, write: impl FnOnce(&mut String, &Placed) -> Result<(), Refused>) -> String {
    let mut out = String::new();
    write(&mut out, &placed(json)).expect("it is not refused");
    out
}

/// Text made of what some language gives a meaning to.
pub(super) fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b",
        "Z",
        "é",
        "日",
        "😀",
        "0",
        "1",
        "9",
        "_",
        "yes",
        "null",
        "true",
        "for",
        "1e3",
        "0x1f",
        "2001-01-01",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r",
        "\t",
        "\0",
        "\u{7}",
        "\u{1b}",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{ad}",
        "\u{301}",
        "\u{200b}",
        "\u{200d}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{fffe}",
        "\u{1ffff}",
        ":",
        ": ",
        " #",
        "#",
        "-",
        "- ",
        "---",
        "...",
        "?",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&",
        "*",
        "!",
        "|",
        ">",
        "'",
        "\"",
        "%",
        "@",
        "`",
        "~",
        "<<",
        "=",
        ".",
        "+",
        "/",
        "\\",
        "$",
        "${",
        "$${",
        "%{",
        "%%{",
        "{{",
        "}}",
        "{%",
        "{#",
        "(",
        ")",
        "^",
        "<",
        ";",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat())
}

/// Any value of a few levels.
pub(super) fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        6 => text().prop_map(Json::String),
        1 => any::<i64>().prop_map(Json::from),
        1 => (-1000i32..1000).prop_map(|number| Json::from(f64::from(number * 2 + 1) / 8.0)),
        1 => any::<bool>().prop_map(Json::Bool),
        1 => Just(Json::Null),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((text(), inner), 0..5).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}
