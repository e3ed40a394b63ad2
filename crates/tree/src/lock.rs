//! The lock: which text of each rendered file counts as labtree's own.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use diagnostic::{Diagnostic, FileId, Span};

use crate::{Digest, conflict, draft_path, path_fault};

/// The digests of each rendered file that count as labtree's own work.
///
/// In text it is what `sha256sum -c labtree.lock` reads:
/// ```text
/// # labtree.lock: what labtree rendered; `sha256sum -c labtree.lock` shows what was edited since
/// 0f3c…  flux/apps/base/gitea/kustomization.yaml
/// # pending 77ab…  flux/apps/base/gitea/kustomization.yaml
/// ```
/// A pending digest is that of a text about to be written. It stands there only while a run is at work, or
/// after one was stopped in the middle, so a comment is the right place for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    files: BTreeMap<Utf8PathBuf, Known>,
}

/// What the lock knows about one path. More than one digest is there when two branches were merged, or when a
/// stopped run left a file that a person then edited. The digests are in order, each of them once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The texts that were rendered here.
    pub rendered: Vec<Digest>,
    /// The texts that a run was about to write here.
    pub pending: Vec<Digest>,
}

impl Known {
    /// Whether a file of this digest is labtree's own.
    pub fn contains(&self, digest: Digest) -> bool {
        self.rendered.contains(&digest) || self.pending.contains(&digest)
    }

    /// All digests, as rendered ones.
    pub fn settled(&self) -> Self {
        let mut settled = Self { rendered: [&*self.rendered, &*self.pending].concat(), pending: Vec::new() };
        settled.tidy();
        settled
    }

    fn tidy(&mut self) {
        for digests in [&mut self.rendered, &mut self.pending] {
            digests.sort_unstable();
            digests.dedup();
        }
    }
}

/// What makes a text no lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// The line's bytes.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub reason: String,
}

impl Damage {
    /// The damage as a finding in `file`, which is the lock.
    pub fn diagnostic(&self, file: FileId) -> Diagnostic {
        Diagnostic::error("damaged-lock", Span::new(file, self.range.clone()), self.to_string()).help(Self::HELP)
    }

    /// What a person does about any damage.
    pub const HELP: &str = "take it back with `git restore labtree.lock`; without git, delete it: \
                            `labtree generate` then takes in every file that is as it would be rendered";
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`labtree.lock` is damaged: line {} {}", self.line, self.reason)
    }
}

impl std::error::Error for Damage {}

impl Lock {
    /// The first line of every lock.
    pub const HEADER: &str =
        "# labtree.lock: what labtree rendered; `sha256sum -c labtree.lock` shows what was edited since";
    /// How the first line begins, in the lock of any version.
    pub const TITLE: &str = "# labtree.lock";
    const PENDING: &str = "# pending ";

    /// The lock in `text`. Markers of a merge that git could not finish are passed over, so that the digests of
    /// all sides count. Anything else that labtree does not write is damage: a lock that were silently empty
    /// would make every rendered file look like a stranger's.
    pub fn parse(text: &str) -> Result<Self, Damage> {
        let mut entries: Vec<(Utf8PathBuf, Known)> = Vec::new();
        let mut titled = false;
        let mut offset = 0;
        for (index, whole) in text.split_inclusive('\n').enumerate() {
            let line = whole.trim_end_matches(['\n', '\r']);
            let damage = |reason: String| Damage { line: index + 1, range: offset..offset + line.len(), reason };
            if !whole.ends_with('\n') {
                return Err(damage("is cut off".to_owned()));
            }
            if let Some(entry) = line.strip_prefix(Self::PENDING) {
                let (path, digest) = entry_of(entry).map_err(damage)?;
                entries.push((path.into(), Known { rendered: Vec::new(), pending: vec![digest] }));
            } else if line.starts_with('#') {
                titled |= line.starts_with(Self::TITLE);
            } else if !line.is_empty() && conflict::marker(line).is_none() {
                let (path, digest) = entry_of(line).map_err(damage)?;
                entries.push((path.into(), Known { rendered: vec![digest], pending: Vec::new() }));
            }
            offset += whole.len();
        }
        if titled {
            return Ok(entries.into_iter().collect());
        }
        let first = text.lines().next().unwrap_or_default();
        let reason = if text.is_empty() {
            "is missing: the file is empty".to_owned()
        } else {
            format!("is not `{}…`, as it is in every lock", Self::TITLE)
        };
        Err(Damage { line: 1, range: 0..first.len(), reason })
    }

    /// The lock in `bytes`.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, Damage> {
        let error = match str::from_utf8(bytes) {
            Ok(text) => return Self::parse(text),
            Err(error) => error,
        };
        let before = &bytes[..error.valid_up_to()];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Err(Damage { line, range: start..before.len(), reason: "is not UTF-8".to_owned() })
    }

    /// The text to write: one line a digest, in order of paths.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(128 * (self.files.len() + 1));
        text.push_str(Self::HEADER);
        text.push('\n');
        for (path, known) in &self.files {
            for digest in &known.rendered {
                let _ = writeln!(text, "{digest}  {path}");
            }
            for digest in &known.pending {
                let _ = writeln!(text, "{}{digest}  {path}", Self::PENDING);
            }
        }
        text
    }

    /// What is known about `path`.
    pub fn get(&self, path: impl AsRef<Utf8Path>) -> Option<&Known> {
        self.files.get(path.as_ref())
    }

    /// All paths in order, with what is known about each.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Utf8Path, &Known)> {
        self.files.iter().map(|(path, known)| (path.as_path(), known))
    }

    /// Where a stopped run may have left a text that it had not yet renamed.
    pub fn drafts(&self) -> impl Iterator<Item = Utf8PathBuf> {
        self.iter().flat_map(|(path, known)| known.pending.iter().map(move |digest| draft_path(path, *digest)))
    }

    /// Whether nothing is known about any path.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// What is noted for one path several times counts together; where nothing is noted, the path is left out.
impl FromIterator<(Utf8PathBuf, Known)> for Lock {
    fn from_iter<I: IntoIterator<Item = (Utf8PathBuf, Known)>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().filter(|(_, known)| *known != Known::default()).collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|(path, later), (kept, known)| {
            let same = path == kept;
            if same {
                known.rendered.append(&mut later.rendered);
                known.pending.append(&mut later.pending);
            }
            same
        });
        for (_, known) in &mut entries {
            known.tidy();
        }
        Self { files: BTreeMap::from_iter(entries) }
    }
}

/// A line as `sha256sum` writes it: digest, two spaces, path.
fn entry_of(line: &str) -> Result<(&str, Digest), String> {
    let (digest, path) = line
        .split_at_checked(Digest::HEX)
        .and_then(|(hex, rest)| Some((Digest::parse(hex)?, rest.strip_prefix("  ")?)))
        .ok_or("is not a digest, two spaces and a path")?;
    match path_fault(path) {
        Some(fault) => Err(format!("names the path `{}`, which {fault}", path.escape_debug())),
        None => Ok((path, digest)),
    }
}

#[cfg(test)]
mod tests;
