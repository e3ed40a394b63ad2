//! What Python compiles and what it refuses, by what CPython 3.13 and 3.14 say.

use super::{Facts, check, on, policy};
use crate::{Expression, Kind};

fn faults(expression: &Expression) -> Facts {
    expression.faults().iter().map(|fault| (fault.range.clone(), fault.message.clone())).collect()
}

fn texts(file: &str) -> impl Iterator<Item = &str> {
    file.trim_end_matches('\n').split("\n---\n").skip(1)
}

#[test]
fn what_cpython_accepts_has_no_faults() {
    for text in texts(include_str!("accepted.txt")) {
        assert_eq!(policy(text).faults(), [], "{text}");
        assert!(policy(text).is_read());
    }
}

#[test]
fn what_cpython_refuses_has_faults() {
    for text in texts(include_str!("refused.txt")) {
        assert_ne!(policy(text).faults(), [], "{text}");
    }
}

#[test]
fn white_space_and_odd_characters_are_read_as_cpython_does() {
    for text in [
        "return True\r\n",
        "if a:\r\n    return True\r\nreturn False\r\n",
        "if a:\r    return True\rreturn False",
        "\u{c}return True",
        "x = '\u{c}'\nreturn x",
        "x = 'a\u{2028}b'\nreturn x",
        "x = 1 # \u{2028} y",
        "x = '''a\u{2028}  b'''",
        "\tif a:\n\t\treturn True\n\treturn False",
        "\tif a:\n            return True\n\treturn False",
        "if a:\n \treturn True\nreturn False",
        "if a:\n\t return 1\n\t return 2",
        "if a:\n  \u{c}  b\nreturn 1",
        "return True\n    ",
    ] {
        assert_eq!(policy(text).faults(), [], "{text:?}");
    }
    for text in [
        "",
        "   ",
        "x = 1\0",
        "\u{feff}return True",
        "x = 1\u{2028}y = 2",
        "x = 1\u{a0}+ 2",
        "x = 1\u{b}y = 2",
        "  \u{c}  return True\nreturn 1",
        "if a:\n \treturn True\n  return False",
        "x = 'a' \\ \n    'b'",
    ] {
        assert_ne!(policy(text).faults(), [], "{text:?}");
    }
}

#[test]
fn the_server_s_release_decides_which_python_reads_it() {
    for (text, in_2025, in_2026) in [
        ("try:\n    pass\nexcept A, B:\n    pass", false, true),
        ("x = t'{a}'", false, true),
        ("x = f'{a}'", true, true),
        ("def f(a: (yield)): pass", true, false),
    ] {
        assert_eq!(on(text, Kind::Policy, 2025, 10).faults().is_empty(), in_2025, "{text}");
        assert_eq!(on(text, Kind::Policy, 2026, 2).faults().is_empty(), in_2026, "{text}");
    }
}

#[test]
fn a_fault_is_told_in_our_words_and_at_its_place() {
    check(
        faults,
        "
    if request.user
#                  ^ expected `:`, found newline
        return True
",
    );
    check(
        faults,
        "
    groups = list(request.user.groups.all()
#                ^ `(` is never closed
    return len(groups) > 0
",
    );
    check(faults, "
    from authentik.core.models import *
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `import *` works at the top of a module only, and an expression is the body of a function
    return True
");
    check(
        faults,
        "
    for group in groups:
        def leave():
            break
#           ^^^^^ `break` outside loop
    return True
",
    );
    check(
        faults,
        "
    global request
#          ^^^^^^^ name `request` cannot refer to a parameter and a global variable
    return True
",
    );
    assert_eq!(policy("# nothing").faults()[0].message, "an expression needs a statement, such as `return True`");
}

#[test]
fn a_text_with_faults_has_no_other_facts() {
    let expression = policy("nobody(1)\nreturn True if");
    assert!(!expression.faults().is_empty());
    assert!(expression.calls().is_empty() && expression.unknown_names().is_empty());
}
