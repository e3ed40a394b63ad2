//! Which release of Flux a cluster runs.

use diagnostic::Spanned;
use manifest::Value;

/// What a repository says of the release of Flux: a release as `2.9.4`, or a range as `2.x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// As it is written, without a leading `v`.
    pub written: Spanned<String>,
}

impl Release {
    /// The release that is written in `value`.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let text = value.text()?;
        Some(Self { written: Spanned::new(text.trim_start_matches('v').to_owned(), value.span) })
    }

    /// Major and minor number, where the range holds releases of one minor number only.
    pub fn minor(&self) -> Option<(u32, u32)> {
        let mut parts = self.written.value.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }

    /// Whether it fails a build on a variable that is not set; `None` where the range holds releases that do and others
    /// that do not. Source: the release notes of Flux 2.9, feature gate `StrictPostBuildSubstitutions`.
    pub fn requires_variables(&self) -> Option<bool> {
        self.minor().map(|minor| minor >= (2, 9))
    }
}
