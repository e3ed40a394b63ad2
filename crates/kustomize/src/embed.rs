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
        let written = files.text(around.file).get(around.range()).unwrap_or_default();
        let lines = if written == text {
            vec![(0, around.start as usize)]
        } else if written.starts_with('|') {
            block(written, text, around.start as usize)
        } else {
            Vec::new()
        };
        Self { around, lines }
    }

    /// The place in the file of `span`, which is one of the text.
    pub(crate) fn place(&self, span: Span) -> Span {
        match (self.offset(span.start as usize), self.offset(span.end as usize)) {
            (Some(start), Some(end)) => Span::new(self.around.file, start..end),
            _ => self.around,
        }
    }

    fn offset(&self, offset: usize) -> Option<usize> {
        let line = self.lines.partition_point(|(start, _)| *start <= offset).checked_sub(1)?;
        let (inside, outside) = self.lines[line];
        Some(outside + offset - inside)
    }

    /// The documents of `text`, whose places are still those of the text.
    pub(crate) fn documents(&self, text: &str) -> Result<Vec<Document>, Diagnostic> {
        yaml::parse_all(self.around.file, text).map_err(|mut fault| {
            fault.primary.span = self.place(fault.primary.span);
            fault.related.clear();
            fault
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

/// The lines of a block scalar: the header is skipped, and each line has lost the indentation of the first.
fn block(written: &str, text: &str, start: usize) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let (mut inside, mut outside) = (0, start);
    let mut wanted = text.split_inclusive('\n');
    for (number, line) in written.split_inclusive('\n').enumerate() {
        if number > 0 {
            let Some(part) = wanted.next() else { break };
            let content = line.trim_end_matches(['\n', '\r']);
            let indentation = content.len().saturating_sub(part.trim_end_matches('\n').len());
            lines.push((inside, outside + indentation));
            inside += part.len();
        }
        outside += line.len();
    }
    lines
}
