//! How Kubernetes, YAML 1.1 and YAML 1.2 read a plain scalar (one without quotes), each as its own table.
//!
//! The same letters mean different things to the programs that read a home repository: `on` is `true` to
//! `kubectl` and a string to kustomize, `1:30` is 90 to PyYAML, `1e3` is a string to PyYAML and 1000 to the
//! rest. A linter needs the tables one by one; a writer asks [`is_text_everywhere`].

/// What a reader takes a plain scalar for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number; one beyond 128 bits is a [`Plain::Float`].
    Int(i128),
    /// A number with a fraction or an exponent, an infinity or NaN.
    Float(f64),
    /// A date, with or without a time.
    Timestamp,
    /// The key `<<`, which merges another map into this one.
    Merge,
    /// The text itself.
    Text,
}

/// Whether every reader takes `text`, if it is written as a plain scalar at all, for that text.
pub fn is_text_everywhere(text: &str) -> bool {
    // All tables are about words that start with one of these; everything else is text at once.
    let Some(first) = text.bytes().next() else { return false };
    if !(first.is_ascii_digit() || b"+-.yYnNtTfFoO~<=".contains(&first)) {
        return true;
    }
    kubernetes(text) == Plain::Text && yaml11(text) == Plain::Text && core(text) == Plain::Text
}

/// The reading of `sigs.k8s.io/yaml` 1.6 (kubectl, helm, the controllers): go-yaml v2's `resolve.go`. A date
/// stays text there.
pub fn kubernetes(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Plain::Bool(false);
        }
        "<<" => return Plain::Merge,
        _ => {}
    }
    go_number(text)
}

/// The reading of go-yaml v3 (kustomize): the words of YAML 1.2, the numbers of YAML 1.1, and dates.
pub fn go_yaml3(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "<<" => Plain::Merge,
        _ if go_timestamp(text).is_some() => Plain::Timestamp,
        _ => go_number(text),
    }
}

/// The numbers of go-yaml, v2 and v3.
fn go_number(text: &str) -> Plain {
    if let Some(special) = infinity_or_nan(text) {
        return special;
    }
    match text.as_bytes()[0] {
        b'.' if underscores_part_digits(text) => finite(float(&text.replace('_', ""))),
        b'0'..=b'9' | b'+' | b'-' => {
            let digits = text.replace('_', "");
            go_int(&digits).unwrap_or_else(|| finite(float(&digits)))
        }
        _ => Plain::Text,
    }
}

/// The reading of YAML 1.1: the types of yaml.org/type as PyYAML and libyaml's users implement them, with the
/// `y` and `n` of the specification, and the short dates of go-yaml v3 (kustomize).
pub fn yaml11(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Plain::Bool(false);
        }
        // `=` is the default value of a map there; PyYAML refuses to read it.
        "<<" | "=" => return Plain::Merge,
        _ => {}
    }
    if let Some(special) = infinity_or_nan(text) {
        return special;
    }
    if date(text) || go_date(text) {
        return Plain::Timestamp;
    }
    int11(text).or_else(|| float11(text)).unwrap_or(Plain::Text)
}

/// The reading of the YAML 1.2 core schema (section 10.3.2).
pub fn core(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Bool(true),
        "false" | "False" | "FALSE" => return Plain::Bool(false),
        _ => {}
    }
    if let Some(special) = infinity_or_nan(text) {
        return special;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return whole(digits, 8).unwrap_or(Plain::Text);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return whole(digits, 16).unwrap_or(Plain::Text);
    }
    let (negative, digits) = sign(text);
    whole(digits, 10).map(|int| negate(negative, int)).or_else(|| float(text)).unwrap_or(Plain::Text)
}

/// Whether each `_` of `text` stands between two digits, which is where Go's `strconv.ParseFloat` takes one.
fn underscores_part_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).all(|at| bytes[at] != b'_' || at > 0 && digit(at - 1) && digit(at + 1))
}

/// Go refuses a float that is too large, and takes it for text then.
fn finite(float: Option<Plain>) -> Plain {
    float.filter(|float| matches!(float, Plain::Float(value) if value.is_finite())).unwrap_or(Plain::Text)
}

/// `.inf` and `.nan` in their three cases.
fn infinity_or_nan(text: &str) -> Option<Plain> {
    let (negative, word) = sign(text);
    match word {
        ".inf" | ".Inf" | ".INF" => Some(Plain::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY })),
        ".nan" | ".NaN" | ".NAN" if word.len() == text.len() => Some(Plain::Float(f64::NAN)),
        _ => None,
    }
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn negate(negative: bool, number: Plain) -> Plain {
    match number {
        Plain::Int(int) if negative => Plain::Int(-int),
        Plain::Float(float) if negative => Plain::Float(-float),
        other => other,
    }
}

/// `digits` of base `radix` without a sign; too many of them give a float.
fn whole(digits: &str, radix: u32) -> Option<Plain> {
    if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    Some(i128::from_str_radix(digits, radix).map_or_else(
        |_| {
            let value = |digit: u8| char::from(digit).to_digit(radix).map_or(0.0, f64::from);
            Plain::Float(digits.bytes().fold(0.0, |sum, digit| sum * f64::from(radix) + value(digit)))
        },
        Plain::Int,
    ))
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn float(text: &str) -> Option<Plain> {
    let (_, rest) = sign(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = !before.is_empty() || !after.is_empty();
    let exponent_fits = exponent.is_none_or(|exponent| {
        let (_, digits) = sign(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    if !(has_digit && all_digits(before) && all_digits(after) && exponent_fits) {
        return None;
    }
    text.parse().ok().map(Plain::Float)
}

/// Go's `strconv.ParseInt` with base 0, in 64 bits with or without a sign.
fn go_int(text: &str) -> Option<Plain> {
    let (negative, digits) = sign(text);
    let prefixed = |low, high| digits.strip_prefix(low).or_else(|| digits.strip_prefix(high));
    let number = if let Some(digits) = prefixed("0x", "0X") {
        whole(digits, 16)
    } else if let Some(digits) = prefixed("0b", "0B") {
        whole(digits, 2)
    } else if let Some(digits) = prefixed("0o", "0O") {
        whole(digits, 8)
    } else if digits.len() > 1 && digits.starts_with('0') {
        whole(digits, 8)
    } else {
        whole(digits, 10)
    };
    let Some(Plain::Int(int)) = number.map(|int| negate(negative, int)) else { return None };
    let unsigned = digits.len() == text.len() && u64::try_from(int).is_ok();
    (i64::try_from(int).is_ok() || unsigned).then_some(Plain::Int(int))
}

/// The whole numbers of YAML 1.1, of base 2, 8, 10, 16 and 60, with `_` between the digits.
fn int11(text: &str) -> Option<Plain> {
    let (negative, rest) = sign(text);
    let first = rest.bytes().next().filter(u8::is_ascii_digit)?;
    let digits = rest.replace('_', "");
    let number = if matches!(digits.as_str(), "0b" | "0x") && digits.len() < rest.len() {
        // Only underscores follow: PyYAML takes it for a number, and fails to read it.
        Some(Plain::Int(0))
    } else if let Some(digits) = digits.strip_prefix("0b") {
        whole(digits, 2)
    } else if let Some(digits) = digits.strip_prefix("0x") {
        whole(digits, 16)
    } else if first == b'0' && rest.len() > 1 {
        whole(&digits, 8)
    } else if digits.contains(':') {
        sexagesimal(&digits).map(|int| Plain::Int(int as i128))
    } else {
        whole(&digits, 10)
    };
    number.map(|int| negate(negative, int))
}

/// The floats of YAML 1.1: a dot is a must, the exponent of PyYAML has a sign, base 60 has digits after colons.
fn float11(text: &str) -> Option<Plain> {
    let (negative, rest) = sign(text);
    if !rest.contains('.') || !rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let digits = rest.replace('_', "");
    let number = if digits.contains(':') {
        let (whole, fraction) = digits.split_once('.')?;
        let fraction: f64 = format!("0.{fraction}0").parse().ok()?;
        Plain::Float(sexagesimal(whole)? + fraction)
    } else if digits == "." {
        return None;
    } else {
        float(&digits)?
    };
    Some(negate(negative, number))
}

/// `[0-9]+(:[0-5]?[0-9])+`: `1:30` is 90.
fn sexagesimal(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let mut value: f64 = match whole(parts.next()?, 10)? {
        Plain::Int(int) => int as f64,
        _ => return None,
    };
    for part in parts {
        let fits = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        value = value * 60.0 + fits.then(|| part.parse::<f64>().ok())??;
    }
    Some(value)
}

/// The timestamps of YAML 1.1: `2001-12-14`, `2001-12-14t21:59:43.10-05:00`, `2001-12-14 21:59:43.10 -5`.
fn date(text: &str) -> bool {
    let Some((day, rest)) = year_month_day(text) else { return false };
    let (month_digits, day_digits) = day;
    if rest.is_empty() {
        return month_digits == 2 && day_digits == 2;
    }
    let time = rest.strip_prefix(['T', 't']).unwrap_or_else(|| rest.trim_start_matches([' ', '\t']));
    if time.len() == rest.len() {
        return false;
    }
    let Some((_, time)) = digits(time, 1..=2).and_then(|(_, rest)| Some(((), rest.strip_prefix(':')?))) else {
        return false;
    };
    let Some((_, time)) = digits(time, 2..=2).and_then(|(_, rest)| Some(((), rest.strip_prefix(':')?))) else {
        return false;
    };
    let Some((_, time)) = digits(time, 2..=2) else { return false };
    let time = time.strip_prefix('.').map_or(time, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = time.trim_start_matches([' ', '\t']);
    if time.is_empty() || zone == "Z" {
        return true;
    }
    let Some(zone) = zone.strip_prefix(['+', '-']) else { return false };
    let Some((_, zone)) = digits(zone, 1..=2) else { return false };
    zone.is_empty() || zone.strip_prefix(':').is_some_and(|zone| digits(zone, 2..=2) == Some((2, "")))
}

/// The dates of go-yaml, whose months and days may have one digit.
fn go_date(text: &str) -> bool {
    year_month_day(text).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

/// The date `text` as Go writes it in JSON, `2001-12-14T00:00:00Z`; `None` if go-yaml takes it for no date.
pub fn go_timestamp(text: &str) -> Option<String> {
    let (_, rest) = year_month_day(text)?;
    let day: Vec<u32> = text[..text.len() - rest.len()].split('-').map(|part| part.parse().unwrap_or(0)).collect();
    let [year, month, day] = day[..] else { return None };
    if !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let end = time.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(time.len());
    let (clock, zone) = time.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let clock: Vec<u32> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = clock[..] else { return None };
    if hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    let zone = match (zone, rest.starts_with(' ')) {
        ("", true) | ("Z", false) => "Z",
        (zone, false) if is_offset(zone) => zone,
        _ => return None,
    };
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{dot}{fraction}{zone}"))
}

/// `+hh:mm` or `-hh:mm`.
fn is_offset(zone: &str) -> bool {
    matches!(zone.as_bytes(), [b'+' | b'-', h1, h2, b':', m1, m2] if [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `YYYY-M-D` at the start of `text`: how many digits month and day have, and what follows.
fn year_month_day(text: &str) -> Option<((usize, usize), &str)> {
    let (_, rest) = digits(text, 4..=4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 1..=2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1..=2)?;
    Some(((month, day), rest))
}

/// How many ASCII digits `text` starts with, if `count` allows it, and what follows.
fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(usize, &str)> {
    let found = text.bytes().take_while(u8::is_ascii_digit).count();
    count.contains(&found).then(|| (found, &text[found..]))
}

#[cfg(test)]
mod tests;
