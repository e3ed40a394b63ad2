//! Where an expression ends, and with what.

use super::{Facts, check, policy};
use crate::{Answer, Ending, Expression};

fn nones(expression: &Expression) -> Facts {
    let word = |ending| match ending {
        Ending::NoReturn => "no return",
        Ending::BareReturn => "bare return",
        Ending::ReturnNone => "none",
    };
    expression.may_return_none().iter().map(|none| (none.range.clone(), word(none.ending).to_owned())).collect()
}

fn returns(expression: &Expression) -> Facts {
    expression.returns().iter().map(|answer| (answer.range.clone(), format!("{:?}", answer.answer))).collect()
}

#[test]
fn a_path_without_return_is_told_where_it_ends() {
    check(
        nones,
        "
    if ak_is_group_member(request.user, name='admins'):
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no return
        return True
",
    );
    check(
        nones,
        "
    if request.user.is_active:
        return True
    elif request.user.is_superuser:
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no return
        ak_message('inactive')
#       ^^^^^^^^^^^^^^^^^^^^^^ no return
",
    );
    check(
        nones,
        "
    for group in request.user.groups.all():
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no return
        if group.name == 'admins':
            return True
",
    );
    check(
        nones,
        "
    while request.user.is_active:
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no return
        return True
",
    );
    check(
        nones,
        "
    while True:
        if request.user.is_active:
            break
#           ^^^^^ no return
        return False
",
    );
    check(
        nones,
        "
    try:
        return context['a'] == 1
    except KeyError:
        ak_logger.warning('no a')
#       ^^^^^^^^^^^^^^^^^^^^^^^^^ no return
",
    );
    check(
        nones,
        "
    from contextlib import suppress
    with suppress(KeyError):
#   ^^^^^^^^^^^^^^^^^^^^^^^ no return
        return context['a']
",
    );
    check(
        nones,
        "
    match request.user.type:
#   ^^^^^^^^^^^^^^^^^^^^^^^ no return
        case 'internal':
            return True
        case _ if request.user.is_superuser:
            return True
",
    );
    check(
        nones,
        "
    def helper():
#   ^^^^^^^^^^^^^ no return
        return True
",
    );
}

#[test]
fn none_is_told_apart_from_no_return() {
    check(
        nones,
        "
    if request.user.is_active:
        return
#       ^^^^^^ bare return
    if request.user.is_superuser:
        return None
#              ^^^^ none
    return request.user.email if request.user.email else None
#                                                        ^^^^ none
",
    );
}

#[test]
fn a_path_that_ends_otherwise_is_left_alone() {
    for text in [
        "return True",
        "raise ValueError('no')",
        "if a:\n    return True\nelse:\n    raise SkipObject",
        "if a:\n    return 1\nelif b:\n    return 2\nelse:\n    return 3",
        "while True:\n    pass",
        "while 1:\n    if a:\n        return True",
        "while True:\n    for x in y:\n        break",
        "for x in y:\n    break\nelse:\n    return False\nreturn True",
        "for x in y:\n    pass\nelse:\n    return False",
        "try:\n    return 1\nexcept KeyError:\n    return 2\nexcept:\n    raise",
        "try:\n    a()\nexcept KeyError:\n    return 2\nelse:\n    return 1",
        "try:\n    a()\nfinally:\n    return 1",
        "try:\n    a()\nexcept KeyError:\n    pass\nreturn True",
        "with a as b:\n    return b",
        "match a:\n    case 1:\n        return 1\n    case other:\n        return other",
        "match a:\n    case 1:\n        return 1\n    case _:\n        raise ValueError",
        "assert False",
        "import sys\nsys.exit()",
        "if True:\n    return 1",
        "if a:\n    return True\nreturn False\nx = 1",
        "while True:\n    try:\n        return a()\n    except ValueError:\n        continue",
    ] {
        let expression = policy(text);
        assert_eq!(expression.faults(), [], "{text}");
        assert_eq!(expression.may_return_none(), [], "{text}");
    }
}

#[test]
fn only_the_expression_s_own_returns_count() {
    check(
        returns,
        "
    def helper():
        return False
    wanted = lambda: False
    if helper():
        return True
#              ^^^^ True
    return False if wanted() else request.user
#          ^^^^^ False
#                                 ^^^^^^^^^^^^ Unknown
",
    );
}

#[test]
fn what_all_answers_have_in_common_is_told() {
    for (text, answer) in [
        ("return True", Answer::True),
        ("if a:\n    return 1\nreturn 'yes'", Answer::True),
        ("return bool(a)", Answer::Unknown),
        ("if a:\n    return True\nreturn a", Answer::Unknown),
        ("if a:\n    return False\nreturn True", Answer::False),
        ("return a or None", Answer::Unknown),
        ("if a:\n    return True", Answer::False),
        ("return ''", Answer::False),
        ("return {}", Answer::False),
        ("raise ValueError", Answer::True),
        ("try:\n    return False\nfinally:\n    return True", Answer::True),
        ("return True\nreturn False", Answer::True),
        ("return True if", Answer::Unknown),
    ] {
        assert_eq!(policy(text).answer(), answer, "{text}");
    }
}

#[test]
fn a_yield_makes_a_generator_and_ends_every_question() {
    let expression = policy("if a:\n    yield 1\n");
    assert_eq!(expression.generator(), Some(10..17));
    assert!(expression.may_return_none().is_empty());
    assert_eq!(policy("def f():\n    yield 1\nreturn [x for x in f()]").generator(), None);
}
