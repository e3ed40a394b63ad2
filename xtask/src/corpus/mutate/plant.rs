//! Where a defect can be planted, and what it is.

mod flux;
mod secrets;
mod tofu;

use std::collections::BTreeSet;
use std::ops::Range;

use camino::Utf8PathBuf;
use diagnostic::Span;
use labtree::check::Judged;
use manifest::Value;

use super::Dice;

/// A line of a file.
pub(crate) type Line = (Utf8PathBuf, usize);

/// The sorts of defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Path,
    Dependency,
    SourceName,
    SourceNamespace,
    ListedFile,
    MissingFile,
    ChartSource,
    Field,
    HealthCheck,
    Component,
    SubstitutionSource,
    SecretName,
    SecretKey,
    MadeKey,
    TemplateKey,
    Namespace,
    Port,
    VaultPath,
    VaultKey,
    Attribute,
    ProviderArgument,
    FileFunction,
    Group,
    RemovedResource,
}

impl Sort {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "a typo in `spec.path`",
            Self::Dependency => "a renamed `dependsOn`",
            Self::SourceName => "a typo in the name of a source",
            Self::SourceNamespace => "a source in another namespace",
            Self::ListedFile => "a typo in a listed file",
            Self::MissingFile => "a removed file that is still listed",
            Self::ChartSource => "a typo in the source of a chart",
            Self::Field => "a typo in a field",
            Self::HealthCheck => "a typo in a health check",
            Self::Component => "a typo in a component",
            Self::SubstitutionSource => "a typo in a source of variables",
            Self::SecretName => "a typo in the name of a Secret that is read",
            Self::SecretKey => "a typo in the key of a Secret that is read",
            Self::MadeKey => "a renamed key of a Secret",
            Self::TemplateKey => "a renamed key that a template reads",
            Self::Namespace => "an object in another namespace than its readers",
            Self::Port => "a port that a Service does not have",
            Self::VaultPath => "a typo in a path of Vault",
            Self::VaultKey => "a typo in a key of Vault",
            Self::Attribute => "a typo in an argument of authentik's provider",
            Self::ProviderArgument => "a typo in the configuration of a provider",
            Self::FileFunction => "a typo in the path of a file that OpenTofu reads",
            Self::Group => "a typo in the name of a group",
            Self::RemovedResource => "a removed resource that others refer to",
        }
    }
}

/// A defect that can be planted.
#[derive(Clone, Debug)]
pub(crate) struct Defect {
    pub(crate) sort: Sort,
    /// Where it is planted.
    pub(crate) at: Line,
    /// The lines that a person would look at to mend it; it must be told at one of them.
    pub(crate) told: BTreeSet<Line>,
    /// What is changed.
    pub(crate) change: Change,
}

/// What a defect changes.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A letter of what stands in these bytes.
    Letter(Range<usize>, String),
    /// All of them.
    All(Range<usize>, String),
    /// They are taken out; the line breaks stay.
    Out(Range<usize>),
    /// This file is taken away.
    File(Utf8PathBuf),
}

impl Defect {
    /// `text`, the file that it is planted in, with the defect; nothing is left of a file that is taken away.
    pub(crate) fn plant(&self, text: &mut Vec<u8>, dice: &mut Dice) {
        let (range, new) = match &self.change {
            Change::Letter(range, old) => (range, misspelt(old, dice).into_bytes()),
            Change::All(range, new) => (range, new.clone().into_bytes()),
            Change::Out(range) => (range, text[range.clone()].iter().copied().filter(|byte| *byte == b'\n').collect()),
            Change::File(_) => return,
        };
        text.splice(range.clone(), new);
    }
}

/// All places of a repository where a defect can be planted, each once.
pub(crate) fn places(judged: &Judged) -> Vec<Defect> {
    let mut all = Planting { judged, seen: BTreeSet::new(), defects: Vec::new() };
    for cluster in &judged.flux.clusters {
        flux::plant(&mut all, cluster);
        secrets::plant(&mut all, cluster);
    }
    tofu::plant(&mut all);
    all.defects
}

struct Planting<'j> {
    judged: &'j Judged,
    seen: BTreeSet<(Span, Sort)>,
    defects: Vec<Defect>,
}

impl Planting<'_> {
    /// A letter of a text, told where it stands.
    fn text(&mut self, sort: Sort, value: Option<&Value>) {
        if let Some((text, span)) = value.and_then(|value| Some((value.text()?, value.span))) {
            self.letter(sort, span, text, []);
        }
    }

    /// A letter of the key of a map, told where it stands.
    fn field(&mut self, map: Option<&Value>, key: &str) {
        if let Some(entry) = map.and_then(|map| map.entry(key)) {
            self.letter(Sort::Field, entry.key.span, key, []);
        }
    }

    /// A letter of `text` at `span`, told there or at one of `others`.
    fn letter(&mut self, sort: Sort, span: Span, text: &str, others: impl IntoIterator<Item = Span>) {
        self.place(sort, span, text, others, |range| Change::Letter(range, text.to_owned()));
    }

    /// A place, if the text stands there as it is: not in a patch of several lines, not through an anchor.
    fn place(
        &mut self,
        sort: Sort,
        span: Span,
        text: &str,
        others: impl IntoIterator<Item = Span>,
        change: impl FnOnce(Range<usize>) -> Change,
    ) {
        let whole = self.judged.sources.slice(span);
        if whole.trim_matches(['"', '\'']) != text || text.len() < 2 || !self.seen.insert((span, sort)) {
            return;
        }
        let start = span.start as usize + whole.find(text).unwrap_or_default();
        let at = self.line(span);
        let told = others.into_iter().map(|span| self.line(span)).chain([at.clone()]).collect();
        self.defects.push(Defect { sort, at, told, change: change(start..start + text.len()) });
    }

    fn line(&self, span: Span) -> Line {
        (Utf8PathBuf::from(self.judged.sources.path(span)), self.judged.sources.location(span).line)
    }
}

/// `text` with a letter of its last word left out, doubled or replaced.
pub(crate) fn misspelt(text: &str, dice: &mut Dice) -> String {
    let start = text.rfind('/').map_or(0, |slash| slash + 1);
    let word: Vec<char> = text[start..].chars().collect();
    let stem = word.iter().position(|next| *next == '.').filter(|at| *at > 0).unwrap_or(word.len());
    let letters: Vec<usize> = (0..stem).filter(|at| word[*at].is_alphanumeric()).collect();
    let Some(at) = (!letters.is_empty()).then(|| letters[dice.roll(letters.len())]) else { return format!("{text}x") };
    let mut word = word;
    match dice.roll(3) {
        0 if stem > 2 => drop(word.remove(at)),
        1 => word.insert(at, word[at]),
        _ => word[at] = if word[at] == 'q' { 'k' } else { 'q' },
    }
    let misspelt = format!("{}{}", &text[..start], word.into_iter().collect::<String>());
    if misspelt == text { format!("{text}x") } else { misspelt }
}
