//! Version constraints: `~> 2026.5.0`, `>= 1.7.0, < 2.0.0`.

use std::fmt;
use std::str::FromStr;

use crate::Version;

/// A version constraint as OpenTofu reads it: all of its parts must hold.
#[derive(Clone, Debug)]
pub struct Constraint {
    parts: Vec<(Operator, Version)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    /// `~>`: at least this, and only the last number that was written may grow.
    Pessimistic,
}

/// Longer ones first, so that `>` does not hide `>=`.
const OPERATORS: [(&str, Operator); 7] = [
    ("~>", Operator::Pessimistic),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("!=", Operator::NotEqual),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

/// A text that is no constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoConstraint {
    /// The part that does not read.
    pub part: String,
}

impl fmt::Display for NoConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version constraint", self.part)
    }
}

impl std::error::Error for NoConstraint {}

impl FromStr for Constraint {
    type Err = NoConstraint;

    fn from_str(text: &str) -> Result<Self, NoConstraint> {
        let parts = text.split(',').map(|part| {
            let part = part.trim();
            let (operator, version) = OPERATORS
                .iter()
                .find_map(|(word, operator)| Some((*operator, part.strip_prefix(word)?)))
                .unwrap_or((Operator::Equal, part));
            let version = version.trim_start().parse().map_err(|_| NoConstraint { part: part.to_owned() })?;
            Ok((operator, version))
        });
        Ok(Self { parts: parts.collect::<Result<_, _>>()? })
    }
}

impl Constraint {
    /// Whether `version` is one that it allows.
    pub fn allows(&self, version: &Version) -> bool {
        self.parts.iter().all(|(operator, bound)| allows(*operator, bound, version))
    }

    /// Whether every version that it allows is `version` or a later one.
    pub fn allows_only_from(&self, version: &Version) -> bool {
        use Operator::{Equal, Greater, GreaterOrEqual, Pessimistic};
        self.parts.iter().any(|(operator, bound)| {
            matches!(operator, Equal | Greater | GreaterOrEqual | Pessimistic) && bound >= version
        })
    }
}

fn allows(operator: Operator, bound: &Version, version: &Version) -> bool {
    match operator {
        Operator::Equal => version == bound,
        Operator::NotEqual => version != bound,
        Operator::Greater => prerelease_fits(bound, version) && version > bound,
        Operator::Less => prerelease_fits(bound, version) && version < bound,
        Operator::GreaterOrEqual => prerelease_fits(bound, version) && version >= bound,
        Operator::LessOrEqual => prerelease_fits(bound, version) && version <= bound,
        Operator::Pessimistic => pessimistic(bound, version),
    }
}

/// A pre-release fits only a bound that names one of the same numbers.
fn prerelease_fits(bound: &Version, version: &Version) -> bool {
    !version.is_prerelease() || bound.is_prerelease() && version.same_numbers(bound)
}

fn pessimistic(bound: &Version, version: &Version) -> bool {
    let fixed = bound.written() - 1;
    prerelease_fits(bound, version)
        && (version.is_prerelease() || !bound.is_prerelease())
        && version >= bound
        && version.segments().len() >= bound.segments().len()
        && version.segments()[..fixed] == bound.segments()[..fixed]
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: [&str; 26] = [
        "0.9.0",
        "1.0.0-alpha",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-beta1",
        "1.0.0",
        "1.2.3-beta",
        "1.2.3-beta2",
        "1.2.3",
        "1.2.3.4",
        "1.2.3.9",
        "1.2.4",
        "1.2.4.0",
        "1.3.0-rc1",
        "1.3.0",
        "2.0.0",
        "2025.10.0",
        "2025.12.1",
        "2026.2.1",
        "2026.5.0-rc1",
        "2026.5.0-rc2",
        "2026.5.0",
        "2026.5.1",
        "2026.8.0",
        "2027.0.0",
    ];

    /// What go-version 1.7 answered for each of [`VERSIONS`].
    const ALLOWED: &[(&str, &str)] = &[
        ("~> 2026.5.0", "2026.5.0 2026.5.1"),
        ("~> 2026.5", "2026.5.0 2026.5.1 2026.8.0"),
        ("~> 2026", "2026.2.1 2026.5.0 2026.5.1 2026.8.0 2027.0.0"),
        ("~>1.2", "1.2.3 1.2.3.4 1.2.3.9 1.2.4 1.2.4.0 1.3.0"),
        ("~> 1.2.3.4", "1.2.3.4 1.2.3.9"),
        ("~> 1.2.3-beta", "1.2.3-beta 1.2.3-beta2"),
        ("~> 2026.5.0-rc1", "2026.5.0-rc1 2026.5.0-rc2"),
        ("~> 2026.5.0, != 2026.5.0", "2026.5.1"),
        ("!= 2026.5.0, ~> 2026.5", "2026.5.1 2026.8.0"),
        (">= 2025.10.0, < 2026", "2025.10.0 2025.12.1"),
        ("= 2026.5.0", "2026.5.0"),
        ("2026.5", "2026.5.0"),
        ("v1.2.3", "1.2.3"),
        ("= 1.2.3+build", "1.2.3"),
        ("> 2026.2.1", "2026.5.0 2026.5.1 2026.8.0 2027.0.0"),
        (">= 2026.5.0-rc1", "2026.5.0-rc1 2026.5.0-rc2 2026.5.0 2026.5.1 2026.8.0 2027.0.0"),
        (">=1.3", "1.3.0 2.0.0 2025.10.0 2025.12.1 2026.2.1 2026.5.0 2026.5.1 2026.8.0 2027.0.0"),
        ("< 1.0.0-beta", "0.9.0 1.0.0-alpha"),
        ("<= 1.0", "0.9.0 1.0.0"),
        ("= 1.0.0-beta.2", "1.0.0-beta.2"),
        ("> 1.0.0-beta, < 1.2", "1.0.0"),
        (" >= 1.0 ,< 2.0 ", "1.0.0 1.2.3 1.2.3.4 1.2.3.9 1.2.4 1.2.4.0 1.3.0"),
    ];

    #[test]
    fn a_constraint_allows_what_go_version_allows() {
        for (constraint, allowed) in ALLOWED {
            let parsed: Constraint = constraint.parse().expect(constraint);
            let allows = |text: &&&str| parsed.allows(&text.parse().expect("a version"));
            let found: Vec<&str> = VERSIONS.iter().filter(allows).copied().collect();
            assert_eq!(found.join(" "), *allowed, "{constraint}");
        }
    }

    #[test]
    fn unequal_admits_pre_releases_as_go_version_does() {
        let constraint: Constraint = "!= 2026.5.0".parse().expect("a constraint");
        assert!(constraint.allows(&"2026.5.0-rc1".parse().expect("a version")));
    }

    #[test]
    fn what_is_no_constraint_is_refused_with_the_part() {
        for (text, part) in [
            ("", ""),
            ("~> ", "~>"),
            ("abc", "abc"),
            (">= 1.a", ">= 1.a"),
            (">> 1.0", ">> 1.0"),
            ("1.2.3 4", "1.2.3 4"),
            (">= 1.0,", ""),
            ("~> 1.0 || 2.0", "~> 1.0 || 2.0"),
            ("=> 1.0", "=> 1.0"),
            ("^1.2", "^1.2"),
            (">= 1.0, 1.2.*", "1.2.*"),
        ] {
            assert_eq!(text.parse::<Constraint>().expect_err(text), NoConstraint { part: part.to_owned() });
        }
    }

    #[test]
    fn the_lowest_version_is_known_from_the_parts_that_have_one() {
        let ephemeral: Version = "1.11".parse().expect("a version");
        for (constraint, only) in [
            (">= 1.7.0", false),
            (">= 1.11.0", true),
            ("~> 1.11", true),
            ("~> 1.10", false),
            ("> 1.10.9", false),
            (">= 1.11.0-beta1", false),
            ("< 2.0", false),
            ("!= 1.10.0", false),
            (">= 1.7, >= 1.12", true),
            ("= 1.12.6", true),
            ("1.12", true),
        ] {
            let parsed: Constraint = constraint.parse().expect(constraint);
            assert_eq!(parsed.allows_only_from(&ephemeral), only, "{constraint}");
        }
    }
}
