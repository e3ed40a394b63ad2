//! Numbers in digits, as Go writes them.

use std::num::NonZeroU64;

use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, RoundingMode, Signed, Zero};

use super::format::Verb;
use crate::value::binary::{nearest, shortest};

/// `%b`, `%d`, `%o`, `%x` and `%X`.
pub(super) fn whole(verb: &Verb, number: &BigDecimal) -> Result<String, String> {
    if !number.is_integer() {
        return Err("a whole number is required".to_owned());
    }
    let (number, _) = number.with_scale(0).into_bigint_and_exponent();
    let (base, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let prefix = if verb.sharp { prefix } else { "" };
    let mut digits = number.magnitude().to_str_radix(base);
    if verb.letter == 'X' {
        digits.make_ascii_uppercase();
    }
    if verb.precision == Some(0) && digits == "0" {
        return Ok(String::new());
    }
    let zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    let sign = verb.sign(number.sign() == Sign::Minus);
    let start = format!("{sign}{prefix}");
    Ok(aligned(verb, &start, &format!("{}{digits}", "0".repeat(zeros)), verb.zero && verb.precision.is_none()))
}

/// `%e`, `%f`, `%g` and their capitals.
pub(super) fn float(verb: &Verb, number: &BigDecimal) -> String {
    let positive = number.abs();
    let six = verb.precision.unwrap_or(6);
    let digits = match verb.letter {
        'f' => nearest(&positive).with_scale_round(six as i64, RoundingMode::HalfEven).to_plain_string(),
        'e' | 'E' => exponential(&significant(&positive, six + 1), six, verb.letter),
        'G' => general(&positive, verb.precision, 'E'),
        _ => general(&positive, verb.precision, 'e'),
    };
    aligned(verb, verb.sign(number.is_negative()), &digits, verb.zero)
}

fn aligned(verb: &Verb, start: &str, digits: &str, zeros: bool) -> String {
    let fill = verb.width.saturating_sub(start.len() + digits.len());
    match (verb.minus, zeros) {
        (true, _) => format!("{start}{digits}{}", " ".repeat(fill)),
        (_, true) => format!("{start}{}{digits}", "0".repeat(fill)),
        _ => format!("{}{start}{digits}", " ".repeat(fill)),
    }
}

/// With an exponent where it is below -4, or where there are more digits before the point than wanted.
pub(super) fn general(number: &BigDecimal, precision: Option<usize>, letter: char) -> String {
    let rounded = precision.map_or_else(|| shortest(number), |count| significant(number, count.max(1)));
    let rounded = rounded.normalized();
    let (digits, point) = parts(&rounded);
    let most = match precision {
        None => 6,
        Some(count) if count.max(1) > digits.len() && digits.len() as i64 >= point => digits.len() as i64,
        Some(count) => count.max(1) as i64,
    };
    if !rounded.is_zero() && (point - 1 < -4 || point > most) {
        return exponential(&rounded, digits.len() - 1, letter);
    }
    rounded.to_plain_string()
}

/// The digits, and where the point stands in them.
fn parts(number: &BigDecimal) -> (String, i64) {
    let (digits, scale) = number.as_bigint_and_exponent();
    let digits = digits.magnitude().to_string();
    let point = digits.len() as i64 - scale;
    (digits, point)
}

/// `1.234e+05` with `count` digits behind the point.
fn exponential(number: &BigDecimal, count: usize, letter: char) -> String {
    let (digits, point) = parts(number);
    let exponent = if number.is_zero() { 0 } else { point - 1 };
    let (first, rest) = digits.split_at(1);
    let rest = format!("{rest:0<count$}");
    let point = if count > 0 { "." } else { "" };
    let minus = if number.is_negative() { "-" } else { "" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{minus}{first}{point}{}{letter}{sign}{:02}", &rest[..count], exponent.abs())
}

fn significant(number: &BigDecimal, count: usize) -> BigDecimal {
    let count = NonZeroU64::new(count as u64).unwrap_or(NonZeroU64::MIN);
    nearest(number).with_precision_round(count, RoundingMode::HalfEven)
}
