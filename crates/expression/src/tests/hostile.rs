//! Texts that nobody writes by hand.

use proptest::prelude::*;

use super::policy;

#[test]
fn nesting_that_python_refuses_is_a_fault_and_deeper_trees_are_not_read() {
    let nested = |open: &str, close: &str, depth: usize| format!("x = {}1{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{1: ", "}"), ("f'{", "}'")] {
        assert_eq!(policy(&nested(open, close, 100)).faults(), [], "{open}");
        assert_ne!(policy(&nested(open, close, 201)).faults(), [], "{open}");
        assert_ne!(policy(&nested(open, close, 100_000)).faults(), [], "{open}");
    }
    assert_ne!(policy(&"(".repeat(100_000)).faults(), []);
    // What nests, with the tokens that one step takes.
    for (open, close, tokens) in [
        ("not ", "", 1),
        ("-", "", 1),
        ("lambda: ", "", 2),
        ("lambda a, b: ", "", 4),
        ("1 if 1 else ", "", 2),
        ("", " + 1", 1),
        ("", "()", 2),
        ("", ".a", 1),
        ("", "[0]", 2),
        ("", " ** 1", 1),
    ] {
        assert!(policy(&nested(open, close, 1_900 / tokens)).is_read(), "{open}{close}");
        let deep = policy(&nested(open, close, 50_000));
        assert!(!deep.is_read() && deep.faults().is_empty(), "{open}{close}");
    }
    // A bracket that is left open does not make everything behind it deep.
    let rest = "x = a.b + c.d\nif x:\n    return x.y == z.w\n".repeat(300);
    assert_eq!(policy(&format!("x = f(a\n{rest}")).faults()[0].message, "`(` is never closed");
    let blocks = |depth: usize| {
        let lines = (0..depth).map(|level| format!("{}if a:\n", " ".repeat(level))).collect::<String>();
        format!("{lines}{}pass", " ".repeat(depth))
    };
    assert_eq!(policy(&blocks(98)).faults(), []);
    assert_ne!(policy(&blocks(99)).faults(), []);
}

#[test]
fn what_lies_side_by_side_may_be_long() {
    for text in [
        format!("return [{}]", "-1, ".repeat(20_000)),
        format!("return {{{}}}", "'a': b.c(1), ".repeat(2_000)),
        "x = context['prompt_data']\n".repeat(3_000),
        "data = data or context.get('prompt_data')\n".repeat(1_000),
        format!("a0 = context\n{}", (1..300).map(|at| format!("a{at} = a{0} or a{0}\n", at - 1)).collect::<String>()),
        format!("return {}", vec!["request.user.pk == 1"; 900].join(" or ")),
    ] {
        let expression = policy(&text);
        assert!(expression.is_read() && expression.faults().is_empty());
    }
    assert!(!policy(&"x = 1\n".repeat(200_000)).is_read());
}

/// Words that make sense now and then, so that more than the tokenizer is reached.
fn text() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "context",
        "request",
        ".",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "'prompt_data'",
        "\"",
        "'''",
        "f'{",
        "}'",
        ":",
        "\n",
        "\n    ",
        "\n  ",
        "if",
        "else",
        "for",
        "in",
        "while",
        "try",
        "except",
        "return",
        "yield",
        "lambda",
        "def",
        "class",
        "match",
        "case",
        "with",
        "as",
        "=",
        ":=",
        "+",
        "*",
        "**",
        ",",
        ";",
        "\\\n",
        "# ",
        "x",
        "user",
        "attributes",
        "get",
        "update",
        "1",
        "\t",
        "\r",
        "ä",
        "\u{2028}",
        " ",
        "global",
        "nonlocal",
        "import",
        "from",
        "del",
        "not",
        "and",
        "is",
        "None",
        "async",
        "await",
        "@",
        "->",
        "!",
        "...",
        "type",
    ]);
    proptest::collection::vec(words, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_place_is_one(text in prop_oneof![text(), "\\PC{0,60}", any::<String>()]) {
        let expression = policy(&text);
        let faults = expression.faults().iter().map(|fault| &fault.range);
        let names = expression.unknown_names().iter().map(|name| &name.range);
        let nones = expression.may_return_none().iter().map(|none| &none.range);
        let keys = expression.reads().iter().chain(expression.writes()).map(|access| &access.range);
        let calls = expression.calls().iter().flat_map(|call| [&call.range, &call.callee_range]);
        for range in faults.chain(names).chain(nones).chain(keys).chain(calls) {
            prop_assert!(text.get(range.clone()).is_some(), "{range:?}");
        }
    }
}
