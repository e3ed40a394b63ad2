//! Which keys are read and written.

use super::{Facts, check, check_as, policy};
use crate::{Access, Expression, How, Kind};

fn said(access: &Access) -> String {
    let how = match access.how {
        How::Item => "item",
        How::Get { fallback: true } => "get or",
        How::Get { fallback: false } => "get",
        How::Contains => "in",
        How::Pop { fallback: true } => "pop or",
        How::Pop { fallback: false } => "pop",
        How::SetDefault => "setdefault",
        How::Update => "update",
        How::Delete => "delete",
        How::Augment => "augment",
        How::Attribute => "attribute",
        How::Whole => "whole",
    };
    let computed = if access.key == crate::Key::Unknown && access.how != How::Whole { ", any key" } else { "" };
    format!("{}: {how}{computed}", access.object.written())
}

/// The reads of keys; those of attributes of `request` and of users say little.
fn reads(expression: &Expression) -> Facts {
    let keys = expression.reads().iter().filter(|read| read.object.is_mapping());
    let fails = |read: &Access| if read.fails_without_key() { ", fails" } else { "" };
    keys.map(|read| (read.range.clone(), said(read) + fails(read))).collect()
}

fn attributes(expression: &Expression) -> Facts {
    let attributes = expression.reads().iter().filter(|read| !read.object.is_mapping());
    attributes.map(|read| (read.range.clone(), said(read))).collect()
}

fn writes(expression: &Expression) -> Facts {
    let from =
        |write: &Access| write.origins.iter().map(|origin| format!(" from {}", origin.written())).collect::<String>();
    expression.writes().iter().map(|write| (write.range.clone(), said(write) + &from(write))).collect()
}

#[test]
fn keys_are_read_in_every_way_there_is() {
    check(
        reads,
        "
    email = context['prompt_data']['email']
#                   ^^^^^^^^^^^^^ context: item, fails
#                                  ^^^^^^^ prompt_data: item, fails
    if 'name' in request.context.get('prompt_data', {}):
#      ^^^^^^ prompt_data: in
#                                    ^^^^^^^^^^^^^ context: get or
        pass
    name = request.context.get('prompt_data').get('name')
#                              ^^^^^^^^^^^^^ context: get, fails
#                                                 ^^^^^^ prompt_data: get
    old = context['prompt_data'].pop('old', None)
#                 ^^^^^^^^^^^^^ context: item, fails
#                                    ^^^^^ prompt_data: pop or
    request.user.attributes.setdefault('seen', 0)
#                                      ^^^^^^ user.attributes: setdefault
    http_request.session['views'] += 1
#                        ^^^^^^^ http_request.session: augment, fails
    return http_request.GET.get('next')
#                               ^^^^^^ http_request.GET: get
",
    );
}

#[test]
fn names_for_objects_are_followed() {
    check(
        reads,
        "
    data, plan = context.get('prompt_data', {}), context['flow_plan']
#                            ^^^^^^^^^^^^^ context: get or
#                                                        ^^^^^^^^^^^ context: item, fails
    again = data
    user = plan.context['pending_user'] if plan else request.user
#                       ^^^^^^^^^^^^^^ flow_plan.context: item, fails
    attributes = user.attributes
    copied = dict(again)
    for field in ['first', 'last']:
        copied[field]
#              ^^^^^ prompt_data: item, fails
    key = 'locale'
    attributes[key]
#              ^^^ pending_user.attributes: item, fails
#              ^^^ user.attributes: item, fails
    return (found := again).get('b')
#                               ^^^ prompt_data: get
",
    );
}

#[test]
fn keys_that_a_loop_names_are_known() {
    let expression =
        policy("for field, label in {'email': 1, 'name': 2}.items():\n    context['prompt_data'][field]\nreturn True");
    let keys: Vec<_> = expression
        .reads()
        .iter()
        .filter(|read| read.object == crate::Object::PromptData)
        .map(|read| &read.key)
        .collect();
    assert_eq!(keys, [&crate::Key::Known("email".to_owned()), &crate::Key::Known("name".to_owned())]);
}

#[test]
fn a_computed_key_and_an_object_that_goes_elsewhere_are_any_key() {
    check(
        reads,
        "
    data = context.get('prompt_data') or {}
#                      ^^^^^^^^^^^^^ context: get
    data[request.user.email]
#        ^^^^^^^^^^^^^^^^^^ prompt_data: item, any key, fails
    ak_logger.info('form', data=data)
#                               ^^^^ prompt_data: whole
    for name, value in data.items():
#                      ^^^^ prompt_data: whole
        pass
    if data and len(data) > 1 and isinstance(data, dict):
        return {'all': data}
#                      ^^^^ prompt_data: whole
    return data
#          ^^^^ prompt_data: whole
",
    );
}

#[test]
fn what_a_test_says_is_there_does_not_fail() {
    check(
        reads,
        "
    if 'prompt_data' in context:
#      ^^^^^^^^^^^^^ context: in
        context['prompt_data']
#               ^^^^^^^^^^^^^ context: item
    context['prompt_data']
#           ^^^^^^^^^^^^^ context: item, fails
    if not request.context.get('flow_plan'):
#                              ^^^^^^^^^^^ context: get
        return False
    context['flow_plan']
#           ^^^^^^^^^^^ context: item
    user = context['pending_user'] if context.get('pending_user') is not None else None
#                  ^^^^^^^^^^^^^^ context: item
#                                                 ^^^^^^^^^^^^^^ context: get
    invitation = context.get('invitation')
#                            ^^^^^^^^^^^^ context: get
    if invitation:
        context['invitation']
#               ^^^^^^^^^^^^ context: item
    return 'geoip' in context and context['geoip']['country'] == 'DE'
#          ^^^^^^^ context: in
#                                         ^^^^^^^ context: item
",
    );
    check(
        reads,
        "
    assert 'source' in context
#          ^^^^^^^^ context: in
    context['source']
#           ^^^^^^^^ context: item
    if 'a' not in context or context['a'] == 1:
#      ^^^ context: in
#                                    ^^^ context: item
        return True
    elif context['a'] == 2:
#                ^^^ context: item
        return context['a']
#                      ^^^ context: item
    return [context['b'] for one in [1] if 'b' in context]
#                   ^^^ context: item
#                                          ^^^ context: in
",
    );
}

#[test]
fn what_is_caught_does_not_fail() {
    check(
        reads,
        "
    try:
        data = context['prompt_data']
#                      ^^^^^^^^^^^^^ context: item
    except (KeyError, TypeError):
        data = context['other']
#                      ^^^^^^^ context: item, fails
    try:
        context['a']
#               ^^^ context: item, fails
    except ValueError:
        pass
    from contextlib import suppress
    with suppress(KeyError):
        context['b']
#               ^^^ context: item
    return True
",
    );
}

#[test]
fn writes_say_where_the_value_comes_from() {
    check(writes, "
    data = context.get('prompt_data', {})
    user = request.user
    attributes = user.attributes
    attributes['avatar'] = data.get('avatar_upload')
#              ^^^^^^^^ user.attributes: item from prompt_data
    data['username'] = data['email'].lower()
#        ^^^^^^^^^^ prompt_data: item from prompt_data
    data.update({'type': 'internal', 'path': context['source'].slug}, name='x', **attributes)
#                ^^^^^^ prompt_data: update
#                                    ^^^^^^ prompt_data: update from context
#                                                                     ^^^^^^^^ prompt_data: update
#                                                                               ^^^^^^^^^^^^ prompt_data: update, any key from user.attributes
    context['flow_plan'].context['groups'] = []
#                                ^^^^^^^^ flow_plan.context: item
    context['prompt_data']['attributes']['given_name'] = 'x'
#                                        ^^^^^^^^^^^^ prompt_data.attributes: item
    del data['password_repeat']
#            ^^^^^^^^^^^^^^^^^ prompt_data: delete
    attributes.pop('avatar', None)
#                  ^^^^^^^^ user.attributes: pop or
    user.email = data['email']
#        ^^^^^ user: attribute from prompt_data
    setattr(user, 'name', '')
#                 ^^^^^^ user: attribute
    attributes |= {'a': 1}
#                  ^^^ user.attributes: update
    data.clear()
#   ^^^^ prompt_data: delete, any key
    return True
");
}

#[test]
fn what_is_written_into_a_copy_goes_nowhere() {
    check(
        writes,
        "
    data = dict(context['prompt_data'])
    data['a'] = 1
    other = {**request.user.attributes}
    other['b'] = 2
    third = context['prompt_data'].copy()
    third['c'] = 3
    return True
",
    );
}

#[test]
fn a_name_that_means_something_else_is_not_followed() {
    check(
        reads,
        "
    def check(context):
        return context['prompt_data']
    from somewhere import request as http_request
    http_request.session['a']
    return check({})
",
    );
    check_as(
        Kind::ScopeMapping,
        reads,
        "
    return user.attributes['quota']
#                          ^^^^^^^ user.attributes: item, fails
",
    );
    check_as(
        Kind::Prompt,
        reads,
        "
    return prompt_context.get('email', user.group_attributes()['mail'])
#                             ^^^^^^^ prompt_data: get or
#                                                              ^^^^^^ user.group_attributes(): item, fails
",
    );
}

#[test]
fn attributes_are_read_by_name_and_by_function() {
    check(
        attributes,
        "
    user = context['pending_user']
    if user.pk and hasattr(user, 'avatar'):
#           ^^ pending_user: attribute
#                                ^^^^^^^^ pending_user: attribute
        return context['invitation'].fixed_data
#                                    ^^^^^^^^^^ invitation: attribute
    user.save()
    return getattr(http_request, 'tenant', None)
#                                ^^^^^^^^ http_request: attribute
",
    );
}

#[test]
fn a_user_that_is_changed_and_not_saved_is_told() {
    let unsaved = |text: &str| policy(&format!("user = request.user\n{text}\nreturn True")).unsaved().count();
    assert_eq!(unsaved("user.attributes['seen'] = 1"), 1);
    assert_eq!(unsaved("user.email = ''"), 1);
    assert_eq!(unsaved("user.attributes['seen'] = 1\nak_logger.info('x', user=user)\nstr(user)"), 1);
    assert_eq!(unsaved("user.attributes['seen'] = 1\nuser.save()"), 0);
    assert_eq!(unsaved("user.attributes['seen'] = 1\nkeep(user)"), 0);
    assert_eq!(
        unsaved("user.attributes['seen'] = 1\nUser.objects.filter(pk=user.pk).update(attributes=user.attributes)"),
        0
    );
    assert_eq!(unsaved("user.attributes['seen'] = 1\nuser.attributes.update(user.attributes)"), 2);
    assert_eq!(unsaved("other = ak_user_by(username='x')\nother.name = 'y'\nuser.save()"), 1);
    assert_eq!(unsaved("context['pending_user'].attributes['seen'] = 1"), 0);
    assert_eq!(unsaved("context['prompt_data']['a'] = 1"), 0);
}
