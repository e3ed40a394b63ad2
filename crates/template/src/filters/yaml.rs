//! `yaml`: a value in block context, read the same by Kubernetes, YAML 1.1 and YAML 1.2.

use super::characters::{self, Hex, hidden};
use super::{Refused, line, number};
use crate::mark;
use crate::placed::{Data, Placed};
use syntax::yaml::plain;

/// The longest key that may stand before its colon on one line (YAML 1.2, section 7.4.2), with room for quotes.
const LONGEST_KEY: usize = 1000;

/// Writes `placed` for a position behind a key, or as a key. A list or a map that is not empty needs `indent`,
/// the column its lines start at. With `tpl`, text is written for a place that Helm runs through `tpl`.
pub(super) fn write(out: &mut String, placed: &Placed, indent: Option<usize>, tpl: bool) -> Result<(), Refused> {
    match (&placed.data, indent) {
        (Data::List(items), None) if !items.is_empty() => Err(needs_indent(placed)),
        (Data::Map(entries), None) if !entries.is_empty() => Err(needs_indent(placed)),
        _ => value(out, placed, indent, tpl),
    }
}

fn needs_indent(placed: &Placed) -> Refused {
    let message = format!("got a {} without a column to lay it out from; write `yaml(indent=N)`", placed.kind());
    Refused::new(placed, message)
}

fn value(out: &mut String, placed: &Placed, indent: Option<usize>, tpl: bool) -> Result<(), Refused> {
    let columns = indent.unwrap_or(0);
    match &placed.data {
        Data::List(items) if !items.is_empty() => list(out, items, columns, tpl)?,
        Data::Map(entries) if !entries.is_empty() => map(out, entries, columns, tpl)?,
        data => mark::wrap(out, &placed.from, |out| match data {
            Data::Null => out.push_str("null"),
            Data::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
            Data::Number(number) => out.push_str(&number.to_string()),
            Data::Float(float) => out.push_str(&number(*float)),
            Data::Text(text) if tpl => scalar(out, &without_actions(text), columns),
            Data::Text(text) => scalar(out, text, columns),
            Data::List(_) => out.push_str("[]"),
            Data::Map(_) => out.push_str("{}"),
        }),
    }
    Ok(())
}

/// The items, from column `columns` on.
fn list(out: &mut String, items: &[Placed], columns: usize, tpl: bool) -> Result<(), Refused> {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            line(out, columns);
        }
        out.push_str("- ");
        value(out, item, Some(columns + 2), tpl)?;
    }
    Ok(())
}

/// The entries, from column `columns` on; lists and maps stand two columns further, below their key.
fn map(out: &mut String, entries: &[(Placed, Placed)], columns: usize, tpl: bool) -> Result<(), Refused> {
    for (position, (key, entry)) in entries.iter().enumerate() {
        if position > 0 {
            line(out, columns);
        }
        let name = key.as_text().unwrap_or_default();
        if name.len() > LONGEST_KEY {
            return Err(Refused::new(
                key,
                format!("got a key of {} bytes; a key has {LONGEST_KEY} at most", name.len()),
            ));
        }
        mark::wrap(out, &key.from, |out| scalar(out, name, 0));
        out.push(':');
        match &entry.data {
            Data::List(items) if !items.is_empty() => line(out, columns + 2),
            Data::Map(entries) if !entries.is_empty() => line(out, columns + 2),
            _ => out.push(' '),
        }
        value(out, entry, Some(columns + 2), tpl)?;
    }
    Ok(())
}

/// `text` as a plain scalar where that is safe, as a block of lines from column `columns` where there is one and
/// the lines are plain enough, in double quotes otherwise.
fn scalar(out: &mut String, text: &str, columns: usize) {
    if is_plain(text) {
        out.push_str(text);
    } else if columns > 0 && is_literal(text) {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        for text in text.trim_end_matches('\n').split('\n') {
            if text.is_empty() {
                out.push('\n');
            } else {
                line(out, columns);
                out.push_str(text);
            }
        }
    } else {
        quoted(out, text);
    }
}

/// Whether `text` is the same without quotes to every reader, as a value and as a key in block context.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    match first {
        // Indicators (YAML 1.2, section 5.3); a sign or dash may start a word, but not a document.
        b'!' | b'"' | b'#' | b'%' | b'&' | b'\'' | b'*' | b',' | b':' | b'>' | b'?' | b'@' | b'[' | b']' | b'`'
        | b'{' | b'|' | b'}' | b' ' => return false,
        b'-' if bytes.len() == 1 || bytes[1] == b' ' || text.starts_with("---") => return false,
        b'.' if text.starts_with("...") => return false,
        _ => {}
    }
    if matches!(last, b' ' | b':') {
        return false;
    }
    let ends_early = |pair: &[u8]| pair == b": " || pair == b" #";
    if bytes.windows(2).any(ends_early) {
        return false;
    }
    let unusual = |character: char| !character.is_ascii() && (character.is_whitespace() || hidden(character).is_some());
    bytes.iter().all(|byte| (b' '..=b'~').contains(byte) || *byte >= 0x80)
        && (text.is_ascii() || !text.contains(unusual))
        && plain::is_text_everywhere(text)
}

/// Whether `text` is several lines that a `|` block holds exactly, without an indentation indicator and without
/// white space at the end of a line.
fn is_literal(text: &str) -> bool {
    let content = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !content.ends_with('\n')
        && !content.starts_with([' ', '\n', '\t'])
        && content.split('\n').all(|line| {
            !line.ends_with([' ', '\t'])
                && !line.contains(|character: char| character != '\t' && hidden(character).is_some())
        })
        && !content.is_empty()
}

/// `text` in double quotes (YAML 1.2, section 5.7), on one line.
fn quoted(out: &mut String, text: &str) {
    characters::quoted(out, text, Hex::Upper);
}

/// `text` such that Go's template engine gives it back: what would start an action is an action that prints it.
///
/// authentik's chart passes every string below its `authentik` value through `tpl` (`templates/_helpers.tpl`).
fn without_actions(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

#[cfg(test)]
mod tests;
