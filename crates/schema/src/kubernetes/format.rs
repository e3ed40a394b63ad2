//! The formats of texts and numbers that are looked at. Others fit: what they mean differs from reader to reader.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;

/// What is wrong with a number of that format, to be read behind its name.
pub(super) fn wrong_number(format: &str, number: f64) -> Option<&'static str> {
    let fits_in = |bits: i32| number >= -(2f64.powi(bits - 1)) && number < 2f64.powi(bits - 1);
    match format {
        "int32" if !fits_in(32) => Some("must fit in 32 bits"),
        "int64" if !fits_in(64) => Some("must fit in 64 bits"),
        _ => None,
    }
}

/// What is wrong with a text of that format, to be read behind its name.
pub(super) fn wrong_text(format: &str, text: &str) -> Option<&'static str> {
    let (fits, wrong) = match format {
        "byte" => (is_base64(text), "must be base64"),
        "date-time" => (text.parse::<jiff::Timestamp>().is_ok(), "must be a time such as `2026-01-31T12:00:00Z`"),
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "must be an IPv4 address"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "must be an IPv6 address"),
        _ => return None,
    };
    (!fits).then_some(wrong)
}

/// Whether it is a quantity as Kubernetes reads them.
pub(super) fn is_quantity(text: &str) -> bool {
    static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$")
            .expect("the pattern is one")
    });
    QUANTITY.is_match(text)
}

/// As Go decodes it: line breaks do not count.
fn is_base64(text: &str) -> bool {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let bare: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    GeneralPurpose::new(&STANDARD, config).decode(bare).is_ok()
}
