//! What is read, and what objects are called.

use diagnostic::FileId;
use syntax::yaml::{self, plain};

use crate::{Identity, Value, read, split_api_version};

fn value(text: &str) -> Value {
    let document = yaml::parse(FileId(0), text).expect("the text is YAML");
    read(&document.root, plain::kubernetes)
}

fn json(text: &str) -> String {
    value(text).to_json().to_string()
}

#[test]
fn a_scalar_is_what_its_reader_takes_it_for() {
    assert_eq!(json("{ a: yes, b: 'yes', c: 1, d: 1.5, e: , f: !!str 1, g: 2026-01-01 }"), {
        r#"{"a":true,"b":"yes","c":1,"d":1.5,"e":null,"f":"1","g":"2026-01-01"}"#
    });
}

#[test]
fn a_key_that_is_written_wins_over_a_merged_one_wherever_it_stands() {
    assert_eq!(
        json("base: &b { x: 1, y: 2 }\nuse: { x: 3, <<: *b }\n"),
        r#"{"base":{"x":1,"y":2},"use":{"y":2,"x":3}}"#
    );
    assert_eq!(json("a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nc: { <<: [*a, *b] }\n"), {
        r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"y":2,"x":1}}"#
    });
}

#[test]
fn a_part_keeps_the_place_it_is_used_at() {
    let text = "a: &name web\nb: *name\n";
    let value = value(text);
    assert_eq!(&text[value.get("a").expect("a is there").span.range()], "web");
    assert_eq!(&text[value.get("b").expect("b is there").span.range()], "*name");
}

#[test]
fn values_are_equal_whatever_the_order_of_their_keys() {
    assert_eq!(value("{ a: 1, b: [x] }"), value("b: ['x']\na: 1\n"));
    assert_ne!(value("{ a: 1 }"), value("{ a: '1' }"));
    assert_ne!(value("{ a: 1 }"), value("{ a: 1, b: 2 }"));
}

#[test]
fn an_identity_leaves_the_version_out() {
    let of = |text: &str| Identity::of(&value(text)).map(|identity| identity.to_string());
    let web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n";
    assert_eq!(of(web).as_deref(), Some("Deployment shop/web"));
    assert_eq!(Identity::of(&value(web)), Identity::of(&value(&web.replace("/v1", "/v1beta1"))));
    assert_eq!(of("apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n").as_deref(), Some("Namespace shop"));
    assert_eq!(of("kind: Namespace\nmetadata: { name: shop }\n"), None);
    assert_eq!(split_api_version("v1"), ("", "v1"));
}

#[test]
fn a_map_is_changed_key_by_key() {
    let mut value = value("{ a: 1, b: 2 }");
    let entry = value.remove("a").expect("a is there");
    value.set(entry.key.map(|_| "c".to_owned()), entry.value.clone());
    value.set(diagnostic::Spanned::new("b".to_owned(), entry.value.span), entry.value);
    assert_eq!(value.to_json().to_string(), r#"{"b":1,"c":1}"#);
    assert_eq!(value.remove("z").map(|entry| entry.key.value), None);
}
