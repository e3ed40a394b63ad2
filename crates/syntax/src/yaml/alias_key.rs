//! Aliases that are keys, as most readers of YAML take them: the name of `*app: 1` ends before the colon.

use std::borrow::Cow;

/// How many aliases of a file may be keys whose colon follows at once: each is one more reading of the file.
const MAX_ALIAS_KEYS: usize = 256;

/// The colons that end the name of an alias, in order. YAML 1.2 takes the colon of `*app: 1` for a part of the name;
/// libyaml and Go's YAML, which Flux, kustomize and Helm read with, end the name before it.
#[derive(Default)]
pub(super) struct AliasKeys {
    colons: Vec<usize>,
}

impl AliasKeys {
    /// Adds one; whether it was not known, and one more may be.
    pub(super) fn add(&mut self, colon: usize) -> bool {
        let at = self.colons.partition_point(|known| *known < colon);
        let is_new = self.colons.get(at) != Some(&colon) && self.colons.len() < MAX_ALIAS_KEYS;
        if is_new {
            self.colons.insert(at, colon);
        }
        is_new
    }

    /// `text` with a blank before each of them.
    pub(super) fn spaced<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut spaced = Cow::Borrowed(text);
        for colon in self.colons.iter().rev() {
            spaced.to_mut().insert(*colon, ' ');
        }
        spaced
    }

    /// Where what stands at `offset` of the text with blanks is written.
    pub(super) fn written(&self, offset: usize) -> usize {
        offset - self.colons.iter().enumerate().take_while(|(before, colon)| *colon + before < offset).count()
    }
}

/// The colon behind the alias at `at`, or at the start of its line, where it stands for a key: a blank, or the end of
/// the line, follows.
pub(super) fn colon_of_alias(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let first = line + text[line..].bytes().take_while(|byte| [b' ', b'-'].contains(byte)).count();
    [at, first].into_iter().find_map(|start| {
        let name = text.get(start..)?.strip_prefix('*')?;
        let end = name.find(|next: char| !next.is_ascii_alphanumeric() && next != '-' && next != '_')?;
        let behind = name[end..].strip_prefix(':').filter(|_| end > 0)?;
        (behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r'])).then_some(start + 1 + end)
    })
}
