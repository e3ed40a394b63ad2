//! Reading nodes as what the model wants. Reading is total: what is wrong is reported and replaced by a stand-in,
//! so that everything else is read and checked in the same run.

use diagnostic::{Diagnostic, FileId, Severity, Span, did_you_mean, nearest};
use serde_json::Value as Json;
use syntax::yaml::{Content, Node, Style};

use crate::example;
use crate::rules;
use crate::shape::Shape;

/// The place of a stand-in. A finding that touches it follows from another one, and is not shown.
pub(crate) const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

/// How many findings are kept; nobody reads more.
const MAX_FOUND: usize = 10_000;

/// How many mistyped words are looked up: the time for it grows with the words and with the candidates.
const MAX_SUGGESTIONS: usize = 200;

/// What is found while reading.
pub(crate) struct Reader {
    pub(crate) found: Vec<Diagnostic>,
    /// Whether a file could not be read, so that what it holds is not missed.
    pub(crate) incomplete: bool,
    suggestions: usize,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { found: Vec::new(), incomplete: false, suggestions: 0 }
    }

    /// Takes a finding in, unless it follows from a stand-in.
    pub(crate) fn report(&mut self, mut finding: Diagnostic) {
        let nowhere = |span: Span| span.file == NOWHERE.file;
        if nowhere(finding.primary.span) || finding.related.iter().any(|label| nowhere(label.span)) {
            return;
        }
        let texts = finding.related.iter_mut().map(|label| &mut label.text).chain(finding.help.as_mut());
        for text in texts.chain([&mut finding.message]).filter(|text| text.contains(is_unseen)) {
            *text = text.replace(is_unseen, "\u{fffd}");
        }
        if self.found.len() < MAX_FOUND || (finding.severity == Severity::Error && !diagnostic::any_error(&self.found))
        {
            self.found.push(finding);
        }
    }

    /// The candidate that `word` was probably meant to be.
    pub(crate) fn nearest<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 { None } else { nearest(word, candidates) }
    }

    /// `, did you mean `x`?`, or nothing.
    pub(crate) fn did_you_mean<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 {
            String::new()
        } else {
            did_you_mean(word, candidates)
        }
    }
}

/// Where in the inventory reading is.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// The key, or the empty text at the top.
    pub(crate) name: &'a str,
    /// The key's place; the nearest written one around it where nobody wrote it.
    pub(crate) key: Span,
    /// What is around it.
    pub(crate) around: Option<&'a At<'a>>,
    /// Whether a list must have an item.
    pub(crate) filled: bool,
    /// Whether it is an item of the list behind the key.
    pub(crate) item: bool,
}

impl<'a> At<'a> {
    /// The top of the inventory.
    pub(crate) fn top(key: Span) -> Self {
        At { name: "", key, around: None, filled: false, item: false }
    }

    /// The place below the key `name`.
    pub(crate) fn below(&'a self, name: &'a str, key: Span) -> Self {
        At { name, key, around: Some(self), filled: false, item: false }
    }

    /// `apps.grafana.url`; empty at the top.
    pub(crate) fn path(&self) -> String {
        self.names().join(".")
    }

    /// The keys from the top down to here.
    pub(crate) fn names(&self) -> Vec<&'a str> {
        let mut names = self.around.map(At::names).unwrap_or_default();
        if !self.name.is_empty() {
            names.push(self.name);
        }
        names
    }

    /// `` `apps.grafana` ``, or "the inventory".
    pub(crate) fn shown(&self) -> String {
        match self.around {
            None => String::from("the inventory"),
            Some(_) if self.item => format!("an item of `{}`", self.path()),
            Some(_) => format!("`{}`", self.path()),
        }
    }

    /// How many keys are above it.
    pub(crate) fn depth(&self) -> usize {
        self.around.map_or(0, |around| around.depth() + 1)
    }
}

/// What can stand behind a key.
pub(crate) trait Field: Sized {
    /// What a default is given as.
    type Default;

    /// Whether it is nothing at all where nobody wrote it.
    const OPTIONAL: bool = false;

    /// What it looks like.
    fn shape() -> Shape;
    /// Reads it; what is wrong goes to `reader`.
    fn read(node: &Node, at: &At<'_>, reader: &mut Reader) -> Self;
    /// Its value where nobody wrote it; `None` if it must be written. `near` is the nearest key around it.
    fn absent(near: Span) -> Option<Self>;
    /// Something to go on with after a fault.
    fn stand_in() -> Self;
    /// The value that the model's default stands for.
    fn from_default(default: Self::Default, near: Span) -> Self;
    /// A default as it is shown.
    fn show(default: &Self::Default) -> Json;
    /// Whether a list with this default must have an item; a list whose default is empty may be empty.
    fn filled(_default: Option<&Self::Default>) -> bool {
        false
    }
    /// The rule that an absent key breaks, and what to type.
    fn missing(path: &[&str]) -> (&'static str, String) {
        (rules::MISSING_KEY, example::add(path, &Self::shape()))
    }
    /// The rule that a list of these breaks by having none, and why there must be one.
    fn none_in_list() -> (&'static str, &'static str) {
        (rules::EMPTY_LIST, "")
    }
}

/// What a node is, in one word.
pub(crate) fn kind(node: &Node) -> &'static str {
    match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => "nothing",
        Content::Scalar(_) => "text",
        Content::Sequence(_) => "list",
        Content::Mapping(_) => "mapping",
    }
}

/// Something else is wanted than what `node` is.
pub(crate) fn wrong_kind(node: &Node, shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    refuse_tag(node, reader);
    let found = match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => return empty(shape, at, reader),
        Content::Scalar(scalar) => format!("the text `{}`", shorten(&scalar.text)),
        _ => format!("a {}", kind(node)),
    };
    let message = format!("{} is {found}; it takes {}", at.shown(), shape.wanted());
    let help = match at.around {
        None => String::from("start with `lab:`; `labtree init` writes a complete example"),
        Some(_) if at.item => format!("for example `{}`", shape.example()),
        Some(_) => format!("for example {}", example::line(&at.names(), shape)),
    };
    reader.report(with_alias(Diagnostic::error(rules::WRONG_KIND, first_line(node), message), node).help(help));
}

/// Nothing is written where something must be.
pub(crate) fn empty(shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    let message = format!("nothing is written behind {}; it takes {}", at.shown(), shape.wanted());
    let help = format!("for example {}", example::line(&at.names(), shape));
    reader.report(Diagnostic::error(rules::EMPTY_VALUE, at.key, message).help(help));
}

/// Only `!!str` has a meaning here, and it is the reader of scalars that gives it one.
pub(crate) fn refuse_tag(node: &Node, reader: &mut Reader) {
    if let Some(tag) = node.tag().filter(|tag| tag.as_str() != "tag:yaml.org,2002:str") {
        let message = "the inventory reads no tags but `!!str`";
        reader.report(Diagnostic::error(rules::YAML_TAG, tag.span, message).help("delete the tag"));
    }
}

/// With the alias that brings the value here, if there is one.
pub(crate) fn with_alias(finding: Diagnostic, node: &Node) -> Diagnostic {
    match node.alias() {
        Some(alias) => finding.related(alias.span, "used here"),
        None => finding,
    }
}

/// The place of a scalar; of a collection its first key or item, so that not half the file is marked.
pub(crate) fn first_line(node: &Node) -> Span {
    match &node.content {
        Content::Scalar(_) => node.span,
        Content::Sequence(items) => items.first().map_or(node.span, first_line),
        Content::Mapping(pairs) => pairs.first().map_or(node.span, |pair| first_line(&pair.key)),
    }
}

/// The first 40 characters of a text, its line breaks shown as `␤`.
pub(crate) fn shorten(text: &str) -> String {
    let mut characters = text.chars().map(|character| if character == '\n' { '␤' } else { character });
    let short: String = characters.by_ref().take(40).collect();
    if characters.next().is_some() { short + "…" } else { short }
}

/// What a terminal would not show, or would do something else with.
fn is_unseen(character: char) -> bool {
    character.is_control() || matches!(u32::from(character), 0x200e..=0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}
