//! Base64, digests and JSON.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use sha2::{Digest, Sha256, Sha512};

use crate::value::convert::number_text;
use crate::value::function::{Outcome, exactly, text};
use crate::value::{self, Data, Value, dynamic, is_wholly_known, unknown_string};

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

pub(in super::super) fn base64_decode(given: &[Value]) -> Outcome {
    let [found] = exactly(given)?;
    let Some(found) = text(found)? else { return Ok(unknown_string()) };
    let bytes = STANDARD.decode(found).map_err(|_| "the text is not base64".to_owned())?;
    String::from_utf8(bytes).map(|text| value::string(&text)).map_err(|_| "the bytes are not UTF-8".to_owned())
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
    let quoted = Json::String(found.to_owned()).to_string();
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
    let json: Json = serde_json::from_str(&found).map_err(|fault| format!("the text is not JSON: {fault}"))?;
    Ok(read(&json))
}

fn read(json: &Json) -> Value {
    match json {
        Json::Null => value::null(),
        Json::Bool(flag) => value::boolean(*flag),
        Json::Number(number) => value::number(&number.to_string()).unwrap_or_else(dynamic),
        Json::String(text) => value::string(text),
        Json::Array(elements) => value::tuple(elements.iter().map(read).collect()),
        Json::Object(entries) => {
            value::object(entries.iter().map(|(name, entry)| (name.clone(), read(entry))).collect::<BTreeMap<_, _>>())
        }
    }
}
