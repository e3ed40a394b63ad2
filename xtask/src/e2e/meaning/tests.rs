//! What is told where the server is not as it is promised.

use serde_json::json;

use super::*;

fn objects(of: &[(&str, &str, Json)]) -> Objects {
    let object = |(kind, name, attributes): &(&str, &str, Json)| {
        (((*kind).to_owned(), (*name).to_owned()), attributes.as_object().cloned().unwrap())
    };
    of.iter().map(object).collect()
}

#[test]
fn a_server_as_promised_has_no_difference() {
    let release = Provider::authentik().newest();
    let promised = objects(&[("flow", "a", json!({ "slug": "a", "title": "A", "background": null }))]);
    let held =
        objects(&[("flow", "a", json!({ "id": "a", "uuid": "u", "slug": "a", "title": "A", "layout": "stacked" }))]);
    assert_eq!(differences(&promised, &held, release), Vec::<String>::new());
}

#[test]
fn each_difference_is_told() {
    let release = Provider::authentik().newest();
    let promised =
        objects(&[("flow", "a", json!({ "designation": "recovery", "title": "A" })), ("group", "b", json!({}))]);
    let held = objects(&[
        ("flow", "a", json!({ "title": "B", "layout": "sidebar_left" })),
        ("group", "c", json!({ "name": "c" })),
    ]);
    assert_eq!(
        differences(&promised, &held, release),
        [
            "`designation` of the flow `a` is null, not \"recovery\"",
            "`title` of the flow `a` is \"B\", not \"A\"",
            "`layout` of the flow `a` is \"sidebar_left\", which nothing promises",
            "there is no group `b`",
            "there is a group `c`, which nothing promises",
        ]
    );
}
