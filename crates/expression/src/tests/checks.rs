//! Which sizes are limited, and which texts are refused.

use super::{Facts, check};
use crate::Expression;

fn unlimited(expression: &Expression) -> Facts {
    let writes = expression.writes().iter().filter(|write| !expression.is_measured(write));
    writes.map(|write| (write.range.clone(), "of any size".to_owned())).collect()
}

fn refused(expression: &Expression) -> Facts {
    let texts = expression.strings().iter().filter(|text| expression.is_refused(text));
    texts.map(|text| (text.range.clone(), "refused".to_owned())).collect()
}

#[test]
fn a_length_against_a_limit_limits_what_it_is_the_length_of() {
    check(
        unlimited,
        "
    data = context['prompt_data']
    one, two, three, four = data['one'], data.get('two'), data['three'], data['four']
    size = len(b64decode(one))
    if size > 512:
        return False
    assert 0 < two.__len__() < 512
    if len(three) > 0 or len(data) > 512 or len(four) == 512:
        pass
    user = request.user
    user.attributes['one'] = f'data:{one}'
    user.attributes['two'] = two
    user.attributes['three'] = three
#                   ^^^^^^^ of any size
    user.attributes['four'] = four
#                   ^^^^^^ of any size
    return True
",
    );
}

#[test]
fn each_of_what_is_gone_through_is_limited() {
    check(
        unlimited,
        "
    data = context['prompt_data']
    if any(len(text) > 512 for text in data.values()):
        return False
    for key in data:
        request.user.attributes[key] = data[key]
    return True
",
    );
}

#[test]
fn what_a_test_with_a_no_behind_it_looks_for_is_refused() {
    check(
        refused,
        "
    kind = context['prompt_data']['kind']
    refused = ['a', 'b']
#              ^^^ refused
#                   ^^^ refused
    taken = ['c', 'd']
    if kind in refused or not kind.startswith('e'):
        return False
    if kind not in taken:
        return False
    if kind == 'f':
        return True
    elif not (kind != 'g'):
#                     ^^^ refused
        return
    return 'h' not in kind and kind != 'i' and kind in 'j'
#          ^^^ refused
#                                      ^^^ refused
",
    );
}
