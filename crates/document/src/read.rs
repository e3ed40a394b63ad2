//! Reading nodes as what the model wants. Reading is total: what is wrong is reported and replaced by a stand-in,
//! so that everything else is read and checked in the same run.

use diagnostic::{Diagnostic, FileId, Severity, Span, did_you_mean, nearest};
use serde_json::Value as Json;
use syntax::yaml::{Content, Node, Style};

use crate::example;
use crate::rules;
use crate::shape::Shape;

/// The place of a stand-in. A finding that touches it follows from another one, and is not shown.
pub const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

/// How many findings are kept; nobody reads more.
const MAX_FOUND: usize = 10_000;

/// How many mistyped words are looked up: the time for it grows with the words and with the candidates.
const MAX_SUGGESTIONS: usize = 200;

/// What is found while reading.
#[derive(Default)]
pub struct Reader {
    pub found: Vec<Diagnostic>,
    /// Whether a file could not be read, so that what it holds is not missed.
    pub incomplete: bool,
    suggestions: usize,
}

impl Reader {
    /// Takes a finding in, unless it follows from a stand-in.
    pub fn report(&mut self, mut finding: Diagnostic) {
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
    pub fn nearest<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 { None } else { nearest(word, candidates) }
    }

    /// `, did you mean `x`?`, or nothing.
    pub fn did_you_mean<'a>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || word.len() > 100 {
            String::new()
        } else {
            did_you_mean(word, candidates)
        }
    }
}

/// What is particular to a kind of document.
#[derive(Debug)]
pub struct Document {
    /// What messages call it: `the inventory`.
    pub name: &'static str,
    /// How one begins: what is told where something else than a mapping is read.
    pub start: &'static str,
    /// What a person would write behind the keys of a path, if something is known and fits on a line.
    pub example: fn(&[&str]) -> Option<String>,
    /// Why a key below the path is refused that would hold a secret; `None` for any other key.
    pub refusal: fn(&[&str], &str) -> Option<String>,
}

/// Where in a document reading is.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The kind of document.
    pub document: &'static Document,
    /// The key, or the empty text at the top.
    pub name: &'a str,
    /// The key's place; the nearest written one around it where nobody wrote it.
    pub key: Span,
    /// What is around it.
    pub around: Option<&'a At<'a>>,
    /// Whether a list must have an item.
    pub filled: bool,
    /// Whether it is an item of the list behind the key.
    pub item: bool,
}

impl<'a> At<'a> {
    /// The top of a document, whose first place is `key`.
    pub fn top(document: &'static Document, key: Span) -> Self {
        At { document, name: "", key, around: None, filled: false, item: false }
    }

    /// The place below the key `name`.
    pub fn below(&'a self, name: &'a str, key: Span) -> Self {
        At { document: self.document, name, key, around: Some(self), filled: false, item: false }
    }

    /// `apps.grafana.url`; empty at the top.
    pub fn path(&self) -> String {
        self.names().join(".")
    }

    /// The keys from the top down to here.
    pub fn names(&self) -> Vec<&'a str> {
        let mut names = self.around.map(At::names).unwrap_or_default();
        if !self.name.is_empty() {
            names.push(self.name);
        }
        names
    }

    /// `` `apps.grafana` ``, or what the document is called.
    pub fn shown(&self) -> String {
        match self.around {
            None => String::from(self.document.name),
            Some(_) if self.item => format!("an item of `{}`", self.path()),
            Some(_) => format!("`{}`", self.path()),
        }
    }

    /// How many keys are above it.
    pub fn depth(&self) -> usize {
        self.around.map_or(0, |around| around.depth() + 1)
    }
}

/// What can stand behind a key.
pub trait Field: Sized {
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
    fn missing(at: &At<'_>) -> (&'static str, String) {
        (rules::MISSING_KEY, example::add(at, &Self::shape()))
    }
    /// The rule that a list of these breaks by having none, and why there must be one.
    fn none_in_list() -> (&'static str, &'static str) {
        (rules::EMPTY_LIST, "")
    }
}

/// What a node is, in one word.
pub fn kind(node: &Node) -> &'static str {
    match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => "nothing",
        Content::Scalar(_) => "text",
        Content::Sequence(_) => "list",
        Content::Mapping(_) => "mapping",
    }
}

/// Something else is wanted than what `node` is.
pub fn wrong_kind(node: &Node, shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    refuse_tag(node, reader);
    let found = match &node.content {
        Content::Scalar(scalar) if scalar.style == Style::Empty => return empty(shape, at, reader),
        Content::Scalar(scalar) => format!("the text `{}`", shorten(&scalar.text)),
        _ => format!("a {}", kind(node)),
    };
    let message = format!("{} is {found}; it takes {}", at.shown(), shape.wanted());
    let help = match at.around {
        None => String::from(at.document.start),
        Some(_) if at.item => format!("for example `{}`", shape.example()),
        Some(_) => format!("for example {}", example::line(at, shape)),
    };
    reader.report(with_alias(Diagnostic::error(rules::WRONG_KIND, first_line(node), message), node).help(help));
}

/// Nothing is written where something must be.
pub fn empty(shape: &Shape, at: &At<'_>, reader: &mut Reader) {
    let message = format!("nothing is written behind {}; it takes {}", at.shown(), shape.wanted());
    let help = format!("for example {}", example::line(at, shape));
    reader.report(Diagnostic::error(rules::EMPTY_VALUE, at.key, message).help(help));
}

/// Only `!!str` has a meaning here, and it is the reader of scalars that gives it one.
pub fn refuse_tag(node: &Node, reader: &mut Reader) {
    if let Some(tag) = node.tag().filter(|tag| tag.as_str() != "tag:yaml.org,2002:str") {
        let message = "no tag but `!!str` is read here";
        reader.report(Diagnostic::error(rules::YAML_TAG, tag.span, message).help("delete the tag"));
    }
}

/// With the alias that brings the value here, if there is one.
pub fn with_alias(finding: Diagnostic, node: &Node) -> Diagnostic {
    match node.alias() {
        Some(alias) => finding.related(alias.span, "used here"),
        None => finding,
    }
}

/// The place of a scalar; of a collection its first key or item, so that not half the file is marked.
pub fn first_line(node: &Node) -> Span {
    match &node.content {
        Content::Scalar(_) => node.span,
        Content::Sequence(items) => items.first().map_or(node.span, first_line),
        Content::Mapping(pairs) => pairs.first().map_or(node.span, |pair| first_line(&pair.key)),
    }
}

/// The first 40 characters of a text, its line breaks shown as `␤`.
pub fn shorten(text: &str) -> String {
    let mut characters = text.chars().map(|character| if character == '\n' { '␤' } else { character });
    let short: String = characters.by_ref().take(40).collect();
    if characters.next().is_some() { short + "…" } else { short }
}

/// What a terminal would not show, or would do something else with.
fn is_unseen(character: char) -> bool {
    character.is_control() || matches!(u32::from(character), 0x200e..=0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}
