//! `hcl`: a value as an HCL expression, laid out as `tofu fmt` leaves it.

use std::fmt::Write as _;

use super::characters::hidden;
use super::{Refused, line, number};
use crate::mark;
use crate::placed::{Data, Placed};

/// A list of scalars that would reach beyond this column goes one item a line.
const WIDTH: usize = 100;

/// Words that mean something else at the place of a key, or look as if they did.
const RESERVED: [&str; 9] = ["else", "endfor", "endif", "false", "for", "if", "in", "null", "true"];

/// Writes `placed` for a position behind an `=`. A list or a map of several lines needs `indent`, the column
/// that the line with the tag starts at.
pub(super) fn write(out: &mut String, placed: &Placed, indent: Option<usize>) -> Result<(), Refused> {
    if indent.is_none() && takes_lines(placed, 0) {
        let message = format!("got a {} without a column to lay it out from; write `hcl(indent=N)`", placed.kind());
        return Err(Refused::new(placed, message));
    }
    expression(out, placed, indent.unwrap_or(0), indent.unwrap_or(0));
    Ok(())
}

/// Writes `placed` with further lines below column `columns`; the expression itself starts at column `start`.
fn expression(out: &mut String, placed: &Placed, columns: usize, start: usize) {
    match &placed.data {
        Data::Map(entries) if !entries.is_empty() => object(out, entries, columns),
        Data::List(items) if takes_lines(placed, start) => {
            out.push('[');
            for item in items {
                line(out, columns + 2);
                expression(out, item, columns + 2, columns + 2);
                out.push(',');
            }
            line(out, columns);
            out.push(']');
        }
        Data::List(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position == 0 { "[" } else { ", " });
                expression(out, item, columns, start);
            }
            out.push(']');
        }
        data => mark::wrap(out, &placed.from, |out| leaf(out, data)),
    }
}

fn leaf(out: &mut String, data: &Data) {
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::Float(float) => out.push_str(&number(*float)),
        Data::Text(text) => quoted(out, text, false),
        Data::List(_) => out.push_str("[]"),
        Data::Map(_) => out.push_str("{}"),
    }
}

/// Whether an expression that starts at column `start` is written on several lines.
fn takes_lines(placed: &Placed, start: usize) -> bool {
    match &placed.data {
        Data::Map(entries) => !entries.is_empty(),
        Data::List(items) => {
            let mut one_line = String::new();
            items.iter().any(|item| match &item.data {
                Data::Map(entries) => !entries.is_empty(),
                Data::List(items) => !items.is_empty(),
                data => {
                    one_line.push_str(", ");
                    leaf(&mut one_line, data);
                    false
                }
            }) || start > 0 && start + one_line.chars().count() > WIDTH
        }
        _ => false,
    }
}

/// The entries, one attribute a line. As in hclwrite's `formatCells`, the `=` of neighbouring lines stand below
/// each other, and a line whose brackets do not close on it is out of the row and ends it.
fn object(out: &mut String, entries: &[(Placed, Placed)], columns: usize) {
    let keys: Vec<String> = entries.iter().map(|(name, _)| key(name.as_text().unwrap_or_default())).collect();
    let start = |position: usize| columns + 2 + keys[position].len() + 3;
    let takes_lines = |position: usize| takes_lines(&entries[position].1, start(position));
    out.push('{');
    let mut row = 0..0;
    let mut width = 0;
    for (position, (name, value)) in entries.iter().enumerate() {
        if position >= row.end {
            let end = (position..entries.len()).find(|next| takes_lines(*next)).unwrap_or(entries.len());
            row = position..end.max(position + 1);
            width = keys[row.clone()].iter().map(|key| columns_of(key)).max().unwrap_or_default();
        }
        line(out, columns + 2);
        mark::wrap(out, &name.from, |out| out.push_str(&keys[position]));
        out.extend(std::iter::repeat_n(' ', width - columns_of(&keys[position])));
        out.push_str(" = ");
        expression(out, value, columns + 2, start(position));
    }
    line(out, columns);
    out.push('}');
}

/// `name` as a key: bare where that is an identifier.
fn key(name: &str) -> String {
    let bare = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && !RESERVED.contains(&name);
    if bare {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 2);
    quoted(&mut out, name, true);
    out
}

/// How wide hclwrite takes `key` for, which counts grapheme clusters. A key holds no character that could join
/// its neighbour.
fn columns_of(key: &str) -> usize {
    key.chars().count()
}

/// `text` as a quoted template without any sequence in it. With `lone`, what might join its neighbour to one
/// grapheme cluster is escaped.
fn quoted(out: &mut String, text: &str, lone: bool) {
    out.push('"');
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.as_str().starts_with('{') => out.extend([character, character]),
            _ if hidden(character).is_none() && (!lone || stands_alone(character)) => out.push(character),
            _ => {
                let code = u32::from(character);
                let written = if code > 0xFFFF { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
                written.expect("a String takes any text");
            }
        }
    }
    out.push('"');
}

/// Whether `character` is surely one grapheme cluster, whatever stands beside it.
fn stands_alone(character: char) -> bool {
    matches!(character,
        ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{370}'..='\u{482}' | '\u{48A}'..='\u{52F}'
        | '\u{1E00}'..='\u{1FFF}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}')
        && !matches!(character, '\u{A9}' | '\u{AE}')
}

#[cfg(test)]
mod tests;
