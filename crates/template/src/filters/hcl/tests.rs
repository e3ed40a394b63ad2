//! What is escaped, how values are laid out, and that hcl-edit gives the value back.

use hcl_edit::expr::{Expression, ObjectKey};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testing::{self, written};
use super::*;

fn inline(json: &Json) -> String {
    written(json, |out, placed| write(out, placed, None))
}

fn laid_out(json: &Json, indent: usize) -> String {
    written(json, |out, placed| write(out, placed, Some(indent)))
}

#[test]
fn text_is_a_quoted_template_without_sequences() {
    for (text, hcl) in [
        ("plain", r#""plain""#),
        ("a\"b\\c", r#""a\"b\\c""#),
        ("a\nb\r\tc", r#""a\nb\r\tc""#),
        ("${x} %{if y}", r#""$${x} %%{if y}""#),
        ("$${x} 50% $5", r#""$$${x} 50% $5""#),
        ("\0\u{1b}\u{202e}\u{feff}\u{2028}\u{1fffe}", r#""\u0000\u001B\u202E\uFEFF\u2028\U0001FFFE""#),
        ("größe 日本 😀", r#""größe 日本 😀""#),
    ] {
        assert_eq!(inline(&text.into()), hcl);
    }
}

#[test]
fn other_values_of_one_line_need_no_column() {
    for (value, hcl) in [
        (json!(null), "null"),
        (json!(false), "false"),
        (json!(-5), "-5"),
        (json!(1.5), "1.5"),
        (json!([]), "[]"),
        (json!({}), "{}"),
        (json!(["a", 1, true, [], {}]), r#"["a", 1, true, [], {}]"#),
    ] {
        assert_eq!(inline(&value), hcl);
    }
    let refused = write(&mut String::new(), &testing::placed(&json!({ "a": 1 })), None).expect_err("it is refused");
    assert_eq!(refused.message, "got a map without a column to lay it out from; write `hcl(indent=N)`");
}

#[test]
fn equal_signs_stand_below_each_other_until_a_value_of_several_lines() {
    let value = json!({
        "name": "Jellyfin",
        "redirect_uris": [{ "url": "https://a", "mode": "strict" }, { "url": "x" }],
        "allow": ["family", "admins"],
        "jellyfin-movies": {},
        "for": 1,
        "größe": 2,
        "a.b": { "c": [[1, 2], []] },
        "z": null,
    });
    let expected = "\
{
    name = \"Jellyfin\"
    redirect_uris = [
      {
        url  = \"https://a\"
        mode = \"strict\"
      },
      {
        url = \"x\"
      },
    ]
    allow           = [\"family\", \"admins\"]
    jellyfin-movies = {}
    \"for\"           = 1
    \"größe\"         = 2
    \"a.b\" = {
      c = [
        [1, 2],
        [],
      ]
    }
    z = null
  }";
    assert_eq!(laid_out(&value, 2), expected);
}

#[test]
fn a_list_of_scalars_that_is_too_long_for_a_line_goes_one_item_a_line() {
    let long = "x".repeat(50);
    let value = json!({ "l": [long, long], "m": [long] });
    let expected = format!("{{\n  l = [\n    \"{long}\",\n    \"{long}\",\n  ]\n  m = [\"{long}\"]\n}}");
    assert_eq!(laid_out(&value, 0), expected);
}

#[test]
fn a_key_character_that_could_join_its_neighbour_is_escaped() {
    let value = json!({ "e\u{301}": 1, "🇩🇪": 2, "日本": 3 });
    let expected =
        "{\n  \"e\\u0301\"              = 1\n  \"\\U0001F1E9\\U0001F1EA\" = 2\n  \"日本\"                   = 3\n}";
    assert_eq!(laid_out(&value, 0), expected);
}

/// What `expression` evaluates to.
fn reading(expression: &Expression) -> Json {
    match expression {
        Expression::Null(_) => Json::Null,
        Expression::Bool(boolean) => (*boolean.value()).into(),
        Expression::Number(number) => match number.value().as_i64() {
            Some(number) => number.into(),
            None => number.value().as_f64().into(),
        },
        Expression::String(text) => text.as_str().into(),
        Expression::Array(items) => items.iter().map(reading).collect(),
        Expression::Object(entries) => entries
            .iter()
            .map(|(key, value)| match key {
                ObjectKey::Ident(name) => (name.as_str().to_owned(), reading(value.expr())),
                ObjectKey::Expression(name) => {
                    (name.as_str().expect("a key is text").to_owned(), reading(value.expr()))
                }
            })
            .collect(),
        Expression::UnaryOp(negated) => match reading(&negated.expr) {
            Json::Number(number) if number.is_u64() => {
                i64::try_from(-i128::from(number.as_u64().expect("it is one"))).expect("it is in range").into()
            }
            number => (-number.as_f64().expect("it is a number")).into(),
        },
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn text_comes_back(text in testing::text()) {
        let expression: Expression = inline(&text.clone().into()).parse().expect("it parses");
        prop_assert_eq!(reading(&expression), Json::String(text));
    }

    #[test]
    fn a_value_that_is_laid_out_comes_back(value in testing::json(), indent in 0usize..6) {
        let expression: Expression = laid_out(&value, indent).parse().expect("it parses");
        prop_assert_eq!(reading(&expression), value);
    }
}
