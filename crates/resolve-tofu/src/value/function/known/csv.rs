//! Comma-separated values.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::text;
use crate::value::function::{Outcome, list_of};
use crate::value::{self, Type, Value};

/// A list of an object for each line behind the first, which names the attributes.
pub(super) fn decode(given: &[Value]) -> Outcome {
    // The reader takes a byte order mark for none of the text, and OpenTofu for a part of the first name.
    if text(&given[0]).starts_with('\u{feff}') {
        return Ok(value::dynamic());
    }
    let written = text(&given[0]).replace("\r\n", "\n");
    let written = written.strip_suffix('\r').unwrap_or(&written);
    // The reader takes a quote anywhere; OpenTofu only around a whole field.
    let strict = Regex::new(r#"\A(?:(?:"(?:[^"]|"")*"|[^",\n]*)(?:,|\n|\z))*\z"#).map_err(|fault| fault.to_string())?;
    if !strict.is_match(written) {
        return Err("a quote stands within a field, or is not closed".to_owned());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(written.as_bytes());
    let mut rows =
        reader.records().map(|row| row.map_err(|_| "the lines have not the same number of fields".to_owned()));
    let names = rows.next().ok_or("there is no line that names the columns")??;
    if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
        return Err("two columns have the same name".to_owned());
    }
    let of = Type::Object(names.iter().map(|name| (name.to_owned(), Type::String)).collect());
    let object = |row: csv::StringRecord| {
        value::object(
            names
                .iter()
                .zip(&row)
                .map(|(name, field)| (name.to_owned(), value::string(field)))
                .collect::<BTreeMap<_, _>>(),
        )
    };
    let objects = rows.map(|row| row.map(object)).collect::<Result<Vec<_>, _>>()?;
    Ok(list_of(of, objects))
}
