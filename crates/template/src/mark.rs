//! Marks: how a value's places travel through a rendering, and how they become the source map.
//!
//! A value with places is written as `OPEN file,start,end;file,start,end TEXT value CLOSE`. The three marks are
//! Unicode noncharacters, which no text may hold: templates are searched for them when they are loaded, values
//! when a filter takes them. Marks never nest, since a filter does not take the output of a filter.

use std::ops::Range;

use diagnostic::{FileId, Span};
use minijinja::{OutputSpan, OutputSpanKind};
use tree::{SourceMap, TemplateLine};

const OPEN: char = '\u{FDD0}';
const TEXT: char = '\u{FDD1}';
const CLOSE: char = '\u{FDD2}';

/// The place of the first mark in `text`, which then cannot be told from ours.
pub(crate) fn find(text: &str) -> Option<Range<usize>> {
    // All three share their first two bytes; noncharacters are so rare that the search is all that matters.
    let mut from = 0;
    while let Some(at) = text.as_bytes()[from..].iter().position(|byte| *byte == 0xEF) {
        let start = from + at;
        match text[start..].chars().next() {
            Some(found @ (OPEN | TEXT | CLOSE)) => return Some(start..start + found.len_utf8()),
            other => from = start + other.map_or(1, char::len_utf8),
        }
    }
    None
}

/// Writes what `write` writes as one value that follows from `from`.
pub(crate) fn wrap(out: &mut String, from: &[Span], write: impl FnOnce(&mut String)) {
    let Some((first, rest)) = from.split_first() else { return write(out) };
    out.push(OPEN);
    push_span(out, *first);
    for span in rest {
        out.push(';');
        push_span(out, *span);
    }
    out.push(TEXT);
    write(out);
    out.push(CLOSE);
}

fn push_span(out: &mut String, Span { file: FileId(file), start, end }: Span) {
    push_number(out, file);
    out.push(',');
    push_number(out, start);
    out.push(',');
    push_number(out, end);
}

/// The decimal digits of `number`; a rendering writes tens of thousands of them, so not through `fmt`.
fn push_number(out: &mut String, mut number: u32) {
    let mut digits = [0; 10];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend(digits[first..].iter().map(|digit| char::from(*digit)));
}

/// Takes the marks out of `marked`, which `spans` tell the template places of, in one pass.
pub(crate) fn strip(marked: &str, spans: &[OutputSpan], template: impl Fn(&str) -> FileId) -> (String, SourceMap) {
    let mut stripped = Stripped {
        text: String::with_capacity(marked.len()),
        map: SourceMap { values: Vec::new(), lines: Vec::with_capacity(marked.len() / 24) },
        at_line_start: true,
    };
    // The spans of one template share its name, so that the pointer tells.
    let mut name = "";
    let mut file = FileId(0);
    for span in spans {
        if !std::ptr::eq(span.name(), name) {
            name = span.name();
            file = template(name);
        }
        let line = TemplateLine { template: file, line: u32::try_from(span.line()).unwrap_or(u32::MAX) };
        let part = &marked[span.output_range()];
        match span.kind() {
            OutputSpanKind::Raw => stripped.push(part, line, 1),
            _ => stripped.push_values(part, line),
        }
    }
    (stripped.text, stripped.map)
}

struct Stripped {
    text: String,
    map: SourceMap,
    at_line_start: bool,
}

impl Stripped {
    /// Takes `part` over. Its first line stands at `line` of the template, each next one `step` lines below.
    fn push(&mut self, part: &str, mut line: TemplateLine, step: u32) {
        for output_line in part.split_inclusive('\n') {
            if self.at_line_start {
                self.map.lines.push(line);
            }
            self.at_line_start = output_line.ends_with('\n');
            line.line = line.line.saturating_add(step);
        }
        self.text.push_str(part);
    }

    /// Takes over the output of the expression at `line`: text with marked values in it.
    fn push_values(&mut self, mut part: &str, line: TemplateLine) {
        while let Some((before, marked)) = part.split_once(OPEN) {
            self.push(before, line, 0);
            let (value, after) = marked.split_once(CLOSE).unwrap_or((marked, ""));
            let start = self.offset();
            let places = self.map.values.len();
            let value = self.take_places(value);
            self.push(value, line, 0);
            let range = start..self.offset();
            for (place, _) in &mut self.map.values[places..] {
                *place = range.clone();
            }
            part = after;
        }
        self.push(part, line, 0);
    }

    /// Enters the places before the text mark of `marked`, and gives the value behind it.
    fn take_places<'a>(&mut self, marked: &'a str) -> &'a str {
        let mut numbers = [0u32; 3];
        let mut position = 0;
        for (at, byte) in marked.bytes().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    numbers[position] = numbers[position].wrapping_mul(10).wrapping_add(u32::from(byte - b'0'))
                }
                b',' => position = (position + 1).min(2),
                _ => {
                    let [file, start, end] = numbers;
                    self.map.values.push((0..0, Span { file: FileId(file), start, end }));
                    (numbers, position) = ([0; 3], 0);
                    if byte != b';' {
                        return &marked[at + TEXT.len_utf8()..];
                    }
                }
            }
        }
        marked
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_three_marks_is_found_and_nothing_else() {
        for mark in ["\u{FDD0}", "\u{FDD1}", "\u{FDD2}"] {
            assert_eq!(find(&format!("ä\u{FEFF}\u{FFFD}{mark}b")), Some(8..11));
        }
        assert_eq!(find("plain \u{FEFF}\u{FDCF}\u{FDD3}\u{FFFE}"), None);
    }

    #[test]
    fn a_value_without_places_gets_no_mark() {
        let mut out = String::new();
        wrap(&mut out, &[], |out| out.push_str("fixed"));
        assert_eq!(out, "fixed");
    }

    #[test]
    fn the_places_of_a_value_come_back_in_their_order() {
        let spans = [Span { file: FileId(7), start: 40, end: 44 }, Span { file: FileId(0), start: 1, end: 1 }];
        let mut out = "before ".to_owned();
        wrap(&mut out, &spans, |out| out.push_str("wert\nß"));
        let mut stripped = Stripped { text: String::new(), map: SourceMap::default(), at_line_start: true };
        let line = TemplateLine { template: FileId(3), line: 12 };
        stripped.push_values(&out, line);
        assert_eq!(stripped.text, "before wert\nß");
        assert_eq!(stripped.map.values, [(7..14, spans[0]), (7..14, spans[1])]);
        assert_eq!(stripped.map.lines, [line, line]);
    }
}
