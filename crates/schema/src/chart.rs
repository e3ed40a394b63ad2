//! Which versions of the Helm chart `authentik` were published.

use std::sync::LazyLock;

use crate::Version;

const VERSIONS: &str = include_str!("../../../schemas/authentik-chart.txt");

/// Whether a version of a chart was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It was.
    Yes,
    /// It was not, and never will be: a newer version of the same line was.
    Never,
    /// It is not known; a version like this may have come after the list was made.
    Perhaps,
}

/// Whether `version` of the chart `authentik` was published: [the index of its repository].
///
/// A line is a year and a month. Of one that is known, what comes after its newest version may still come; of one that
/// is not known, what comes after the newest of all.
///
/// [the index of its repository]: https://charts.goauthentik.io/index.yaml
pub fn authentik_chart(version: &Version) -> Published {
    static KNOWN: LazyLock<Vec<Version>> = LazyLock::new(|| {
        let lines = VERSIONS.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.parse().expect("each line is a version")).collect()
    });
    if KNOWN.contains(version) {
        return Published::Yes;
    }
    let is_of_line = |known: &&Version| known.segments()[..2] == version.segments()[..2];
    let newest_of_line = KNOWN.iter().filter(is_of_line).max();
    match newest_of_line.or_else(|| KNOWN.iter().max()) {
        Some(newest) if version < newest => Published::Never,
        _ => Published::Perhaps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_the_newest_of_a_line_may_have_come() {
        for (version, published) in [
            ("2026.8.0", Published::Yes),
            ("2026.5.3", Published::Yes),
            ("2024.10.5-1", Published::Yes),
            ("5.2.3", Published::Yes),
            ("2026.5.1", Published::Never),
            ("2026.4.0", Published::Never),
            ("2025.10.1-rc1", Published::Never),
            ("2026.2.4", Published::Perhaps),
            ("2026.8.1", Published::Perhaps),
            ("2027.2.0", Published::Perhaps),
        ] {
            let read = version.parse().expect("it is a version");
            assert_eq!(authentik_chart(&read), published, "{version}");
        }
    }
}
