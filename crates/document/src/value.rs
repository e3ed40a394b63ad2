//! Shapes that the model is built from.

use diagnostic::{Derived, Diagnostic, Span, Spanned, Value};
use serde_json::Value as Json;
use syntax::yaml::{self, Content, Node, Plain, Style, plain};

use crate::keys::distinct;
use crate::read::{At, Field, NOWHERE, Reader, refuse_tag, shorten};
use crate::rules;
use crate::shape::Shape;

/// A mapping whose keys a person chooses, in the order written.
pub type Entries<K, V> = Vec<Entry<K, V>>;

/// One entry of such a mapping.
#[derive(Clone, Debug)]
pub struct Entry<K, V> {
    /// Its key.
    pub name: Spanned<K>,
    /// What stands under the key.
    pub value: V,
}

/// A value that is handed on as it is: each part follows from the one place it is written at.
impl Field for Derived<Value> {
    type Default = Value;

    fn shape() -> Shape {
        Shape::Any
    }

    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self {
        refuse_tag(node, reader);
        let value = match &node.content {
            Content::Scalar(scalar) => match leaf(scalar, node, at, reader) {
                Ok(value) => value,
                Err(finding) => {
                    reader.report(finding);
                    return Self::stand_in();
                }
            },
            Content::Sequence(items) => Value::List(items.iter().map(|item| Self::read(item, at, reader)).collect()),
            Content::Mapping(pairs) => {
                let pairs = distinct(pairs, at, reader);
                let read = |(name, pair): (&str, &yaml::Pair)| {
                    let key = pair.key.used_at();
                    (Derived::new(name.to_owned(), [key]), Self::read(&pair.value, &at.below(name, key), reader))
                };
                Value::Map(pairs.into_iter().map(read).collect())
            }
        };
        Derived::new(value, [if node.is_empty() { at.key } else { node.span }])
    }

    fn absent(_near: Span) -> Option<Self> {
        None
    }

    fn stand_in() -> Self {
        Derived::new(Value::Null, [NOWHERE])
    }

    fn from_default(default: Value, near: Span) -> Self {
        Derived::new(default, [near])
    }

    fn show(_default: &Value) -> Json {
        Json::Null
    }
}

/// Where `value`, which was read, is written.
pub fn written_at<T>(value: &Derived<T>) -> Span {
    value.from.first().copied().unwrap_or(NOWHERE)
}

/// Reads a leaf by YAML 1.2. What Kubernetes would read otherwise is refused: nobody knows which was meant.
#[allow(clippy::result_large_err, reason = "the finding goes on to the reader at once")]
fn leaf(scalar: &yaml::Scalar, node: &Node, at: &At<'_>, reader: &mut Reader) -> Result<Value, Diagnostic> {
    let text = scalar.text.as_str();
    let refuse =
        |message: String, help: String| Err(Diagnostic::error(rules::AMBIGUOUS_SCALAR, node.span, message).help(help));
    if let Some(control) = text.chars().find(|&character| character.is_control() && !"\n\t\r".contains(character)) {
        let message = format!("the control character U+{:04X} cannot stand in this text", u32::from(control));
        return Err(Diagnostic::error(rules::INVALID_TEXT, node.span, message).help("delete it"));
    }
    if node.tag().is_some() {
        return Ok(Value::Text(text.to_owned()));
    }
    let plain = match scalar.plain() {
        Plain::Int(number) if i64::try_from(number).is_err() => Plain::Float(number as f64),
        plain => plain,
    };
    Ok(match plain {
        Plain::Null => Value::Null,
        Plain::Bool(value) => Value::Bool(value),
        Plain::Int(number) if has_leading_zero(text) => {
            let octal = i128::from_str_radix(text, 8).unwrap_or(number);
            return refuse(
                format!("`{text}` is `{number}` to YAML 1.2 and `{octal}` to Kubernetes"),
                format!("write `{octal}`, or `\"{text}\"` for the text"),
            );
        }
        Plain::Int(number) => Value::Integer(number as i64),
        Plain::Float(number) if !number.is_finite() => {
            return refuse(
                format!("`{text}` is no number that Kubernetes takes"),
                format!("write `\"{text}\"` for the text"),
            );
        }
        Plain::Float(number) => {
            if let Some(message) = loses_digits(text, number, at.name) {
                let finding = Diagnostic::warning(rules::NUMBER_LOSES_DIGITS, node.span, message);
                reader.report(finding.help(format!("write `\"{text}\"` for the text")));
            }
            Value::Float(number)
        }
        Plain::Text if scalar.style == Style::Plain => match kubernetes_reads(text) {
            Some(other) => {
                return refuse(
                    format!("`{}` is text to YAML 1.2 and `{other}` to Kubernetes", shorten(text)),
                    format!("write `{other}`, or `\"{}\"` for the text", shorten(text)),
                );
            }
            None => Value::Text(text.to_owned()),
        },
        Plain::Text | Plain::Timestamp | Plain::Merge => Value::Text(text.to_owned()),
    })
}

/// A version such as `1.10`, or an id that is too long for a whole number, is meant as text.
fn loses_digits(text: &str, number: f64, key: &str) -> Option<String> {
    if text.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("`{}` is too long for a whole number: its last digits are lost", shorten(text)));
    }
    let key = key.to_ascii_lowercase();
    let version = key.ends_with("tag") || key.ends_with("version");
    let lost = text.contains('.') && text.ends_with('0');
    (version && lost).then(|| format!("`{text}` is the number `{number}`"))
}

fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What Kubernetes makes of a plain scalar that is text to YAML 1.2; `None` where both read text.
fn kubernetes_reads(text: &str) -> Option<String> {
    match plain::kubernetes(text) {
        Plain::Bool(value) => Some(value.to_string()),
        Plain::Int(number) => Some(number.to_string()),
        Plain::Float(number) => Some(number.to_string()),
        Plain::Null | Plain::Timestamp | Plain::Merge | Plain::Text => None,
    }
}
