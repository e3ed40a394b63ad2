//! Digests, compression, and text for addresses.

use std::io::Read;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha1::{Digest, Sha1};
use uuid::Uuid;

use super::text;
use crate::value::function::Outcome;
use crate::value::function::plain::{base64, hex};
use crate::value::{Value, string, unknown_string};

/// What a query keeps as it is, beside letters and digits.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');
/// More than this is no text that a configuration makes use of.
const UNPACKED: u64 = 16 * 1024 * 1024;

pub(super) fn md5(given: &[Value]) -> Outcome {
    Ok(string(&hex(&md5::Md5::digest(text(&given[0]).as_bytes()))))
}

pub(super) fn sha1(given: &[Value]) -> Outcome {
    Ok(string(&hex(&Sha1::digest(text(&given[0]).as_bytes()))))
}

pub(super) fn base64_gunzip(given: &[Value]) -> Outcome {
    let packed = base64(text(&given[0]))?;
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(packed.as_slice()).take(UNPACKED);
    reader.read_to_end(&mut unpacked).map_err(|_| "the bytes are not what gzip makes".to_owned())?;
    if unpacked.len() as u64 == UNPACKED {
        return Ok(unknown_string());
    }
    Ok(lossy(&unpacked))
}

/// The bytes as text, with the mark that OpenTofu shows where they are none.
fn lossy(bytes: &[u8]) -> Value {
    string(&String::from_utf8_lossy(bytes))
}

pub(super) fn url_encode(given: &[Value]) -> Outcome {
    Ok(string(&utf8_percent_encode(text(&given[0]), ESCAPED).to_string().replace(' ', "+")))
}

pub(super) fn url_decode(given: &[Value]) -> Outcome {
    let written = text(&given[0]);
    let is_escape = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !written.split('%').skip(1).all(is_escape) {
        return Err("a `%` is not followed by two hexadecimal digits".to_owned());
    }
    let bytes: Vec<u8> = percent_decode_str(&written.replace('+', " ")).collect();
    Ok(lossy(&bytes))
}

pub(super) fn uuid_v5(given: &[Value]) -> Outcome {
    let namespace = match text(&given[0]) {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other).map_err(|_| format!("`{other}` is neither a name space nor a UUID"))?,
    };
    Ok(string(&Uuid::new_v5(&namespace, text(&given[1]).as_bytes()).to_string()))
}
