//! YAML inside the text of a value: read, with the places of the file that the text stands in.

use diagnostic::{Diagnostic, Span};
use manifest::{Content, Entry, Reading, Value};
use syntax::yaml::{self, Document};

use crate::files::Files;

/// Where the lines of a text stand in the file around it.
#[derive(Debug)]
pub(crate) struct Embedded {
    around: Span,
    /// Of each line: where it starts in the text, and where in the file.
    lines: Vec<(usize, usize)>,
}

impl Embedded {
    /// The text `text`, which stands at `around`. The lines are found if it is written below `|` or plainly on one line.
    pub(crate) fn new(files: &Files<'_>, text: &str, around: Span) -> Self {
        let file = files.text(around.file);
        let lines = match header(file, around.start as usize) {
            _ if file.get(around.range()) == Some(text) && !text.contains('\n') => vec![(0, around.start as usize)],
            Some(('|', start)) => block(file.get(start..around.end as usize).unwrap_or_default(), text, start),
            _ => Vec::new(),
        };
        Self { around, lines }
    }

    /// The place in the file of `span`, which is one of the text.
    pub(crate) fn place(&self, span: Span) -> Span {
        match (self.offset(span.start as usize), self.offset(span.end as usize)) {
            (Some(start), Some(end)) => Span::new(self.around.file, start..end),
            // What is not written stays so.
            _ if span.start == span.end => Span { end: self.around.start, ..self.around },
            _ => self.around,
        }
    }

    fn offset(&self, offset: usize) -> Option<usize> {
        let line = self.lines.partition_point(|(start, _)| *start <= offset).checked_sub(1)?;
        let (inside, outside) = self.lines[line];
        Some(outside + offset - inside)
    }

    /// The documents of `text`, whose places are still those of the text.
    pub(crate) fn documents(&self, text: &str) -> Result<Vec<Document>, Box<Diagnostic>> {
        yaml::parse_all(self.around.file, text).map_err(|mut fault| {
            fault.primary.span = self.place(fault.primary.span);
            fault.related.clear();
            Box::new(fault)
        })
    }

    /// `document` as a value with its places in the file.
    pub(crate) fn read(&self, document: &Document, reading: Reading) -> Value {
        let mut value = manifest::read(&document.root, reading);
        self.respan(&mut value);
        value
    }

    fn respan(&self, value: &mut Value) {
        value.span = self.place(value.span);
        match &mut value.content {
            Content::List(items) => items.iter_mut().for_each(|item| self.respan(item)),
            Content::Map(entries) => {
                for Entry { key, value } in entries {
                    key.span = self.place(key.span);
                    self.respan(value);
                }
            }
            _ => {}
        }
    }
}

/// The `|` or `>` above the text that starts at `start`, and where the line below it starts; `None` if there is none.
pub(crate) fn header(file: &str, start: usize) -> Option<(char, usize)> {
    let before = file.get(..start)?.trim_end_matches([' ', '\t']);
    let above = before.trim_end_matches(['\n', '\r', ' ', '\t']);
    if before.len() == above.len() {
        return None;
    }
    let line = &above[above.rfind('\n').map_or(0, |newline| newline + 1)..];
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let opening = line.trim_end_matches(|character: char| "+-".contains(character) || character.is_ascii_digit());
    let character = opening.chars().next_back().filter(|character| "|>".contains(*character))?;
    let below = file[above.len()..].find('\n')? + above.len() + 1;
    Some((character, below))
}

/// The lines of a block scalar, each of which has lost its indentation.
fn block(written: &str, text: &str, start: usize) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let (mut inside, mut outside) = (0, start);
    for (line, part) in written.split_inclusive('\n').zip(text.split_inclusive('\n')) {
        let content = line.trim_end_matches(['\n', '\r']);
        let indentation = content.len().saturating_sub(part.trim_end_matches('\n').len());
        lines.push((inside, outside + indentation));
        inside += part.len();
        outside += line.len();
    }
    lines
}
