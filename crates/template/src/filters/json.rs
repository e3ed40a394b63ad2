//! `json`: a value as a JSON document for a fenced code block.

use std::fmt::Write as _;

use super::characters::hidden;
use super::{Refused, line, number};
use crate::mark;
use crate::placed::{Data, Placed};

/// Writes `placed`, its lines two columns further for each level, from column `columns` on.
///
/// Every line starts with white space and then a quote, a bracket, a digit or a word, and text has no line
/// breaks, so nothing in it closes the fence around it. `{{`, `{%` and `{#` never occur: a page may go through
/// Jinja.
pub(super) fn write(out: &mut String, placed: &Placed, columns: usize) -> Result<(), Refused> {
    match &placed.data {
        Data::List(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                out.push(if position == 0 { '[' } else { ',' });
                line(out, columns + 2);
                write(out, item, columns + 2)?;
            }
            line(out, columns);
            out.push(']');
        }
        Data::Map(entries) if !entries.is_empty() => {
            for (position, (key, value)) in entries.iter().enumerate() {
                out.push(if position == 0 { '{' } else { ',' });
                line(out, columns + 2);
                write(out, key, columns + 2)?;
                out.push_str(": ");
                write(out, value, columns + 2)?;
            }
            line(out, columns);
            out.push('}');
        }
        data => mark::wrap(out, &placed.from, |out| leaf(out, data)),
    }
    Ok(())
}

fn leaf(out: &mut String, data: &Data) {
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::Float(float) => out.push_str(&number(*float)),
        Data::Text(text) => quoted(out, text),
        Data::List(_) => out.push_str("[]"),
        Data::Map(_) => out.push_str("{}"),
    }
}

/// `text` as a string (RFC 8259, section 7).
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '{' if rest.as_str().starts_with(['{', '%', '#']) => escape(out, character),
            _ if hidden(character).is_none() => out.push(character),
            _ => escape(out, character),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        write!(out, "\\u{unit:04x}").expect("a String takes any text");
    }
}

#[cfg(test)]
mod tests;
