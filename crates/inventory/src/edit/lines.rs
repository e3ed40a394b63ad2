//! A text as lines, each of them blank, a comment or content.

use std::ops::Range;

use syntax::yaml::{Comment, Pair};

/// The lines of a text; each ends in a line break.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    lines: Vec<(Range<usize>, Kind)>,
}

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Blank,
    /// Nothing but a comment, from this column on.
    Comment(usize),
    /// Something else.
    Content,
}

impl<'t> Lines<'t> {
    /// The lines of `text`, which has these comments: a `#` in a text of several lines is none.
    pub(super) fn of(text: &'t str, comments: &[Comment]) -> Self {
        let mut comments = comments.iter().map(|comment| comment.span.start as usize).peekable();
        let mut start = 0;
        let line = |line: &str| {
            let range = start..start + line.len();
            start = range.end;
            let column = line.len() - line.trim_start().len();
            while comments.next_if(|comment| *comment < range.start + column).is_some() {}
            let kind = match comments.peek() {
                _ if line.trim().is_empty() => Kind::Blank,
                Some(comment) if *comment == range.start + column => Kind::Comment(column),
                _ => Kind::Content,
            };
            (range, kind)
        };
        Self { text, lines: text.split_inclusive('\n').map(line).collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn kind(&self, line: usize) -> Kind {
        self.lines[line].1
    }

    /// Where `line` starts; behind the last one, where the text ends.
    pub(super) fn start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(self.text.len(), |(range, _)| range.start)
    }

    /// Where the key of `pair` starts on its line.
    pub(super) fn column_of(&self, pair: &Pair) -> usize {
        let start = pair.key.span.start as usize;
        start - self.start(self.at(start))
    }

    /// The text of `line`, without blanks around it.
    pub(super) fn trimmed(&self, line: usize) -> &'t str {
        self.text[self.lines[line].0.clone()].trim()
    }

    /// The line that the byte `offset` lies on.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.lines.partition_point(|(range, _)| range.end <= offset)
    }

    /// How many lines before `line` are blank, not counting those before `first`.
    pub(super) fn blanks_before(&self, line: usize, first: usize) -> usize {
        (first..line).rev().take_while(|line| self.kind(*line) == Kind::Blank).count()
    }

    /// How many lines from `line` on are blank.
    pub(super) fn blanks_from(&self, line: usize) -> usize {
        (line..self.len()).take_while(|line| self.kind(*line) == Kind::Blank).count()
    }

    /// The text without these lines.
    pub(super) fn without(&self, lines: Range<usize>) -> String {
        let (start, end) = (self.start(lines.start), self.start(lines.end));
        [&self.text[..start], &self.text[end..]].concat()
    }

    /// The text with `more` before `line`; each line of it gets the line break of the text.
    pub(super) fn with(&self, line: usize, more: &str) -> String {
        let at = self.start(line);
        let more = match line_break(self.text) {
            "\n" => more.to_owned(),
            other => more.replace('\n', other),
        };
        [&self.text[..at], &more, &self.text[at..]].concat()
    }
}

/// How the lines of `text` end.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((line, _)) if line.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
