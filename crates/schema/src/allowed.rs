//! The releases that a root may run with.

use crate::{Constraint, Kind, Mode, Provider, Release, Version};

/// The releases that a root may run with: the one that its lock file names, or every one that its constraints allow,
/// or the newest where nothing is said.
#[derive(Clone, Debug)]
pub struct Allowed<'p> {
    /// The oldest first; never empty.
    releases: Vec<Release<'p>>,
}

/// In how many of the allowed releases something is so.
#[derive(Clone, Copy, Debug)]
pub enum Share<'p> {
    /// In every one.
    All,
    /// In some, not in others. The release is the newest in which it is not.
    Some(Release<'p>),
    /// In none.
    None,
}

impl<'p> Allowed<'p> {
    /// By the version in a lock file, or by the constraints of a root and its modules. `None` where there is no known
    /// release to judge by: a locked one that the table does not know, or constraints that no known release fits.
    pub fn new(provider: &'p Provider, locked: Option<&Version>, constraints: &[Constraint]) -> Option<Self> {
        let releases: Vec<_> = match (locked, constraints) {
            (Some(locked), _) => provider.release(locked).into_iter().collect(),
            (None, []) => vec![provider.newest()],
            (None, constraints) => provider
                .releases()
                .filter(|release| constraints.iter().all(|constraint| constraint.allows(release.version())))
                .collect(),
        };
        (!releases.is_empty()).then_some(Self { releases })
    }

    /// The newest of them: what `init` without a lock file installs.
    pub fn newest(&self) -> Release<'p> {
        *self.releases.last().expect("there is a release")
    }

    /// The only one, where there is just one.
    pub fn only(&self) -> Option<Release<'p>> {
        let [only] = self.releases.as_slice() else { return None };
        Some(*only)
    }

    /// All of them, the oldest first.
    pub fn releases(&self) -> impl Iterator<Item = Release<'p>> + '_ {
        self.releases.iter().copied()
    }

    /// In how many of them there is a type of that kind and name.
    pub fn has_type(&self, kind: Kind, name: &str) -> Share<'p> {
        self.share(|release| release.has_type(kind, name))
    }

    /// In how many of them that type has an argument of that name to write.
    pub fn has_argument(&self, kind: Kind, name: &str, argument: &str) -> Share<'p> {
        self.share(|release| release.attribute(kind, name, argument).is_some_and(|found| found.mode != Mode::Computed))
    }

    /// In how many of them `holds`.
    pub fn share(&self, holds: impl Fn(Release<'p>) -> bool) -> Share<'p> {
        let count = self.releases().filter(|release| holds(*release)).count();
        match count {
            0 => Share::None,
            all if all == self.releases.len() => Share::All,
            _ => {
                let without = self.releases.iter().rev().find(|release| !holds(**release));
                Share::Some(*without.expect("not all of them do"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(locked: Option<&str>, constraints: &[&str]) -> Option<Allowed<'static>> {
        let locked = locked.map(|text| text.parse().expect(text));
        let constraints: Vec<_> = constraints.iter().map(|text| text.parse().expect(text)).collect();
        Allowed::new(Provider::authentik(), locked.as_ref(), &constraints)
    }

    fn versions(allowed: &Allowed<'_>) -> Vec<String> {
        allowed.releases().map(|release| release.version().to_string()).collect()
    }

    #[test]
    fn a_lock_file_names_the_one_release() {
        let allowed = allowed(Some("2025.10.1"), &[">= 2024.10"]).expect("a known release");
        assert_eq!(versions(&allowed), ["2025.10.1"]);
        assert!(allowed.only().is_some());
    }

    #[test]
    fn constraints_of_root_and_modules_hold_together() {
        let allowed = allowed(None, &[">= 2025.10", "< 2026.2"]).expect("known releases");
        assert_eq!(versions(&allowed), ["2025.10.0", "2025.10.1", "2025.12.0", "2025.12.1"]);
        assert_eq!(allowed.newest().version().to_string(), "2025.12.1");
    }

    #[test]
    fn nothing_said_is_the_newest() {
        assert_eq!(versions(&allowed(None, &[]).expect("a release")), ["2026.5.0"]);
    }

    #[test]
    fn nothing_is_judged_by_an_unknown_release() {
        assert!(allowed(Some("2031.1.0"), &[]).is_none());
        assert!(allowed(None, &["~> 2031.1.0"]).is_none());
    }

    #[test]
    fn an_argument_is_in_all_some_or_none_of_them() {
        let share = |constraint: &str, argument: &str| {
            let allowed = allowed(None, &[constraint]).expect("known releases");
            match allowed.has_argument(Kind::Resource, "authentik_group", argument) {
                Share::All => "all".to_owned(),
                Share::None => "none".to_owned(),
                Share::Some(without) => format!("not in {}", without.version()),
            }
        };
        assert_eq!(share("~> 2025.10.0", "parent"), "all");
        assert_eq!(share("~> 2025.10", "parent"), "not in 2025.12.1");
        assert_eq!(share("~> 2025.10", "parents"), "not in 2025.10.1");
        assert_eq!(share("~> 2026.5.0", "parent"), "none");
        assert_eq!(share("~> 2026.5.0", "colour"), "none");
    }
}
