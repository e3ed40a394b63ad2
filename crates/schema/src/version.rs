//! Versions, ordered as Go's `go-version` orders them, which is what OpenTofu asks.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A version: `2026.5.0`, `v1.7`, `1.11.0-beta2`, `1.2.3+build`.
#[derive(Clone, Debug)]
pub struct Version {
    text: String,
    /// The numbers, filled up with zeros to three.
    segments: Vec<u64>,
    /// How many numbers were written.
    written: usize,
    /// What stands behind the `-`; empty for a release.
    prerelease: String,
}

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoVersion(pub String);

impl fmt::Display for NoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version", self.0)
    }
}

impl std::error::Error for NoVersion {}

impl Version {
    /// The numbers, at least three.
    pub fn segments(&self) -> &[u64] {
        &self.segments
    }

    /// How many numbers were written: 2 for `1.7`.
    pub fn written(&self) -> usize {
        self.written
    }

    /// Whether it comes before a release: `1.11.0-beta2`.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// Whether both have the same numbers, whatever stands behind them.
    pub fn same_numbers(&self, other: &Self) -> bool {
        compare_segments(&self.segments, &other.segments).is_eq()
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let no_version = || NoVersion(text.to_owned());
        let bare = text.strip_prefix('v').unwrap_or(text);
        let (bare, build) = bare.split_once('+').map_or((bare, None), |(bare, build)| (bare, Some(build)));
        let digits_end = bare.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(bare.len());
        let (numbers, rest) = bare.split_at(digits_end);
        // A pre-release that starts with a letter may go without its `-`: `1.2beta`.
        let prerelease = rest.strip_prefix('-').unwrap_or(rest);
        let mut segments =
            numbers.split('.').map(str::parse).collect::<Result<Vec<u64>, _>>().map_err(|_| no_version())?;
        if !(rest.is_empty() || identifiers(prerelease)) || build.is_some_and(|build| !identifiers(build)) {
            return Err(no_version());
        }
        let written = segments.len();
        segments.resize(written.max(3), 0);
        Ok(Self { text: text.to_owned(), segments, written, prerelease: prerelease.to_owned() })
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_segments(&self.segments, &other.segments)
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

/// Names of letters, digits, `-` and `~`, with dots between them.
fn identifiers(text: &str) -> bool {
    text.split('.').all(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'~')
    })
}

fn compare_segments(one: &[u64], other: &[u64]) -> Ordering {
    let longest = one.len().max(other.len());
    let at = |segments: &[u64], position: usize| segments.get(position).copied().unwrap_or(0);
    (0..longest)
        .map(|position| at(one, position).cmp(&at(other, position)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// No pre-release comes after every pre-release; else name by name, numbers before words.
fn compare_prereleases(one: &str, other: &str) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut ones, mut others) = (one.split('.'), other.split('.'));
    loop {
        let order = match (ones.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            // The rule of go-version for the shorter one: less than a number, more than a word.
            (None, Some(other)) => {
                if other.parse::<i64>().is_ok() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(one), None) => {
                if one.parse::<i64>().is_ok() {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Some(one), Some(other)) => match (one.parse::<i64>(), other.parse::<i64>()) {
                (Ok(one), Ok(other)) => one.cmp(&other),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => one.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_opentofu_orders_them() {
        let ordered = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-beta1",
            "1.0.0",
            "1.2.3",
            "1.2.3.4",
            "1.7",
            "1.11.0",
            "2025.10.1",
            "2025.12.0",
            "2026.5.0-rc1",
            "2026.5.0",
        ];
        let versions: Vec<Version> = ordered.iter().map(|text| text.parse().expect(text)).collect();
        for (position, version) in versions.iter().enumerate() {
            for (other_position, other) in versions.iter().enumerate() {
                assert_eq!(version.cmp(other), position.cmp(&other_position), "{version} and {other}");
            }
        }
    }

    #[test]
    fn what_was_not_written_is_zero_and_what_was_built_does_not_count() {
        let version = |text: &str| text.parse::<Version>().expect("a version");
        assert_eq!(version("v1.2"), version("1.2.0+build"));
        assert_eq!(version("1.2").written(), 2);
        assert!(version("1.2beta").is_prerelease());
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "v", "a", "1..2", "1.", "1.2.*", "1.2 3", "1.2-", "1.2+", "1.2-a..b", "99999999999999999999"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
