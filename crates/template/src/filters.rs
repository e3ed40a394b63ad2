//! The filters: what they take, and how their output is marked.

mod characters;
mod code;
mod hcl;
mod json;
mod markdown;
mod mermaid;
mod prose;
mod python;
#[cfg(test)]
mod testing;
mod yaml;

use std::collections::BTreeSet;
use std::fmt;

use diagnostic::Span;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};

use crate::mark;
use crate::placed::{Data, Placed};

/// The names that a template may use behind `|`, each with a writer below.
pub(crate) const NAMES: &[&str] =
    &["code", "hcl", "items", "json", "markdown", "mermaid", "prose", "python", "verbatim", "yaml"];

/// `text` for a place between the quotes of `["…"]` in a mermaid diagram that no template writes.
pub fn mermaid(text: &str) -> String {
    let mut out = String::new();
    mermaid::write(&mut out, text);
    out
}

/// Puts the filters into `environment`.
pub(crate) fn register(environment: &mut Environment<'_>) {
    environment.add_filter("yaml", |value: &Value, options: Option<Kwargs>| {
        let indent = indent(options.as_ref())?;
        let tpl = options.as_ref().map_or(Ok(None), |options| options.get::<Option<bool>>("tpl"))?.unwrap_or(false);
        apply("yaml", value, options.as_ref(), |out, value| yaml::write(out, value, indent, tpl))
    });
    environment.add_filter("hcl", |value: &Value, options: Option<Kwargs>| {
        let indent = indent(options.as_ref())?;
        apply("hcl", value, options.as_ref(), |out, value| hcl::write(out, value, indent))
    });
    environment.add_filter("json", |value: &Value, options: Option<Kwargs>| {
        let indent = indent(options.as_ref())?.unwrap_or(0);
        apply("json", value, options.as_ref(), |out, value| json::write(out, value, indent))
    });
    environment.add_filter("python", |value: &Value| apply("python", value, None, python::write));
    environment.add_filter("items", items);
    for (name, write) in [
        ("code", code::write as fn(&mut String, &str)),
        ("markdown", markdown::write),
        ("mermaid", mermaid::write),
        ("prose", prose::write),
        // For a text that is a file by itself, in its own language.
        ("verbatim", |out, text| out.push_str(text)),
    ] {
        environment
            .add_filter(name, move |value: &Value| apply(name, value, None, |out, value| scalar(out, value, write)));
    }
}

/// Why a filter does not take a value.
#[derive(Debug)]
pub(crate) struct Refused {
    /// What is wrong and what to do, to be put behind the filter's name.
    pub(crate) message: String,
    /// Where the value follows from.
    pub(crate) from: Vec<Span>,
}

impl Refused {
    fn new(placed: &Placed, message: impl Into<String>) -> Self {
        Self { message: message.into(), from: placed.from.clone() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

/// Writes `value` with `write`, as text that the formatter lets through.
fn apply(
    filter: &str,
    value: &Value,
    options: Option<&Kwargs>,
    write: impl FnOnce(&mut String, &Placed) -> Result<(), Refused>,
) -> Result<Value, Error> {
    options.map_or(Ok(()), Kwargs::assert_all_used)?;
    refuse_undefined(value)?;
    let plain;
    let placed = match value.downcast_object_ref::<Placed>() {
        Some(placed) => placed,
        None => {
            plain = number_or_boolean(value).map_err(|got| {
                let help = "it takes values from the lab, numbers and booleans";
                Error::new(ErrorKind::InvalidOperation, format!("`{filter}` got {got}; {help}"))
            })?;
            &plain
        }
    };
    let mut out = String::with_capacity(64);
    check(placed).and_then(|()| write(&mut out, placed)).map_err(|refused| {
        let message = format!("`{filter}` {}", refused.message);
        Error::new(ErrorKind::InvalidOperation, message).with_source(refused)
    })?;
    Ok(Value::from_safe_string(out))
}

/// minijinja's own error, which knows the name of what is undefined; its strict mode does not stop it before a filter.
fn refuse_undefined(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { value.get_attr("any").map(drop) } else { Ok(()) }
}

/// A number or a boolean of the template itself, or what it is instead.
fn number_or_boolean(value: &Value) -> Result<Placed, String> {
    match value.kind() {
        ValueKind::Bool => Ok(Placed::fixed(value.is_true())),
        ValueKind::Number => match value.as_i64() {
            Some(number) if value.is_integer() => Ok(Placed::fixed(number)),
            _ => f64::try_from(value.clone()).map(Placed::fixed).map_err(|_| format!("the number {value}")),
        },
        ValueKind::Undefined => Err("an undefined value".to_owned()),
        ValueKind::None => Err("`none`".to_owned()),
        ValueKind::String => Err("text that is not from the lab".to_owned()),
        other => Err(format!("a value of the kind `{other}`")),
    }
}

/// What no filter takes: text with marks, keys that are no text or come twice, numbers that no language can write.
fn check(placed: &Placed) -> Result<(), Refused> {
    match &placed.data {
        Data::Text(text) => match mark::find(text) {
            Some(range) => {
                let code = text[range].chars().next().map_or(0, u32::from);
                let message = format!("got text with the noncharacter U+{code:X}; take it out");
                Err(Refused::new(placed, message))
            }
            None => Ok(()),
        },
        Data::Float(float) if !float.is_finite() => {
            Err(Refused::new(placed, format!("got the number {float}; give a finite one")))
        }
        Data::List(items) => items.iter().try_for_each(check),
        Data::Map(entries) => check_entries(entries),
        _ => Ok(()),
    }
}

fn check_entries(entries: &[(Placed, Placed)]) -> Result<(), Refused> {
    let mut seen = BTreeSet::new();
    for (key, value) in entries {
        let Some(name) = key.as_text() else {
            return Err(Refused::new(key, format!("got a map whose key is a {}; make it text", key.kind())));
        };
        if !seen.insert(name) {
            return Err(Refused::new(key, format!("got a map with the key `{name}` twice; give each key once")));
        }
        check(key)?;
        check(value)?;
    }
    Ok(())
}

/// The column that a list or a map is laid out from.
fn indent(options: Option<&Kwargs>) -> Result<Option<usize>, Error> {
    let Some(options) = options else { return Ok(None) };
    Ok(options.get::<Option<u8>>("indent")?.map(usize::from))
}

/// Writes the text of a scalar with `write`; a list or a map has no one-line text.
fn scalar(out: &mut String, placed: &Placed, write: fn(&mut String, &str)) -> Result<(), Refused> {
    let text = match &placed.data {
        Data::Text(text) => text.as_str(),
        Data::Bool(true) => "yes",
        Data::Bool(false) => "no",
        Data::Number(number) => &number.to_string(),
        Data::Float(float) => &number(*float),
        Data::Null | Data::List(_) | Data::Map(_) => {
            let message = format!("got a {}; give it text, a number or a boolean", placed.kind());
            return Err(Refused::new(placed, message));
        }
    };
    mark::wrap(out, &placed.from, |out| write(out, text));
    Ok(())
}

/// A finite float as every language here reads it, never mistaken for a whole number.
fn number(float: f64) -> String {
    let text = float.to_string();
    if text.contains('.') { text } else { text + ".0" }
}

/// Starts a line that is indented by `columns`.
fn line(out: &mut String, columns: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', columns));
}

/// The entries of a placed map as pairs.
fn items(value: &Value) -> Result<Value, Error> {
    refuse_undefined(value)?;
    match value.downcast_object_ref::<Placed>().map(|placed| &placed.data) {
        Some(Data::Map(entries)) => {
            Ok(entries.iter().map(|(key, value)| Value::from(vec![Value::from(key), Value::from(value)])).collect())
        }
        _ => Err(Error::new(ErrorKind::InvalidOperation, "`items` takes a map from the lab")),
    }
}
