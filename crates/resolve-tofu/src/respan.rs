//! Gives the parts of an expression other places: those of the file that the text of the expression stands in.

use diagnostic::{Span, Spanned};
use syntax::hcl::{Expression, ForResult, Kind, Segment, Step};

/// Changes every place in `expression` by `place`.
pub(crate) fn respan(expression: &mut Expression, place: &dyn Fn(Span) -> Span) {
    expression.span = place(expression.span);
    match &mut expression.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Element | Kind::Invalid => {}
        Kind::Variable(_) => {}
        Kind::Template(segments) => in_segments(segments, place),
        Kind::Tuple(elements) => elements.iter_mut().for_each(|element| respan(element, place)),
        Kind::Object(items) => {
            for item in items {
                respan(&mut item.key, place);
                respan(&mut item.value, place);
            }
        }
        Kind::For(each) => {
            each.key.iter_mut().for_each(|key| word(key, place));
            word(&mut each.value, place);
            respan(&mut each.collection, place);
            match &mut each.result {
                ForResult::Tuple(element) => respan(element, place),
                ForResult::Object { key, value, .. } => {
                    respan(key, place);
                    respan(value, place);
                }
            }
            each.condition.iter_mut().for_each(|condition| respan(condition, place));
        }
        Kind::Access(of, step) => {
            respan(of, place);
            match &mut **step {
                Step::Attribute(name) => word(name, place),
                Step::Index(key) => respan(key, place),
            }
        }
        Kind::Splat { of, each, marker } => {
            respan(of, place);
            respan(each, place);
            *marker = place(*marker);
        }
        Kind::Call { name, arguments, .. } => {
            word(name, place);
            arguments.iter_mut().for_each(|argument| respan(argument, place));
        }
        Kind::Conditional { condition, yes, no } => {
            [condition, yes, no].into_iter().for_each(|part| respan(part, place));
        }
        Kind::Binary(left, operator, right) => {
            respan(left, place);
            operator.span = place(operator.span);
            respan(right, place);
        }
        Kind::Unary(operator, of) => {
            operator.span = place(operator.span);
            respan(of, place);
        }
        Kind::Parentheses(of) => respan(of, place),
    }
}

fn word(word: &mut Spanned<String>, place: &dyn Fn(Span) -> Span) {
    word.span = place(word.span);
}

fn in_segments(segments: &mut [Segment], place: &dyn Fn(Span) -> Span) {
    for segment in segments {
        match segment {
            Segment::Literal(literal) => word(literal, place),
            Segment::Interpolation { value, span, .. } => {
                respan(value, place);
                *span = place(*span);
            }
            Segment::If { condition, yes, no, span } => {
                respan(condition, place);
                in_segments(yes, place);
                in_segments(no, place);
                *span = place(*span);
            }
            Segment::For { key, value, collection, body, span } => {
                key.iter_mut().for_each(|key| word(key, place));
                word(value, place);
                respan(collection, place);
                in_segments(body, place);
                *span = place(*span);
            }
        }
    }
}
