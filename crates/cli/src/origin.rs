//! Where a line of a rendered file comes from.

use std::ops::Range;

use diagnostic::{Sources, Span};
use tree::{File, Origin};

use crate::diff::Side;

/// Where some lines of a rendered file come from.
#[derive(Debug, Default)]
pub(crate) struct LineOrigin {
    /// The places in the inventory that values on these lines follow from, in order, each once.
    pub values: Vec<Span>,
    /// The template line that produced the first of them; `None` for what no template renders.
    pub template: Option<Span>,
}

/// Where line `line` (from 0) of `file` comes from.
pub(crate) fn of_line(sources: &Sources, file: &File, line: usize) -> LineOrigin {
    let mut lines = file.text.split_inclusive('\n');
    let start = lines.by_ref().take(line).map(str::len).sum();
    LineOrigin {
        values: at(file, start..start + lines.next().map_or(0, str::len)),
        template: template(sources, file, line),
    }
}

/// Where a change to `file` belongs: the values that it touches or, if it touches none, those on its first line.
pub(crate) fn of_change(sources: &Sources, file: &File, change: &Side) -> LineOrigin {
    let touched = at(file, change.bytes.clone());
    let whole = of_line(sources, file, change.lines.start);
    if touched.is_empty() { whole } else { LineOrigin { values: touched, ..whole } }
}

/// The places that the values in `bytes` of `file` follow from, in order, each once; for an empty range, that of the
/// value around it.
pub(crate) fn at(file: &File, bytes: Range<usize>) -> Vec<Span> {
    let Origin::Rendered { map, .. } = &file.origin else { return Vec::new() };
    let mut found = Vec::new();
    for (range, span) in &map.values {
        let (start, end) = (range.start as usize, range.end as usize);
        if start < bytes.end && bytes.start < end && !found.contains(span) {
            found.push(*span);
        }
    }
    found
}

/// The line of a template that produced line `line`, or the beginning of what that line goes on.
fn template(sources: &Sources, file: &File, line: usize) -> Option<Span> {
    let Origin::Rendered { map, .. } = &file.origin else { return None };
    let line = map.lines.get(line).or(map.lines.last())?;
    let span = sources.line(line.template, line.line as usize)?;
    Some(without_blanks(sources, span))
}

/// `span` without the blanks at its ends.
pub(crate) fn without_blanks(sources: &Sources, span: Span) -> Span {
    let text = sources.slice(span);
    let start = span.start as usize + (text.len() - text.trim_start().len());
    Span::new(span.file, start..start + text.trim().len())
}
