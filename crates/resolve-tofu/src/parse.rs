//! The files of a module as trees.

use diagnostic::{Diagnostic, FileId, Span};
use syntax::hcl::{self, Body, Expression, Kind, Segment};

use crate::files::Files;
use crate::respan::respan;

/// The body of the file `id`; faults are pushed to `found`.
pub(crate) fn file(files: &Files<'_>, id: FileId, json: bool, found: &mut Vec<Diagnostic>) -> Body {
    if let Some(body) = files.parsed(id) {
        return body.clone();
    }
    let text = files.text_of(id);
    if json {
        return crate::json::file(id, text, found);
    }
    let parsed = hcl::parse(id, text);
    found.extend(parsed.found);
    parsed.body
}

/// The file `id` as a template.
pub(crate) fn template(files: &Files<'_>, id: FileId, found: &mut Vec<Diagnostic>) -> Vec<Segment> {
    let (template, faults) = hcl::parse_template(id, files.text_of(id));
    found.extend(faults);
    segments(template)
}

/// `text`, which is the value that was made at `at`, as a template.
pub(crate) fn template_text(text: &str, at: Span, found: &mut Vec<Diagnostic>) -> Vec<Segment> {
    let (template, faults) = hcl::parse_template(at.file, text);
    // Places in the text are not places in the file, so everything stands where the text was made.
    let mut template = template;
    respan(&mut template, &|_| at);
    found.extend(faults.into_iter().take(1).map(|mut fault| {
        fault.primary.span = at;
        fault.related.clear();
        fault
    }));
    segments(template)
}

/// `text`, which stands at `at` in a JSON file, as an expression.
pub(crate) fn expression(text: &str, at: Span, found: &mut Vec<Diagnostic>) -> Expression {
    let (mut expression, faults) = hcl::parse_expression(at.file, text);
    found.extend(faults);
    // The text may hold escapes, so its places are not those of the file; the whole stands for each part.
    respan(&mut expression, &|_| at);
    expression
}

fn segments(template: Expression) -> Vec<Segment> {
    match template.kind {
        Kind::Template(segments) => segments,
        Kind::Text(text) => vec![Segment::Literal(diagnostic::Spanned::new(text, template.span))],
        Kind::Invalid => {
            vec![Segment::Interpolation { span: template.span, strip: hcl::Strip::default(), value: template }]
        }
        _ => {
            let span = template.span;
            vec![Segment::Interpolation { value: template, strip: hcl::Strip::default(), span }]
        }
    }
}
