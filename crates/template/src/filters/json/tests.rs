//! Layout, what is escaped, and that a reader gives the value back.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testing::{self, written};
use super::*;

fn laid_out(json: &Json, columns: usize) -> String {
    written(json, |out, placed| write(out, placed, columns))
}

#[test]
fn a_document_is_laid_out_from_its_column() {
    let value = json!({ "groups": ["family"], "attributes": { "movies": true }, "none": [], "no": {} });
    let expected = "\
{
    \"groups\": [
      \"family\"
    ],
    \"attributes\": {
      \"movies\": true
    },
    \"none\": [],
    \"no\": {}
  }";
    assert_eq!(laid_out(&value, 2), expected);
}

#[test]
fn what_jinja_or_a_reader_would_stumble_over_is_escaped() {
    for (text, json) in [
        ("a\"b\\c\n", r#""a\"b\\c\n""#),
        ("{{x}} {%y%} {#z#} {a}", r#""\u007b{x}} \u007b%y%} \u007b#z#} {a}""#),
        ("\0\u{202e}\u{1fffe}", r#""\u0000\u202e\ud83f\udffe""#),
    ] {
        assert_eq!(laid_out(&text.into(), 0), json);
    }
}

proptest! {
    #[test]
    fn a_reader_gives_the_value_back_and_no_line_closes_a_fence(value in testing::json()) {
        let json = laid_out(&value, 0);
        prop_assert_eq!(serde_json::from_str::<Json>(&json).expect("it parses"), value);
        prop_assert!(json.lines().all(|line| !line.trim_start().starts_with(['`', '~'])), "{}", json);
        prop_assert!(["{{", "{%", "{#"].iter().all(|start| !json.contains(start)), "{}", json);
    }
}
