//! What [`parse`] reads, and what it says about what it cannot read.

use diagnostic::{FileId, Sources};

use super::{Content, Node, Plain, Style, parse, parse_all};

const FILE: FileId = FileId(0);

fn sketch(node: &Node, text: &str) -> String {
    let place = &text[node.span.range()];
    match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => String::from("-"),
        Content::Scalar(scalar) => {
            assert!(scalar.style != Style::Plain || place == scalar.text || place.contains('\n'), "{place}");
            format!("{:?}", scalar.text)
        }
        Content::Sequence(items) => {
            format!("[{}]", items.iter().map(|item| sketch(item, text)).collect::<Vec<_>>().join(", "))
        }
        Content::Mapping(pairs) => {
            let pairs = pairs.iter().map(|pair| format!("{}: {}", sketch(&pair.key, text), sketch(&pair.value, text)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

#[track_caller]
fn reads(text: &str, expected: &str) {
    let document = parse(FILE, text).unwrap_or_else(|error| panic!("{}: {error:?}", &text[error.primary.span.range()]));
    assert_eq!(sketch(&document.root, text), expected);
}

/// `expected` is `line:column place | message | help`.
#[track_caller]
fn refuses(text: &str, expected: &str) {
    let error = parse(FILE, text).expect_err("the text is refused");
    let mut sources = Sources::default();
    sources.add("a.yaml", text);
    let location = sources.location(error.primary.span);
    let place = &text[error.primary.span.range()];
    let help = error.help.as_deref().unwrap_or("-");
    assert_eq!(format!("{}:{} `{place}` | {} | {help}", location.line, location.column, error.message), expected);
}

#[test]
fn mappings_lists_and_scalars_are_read_with_their_places() {
    reads(
        "a: 1\nb:\n  - x\n  - [y, 'z']\nc: {d: \"e\\n\"}\n",
        r#"{"a": "1", "b": ["x", ["y", "z"]], "c": {"d": "e\n"}}"#,
    );
}

#[test]
fn a_key_without_a_value_is_empty_and_a_tilde_is_written() {
    let text = "a:\nb: ~\n";
    let document = parse(FILE, text).expect("the text is YAML");
    let pairs = document.root.mapping().expect("it is a mapping");
    assert!(pairs[0].value.is_empty());
    assert!(!pairs[1].value.is_empty());
    assert_eq!(pairs[1].value.scalar().map(|scalar| scalar.plain()), Some(Plain::Null));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_move_no_place() {
    reads("\u{feff}a: 1\r\nb:\r\n  - x\r\nc: |\r\n  y\r\n  z\r\n", r#"{"a": "1", "b": ["x"], "c": "y\nz\n"}"#);
}

#[test]
fn an_alias_becomes_what_it_stands_for_and_remembers_where_it_is() {
    let text = "a: &x [1, 2]\nb: *x\n";
    reads(text, r#"{"a": ["1", "2"], "b": ["1", "2"]}"#);
    let document = parse(FILE, text).expect("the text is YAML");
    let value = &document.root.mapping().expect("it is a mapping")[1].value;
    assert_eq!(&text[value.span.range()], "[1, 2]");
    assert_eq!(&text[value.used_at().range()], "*x");
}

#[test]
fn block_collections_end_where_their_last_value_ends() {
    let text = "a:\n  b: 1\n\n# c\nd: 2\n";
    let document = parse(FILE, text).expect("the text is YAML");
    let value = &document.root.mapping().expect("it is a mapping")[0].value;
    assert_eq!(&text[value.span.range()], "b: 1");
}

#[test]
fn comments_are_kept_however_many_there_are() {
    let text = "# a\n".repeat(1000) + "a: 1 # b\n# c\n";
    let document = parse(FILE, &text).expect("the text is YAML");
    assert_eq!(document.comments.len(), 1002);
    assert_eq!(&text[document.comments[1000].span.range()], "# b");
    assert_eq!(document.comments[1001].text, " c");
}

#[test]
fn a_stream_of_documents_is_read_as_such() {
    let documents = parse_all(FILE, "a: 1\n---\nb: 1\n---\n").expect("the text is YAML");
    assert_eq!(documents.len(), 3);
    assert!(documents[2].root.is_empty());
    assert_eq!(parse_all(FILE, "# nothing\n").expect("the text is YAML").len(), 0);
}

#[test]
fn a_tag_is_kept_with_its_place() {
    let text = "a: !!str 5\n";
    let document = parse(FILE, text).expect("the text is YAML");
    let tag = document.root.mapping().expect("it is a mapping")[0].value.tag().expect("it has a tag");
    assert_eq!((tag.as_str(), &text[tag.span.range()]), ("tag:yaml.org,2002:str", "!!str"));
}

#[test]
fn every_refusal_says_what_to_type() {
    refuses(
        "a: 1\n---\nb: 2\n",
        "2:1 `---` | a second YAML document starts here; this file is one document | delete the line `---` or `...`",
    );
    refuses("# only\n", "1:1 `` | the file holds no YAML document, only blanks and comments | -");
    refuses(
        "a: x\0y\n",
        "1:5 `\0` | the control character NUL cannot stand in YAML | delete it; where a text needs it, write it as an escape in double quotes",
    );
    refuses("a:\n\tb: 1\n", "2:1 `\t` | a tab in the indentation | use spaces");
    refuses("a: 1\n \t\tb: 2\n", "2:2 `\t\t` | a tab in the indentation | use spaces");
    refuses("a:\n  - x\n\t- y\n", "3:1 `\t` | a tab in the indentation | use spaces");
    refuses("a: |\n\tx\n", "2:1 `\t` | a tab in the indentation | use spaces");
    refuses("a: b: c\n", "1:5 `:` | a second `:` on this line | put the value in quotes");
    refuses(
        "a: 1\n b: 2\n",
        "2:2 `b` | `b` reads on from the line above, so it cannot be a key | align it with the key it belongs beside; a key needs a `:` and a space behind it",
    );
    refuses(
        "a:b\nc: d\n",
        "2:1 `c` | `c` reads on from the line above, so it cannot be a key | align it with the key it belongs beside; a key needs a `:` and a space behind it",
    );
    refuses(
        "a:\n  b: 1\n c: 2\n",
        "3:2 `c` | the indentation fits no line above | align it with the key it belongs beside",
    );
    refuses("a: 1\n- b\n", "2:3 `b` | a list item cannot stand beside keys | indent it below the key it belongs to");
    refuses("- a\nb: 1\n", "2:1 `b` | a key cannot stand beside list items | indent it, or start the line with `- `");
    refuses("a: 1\nb\n", "2:1 `b` | this line is no `key: value` | write `b: …`, or indent it below its key");
    refuses(
        "a: 0\nb: |-\n  python <<EOF\n\nimport os\n",
        "5:1 `import` | this line is no `key: value` | indent it like the text below line 2, which ends here otherwise",
    );
    refuses(
        "a:\n  b: |\n  c\n",
        "3:3 `c` | this line is no `key: value` | indent it like the text below line 2, which ends here otherwise",
    );
    refuses(
        "a: |\n  b\nc: 1\nd e\n",
        "4:1 `d` | this line is no `key: value` | write `d: …`, or indent it below its key",
    );
    refuses(
        "a: - b\n",
        "1:4 `-` | a list cannot start on the line of its key | put the `- ` on a line of its own, or write `[…]`",
    );
    refuses("a: @x\n", "1:4 `@x` | a value cannot start with `@` | put the value in quotes");
    refuses("a: \"x\nb: 2\n", "1:4 `\"` | this `\"` is never closed | add the closing `\"`");
    refuses(
        "a: 'it's'\n",
        "1:8 `s'` | text behind the closing quote | put the whole value in quotes; a `'` inside them is written `''`",
    );
    refuses(
        "a: \"\\d+\"\n",
        "1:5 `\\d` | `\\d` is no escape of YAML | write `\\\\` for a backslash, or use single quotes",
    );
    refuses(
        "a: x # c\n  y\n",
        "1:6 `#` | a comment interrupts this text | put the text in quotes, or the comment above it",
    );
    refuses(
        "a: *x\n",
        "1:4 `*x` | `*x` refers to an anchor that is not defined above | define it as `&x`, or quote the text: `\"*x\"`",
    );
    refuses("a: &x [1, *x]\n", "1:11 `*x` | `*x` stands inside the value it refers to | -");
    refuses(
        "a: [${X}]\n",
        "1:6 `{X` | expected `,` or `]` | close the `[`, or put a text that holds `{`, `}`, `[`, `]`, `,` or `: ` in quotes",
    );
    refuses(
        "a: {b: 1\nc: 2\n",
        "2:2 `:` | expected `,` or `}` | close the `{`, or put a text that holds `{`, `}`, `[`, `]`, `,` or `: ` in quotes",
    );
    refuses("a: [1, 2\n", "1:4 `[` | this `[` is never closed | add the closing `]`");
}

#[test]
fn a_quote_that_was_left_open_is_told_where_it_opens() {
    refuses("a: \"x\nb: \"y\"\n", "1:4 `\"` | this `\"` is not closed on its line | add the closing `\"`");
    refuses("a: 1 # it's\nb: 'x\nc: 'y'\n", "2:4 `'` | this `'` is not closed on its line | add the closing `'`");
}

#[test]
fn the_marks_of_a_merge_are_told_as_such() {
    let help = "keep what is right, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`";
    for text in [
        "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> topic\n",
        "a:\n  b: 1\n<<<<<<< HEAD\n  c: 2\n=======\n  c: 3\n>>>>>>> topic\n",
        "a:\n  - b\n<<<<<<< HEAD\n  - c\n=======\n  - d\n>>>>>>> topic\n",
        "<<<<<<< HEAD\na: 2\n=======\na: 3\n>>>>>>> topic\n",
        "a: [b,\n<<<<<<< HEAD\nc]\n=======\nd]\n>>>>>>> topic\n",
        "a: 1\nb: 2\n=======\nb: 3\n>>>>>>> topic\n",
        "a: |\n  text\n<<<<<<< HEAD\n  one\n=======\n  two\n>>>>>>> topic\n",
    ] {
        let error = parse(FILE, text).expect_err("the text is refused");
        assert_eq!(error.message, "a merge left both sides of a conflict here", "{text}");
        assert_eq!(error.help.as_deref(), Some(help), "{text}");
    }
}

#[test]
fn rarer_refusals_are_in_plain_words_too() {
    refuses("a: |x\n  y\n", "1:4 `|x` | text behind `|` or `>` | start the text on the next line");
    refuses(
        "a: |\n\n   \n  x\n",
        "4:3 `x` | the lines of this text are indented unevenly | indent its first line as the others",
    );
    refuses("a: ]\n", "1:4 `]` | this bracket closes nothing | delete it, or put the value in quotes");
    refuses("a: ,\n", "1:4 `,` | a value cannot start with `,` | put the value in quotes");
    refuses("a: & b\n", "1:4 `&` | a name must follow `&` and `*` | put the value in quotes");
    refuses(
        "a: !x!y z\n",
        "1:4 `!x!y` | a value that starts with `!` is a tag, and this is none | put the value in quotes",
    );
    refuses(
        "a: \"\\xZZ\"\n",
        "1:4 `\"\\xZZ\"` | an escape in this text is no character | write the character itself, or `\\\\` for a backslash",
    );
    refuses("! ! a\n", "1:3 `!` | this stands outside the document | put the value in quotes, or delete it");
    refuses("a: [b] c\n", "1:8 `c` | nothing can stand behind the value before it | put the whole value in quotes");
    refuses(
        "a: [1, 2}\n",
        "1:4 `[1` | `[` is closed by `}` | close the `[`, or put a text that holds `{`, `}`, `[`, `]`, `,` or `: ` in quotes",
    );
}

#[test]
fn deep_nesting_is_one_error_at_its_place_and_never_an_overflow() {
    for text in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
    ] {
        let error = parse(FILE, &text).expect_err("it is too deep");
        assert_eq!((error.rule, error.message.as_str()), ("yaml-nesting", "nested more than 128 levels deep"));
        assert!(error.primary.span.start < 20_000);
    }
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(parse(FILE, &deep).is_ok());
}

#[test]
fn the_name_of_an_alias_ends_before_the_colon_of_a_key() {
    reads(
        "name: &app web\ncontrollers:\n  *app:\n    image: x\n  b: [{*app: 1}, *app]\n",
        r#"{"name": "web", "controllers": {"web": {"image": "x"}, "b": [{"web": "1"}, "web"]}}"#,
    );
    let text = "a: &x y\n*x: 'z'\n";
    let document = parse(FILE, text).expect("the text is YAML");
    let pairs = document.root.mapping().expect("it is a mapping");
    let alias = pairs[1].key.alias().expect("it is an alias");
    assert_eq!((alias.value.as_str(), &text[alias.span.range()]), ("x", "*x"));
    assert_eq!(&text[pairs[1].value.span.range()], "'z'");
    refuses(
        "a: &x y\n*x: 1\n*z: 2\n",
        "3:1 `*z` | `*z` refers to an anchor that is not defined above | define it as `&z`, or quote the text: `\"*z\"`",
    );
    refuses("a: &x y\n*x: 1\nb: [\n", "3:4 `[` | this `[` is never closed | add the closing `]`");
}

#[test]
fn an_alias_cannot_nest_deeper_than_what_is_written() {
    let half = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let text = format!("a: &x {half}\nb: {}*x{}\n", "[".repeat(60), "]".repeat(60));
    refuses(&text, "2:64 `*x` | `*x` nests this file more than 128 levels deep | -");
}

#[test]
fn an_alias_bomb_is_one_error_at_the_alias_that_is_too_much() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let alias = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(", "));
    }
    let error = parse(FILE, &text).expect_err("it is a bomb");
    assert_eq!(error.rule, "yaml-alias");
    assert_eq!(&text[error.primary.span.range()], "*a4");
    assert_eq!(error.message, "with `*a4` this file expands to more than 1000000 values or 64 MiB of text");
}

#[test]
fn a_million_values_are_enough() {
    let text = "- a\n".repeat(1_000_001);
    let error = parse(FILE, &text).expect_err("it is too much");
    assert_eq!((error.rule, error.message.as_str()), ("yaml-size", "this file has more than 1000000 values"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_place_lies_in_the_text(text in "(\\PC|[\\n \\t:\\[\\]{}&*!|>'\"#,-]){0,80}") {
        match parse_all(FILE, &text) {
            Ok(documents) => for document in documents {
                proptest::prop_assert!(text.get(document.root.span.range()).is_some());
            },
            Err(error) => {
                proptest::prop_assert!(text.get(error.primary.span.range()).is_some());
                for label in error.related {
                    proptest::prop_assert!(text.get(label.span.range()).is_some());
                }
            }
        }
    }
}

#[test]
fn a_block_that_ends_with_the_file_has_no_line_break_that_is_not_written() {
    reads("a: |\n  b", r#"{"a": "b"}"#);
    reads("a: |\n  b\n", r#"{"a": "b\n"}"#);
    reads("a: |\n  b\n   c", r#"{"a": "b\n c"}"#);
    reads("- x: |+\n    b", r#"[{"x": "b"}]"#);
    reads("a: >\n  b\n  c", r#"{"a": "b c"}"#);
    reads("a: |\n  b\n  ", r#"{"a": "b\n"}"#);
}
