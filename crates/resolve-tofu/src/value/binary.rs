//! Numbers as OpenTofu keeps them: with 512 bits.

use std::num::NonZeroU64;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, Signed};

/// How many bits a number has.
const BITS: i64 = 512;
/// More digits than the bits can tell apart.
const DIGITS: u64 = 170;
/// So few digits that the bits tell every number of them apart.
const FEW: u64 = 150;

/// The number that OpenTofu has for `number`, which is not below zero: it decides which way a half is rounded.
pub(super) fn nearest(number: &BigDecimal) -> BigDecimal {
    let (digits, scale) = number.as_bigint_and_exponent();
    let Ok(tens) = u32::try_from(scale) else { return number.clone() };
    let divisor = BigInt::from(10).pow(tens);
    let shift = BITS - (digits.bits() as i64 - divisor.bits() as i64);
    let Ok(mut shift) = u32::try_from(shift) else { return number.clone() };
    let quotient = |shift: u32| -> BigInt { ((&digits << (shift + 1)) / &divisor + 1_u8) >> 1_u8 };
    let mut found = quotient(shift);
    if found.bits() > BITS as u64 && shift > 0 {
        shift -= 1;
        found = quotient(shift);
    }
    BigDecimal::new(found * BigInt::from(5).pow(shift), i64::from(shift))
}

/// A result as OpenTofu keeps it; one of few digits is kept as it is.
pub(super) fn kept(number: BigDecimal) -> BigDecimal {
    if number.digits() <= FEW {
        return number;
    }
    let kept = nearest(&number.abs());
    if number.is_negative() { -kept } else { kept }
}

/// `left / right`
pub(super) fn quotient(left: &BigDecimal, right: &BigDecimal) -> BigDecimal {
    let ((left, left_scale), (right, right_scale)) = (left.as_bigint_and_exponent(), right.as_bigint_and_exponent());
    let digits = |number: &BigInt| number.bits() * 1_233 / 4_096;
    let shift = DIGITS + digits(&right).saturating_sub(digits(&left));
    let shift = u32::try_from(shift).unwrap_or(u32::MAX);
    let scale = left_scale - right_scale + i64::from(shift);
    kept(BigDecimal::new(left * BigInt::from(10).pow(shift) / right, scale).normalized())
}

/// The number in as few digits as tell it from its neighbours.
pub(super) fn shortest(number: &BigDecimal) -> BigDecimal {
    let number = number.normalized();
    if number.digits() <= FEW {
        return number;
    }
    let exact = nearest(&number.abs());
    let rounded =
        |count: u64| NonZeroU64::new(count).map(|count| exact.with_precision_round(count, RoundingMode::HalfEven));
    let found = (FEW..DIGITS).filter_map(rounded).find(|rounded| nearest(rounded) == exact);
    let found = found.unwrap_or_else(|| exact.clone()).normalized();
    if number.is_negative() { -found } else { found }
}
