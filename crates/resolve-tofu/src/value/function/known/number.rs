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
    of_double(logarithm(double(&given[0])?) / logarithm(double(&given[1])?))
}

pub(super) fn pow(given: &[Value]) -> Outcome {
    of_double(power(double(&given[0])?, double(&given[1])?))
}

/// A number above zero as a mantissa from a half to one, and an exponent of two.
fn parts(number: f64) -> (f64, i32) {
    // A subnormal number has no leading bit of its own.
    let (number, shift) = if number.abs() < f64::MIN_POSITIVE { (number * 2_f64.powi(52), 52) } else { (number, 0) };
    let bits = number.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent - shift)
}

/// The natural logarithm, to the bit as Go computes it: the last digit is in the text of a number.
fn logarithm(number: f64) -> f64 {
    if number <= 0.0 || number == 1.0 {
        return number.ln();
    }
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    let (f, k) = (mantissa - 1.0, f64::from(exponent));
    let s = f / (2.0 + f);
    let (s2, s4) = (s * s, s * s * (s * s));
    let odd =
        s2 * (0.6666666666666735 + s4 * (0.2857142874366239 + s4 * (0.1818357216161805 + s4 * 0.14798198605116586)));
    let even = s4 * (0.3999999999940942 + s4 * (0.22222198432149784 + s4 * 0.15313837699209373));
    let half = 0.5 * f * f;
    k * 0.6931471803691238 - ((half - (s * (half + (odd + even)) + k * 1.9082149292705877e-10)) - f)
}

/// The power, by squares of the mantissa as Go computes it.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.5 || exponent == -0.5 {
        return if exponent > 0.0 { base.sqrt() } else { 1.0 / base.sqrt() };
    }
    let (mut whole, mut part) = (exponent.abs().trunc(), exponent.abs().fract());
    let plain = base == 0.0 || exponent == 0.0 || base == 1.0 || whole >= 2_f64.powi(31) || (base < 0.0 && part != 0.0);
    if plain {
        return base.powf(exponent);
    }
    let mut made = 1.0;
    if part != 0.0 {
        if part > 0.5 {
            part -= 1.0;
            whole += 1.0;
        }
        made = (part * logarithm(base)).exp();
    }
    let (mut mantissa, mut power) = parts(base);
    let mut shift = 0_i32;
    let mut bits = whole as u64;
    while bits != 0 {
        // A power that is out of reach stays so.
        if !(-(1 << 12)..1 << 12).contains(&power) {
            return base.powf(exponent);
        }
        if bits & 1 == 1 {
            made *= mantissa;
            shift += power;
        }
        mantissa *= mantissa;
        power *= 2;
        if mantissa.abs() < 0.5 {
            mantissa += mantissa;
            power -= 1;
        }
        bits >>= 1;
    }
    if exponent < 0.0 {
        made = 1.0 / made;
        shift = -shift;
    }
    // In two steps: either half may be out of reach of the other.
    made * 2_f64.powi(shift / 2) * 2_f64.powi(shift - shift / 2)
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
