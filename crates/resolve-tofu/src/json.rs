//! OpenTofu's language in JSON: the same tree, in which text is a template.

use diagnostic::{Diagnostic, FileId, Span, Spanned};
use syntax::hcl::{self, Attribute, Body, Expression, Item, Kind, ObjectItem};
use syntax::yaml::{self, Content, Node, Plain};

use crate::respan::respan;

/// The body of the JSON text of the file `id`. JSON is YAML, whose reader knows the places; what YAML allows and JSON
/// does not is refused first.
pub(crate) fn file(id: FileId, text: &str, found: &mut Vec<Diagnostic>) -> Body {
    let whole = Span::new(id, 0..text.len());
    let nothing = Body { items: Vec::new(), span: whole };
    if let Err(fault) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let line = text.split_inclusive('\n').take(fault.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = text.floor_char_boundary((line + fault.column().saturating_sub(1)).min(text.len()));
        let reason = fault.to_string();
        let reason = reason.split(" at line").next().unwrap_or_default().to_lowercase();
        found.push(Diagnostic::error("invalid-json", Span::new(id, at..at), format!("the file is not JSON: {reason}")));
        return nothing;
    }
    let document = match yaml::parse(id, text) {
        Ok(document) => document,
        Err(fault) => {
            found.push(fault);
            return nothing;
        }
    };
    // A list of objects stands for one after the other.
    let objects: Vec<&Node> = match &document.root.content {
        Content::Sequence(nodes) => nodes.iter().collect(),
        _ => vec![&document.root],
    };
    let mut items = Vec::new();
    for object in objects {
        let Some(pairs) = object.mapping() else {
            found.push(Diagnostic::error("invalid-json", object.span, "a configuration file holds an object"));
            continue;
        };
        for pair in pairs {
            let name = pair.key.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
            let value = expression(&pair.value, found);
            let span = pair.key.span.to(value.span);
            items.push(Item::Attribute(Attribute { name: Spanned::new(name, pair.key.span), value, span }));
        }
    }
    Body { items, span: whole }
}

fn expression(node: &Node, found: &mut Vec<Diagnostic>) -> Expression {
    let span = node.span;
    let kind = match &node.content {
        Content::Sequence(nodes) => Kind::Tuple(nodes.iter().map(|node| expression(node, found)).collect()),
        Content::Mapping(pairs) => Kind::Object(
            pairs
                .iter()
                .map(|pair| ObjectItem { key: expression(&pair.key, found), value: expression(&pair.value, found) })
                .collect(),
        ),
        Content::Scalar(scalar) => match scalar.plain() {
            Plain::Null => Kind::Null,
            Plain::Bool(flag) => Kind::Bool(flag),
            Plain::Text => return text(&scalar.text, span, found),
            _ => Kind::Number(scalar.text.clone()),
        },
    };
    Expression { kind, span }
}

/// A text that may have something to fill in.
fn text(text: &str, span: Span, found: &mut Vec<Diagnostic>) -> Expression {
    if !text.contains("${") && !text.contains("%{") {
        return Expression { kind: Kind::Text(text.to_owned()), span };
    }
    let (mut template, faults) = hcl::parse_template(span.file, text);
    // A text without escapes is written as it is, behind its quote.
    let exact = (span.end - span.start) as usize == text.len() + 2;
    let place = |within: Span| match exact {
        true => Span { file: span.file, start: span.start + 1 + within.start, end: span.start + 1 + within.end },
        false => span,
    };
    found.extend(faults.into_iter().map(|mut fault| {
        fault.primary.span = place(fault.primary.span);
        fault.related.iter_mut().for_each(|label| label.span = place(label.span));
        fault
    }));
    respan(&mut template, &place);
    template.span = span;
    template
}
