//! What is called, with what and on what.

use super::{Facts, check, policy};
use crate::{Call, Expression, Receiver};

fn calls(expression: &Expression) -> Facts {
    let said = |call: &Call| {
        let receiver = match call.receiver {
            Receiver::Object(object) => format!(" on {}", object.written()),
            Receiver::OwnContainer => " on its own".to_owned(),
            Receiver::Other => String::new(),
        };
        let blocking = if call.is_blocking() { ", blocking" } else { "" };
        let caught = if call.caught { ", caught" } else { "" };
        format!("{}{receiver}{blocking}{caught}", call.callee)
    };
    expression.calls().iter().map(|call| (call.callee_range.clone(), said(call))).collect()
}

#[test]
fn imports_and_names_lead_to_what_is_called() {
    check(
        calls,
        "
    from authentik.core.models import Group as Team
    from time import sleep
    import urllib.request as web
    groups, post = Team.objects, requests.post
    try:
        group = groups.get(name='a')
#               ^^^^^^^^^^ authentik.core.models.Group.objects.get, caught
    except Team.DoesNotExist:
        post('https://hooks.example.org', timeout=5)
#       ^^^^ requests.post, blocking
    sleep(1)
#   ^^^^^ time.sleep, blocking
    web.urlopen('https://example.org')
#   ^^^^^^^^^^^ urllib.request.urlopen, blocking
    Team.objects.filter(name='b').first().users.add(request.user)
#   ^^^^^^^^^^^^^^^^^^^ authentik.core.models.Group.objects.filter
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ authentik.core.models.Group.objects.filter().first
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ authentik.core.models.Group.objects.filter().first().users.add
    return ','.join([])
#          ^^^^^^^^ .join
",
    );
}

#[test]
fn a_method_knows_what_it_is_called_on() {
    check(
        calls,
        "
    user, seen, names = request.user, set(), []
#                                     ^^^ set
    user.save(update_fields=['attributes'])
#   ^^^^^^^^^ user.save on user
    seen.add(user.pk)
#   ^^^^^^^^ seen.add on its own
    names.extend(seen)
#   ^^^^^^^^^^^^ names.extend on its own
    user.groups.add(1)
#   ^^^^^^^^^^^^^^^ user.groups.add
    for one in names:
        one.delete()
#       ^^^^^^^^^^ one.delete
    return True
",
    );
}

#[test]
fn a_call_knows_its_arguments() {
    let expression = policy(
        "from authentik.core.models import Group
wanted = context['prompt_data']['groups']
names = []
for name in wanted:
    names.append(name)
fields = {'is_superuser': False}
for group in Group.objects.filter(name__in=names, is_superuser=False, **fields):
    group.users.add(context['pending_user'])
return ak_message('done')",
    );
    let call = |path: &str| expression.calls().iter().find(|call| call.is(path)).expect("it is called");
    let origins = |call: &Call, index: usize| -> Vec<_> {
        call.arguments[index].origins.iter().map(|origin| origin.written()).collect()
    };
    let filter = call("Group.objects.filter");
    assert_eq!(origins(filter, 0), ["prompt_data"]);
    assert_eq!(filter.keyword("is_superuser").and_then(|argument| argument.flag), Some(false));
    assert!(filter.arguments[2].unpacked && filter.arguments[2].keyword.is_none());
    let add = call("users.add");
    assert_eq!(add.arguments[0].object.map(|object| object.written()), Some("pending_user"));
    assert_eq!(add.receiver_origins.iter().map(|origin| origin.written()).collect::<Vec<_>>(), ["prompt_data"]);
    assert_eq!(call("ak_message").arguments[0].text.as_deref(), Some("done"));
    assert!(!filter.is("objects.filte") && !filter.is("roup.objects.filter") && filter.is("filter"));
}

#[test]
fn a_call_in_a_function_is_not_caught_by_what_stands_around_it() {
    let expression = policy("try:\n    def f():\n        g()\n    f()\nexcept ValueError:\n    pass\nreturn True");
    let facts: Vec<_> =
        expression.calls().iter().map(|call| (call.callee.as_str(), call.caught, call.in_function)).collect();
    assert_eq!(facts, [("g", false, true), ("f", true, false)]);
}

#[test]
fn waiting_is_told_from_working() {
    for (text, blocks) in [
        ("requests.get('x')", true),
        ("requests.utils.quote('x')", false),
        ("import requests as http\nhttp.Session().post('x')", true),
        ("import time\ntime.time()", false),
        ("from urllib.parse import quote\nquote('x')", false),
        ("import socket\nsocket.gethostbyname('x')", true),
        ("import subprocess\nsubprocess.run(['id'])", true),
        ("request.get('x')", false),
    ] {
        let expression = policy(&format!("{text}\nreturn True"));
        assert_eq!(expression.calls().iter().any(Call::is_blocking), blocks, "{text}");
    }
}

#[test]
fn mentions_are_found_by_name_by_attribute_and_in_lookups() {
    let expression = policy(
        "groups = request.user.groups.all()
User.objects.filter(ak_groups__name='a')
ak_groups = request.user.ak_groups
return groups",
    );
    let places = |name: &str| expression.uses(name).map(|mention| mention.range.start).collect::<Vec<_>>();
    assert_eq!(places("ak_groups"), [55, 101, 76]);
    assert_eq!(places(".groups"), [22]);
    assert_eq!(expression.uses(".groups").next().and_then(|mention| mention.on).map(|on| on.written()), Some("user"));
    assert_eq!(places("groups"), [22, 0, 118]);
    assert_eq!(expression.strings().iter().map(|text| text.text.as_str()).collect::<Vec<_>>(), ["a"]);
}
