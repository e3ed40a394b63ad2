//! Points in time, written as RFC 3339 has them.

use std::sync::LazyLock;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use super::text;
use crate::value::function::Outcome;
use crate::value::{Data, Value, string, unknown_string};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A point in time, and how far from UTC it was written.
pub(super) struct Moment {
    at: Timestamp,
    offset: Offset,
}

impl Moment {
    pub(super) fn of(local: DateTime, offset: Offset) -> Option<Self> {
        Some(Self { at: offset.to_timestamp(local).ok()?, offset })
    }

    fn local(&self) -> DateTime {
        self.offset.to_datetime(self.at)
    }

    /// As RFC 3339 has it, without parts of seconds.
    pub(super) fn written(&self) -> String {
        let local = self.local();
        let (year, month, day) = (local.year(), local.month(), local.day());
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{}", self.zone(true, ":"))
    }

    /// The offset, with `between` its hours and minutes; `Z` for none at all if `short`.
    fn zone(&self, short: bool, between: &str) -> String {
        let minutes = self.offset.seconds() / 60;
        if short && minutes == 0 {
            return "Z".to_owned();
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }
}

/// The numbers of a pattern's groups, a date and a time; none if there is no such day or hour.
pub(super) fn civil(parts: &regex::Captures<'_>) -> Option<DateTime> {
    let number = |name: &str| parts.name(name).map_or(Some(0), |found| found.as_str().parse::<i8>().ok());
    let year = parts.name("year")?.as_str().parse().ok()?;
    // Digits below the billionth of a second are cut off.
    let fraction = parts.name("fraction").map_or("", |found| found.as_str());
    let nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    DateTime::new(
        year,
        number("month")?,
        number("day")?,
        number("hour")?,
        number("minute")?,
        number("second")?,
        nanoseconds,
    )
    .ok()
}

/// The offset that `Z` or `+01:30` in the group `zone` says; none if there is no such one.
pub(super) fn offset(parts: &regex::Captures<'_>) -> Option<Offset> {
    let written = parts.name("zone")?.as_str();
    let Some((hours, minutes)) = written.get(1..).and_then(|rest| rest.split_once(':')) else {
        return Some(Offset::UTC);
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = (hours * 60 + minutes) * 60;
    let valid = hours <= 24 && minutes < 60;
    valid.then(|| Offset::from_seconds(if written.starts_with('-') { -seconds } else { seconds }).ok())?
}

/// RFC 3339 to the letter; and as `timecmp` takes it, with one digit for the hour, and a comma.
static STRICT: LazyLock<Regex> = LazyLock::new(|| pattern("[0-9]{2}", r"\.", "(?:[01][0-9]|2[0-3])"));
static LENIENT: LazyLock<Regex> = LazyLock::new(|| pattern("[0-9]{1,2}", "[.,]", "[0-9]{2}"));

fn pattern(hour: &str, comma: &str, offset: &str) -> Regex {
    let date = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})";
    let time =
        format!("(?P<hour>{hour}):(?P<minute>[0-9]{{2}}):(?P<second>[0-9]{{2}})(?:{comma}(?P<fraction>[0-9]+))?");
    Regex::new(&format!(r"\A{date}T{time}(?P<zone>Z|[-+]{offset}:[0-9]{{2}})\z"))
        .expect("the pattern is one, as every test sees")
}

fn moment(given: &Value, pattern: &Regex) -> Result<Moment, String> {
    let written = text(given);
    let found = pattern.captures(written).and_then(|parts| Moment::of(civil(&parts)?, offset(&parts)?));
    found.ok_or_else(|| format!("`{written}` is not a time such as `2026-01-31T12:00:00Z`"))
}

/// A duration such as `1h30m`, in nanoseconds.
fn duration(written: &str) -> Option<SignedDuration> {
    let (negative, rest) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.strip_prefix('+').unwrap_or(written)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let part = Regex::new(r"\A([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)").ok()?;
    let (mut rest, mut total) = (rest, 0_i128);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let found = part.captures(rest)?;
        let group = |at: usize| found.get(at).map_or("", |group| group.as_str());
        let (before, after) = (group(1), group(2));
        if before.is_empty() && after.is_empty() {
            return None;
        }
        let unit: i128 = match group(3) {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            _ => 3_600_000_000_000,
        };
        let whole = if before.is_empty() { 0 } else { before.parse::<i64>().ok()? };
        // Sixteen digits of a part of an hour are less than a nanosecond.
        let digits = after.get(..after.len().min(18))?;
        let fraction = if digits.is_empty() { 0 } else { digits.parse::<i128>().ok()? };
        total += i128::from(whole) * unit + fraction * unit / 10_i128.pow(u32::try_from(digits.len()).ok()?);
        if total > i128::from(i64::MAX) {
            return None;
        }
        rest = &rest[group(0).len()..];
    }
    i64::try_from(total).ok().map(|total| SignedDuration::from_nanos(if negative { -total } else { total }))
}

pub(super) fn add(given: &[Value]) -> Outcome {
    let Moment { at, offset } = moment(&given[0], &STRICT)?;
    let written = text(&given[1]);
    let duration = duration(written).ok_or_else(|| format!("`{written}` is not a duration such as `1h30m`"))?;
    // Years of more than four digits are no years of a configuration.
    Ok(at.checked_add(duration).map_or_else(|_| unknown_string(), |at| string(&Moment { at, offset }.written())))
}

pub(super) fn compare(given: &[Value]) -> Outcome {
    let order = moment(&given[0], &LENIENT)?.at.cmp(&moment(&given[1], &LENIENT)?.at);
    Ok(Data::Number((order as i8).into()).into())
}

pub(super) fn format_date(given: &[Value]) -> Outcome {
    let moment = moment(&given[1], &STRICT)?;
    let mut rest = text(&given[0]);
    let mut made = String::new();
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix("''") {
            made.push('\'');
            rest = quoted;
        } else if let Some(quoted) = rest.strip_prefix('\'') {
            rest = literal(quoted, &mut made).ok_or("a quote is not closed")?;
        } else if first.is_ascii_alphabetic() {
            let size = rest.chars().take_while(|c| *c == first).count();
            let (verb, behind) = rest.split_at(size);
            made.push_str(&part(verb, &moment).ok_or_else(|| format!("`{verb}` is not a part of a date"))?);
            rest = behind;
        } else {
            made.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(string(&made))
}

/// Takes text up to its closing quote, two quotes being one, and gives what follows.
fn literal<'t>(mut rest: &'t str, made: &mut String) -> Option<&'t str> {
    loop {
        let at = rest.find('\'')?;
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('\'') {
            Some(behind) => rest = behind,
            None => return Some(rest),
        }
        made.push('\'');
    }
}

/// What a run of one letter stands for.
fn part(verb: &str, moment: &Moment) -> Option<String> {
    let local = moment.local();
    let (hour, month) = (local.hour(), MONTHS[usize::try_from(local.month() - 1).ok()?]);
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let day = match local.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    let zone = |between: &str| moment.zone(false, between);
    Some(match verb {
        "YY" => format!("{:02}", local.year() % 100),
        "YYYY" => format!("{:04}", local.year()),
        "M" => local.month().to_string(),
        "MM" => format!("{:02}", local.month()),
        "MMM" => month[..3].to_owned(),
        "MMMM" => month.to_owned(),
        "D" => local.day().to_string(),
        "DD" => format!("{:02}", local.day()),
        "EEE" => day[..3].to_owned(),
        "EEEE" => day.to_owned(),
        "h" => hour.to_string(),
        "hh" => format!("{hour:02}"),
        "H" => twelve.to_string(),
        "HH" => format!("{twelve:02}"),
        "AA" => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        "aa" => if hour < 12 { "am" } else { "pm" }.to_owned(),
        "m" => local.minute().to_string(),
        "mm" => format!("{:02}", local.minute()),
        "s" => local.second().to_string(),
        "ss" => format!("{:02}", local.second()),
        "Z" => moment.zone(true, ":"),
        "ZZZ" if zone("") == "+0000" => "UTC".to_owned(),
        "ZZZ" | "ZZZZ" => zone(""),
        "ZZZZZ" => zone(":"),
        _ => return None,
    })
}
