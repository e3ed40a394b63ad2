//! What is read, and what is said about what can't be.

use diagnostic::FileId;
use proptest::prelude::*;

use super::*;

fn faults(text: &str) -> Vec<(String, String)> {
    let place = |found: &Diagnostic| text[found.primary.span.range()].to_owned();
    parse(FileId(0), text).found.iter().map(|found| (place(found), found.message.clone())).collect()
}

/// An expression as OpenTofu's language with a parenthesis around every operation.
fn shape(expression: &Expression) -> String {
    match &expression.kind {
        Kind::Null => String::from("null"),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.clone(),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Template(segments) => format!("<{}>", segments.iter().map(segment).collect::<Vec<_>>().join("|")),
        Kind::Tuple(elements) => format!("[{}]", elements.iter().map(shape).collect::<Vec<_>>().join(" ")),
        Kind::Object(items) => {
            let item = |item: &ObjectItem| format!("{}={}", shape(&item.key), shape(&item.value));
            format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(" "))
        }
        Kind::For(each) => match &each.result {
            ForResult::Tuple(value) => {
                format!("[for {} in {}: {}]", *each.value, shape(&each.collection), shape(value))
            }
            ForResult::Object { key, value, group } => {
                format!("{{for {}: {}=>{} {group}}}", shape(&each.collection), shape(key), shape(value))
            }
        },
        Kind::Variable(name) => name.clone(),
        Kind::Access(of, step) => match &**step {
            Step::Attribute(name) => format!("{}.{}", shape(of), name.value),
            Step::Index(key) => format!("{}[{}]", shape(of), shape(key)),
        },
        Kind::Splat { of, each, .. } => format!("splat({}; {})", shape(of), shape(each)),
        Kind::Element => String::from("@"),
        Kind::Call { name, arguments, expand } => {
            let arguments = arguments.iter().map(shape).collect::<Vec<_>>().join(", ");
            format!("{}({arguments}{})", name.value, if *expand { "..." } else { "" })
        }
        Kind::Conditional { condition, yes, no } => format!("({} ? {} : {})", shape(condition), shape(yes), shape(no)),
        Kind::Binary(left, operator, right) => format!("({:?} {} {})", operator.value, shape(left), shape(right)),
        Kind::Unary(operator, of) => format!("({:?} {})", operator.value, shape(of)),
        Kind::Parentheses(of) => format!("({})", shape(of)),
        Kind::Invalid => String::from("?"),
    }
}

fn segment(segment: &Segment) -> String {
    let all = |segments: &[Segment]| segments.iter().map(self::segment).collect::<Vec<_>>().join("|");
    match segment {
        Segment::Literal(text) => format!("{:?}", text.value),
        Segment::Interpolation { value, .. } => shape(value),
        Segment::If { condition, yes, no, .. } => format!("if {} <{}> <{}>", shape(condition), all(yes), all(no)),
        Segment::For { value, collection, body, .. } => {
            format!("for {} in {} <{}>", value.value, shape(collection), all(body))
        }
    }
}

#[test]
fn expressions_have_the_shape_that_opentofu_gives_them() {
    for (text, wanted) in [
        ("1 + 2 * 3 == 7 && !a", "(And (Equal (Add 1 (Multiply 2 3)) 7) (Not a))"),
        ("1 - 2 - 3", "(Subtract (Subtract 1 2) 3)"),
        ("-a.b", "(Negate a.b)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a.*.b.c[0]", "splat(a; @.b.c)[0]"),
        ("a[*].b[0].c", "splat(a; @.b[0].c)"),
        ("a.0.b", "a[0].b"),
        ("provider::x::y(a, b...)", "provider::x::y(a, b...)"),
        ("{a = 1, (b) : 2\n\"c\" = 3}", "{\"a\"=1 (b)=2 \"c\"=3}"),
        ("[for k, v in m : v if v]", "[for v in m: v]"),
        ("{for v in m : v => v...}", "{for m: v=>v true}"),
        (r#""a\n\u00e9 $${b} ${c}""#, r#"<"a\né ${b} "|c>"#),
        (r#""${c}""#, "<c>"),
        (r#""a  ${~ c ~}  b""#, r#"<"a"|c|"b">"#),
        (r#""%{ if a }x%{ else }y%{ endif }""#, r#"<if a <"x"> <"y">>"#),
        ("<<-EOT\n    a\n      b\n  EOT\n", "\"a\\n  b\\n\""),
    ] {
        let (expression, found) = parse_expression(FileId(0), text);
        assert_eq!((shape(&expression).as_str(), found), (wanted, vec![]), "{text}");
    }
}

#[test]
fn a_fault_is_told_at_its_place_and_what_follows_is_still_there() {
    for (text, place, message) in [
        ("a = \"x\nb = 1\n", "\"", "this `\"` is never closed"),
        ("a = [1, 2\nb = 1\n", "b", "`,` or the next part of the expression has to stand here"),
        ("resource \"x\" \"y\" {\n  a = 1\n\nresource \"b\" \"c\" {\n}\n", "{", "this `{` is never closed"),
        ("a = \nb = 1\n", "\n", "the line ends where a value has to stand"),
        ("a = 1\na = 2\nb = 1\n", "a", "`a` is set twice"),
        ("a = \"\\q\"\nb = 1\n", "\\q", "`\\q` is no escape of OpenTofu"),
    ] {
        assert_eq!(faults(text), [(place.to_owned(), message.to_owned())], "{text}");
        assert!(parse(FileId(0), text).body.items.len() >= 2 || text.contains("[1"), "{text}");
    }
}

#[test]
fn the_marks_of_a_merge_are_told_as_such_and_nothing_else() {
    for (text, place) in [
        ("<<<<<<< HEAD\nlocals {\n=======\nlocals {\n>>>>>>> topic\n  a = 1\n}\n", "<<<<<<<"),
        ("locals {\n<<<<<<< HEAD\n  a = [\n=======\n  a = {\n>>>>>>> topic\n  }\n}\n", "<<<<<<<"),
        ("a = [\n  1,\n||||||| base\n]\n", "|||||||"),
    ] {
        assert_eq!(
            faults(text),
            [(place.to_owned(), "a merge left both sides of a conflict here".to_owned())],
            "{text}"
        );
    }
    assert_eq!(faults("a = <<E\n=======\nE\n"), []);
}

#[test]
fn hostile_nesting_is_refused_and_not_followed() {
    for unit in ["[", "(", "{", "-", "a.", "\"${", "a[*]", "a{\n", "1+", "a?", "%{", "<<A\n", "/*"] {
        let text = format!("x = {}", unit.repeat(20_000));
        assert!(!parse(FileId(0), &text).found.is_empty(), "{unit}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_with_places_in_it(text in "[a{}\\[\\]()\"$%<~\\\\ \n=.,*?:#/é0EOT-]{0,60}") {
        for found in parse(FileId(0), &text).found {
            prop_assert!(text.get(found.primary.span.range()).is_some());
        }
        parse_template(FileId(0), &text);
        parse_expression(FileId(0), &text);
    }
}

#[test]
fn a_text_is_laid_out_as_tofu_fmt_does_it() {
    for (before, after) in [
        ("a=1\nlong = 2 # x\nb=3 # y\n", "a    = 1\nlong = 2 # x\nb    = 3 # y\n"),
        (
            "resource x y {\na = \"${b.c}\"\n  l=[\n1,\n]\n}\n",
            "resource \"x\" \"y\" {\n  a = b.c\n  l = [\n    1,\n  ]\n}\n",
        ),
        ("variable \"v\" {\ntype=list\n}\n", "variable \"v\" {\n  type = list(any)\n}\n"),
        ("a = -1-2*f( b , [c...] )\n", "a = -1 - 2 * f(b, [c...])\n"),
        ("a = <<-E\n   x\n E\n", "a = <<-E\n   x\n E\n"),
    ] {
        // The fourth is no OpenTofu, since `...` stands in a list: it is refused as `tofu fmt` refuses it.
        let laid_out = format(before);
        assert_eq!(laid_out.is_err(), before.contains("[c..."), "{before}");
        if let Ok(laid_out) = laid_out {
            assert_eq!(laid_out, after);
            assert_eq!(format(after).as_deref(), Ok(after));
        }
    }
}
