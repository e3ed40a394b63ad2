//! Names that exist and names that do not.

use super::{Facts, check, check_as, on, policy, read};
use crate::{Expression, Kind, ServerVersion};

fn unknown(expression: &Expression) -> Facts {
    expression.unknown_names().iter().map(|name| (name.range.clone(), "unknown".to_owned())).collect()
}

#[test]
fn a_name_that_nothing_defines_is_unknown() {
    check(
        unknown,
        "
    if user.is_active and Group.objects.exists():
#      ^^^^ unknown
#                         ^^^^^ unknown
        return ak_is_group_membr(request.user, name=group)
#              ^^^^^^^^^^^^^^^^^ unknown
#                                                   ^^^^^ unknown
    return f'{nowhere:>{width}}'
#             ^^^^^^^ unknown
#                       ^^^^^ unknown
",
    );
}

#[test]
fn whatever_binds_a_name_defines_it() {
    for text in [
        "import os.path, re as regex\nreturn os.path.sep, regex.match",
        "from base64 import b64decode as decode, b64encode\nreturn decode, b64encode",
        "for a, (b, *c) in x:\n    d = a, b, c\nelse:\n    e = d\nreturn e",
        "with open('a') as (f, g):\n    return f, g",
        "try:\n    pass\nexcept ValueError as error:\n    return error",
        "return [a + b for a in x for b in a if b]",
        "return {k: v for k, v in x.items()}",
        "return any(g for g in x)",
        "if (a := x):\n    return a",
        "y = [b := a for a in x]\nreturn b",
        "def f(a, /, b, *c, d=1, **e):\n    return a, b, c, d, e\nreturn f",
        "return lambda a, *b, **c: (a, b, c)",
        "class A:\n    b = 1\n    c = b\nreturn A",
        "match x:\n    case {'a': a, **b}:\n        return a, b\n    case [c, *d] | (c, d):\n        return c, d\n    case str() as e:\n        return e",
        "def f():\n    global shared\n    shared = 1\nf()\nreturn shared",
        "def f():\n    return later()\ndef later():\n    return True\nreturn f()",
        "a: int\nb: int = 1\nb += 1\nreturn a, b",
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n\nreturn f()",
        "return __import__('os'), __name__, __debug__, NotImplemented, exit",
        "type Pair = tuple[int, int]\nreturn Pair",
        "x = 1\ndel x\nreturn x",
        "def f[T](a: T) -> T:\n    return a\nreturn f",
        "class A:\n    def f(self):\n        return __class__\nreturn A",
    ] {
        let text = format!("x = context\n{text}");
        assert_eq!(policy(&text).faults(), [], "{text}");
        assert_eq!(policy(&text).unknown_names(), [], "{text}");
    }
}

#[test]
fn a_scope_keeps_its_names_to_itself() {
    check(
        unknown,
        "
    doubled = [one * 2 for one in [1]]
    class Box:
        size = 1
        def grow(self):
            return size
#                  ^^^^ unknown
    def f(inner):
        other = inner
    return one, size, inner, other
#          ^^^ unknown
#               ^^^^ unknown
#                     ^^^^^ unknown
#                            ^^^^^ unknown
",
    );
}

#[test]
fn annotations_are_left_alone() {
    check(
        unknown,
        "
    data: Mapping = {}
    def f(a: Any, b: List[Any] = None) -> Optional[Any]:
        return a
    return f
",
    );
}

#[test]
fn who_may_define_names_out_of_sight_is_trusted() {
    for text in
        ["exec(context['code'])", "globals()['a'] = 1", "locals().update(a=1)", "import builtins", "vars()['a'] = 1"]
    {
        assert_eq!(policy(&format!("{text}\nreturn a")).unknown_names(), [], "{text}");
    }
    assert_ne!(policy("vars(request)\nreturn a").unknown_names(), []);
}

#[test]
fn what_an_expression_is_for_decides_which_names_exist() {
    for (kind, names) in [
        (Kind::Policy, "request context http_request ak_client_ip ak_is_sso_flow ak_message ak_logger requests"),
        (Kind::ScopeMapping, "request http_request user provider token SkipObject"),
        (Kind::SamlMapping, "request user provider"),
        (Kind::ScimMapping, "user group provider connection creating SkipObject"),
        (Kind::RadiusMapping, "user packet define_attribute"),
        (Kind::RacMapping, "user provider endpoint device"),
        (Kind::NotificationMapping, "user notification device token stage"),
        (Kind::LdapSource, "ldap dn source properties group_id list_flatten"),
        (Kind::OauthSource, "info client token source properties oauth_userinfo"),
        (Kind::SamlSource, "root name_id assertion source"),
        (Kind::PlexSource, "info auth_api source"),
        (Kind::KerberosSource, "principal principal_obj spnego_info source"),
        (Kind::ScimSource, "data source"),
        (Kind::Prompt, "request user http_request prompt_context"),
        (Kind::AnyMapping, "user group ldap info notification prompt_context"),
    ] {
        let text = format!("return {}", names.replace(' ', ", "));
        assert_eq!(read(&text, kind).unknown_names(), [], "{kind:?}");
    }
    check_as(
        Kind::ScopeMapping,
        unknown,
        "
    return context, ak_message, ldap, prompt_context
#          ^^^^^^^ unknown
#                   ^^^^^^^^^^ unknown
#                               ^^^^ unknown
#                                     ^^^^^^^^^^^^^^ unknown
",
    );
}

#[test]
fn a_name_of_a_younger_release_is_unknown_to_an_older_server() {
    let text = "return ak_create_jwt_raw('app'), ak_send_email('a', 'b')";
    let since = |year, month| {
        let expression = on(text, Kind::Policy, year, month);
        expression.unknown_names().iter().filter_map(|name| name.since).collect::<Vec<_>>()
    };
    let (october, december) = (ServerVersion { year: 2025, month: 10 }, ServerVersion { year: 2025, month: 12 });
    assert_eq!(since(2025, 8), [december, october]);
    assert_eq!(since(2025, 10), [december]);
    assert_eq!(since(2026, 2), []);
    assert_eq!(policy(text).unknown_names(), []);
}

#[test]
fn what_somebody_may_have_meant_is_listed() {
    let expression = on("allowed_groups = []\nreturn ak_mesage", Kind::Policy, 2025, 8);
    let known = |name: &str| expression.known_names().iter().any(|known| known == name);
    assert!(known("ak_message") && known("allowed_groups") && known("isinstance") && known("ak_create_jwt"));
    assert!(!known("ak_create_jwt_raw") && !known("user") && !known("__import__"));
}
