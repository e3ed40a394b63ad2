//! Powers, logarithms and numbers of other bases.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, BigUint, Sign};

use super::text;
use crate::value::convert::exact_number;
use crate::value::function::{Outcome, whole};
use crate::value::{Data, Value, number, unknown_number};

/// The argument as OpenTofu computes with it here: with the precision of a double.
fn double(given: &Value) -> Result<f64, String> {
    use bigdecimal::ToPrimitive;
    let number = exact_number(given)?.and_then(|number| number.to_f64()).filter(|number| number.is_finite());
    number.ok_or_else(|| "the number is too large".to_owned())
}

fn of_double(found: f64) -> Outcome {
    if found.is_nan() {
        return Err("the result is no number".to_owned());
    }
    // OpenTofu goes on with an infinity, which has no place among the numbers of a configuration.
    Ok(number(&found.to_string()).unwrap_or_else(unknown_number))
}

pub(super) fn log(given: &[Value]) -> Outcome {
    of_double(double(&given[0])?.ln() / double(&given[1])?.ln())
}

pub(super) fn pow(given: &[Value]) -> Outcome {
    of_double(double(&given[0])?.powf(double(&given[1])?))
}

/// The value of a digit; above base 36 the small letters come before the capital ones.
fn digit(c: char, base: u32) -> Option<u32> {
    let value = match c {
        'A'..='Z' if base > 36 => c as u32 - 'A' as u32 + 36,
        'a'..='z' if base > 36 => c as u32 - 'a' as u32 + 10,
        c => c.to_digit(36)?,
    };
    (value < base).then_some(value)
}

pub(super) fn parse_int(given: &[Value]) -> Outcome {
    if !matches!(given[0].data, Data::Text(_)) {
        return Err(format!("text is required, and this is {}", crate::value::kind(&given[0])));
    }
    let written = text(&given[0]);
    let base = whole(&given[1])?.and_then(|base| u32::try_from(base).ok()).filter(|base| (2..=62).contains(base));
    let base = base.ok_or("the base is a number from 2 to 62")?;
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => (Sign::Minus, digits),
        None => (Sign::Plus, written.strip_prefix('+').unwrap_or(written)),
    };
    // More digits than a file of numbers has would take longer to read than anyone waits.
    if digits.len() > 10_000 {
        return Ok(unknown_number());
    }
    let values: Option<Vec<u8>> =
        digits.chars().map(|c| digit(c, base).and_then(|digit| u8::try_from(digit).ok())).collect();
    let values = values.filter(|values| !values.is_empty());
    let parsed = values.and_then(|values| BigUint::from_radix_be(&values, base));
    let parsed = parsed.ok_or_else(|| format!("`{written}` is not a number of base {base}"))?;
    Ok(Data::Number(BigDecimal::from(BigInt::from_biguint(sign, parsed))).into())
}
