//! The text as authentik compiles it: indented by four spaces below the header of a function.

use std::ops::Range;

use ruff_text_size::{TextRange, TextSize};

const HEADER: &str = "def handler():\n";
const INDENT: &str = "    ";
const TAIL: &str = "\nresult = handler()";

/// An expression inside the function that authentik puts around it, and the way back to what a person wrote.
pub(crate) struct Wrapped {
    pub(crate) text: String,
    lines: Vec<Line>,
    length: usize,
}

/// Where a line begins: after the wrapping, and as written.
struct Line {
    wrapped: usize,
    written: usize,
    indent: usize,
}

impl Wrapped {
    /// Indents each line that holds more than white space, as `textwrap.indent` does.
    pub(crate) fn around(expression: &str) -> Self {
        let mut text = String::with_capacity(expression.len() * 2 + HEADER.len() + TAIL.len());
        text.push_str(HEADER);
        let mut lines = Vec::new();
        let mut written = 0;
        for line in lines_of(expression) {
            let indent = if line.chars().all(is_space) { "" } else { INDENT };
            lines.push(Line { wrapped: text.len(), written, indent: indent.len() });
            text.push_str(indent);
            text.push_str(line);
            written += line.len();
        }
        // Whatever is found behind the text belongs to its end.
        lines.push(Line { wrapped: text.len(), written, indent: TAIL.len() });
        text.push_str(TAIL);
        Self { text, lines, length: written }
    }

    /// The place in the text as written that a range of the wrapped text stands for.
    pub(crate) fn written(&self, range: TextRange) -> Range<usize> {
        let start = self.offset(range.start());
        start..self.offset(range.end()).max(start)
    }

    /// The length of the text as written.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    fn offset(&self, offset: TextSize) -> usize {
        let offset = offset.to_usize();
        let after = self.lines.partition_point(|line| line.wrapped <= offset);
        let Some(line) = after.checked_sub(1).and_then(|index| self.lines.get(index)) else { return 0 };
        let end = self.lines.get(after).map_or(self.length, |next| next.written);
        (line.written + (offset - line.wrapped).saturating_sub(line.indent)).min(end)
    }
}

/// The lines with their ends, by what Python's `str.splitlines` takes for an end.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.char_indices().find(|(_, character)| is_line_end(*character)) {
            Some((at, '\r')) if rest[at + 1..].starts_with('\n') => at + 2,
            Some((at, character)) => at + character.len_utf8(),
            None => rest.len(),
        };
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What Python's `str.isspace` calls white space.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_indented_as_textwrap_does() {
        for (expression, wrapped) in [
            ("return True", "    return True"),
            ("a\n\n  \nb\n", "    a\n\n  \n    b\n"),
            ("a\r\nb\rc", "    a\r\n    b\r    c"),
            ("a\u{c}b\u{2028}c\u{1f}", "    a\u{c}    b\u{2028}    c\u{1f}"),
            ("", ""),
        ] {
            assert_eq!(Wrapped::around(expression).text, format!("{HEADER}{wrapped}{TAIL}"), "{expression:?}");
        }
    }

    #[test]
    fn each_place_leads_back_to_what_was_written() {
        let expression = "if a:\n\n  return 'ä'\r\n";
        let wrapped = Wrapped::around(expression);
        for word in ["if", "a", ":", "return", "'ä'"] {
            let at = wrapped.text[HEADER.len()..].find(word).unwrap() + HEADER.len();
            let range = TextRange::new(at.try_into().unwrap(), (at + word.len()).try_into().unwrap());
            assert_eq!(&expression[wrapped.written(range)], word);
        }
        let end = TextSize::of(wrapped.text.as_str());
        assert_eq!(wrapped.written(TextRange::new(0.into(), 3.into())), 0..0);
        assert_eq!(wrapped.written(TextRange::new(end, end)), expression.len()..expression.len());
    }
}
