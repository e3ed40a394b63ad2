//! How YAML 1.2 (its core schema) reads a plain scalar.

use super::{Scalar, Style};

/// What a scalar is to YAML 1.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// `null`, `~`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that fits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text,
}

impl Scalar {
    /// What the scalar is by YAML 1.2's core schema: only a plain one can be anything but text.
    pub fn plain(&self) -> Plain {
        match self.style {
            Style::Empty => Plain::Null,
            Style::Plain => plain(&self.text),
            _ => Plain::Text,
        }
    }
}

fn plain(text: &str) -> Plain {
    match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Plain::Float(f64::NAN),
        _ => number(text).unwrap_or(Plain::Text),
    }
}

fn number(text: &str) -> Option<Plain> {
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8)
            .then(|| i64::from_str_radix(octal, 8).map_or(Plain::Float(f64::INFINITY), Plain::Integer));
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return digits(hex, 16)
            .then(|| i64::from_str_radix(hex, 16).map_or(Plain::Float(f64::INFINITY), Plain::Integer));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Plain::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if digits(unsigned, 10)
        && let Ok(integer) = text.parse()
    {
        return Some(Plain::Integer(integer));
    }
    is_float(unsigned).then(|| text.parse().ok().map(Plain::Float))?
}

fn digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_digit(radix))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction, 10),
        Some((whole, fraction)) => digits(whole, 10) && (fraction.is_empty() || digits(fraction, 10)),
        None => digits(mantissa, 10),
    };
    mantissa && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent), 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_yaml_1_2_reads_them() {
        let table = [
            ("0", Plain::Integer(0)),
            ("-12", Plain::Integer(-12)),
            ("0755", Plain::Integer(755)),
            ("0o17", Plain::Integer(15)),
            ("0x1F", Plain::Integer(31)),
            ("1.", Plain::Float(1.0)),
            (".5", Plain::Float(0.5)),
            ("2026.5", Plain::Float(2026.5)),
            ("1e3", Plain::Float(1000.0)),
            ("+1.5E-1", Plain::Float(0.15)),
            ("-.inf", Plain::Float(f64::NEG_INFINITY)),
            ("99999999999999999999", Plain::Float(1e20)),
        ];
        for (text, expected) in table {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_or_a_boolean_is_text() {
        for text in
            ["yes", "no", "on", "y", "1_000", "0b11", "1:30", "2026.5.3", ".", "-", "+", "e3", "1e", "0x", "inf", "nan"]
        {
            assert_eq!(plain(text), Plain::Text, "{text}");
        }
    }
}
