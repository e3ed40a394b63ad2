//! Values as YAML, laid out as OpenTofu lays it out: keys and texts in double quotes, several lines below `|`.

use std::fmt::Write;

use super::Outcome;
use crate::value::convert::number_text;
use crate::value::{Data, Value, is_wholly_known, string, unknown_string};

/// A line is broken at the first space behind this column.
const WIDTH: usize = 80;
/// A key that is longer stands behind a `?`.
const SIMPLE_KEY: usize = 128;

pub(super) fn encode(given: &[Value]) -> Outcome {
    if !is_wholly_known(&given[0]) {
        return Ok(unknown_string());
    }
    let mut writer = Writer::default();
    // A text that is all there is stands two spaces in, and a word or number is followed by the end of the document.
    let is_text = matches!(given[0].data, Data::Text(_));
    let is_word = matches!(given[0].data, Data::Null(_) | Data::Bool(_) | Data::Number(_));
    writer.value(&given[0], Place { indent: if is_text { 2 } else { 0 }, block: Block::Here });
    if !writer.text.ends_with('\n') {
        writer.text.push('\n');
    }
    if is_word {
        writer.text.push_str("...\n");
    }
    Ok(string(&writer.text))
}

/// Where a collection's first line goes.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    /// Where the writer stands: at the start, or behind `- ` or `? `.
    Here,
    /// On a line of its own, behind a key.
    Below,
}

#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    block: Block,
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn column(&self) -> usize {
        self.text.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    fn line(&mut self, indent: usize) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(&" ".repeat(indent));
    }

    /// Separates a scalar from what stands before it on the line.
    fn part(&mut self) {
        if !(self.text.is_empty() || self.text.ends_with(['\n', ' '])) {
            self.text.push(' ');
        }
    }

    fn value(&mut self, found: &Value, place: Place) {
        match &found.data {
            Data::Null(_) | Data::Unknown(_) => self.plain("null"),
            Data::Bool(flag) => self.plain(if *flag { "true" } else { "false" }),
            Data::Number(number) => self.plain(&number_text(number)),
            Data::Text(text) => self.scalar(text, place.indent, true),
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => self.list(elements, place),
            Data::Map(_, entries) | Data::Object(entries) if entries.is_empty() => self.plain("{}"),
            Data::Map(_, entries) | Data::Object(entries) => {
                for (at, (name, entry)) in entries.iter().enumerate() {
                    if at > 0 || place.block == Block::Below {
                        self.line(place.indent);
                    }
                    self.entry(name, entry, place.indent);
                }
            }
        }
    }

    fn list(&mut self, elements: &[Value], place: Place) {
        if elements.is_empty() {
            return self.plain("[]");
        }
        // A list below a key is not indented further.
        let indent = if place.block == Block::Below { place.indent.saturating_sub(2) } else { place.indent };
        for (at, element) in elements.iter().enumerate() {
            if at > 0 || place.block == Block::Below {
                self.line(indent);
            }
            self.text.push_str("- ");
            self.value(element, Place { indent: indent + 2, block: Block::Here });
        }
    }

    fn entry(&mut self, name: &str, entry: &Value, indent: usize) {
        if name.len() <= SIMPLE_KEY && !name.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.double_quoted(name, None);
            self.text.push(':');
            self.value(entry, Place { indent: indent + 2, block: Block::Below });
        } else {
            self.text.push_str("? ");
            self.scalar(name, indent + 2, true);
            self.line(indent);
            self.text.push_str(": ");
            self.value(entry, Place { indent: indent + 2, block: Block::Here });
        }
    }

    fn plain(&mut self, word: &str) {
        self.part();
        self.text.push_str(word);
    }

    fn scalar(&mut self, text: &str, indent: usize, may_break: bool) {
        self.part();
        if text.contains('\n') && is_block(text) {
            self.literal(text, indent);
        } else {
            self.double_quoted(text, may_break.then_some(indent));
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.text.push('|');
        if text.starts_with([' ', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.text.push('2');
        }
        let mut last = text.chars().rev().map(is_break);
        match (last.next(), last.next()) {
            (Some(true), None | Some(true)) => self.text.push('+'),
            (Some(true), Some(false)) => {}
            _ => self.text.push('-'),
        }
        self.text.push('\n');
        let mut starts = true;
        for c in text.chars() {
            if starts && !is_break(c) {
                self.text.push_str(&" ".repeat(indent));
            }
            self.text.push(c);
            starts = is_break(c);
        }
    }

    /// Lines are broken only where an indent is given.
    fn double_quoted(&mut self, text: &str, indent: Option<usize>) {
        self.text.push('"');
        let mut column = self.column();
        let mut spaces = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if c == ' '
                && !spaces
                && column > WIDTH
                && at > 0
                && next.is_some()
                && let Some(indent) = indent
            {
                self.line(indent);
                column = indent;
                if next == Some(' ') {
                    self.text.push('\\');
                    column += 1;
                }
            } else {
                let before = self.text.len();
                escape(c, &mut self.text);
                column += self.text[before..].chars().count();
            }
            spaces = c == ' ';
        }
        self.text.push('"');
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Whether the text can stand below `|`.
fn is_block(text: &str) -> bool {
    let space_before_break = text.chars().zip(text.chars().skip(1)).any(|(c, next)| c == ' ' && is_break(next));
    text.chars().all(is_printable) && !space_before_break && !text.ends_with(' ')
}

fn escape(c: char, text: &mut String) {
    let letter = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        c if is_printable(c) => return text.push(c),
        c => {
            let code = u32::from(c);
            let written = match code {
                0..=0xff => write!(text, "\\x{code:02X}"),
                0x100..=0xffff => write!(text, "\\u{code:04X}"),
                _ => write!(text, "\\U{code:08X}"),
            };
            return written.expect("a text takes everything");
        }
    };
    text.push('\\');
    text.push(letter);
}
