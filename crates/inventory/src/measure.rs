//! Numbers with a unit, and ports.

use serde_json::Value as Json;
use syntax::yaml;

use crate::field::{Fault, Scalar, integer};
use crate::read::{Reader, shorten};
use crate::rules;
use crate::shape::{Shape, TextInfo};

/// A stretch of time: `30m`, `12h`, `7d`, or as authentik writes it, `hours=1;minutes=30`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration(pub(crate) String);

impl Duration {
    /// As authentik takes it: `minutes=30`, `hours=1;minutes=30`.
    pub fn authentik(&self) -> &str {
        &self.0
    }
}

/// A number of bytes: `512KiB`, `1MiB`, `200kB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub(crate) u64);

impl Size {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// A TCP port, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port(pub(crate) u16);

impl Port {
    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}

/// The units of a stretch of time: the short ones that people write, and authentik's.
const UNITS: [(&str, &str); 8] = [
    ("us", "microseconds"),
    ("ms", "milliseconds"),
    ("s", "seconds"),
    ("m", "minutes"),
    ("h", "hours"),
    ("d", "days"),
    ("w", "weeks"),
    ("min", "minutes"),
];

impl Scalar for Duration {
    fn shape() -> Shape {
        static INFO: TextInfo = TextInfo {
            name: "Duration",
            doc: "A stretch of time: `30m`, `12h`, `7d`, `1h30m`, or as authentik writes it, `hours=1;minutes=30`.\n",
            pattern: "^(([0-9]+(us|ms|s|m|min|h|d|w))+|[A-Za-z]+=[0-9]+(;[A-Za-z]+=[0-9]+)*)$",
            examples: &["30m", "7d", "hours=1;minutes=30"],
            accepts: |text| duration(text).is_some(),
        };
        Shape::Text(&INFO)
    }

    fn read(scalar: &yaml::Scalar, _reader: &mut Reader) -> Result<Self, Fault> {
        let text = scalar.text.as_str();
        duration(text).map(Duration).ok_or_else(|| {
            let fault = Fault::new(rules::BAD_DURATION, format!("`{}` is no stretch of time", shorten(text)));
            if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
                fault.help(format!("write `{text}s` for seconds, `{text}m` for minutes"))
            } else {
                fault.help("write a number and a unit, `30m`, `12h`, `7d`, or `hours=1;minutes=30`")
            }
        })
    }

    fn stand_in(_text: &str) -> Self {
        Self(String::from("minutes=1"))
    }

    fn json(&self) -> Json {
        let short = self.0.split_once('=').filter(|(_, number)| !number.contains(';')).and_then(|(unit, number)| {
            let (short, _) = UNITS.iter().find(|(_, long)| *long == unit)?;
            Some(format!("{number}{short}"))
        });
        Json::from(short.unwrap_or_else(|| self.0.clone()))
    }
}

/// `text` as authentik takes it.
fn duration(text: &str) -> Option<String> {
    let number = |digits: &str| {
        let ascii = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
        ascii.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let mut parts = Vec::new();
    if text.contains('=') {
        for part in text.split(';') {
            let (unit, digits) = part.split_once('=')?;
            let (_, unit) = UNITS.iter().find(|(_, long)| long.eq_ignore_ascii_case(unit))?;
            parts.push((*unit, number(digits)?));
        }
    } else {
        let mut rest = text;
        while !rest.is_empty() {
            let (digits, behind) = rest.split_at(rest.find(|next: char| !next.is_ascii_digit())?);
            let (unit, behind) =
                behind.split_at(behind.find(|next: char| next.is_ascii_digit()).unwrap_or(behind.len()));
            let (_, unit) = UNITS.iter().find(|(short, _)| *short == unit)?;
            parts.push((*unit, number(digits)?));
            rest = behind;
        }
    }
    let once = parts.iter().enumerate().all(|(index, (unit, _))| parts[..index].iter().all(|(other, _)| other != unit));
    if !once || parts.iter().all(|(_, number)| *number == 0) {
        return None;
    }
    let parts: Vec<_> = parts.iter().map(|(unit, number)| format!("{unit}={number}")).collect();
    Some(parts.join(";"))
}

const SIZES: [(&str, u64); 8] = [
    ("B", 1),
    ("kB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
    ("", 1),
];

impl Scalar for Size {
    fn shape() -> Shape {
        static INFO: TextInfo = TextInfo {
            name: "Size",
            doc: "A number of bytes: `512KiB`, `1MiB`, `200kB`; a number alone is bytes.\n",
            pattern: "^[1-9][0-9]*(B|kB|KiB|MB|MiB|GB|GiB)?$",
            examples: &["512KiB", "1MiB"],
            accepts: |text| size(text).is_some(),
        };
        Shape::Text(&INFO)
    }

    fn read(scalar: &yaml::Scalar, _reader: &mut Reader) -> Result<Self, Fault> {
        let text = scalar.text.as_str();
        size(text).map(Size).ok_or_else(|| {
            let fault = Fault::new(rules::INVALID_SIZE, format!("`{}` is no size", shorten(text)));
            let digits = text.len() - text.trim_start_matches(|next: char| next.is_ascii_digit()).len();
            let (number, unit) = text.split_at(digits);
            let unit = unit.trim().to_ascii_lowercase();
            match SIZES.iter().find(|(known, _)| {
                let known = known.to_ascii_lowercase();
                !known.is_empty() && (known == unit || known == format!("{unit}ib"))
            }) {
                Some((known, _)) if !number.is_empty() && number != "0" => {
                    fault.help(format!("write `{number}{known}`"))
                }
                _ => fault.help("write a whole number and a unit: `512KiB`, `1MiB`, `200kB`"),
            }
        })
    }

    fn stand_in(_text: &str) -> Self {
        Self(1)
    }

    fn json(&self) -> Json {
        let (unit, factor) = SIZES
            .iter()
            .rfind(|(unit, factor)| unit.ends_with("iB") && self.0.is_multiple_of(*factor))
            .unwrap_or(&("B", 1));
        Json::from(format!("{}{unit}", self.0 / factor))
    }
}

fn size(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len()));
    let (_, factor) = SIZES.iter().find(|(known, _)| *known == unit)?;
    if number.starts_with('0') {
        return None;
    }
    number.parse::<u64>().ok()?.checked_mul(*factor).filter(|bytes| i64::try_from(*bytes).is_ok())
}

impl Scalar for Port {
    fn shape() -> Shape {
        Shape::Integer { minimum: 1, maximum: 65_535, example: "587" }
    }

    fn read(scalar: &yaml::Scalar, _reader: &mut Reader) -> Result<Self, Fault> {
        let number = integer(scalar, 1, 65_535, "port")?;
        u16::try_from(number).map(Port).map_err(|_| Fault::new(rules::INVALID_NUMBER, "the port is out of range"))
    }

    fn stand_in(_text: &str) -> Self {
        Self(1)
    }

    fn json(&self) -> Json {
        Json::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_read_as_people_and_as_authentik_write_it() {
        let table = [
            ("30m", Some("minutes=30")),
            ("1h30m", Some("hours=1;minutes=30")),
            ("7d", Some("days=7")),
            ("90min", Some("minutes=90")),
            ("days=365", Some("days=365")),
            ("Hours=1;MINUTES=30", Some("hours=1;minutes=30")),
            ("30", None),
            ("", None),
            ("30 m", None),
            ("minutes=abc", None),
            ("minutes=1;minutes=2", None),
            ("1.5h", None),
            ("-5m", None),
            ("99999999999h", None),
            ("0m", None),
            ("1h0m", Some("hours=1;minutes=0")),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_size_is_a_number_of_bytes() {
        let table = [
            ("512KiB", Some(524_288)),
            ("200kB", Some(200_000)),
            ("7", Some(7)),
            ("0MiB", None),
            ("1.5MiB", None),
            ("512K", None),
        ];
        for (text, expected) in table {
            assert_eq!(size(text), expected, "{text}");
        }
        assert_eq!(Size(524_288).json(), "512KiB");
    }
}
