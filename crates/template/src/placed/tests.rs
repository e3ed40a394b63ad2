//! How the lab's values become placed ones.

use diagnostic::FileId;

use super::*;

fn span(start: usize) -> Span {
    Span::new(FileId(0), start..start + 1)
}

#[test]
fn a_derived_value_keeps_its_places_whatever_its_type() {
    let from = [span(4), span(9)];
    for (placed, data) in [
        (Placed::from(Derived::new("a", from)), Data::Text("a".to_owned())),
        (Placed::from(&Derived::new("a".to_owned(), from)), Data::Text("a".to_owned())),
        (Placed::text(&Derived::new('a', from)), Data::Text("a".to_owned())),
        (Placed::from(&Derived::new(587_u16, from)), Data::Number(587)),
        (Placed::from(Derived::new(true, from)), Data::Bool(true)),
        (Placed::from(Derived::new(None::<String>, from)), Data::Null),
        (Placed::from(Derived::new(Some(1.5), from)), Data::Float(1.5)),
    ] {
        assert_eq!(placed, Placed::new(data, from));
    }
}

#[test]
fn a_spanned_value_follows_from_where_it_is_written() {
    assert_eq!(Placed::from(Spanned::new(5_u32, span(3))), Placed::new(Data::Number(5), [span(3)]));
    assert_eq!(Placed::from(&Spanned::new("a".to_owned(), span(3))).from, [span(3)]);
}

#[test]
fn every_item_of_a_derived_list_follows_from_the_places_of_the_list() {
    let list = Placed::from(Derived::new(vec!["a", "b"], [span(1)]));
    let item = |text: &str| Placed::new(Data::Text(text.to_owned()), [span(1)]);
    assert_eq!(list, Placed::new(Data::List(vec![item("a"), item("b")]), [span(1)]));
}

#[test]
fn what_labtree_decides_has_no_place() {
    let map = Placed::map([("kind", Placed::from("GitRepository")), ("items", Placed::list([1, 2]))]);
    assert!(map.from.is_empty());
    assert_eq!(map.entry("kind"), Some(&Placed::fixed("GitRepository")));
    assert_eq!(map.following([span(2)]).from, [span(2)]);
}
