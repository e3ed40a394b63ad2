//! The texts that spans point into.

use std::sync::Arc;

use crate::{FileId, Span};

/// One text and the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path relative to the root, with `/`; for a built-in template its path in the toolkit.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

/// All texts of a run. Adding never moves a text: a [`FileId`] stays good.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

/// A span for people: lines and columns from 1, columns in characters, the end behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the place behind the last character.
    pub end_line: usize,
    /// Column of the place behind the last character.
    pub end_column: usize,
}

impl Sources {
    /// Takes `text` in under the name `path`.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.sources.len()).expect("there are fewer than 2^32 sources"));
        self.sources.push(Source { path: path.into(), text: text.into() });
        id
    }

    /// The source of `id`.
    ///
    /// # Panics
    /// If `id` belongs to other [`Sources`].
    pub fn get(&self, id: FileId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// All sources with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.sources)
    }

    /// The path of the source that `span` lies in.
    pub fn path(&self, span: Span) -> &str {
        &self.get(span.file).path
    }

    /// The text at `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// `span` in lines and columns. Offsets behind the text, or inside a character, mean the place before.
    pub fn location(&self, span: Span) -> Location {
        let text = &self.get(span.file).text;
        let (line, column) = line_and_column(text, span.start as usize);
        let (end_line, end_column) = line_and_column(text, span.end as usize);
        Location { line, column, end_line, end_column }
    }

    /// The line in which `span` begins, without its line break.
    pub fn line_at(&self, span: Span) -> &str {
        let text = &*self.get(span.file).text;
        let start = text.floor_char_boundary(span.start as usize);
        let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        text[from..to].trim_end_matches('\r')
    }

    /// The span of line `line` (from 1) of `file` without its line break; `None` behind the last line.
    pub fn line(&self, file: FileId, line: usize) -> Option<Span> {
        let text = &self.get(file).text;
        let found = text.split_inclusive('\n').nth(line.checked_sub(1)?)?;
        let start = found.as_ptr() as usize - text.as_ptr() as usize;
        Some(Span::new(file, start..start + found.trim_end_matches(['\n', '\r']).len()))
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("inventory.yaml", "lab:\n  name: größe x\n");
        let start = sources.get(file).text.find('x').expect("the text has an x");
        let location = sources.location(Span::new(file, start..start + 1));
        assert_eq!(location, Location { line: 2, column: 15, end_line: 2, end_column: 16 });
    }

    #[test]
    fn a_line_is_found_without_its_break() {
        let mut sources = Sources::default();
        let file = sources.add("a", "one\r\ntwo\n");
        assert_eq!(sources.line(file, 1).map(|span| sources.slice(span)), Some("one"));
        assert_eq!(sources.line(file, 2).map(|span| sources.slice(span)), Some("two"));
        assert_eq!(sources.line(file, 3), None);
        assert_eq!([0, 3, 5, 7].map(|at| sources.line_at(Span::new(file, at..at))), ["one", "one", "two", "two"]);
        assert_eq!(sources.line_at(Span::new(file, 9..9)), "");
    }
}
