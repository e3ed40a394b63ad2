//! `python`: a value as a Python literal.

use super::characters::{self, Hex};
use super::{Refused, number};
use crate::mark;
use crate::placed::{Data, Placed};

/// Writes `placed` on one line, as `ast.literal_eval` reads it back: text in double quotes, a map as a dict.
pub(super) fn write(out: &mut String, placed: &Placed) -> Result<(), Refused> {
    match &placed.data {
        Data::List(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position == 0 { "[" } else { ", " });
                write(out, item)?;
            }
            out.push(']');
        }
        Data::Map(entries) if !entries.is_empty() => {
            for (position, (key, value)) in entries.iter().enumerate() {
                out.push_str(if position == 0 { "{" } else { ", " });
                write(out, key)?;
                out.push_str(": ");
                write(out, value)?;
            }
            out.push('}');
        }
        data => mark::wrap(out, &placed.from, |out| leaf(out, data)),
    }
    Ok(())
}

fn leaf(out: &mut String, data: &Data) {
    match data {
        Data::Null => out.push_str("None"),
        Data::Bool(boolean) => out.push_str(if *boolean { "True" } else { "False" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::Float(float) => out.push_str(&number(*float)),
        Data::Text(text) => quoted(out, text),
        Data::List(_) => out.push_str("[]"),
        Data::Map(_) => out.push_str("{}"),
    }
}

/// `text` as a string literal (Python reference, section 2.4.1).
fn quoted(out: &mut String, text: &str) {
    characters::quoted(out, text, Hex::Lower);
}

#[cfg(test)]
mod tests;
