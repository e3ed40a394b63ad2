//! Base64, digests and JSON.

use std::collections::BTreeMap;

use base64::Engine;
use base64::alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{PAD, STANDARD};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256, Sha512};

use crate::value::convert::number_text;
use crate::value::function::{Outcome, exactly, text};
use crate::value::{self, Data, Value, dynamic, is_wholly_known, unknown_number, unknown_string};

fn of_bytes(given: &[Value], change: impl Fn(&[u8]) -> String) -> Outcome {
    let [found] = exactly(given)?;
    Ok(text(found)?.map_or_else(unknown_string, |found| value::string(&change(found.as_bytes()))))
}

/// The bytes in hexadecimal digits.
pub(in super::super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(in super::super) fn base64_encode(given: &[Value]) -> Outcome {
    of_bytes(given, |bytes| STANDARD.encode(bytes))
}

/// Bits that no byte needs do not matter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// The bytes that base64 writes; line breaks do not count.
pub(in super::super) fn base64(written: &str) -> Result<Vec<u8>, String> {
    let written: String = written.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    LENIENT.decode(written).map_err(|_| "the text is not base64".to_owned())
}

pub(in super::super) fn base64_decode(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    let Some(found) = text(found)? else { return Ok(unknown_string()) };
    String::from_utf8(base64(&found)?)
        .map(|text| value::string(&text))
        .map_err(|_| "the bytes are not UTF-8".to_owned())
}

pub(in super::super) fn sha256(given: &[Value]) -> Outcome {
    of_bytes(given, |bytes| hex(&Sha256::digest(bytes)))
}

pub(in super::super) fn sha512(given: &[Value]) -> Outcome {
    of_bytes(given, |bytes| hex(&Sha512::digest(bytes)))
}

pub(in super::super) fn base64_sha256(given: &[Value]) -> Outcome {
    of_bytes(given, |bytes| STANDARD.encode(Sha256::digest(bytes)))
}

pub(in super::super) fn base64_sha512(given: &[Value]) -> Outcome {
    of_bytes(given, |bytes| STANDARD.encode(Sha512::digest(bytes)))
}

pub(in super::super) fn json_encode(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    if !is_wholly_known(found) {
        return Ok(unknown_string());
    }
    let mut text = String::new();
    write(found, &mut text);
    Ok(value::string(&text))
}

fn write(found: &Value, text: &mut String) {
    match &found.data {
        Data::Null(_) | Data::Unknown(_) => text.push_str("null"),
        Data::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Data::Number(number) => text.push_str(&number_text(number)),
        Data::Text(found) => quote(found, text),
        Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
            text.push('[');
            for (at, element) in elements.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(element, text);
            }
            text.push(']');
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            text.push('{');
            for (at, (name, entry)) in entries.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                quote(name, text);
                text.push(':');
                write(entry, text);
            }
            text.push('}');
        }
    }
}

/// Go writes these characters of HTML as escapes.
fn quote(found: &str, text: &mut String) {
    let quoted = serde_json::Value::from(found).to_string();
    for c in quoted.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
    }
}

pub(in super::super) fn json_decode(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    let Some(found) = text(found)? else { return Ok(dynamic()) };
    let json: &RawValue = serde_json::from_str(&found).map_err(not_json)?;
    read(json, 0)
}

/// How many levels deep JSON may nest.
const DEEPEST: usize = 128;

fn not_json(fault: serde_json::Error) -> String {
    format!("the text is not JSON: {fault}")
}

/// Numbers keep all their digits, so they are read from the text.
fn read(json: &RawValue, depth: usize) -> Outcome {
    let written = json.get();
    if depth > DEEPEST {
        return Err(format!("the text is nested more than {DEEPEST} levels deep"));
    }
    Ok(match written.as_bytes().first() {
        Some(b'{') => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(written).map_err(not_json)?;
            let entries = entries.into_iter().map(|(name, entry)| Ok((name, read(entry, depth + 1)?)));
            value::object(entries.collect::<Result<_, String>>()?)
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(written).map_err(not_json)?;
            value::tuple(elements.into_iter().map(|element| read(element, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => value::string(&serde_json::from_str::<String>(written).map_err(not_json)?),
        Some(b'n') => value::null(),
        Some(b't' | b'f') => value::boolean(written == "true"),
        _ => value::number(written).unwrap_or_else(unknown_number),
    })
}
