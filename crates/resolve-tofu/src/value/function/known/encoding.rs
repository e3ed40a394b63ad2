//! Text in encodings other than UTF-8, as base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::text;
use crate::value::function::Outcome;
use crate::value::function::plain::base64;
use crate::value::{Value, string, unknown_string};

/// Encodings that are the same here and in OpenTofu; there are more, and of those nothing is known.
const SAME: &[&str] = &[
    "big5",
    "euc-jp",
    "euc-kr",
    "gb18030",
    "gbk",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-7",
    "iso-8859-15",
    "koi8-r",
    "koi8-u",
    "shift_jis",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1254",
];

/// How text is written as bytes.
enum Kind {
    Utf8,
    /// Two bytes each, the larger or the smaller first.
    Utf16 {
        big: bool,
        mark: bool,
    },
    Latin1,
    Ascii,
    Table(&'static Encoding),
}

impl Kind {
    /// Whether a character is none of the encoding's, though the table here has it.
    fn lacks(&self, c: char) -> bool {
        match self {
            Self::Ascii => !c.is_ascii(),
            Self::Latin1 => c > 'ÿ',
            Self::Table(table) => table.name().starts_with("windows") && ('\u{80}'..'\u{a0}').contains(&c),
            Self::Utf8 | Self::Utf16 { .. } => false,
        }
    }
}

fn kind(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    Some(match name.as_str() {
        "utf-8" => Kind::Utf8,
        "utf-16" => Kind::Utf16 { big: true, mark: true },
        "utf-16be" => Kind::Utf16 { big: true, mark: false },
        "utf-16le" => Kind::Utf16 { big: false, mark: false },
        "iso-8859-1" | "latin1" => Kind::Latin1,
        "us-ascii" => Kind::Ascii,
        name if SAME.contains(&name) => Kind::Table(Encoding::for_label(name.as_bytes())?),
        _ => return None,
    })
}

pub(super) fn encode(given: &[Value]) -> Outcome {
    let (written, name) = (text(&given[0]), text(&given[1]));
    let Some(kind) = kind(name) else { return Ok(unknown_string()) };
    let refuse = || format!("`{name}` has not every character of the text");
    if written.chars().any(|c| kind.lacks(c)) {
        return Err(refuse());
    }
    let bytes = match kind {
        Kind::Utf8 | Kind::Ascii => written.as_bytes().to_vec(),
        Kind::Utf16 { big, mark } => {
            let units = mark.then_some(0xfeff).into_iter().chain(written.encode_utf16());
            units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        }
        Kind::Latin1 => written.chars().filter_map(|c| u8::try_from(c).ok()).collect(),
        Kind::Table(table) => match table.encode(written) {
            (_, _, true) => return Err(refuse()),
            (bytes, _, false) => bytes.into_owned(),
        },
    };
    Ok(string(&STANDARD.encode(bytes)))
}

pub(super) fn decode(given: &[Value]) -> Outcome {
    let name = text(&given[1]);
    let Some(kind) = kind(name) else { return Ok(unknown_string()) };
    let bytes = base64(text(&given[0]))?;
    let found = match kind {
        Kind::Utf8 | Kind::Ascii => String::from_utf8(bytes).ok(),
        Kind::Utf16 { big, mark } => utf16(&bytes, big, mark),
        Kind::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Kind::Table(table) => {
            let (found, broken) = table.decode_without_bom_handling(&bytes);
            (!broken).then(|| found.into_owned())
        }
    };
    let found = found.filter(|found| !found.chars().any(|c| c == '\u{fffd}' || kind.lacks(c)));
    found.map(|found| string(&found)).ok_or_else(|| format!("the bytes are not text of `{name}`"))
}

fn utf16(bytes: &[u8], big: bool, mark: bool) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let (big, pairs) = match pairs {
        [[0xfe, 0xff], rest @ ..] if mark => (true, rest),
        [[0xff, 0xfe], rest @ ..] if mark => (false, rest),
        all => (big, all),
    };
    let units: Vec<u16> =
        pairs.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) }).collect();
    String::from_utf16(&units).ok()
}
